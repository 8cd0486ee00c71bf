import { digestOf } from '../../../../core/digest.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { textOf } from '../cells.ts';
import type { PairRow } from '../pair.ts';

/**
 * Two answers of equal content from the zoo's world. Which one comes first is as good as random, and the same for ever;
 * the planted rule, which prefers the one with more of the factor, is a rater like any other.
 */
export function fromZoo(row: JsonObject, where: string): PairRow {
  const [id, prompt] = [textOf(row, 'id', where), textOf(row, 'prompt', where)];
  const [more, less] = [textOf(row, 'more', where), textOf(row, 'less', where)];
  const moreFirst = Number.parseInt(digestOf({ id }).slice(0, 8), 16) % 2 === 0;
  const [a, b] = moreFirst ? [more, less] : [less, more];
  return {
    id,
    item: digestOf({ prompt }).slice(0, 16),
    prompt,
    a,
    b,
    votes: { planted: moreFirst ? 'a' : 'b' },
    meta: { factor: textOf(row, 'factor', where), cluster: textOf(row, 'cluster', where) },
  };
}
