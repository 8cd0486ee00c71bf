import { digestOf } from '../../../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../../../core/json.ts';
import { isRecord, numberOf, optionalText, recordOf, textOf, unusableRow } from '../cells.ts';
import type { PairRow } from '../pair.ts';
import type { PairFormat } from './format.ts';

/**
 * WebGPT comparisons (Nakano et al. 2021, arXiv 2112.09332): a question and two answers with the passages that each quotes.
 * Scores are opposite numbers from −1 to 1: the positive one marks the better answer, 0 a tie, its size is `strength`.
 * Passages of both answers stand together, as what either could have used. A line of the original file holds both answers
 * in a list; copies name their fields `…_0` and `…_1`.
 */
export const webgpt: PairFormat = {
  name: 'webgpt',
  title: 'WebGPT comparisons',
  columns: ['question', 'answer_0', 'answer_1', 'score_0'],
  read: (row, where) => {
    const { prompt, id, dataset } = questionOf(row['question'], where);
    const score = numberOf(row, 'score_0', where, [-1, 1]);
    if (row['score_1'] !== undefined && numberOf(row, 'score_1', where, [-1, 1]) !== -score) {
      throw unusableRow(where, 'score_1', 'is not the opposite of score_0');
    }
    const [a, b] = [textOf(row, 'answer_0', where, ''), textOf(row, 'answer_1', where, '')];
    const quotes = [
      ...new Set(['quotes_0', 'quotes_1'].flatMap((field) => passages(row[field], where, field))),
    ];
    return {
      id: digestOf({ id: id ?? prompt, a, b }).slice(0, 16),
      item: id ?? digestOf({ prompt }).slice(0, 16),
      prompt,
      ...(quotes.length === 0 ? {} : { quotes }),
      a,
      b,
      preference: score === 0 ? 'tie' : score > 0 ? 'a' : 'b',
      strength: Math.abs(score),
      ...(dataset === undefined ? {} : { meta: { dataset } }),
    } satisfies PairRow;
  },
};

/** The two answers of an original line under the names of the copies; undefined where it is no such line. */
export function webgptRow(value: unknown): JsonObject | undefined {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(isRecord)) return undefined;
  const [first, second] = value as [JsonObject, JsonObject];
  if (![first, second].every((one) => 'answer' in one && 'score' in one)) return undefined;
  return {
    question: first['question'] ?? null,
    ...numbered(first, 0),
    ...numbered(second, 1),
  };
}

function numbered({ answer = null, quotes = null, score = null }: JsonObject, place: 0 | 1): JsonObject {
  return { [`answer_${place}`]: answer, [`quotes_${place}`]: quotes, [`score_${place}`]: score };
}

function questionOf(value: JsonValue | undefined, where: string) {
  if (typeof value === 'string' && value.trim() !== '') return { prompt: value };
  const question = recordOf(value, where, 'question');
  return {
    prompt: textOf(question, 'full_text', where),
    id: optionalText(question, 'id'),
    dataset: optionalText(question, 'dataset'),
  };
}

/** `{title: [], extract: []}`, or a list of `{title, extract}`. */
function passages(value: JsonValue | undefined, where: string, field: string): string[] {
  if (value === undefined || value === null) return [];
  const extracts = Array.isArray(value)
    ? value.map((one: JsonValue) => (isRecord(one) ? one['extract'] : one))
    : recordOf(value, where, field)['extract'];
  if (extracts === undefined) return [];
  if (!Array.isArray(extracts)) throw unusableRow(where, field, 'holds no list of passages');
  return (extracts as readonly JsonValue[]).map((extract) => {
    if (typeof extract !== 'string') throw unusableRow(where, field, 'holds a passage that is not a text');
    return extract;
  });
}
