import { digestOf } from '../../../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../../../core/json.ts';
import { textOf, unusableRow } from '../cells.ts';
import type { PairRow, Vote } from '../pair.ts';

const ANNOTATORS = ['annotator1', 'annotator2', 'annotator3'] as const;
/** 0 is a tie; the number is text in some copies. */
const VOTES: Readonly<Record<string, 'a' | 'b' | 'tie'>> = { '0': 'tie', '1': 'a', '2': 'b' };

/**
 * PandaLM's test set (Wang et al. 2023, arXiv 2306.05087): an instruction, often an input, two responses and three
 * annotators. The label is what at least two of them say; where all three differ there is none.
 */
export function fromPandalm(row: JsonObject, where: string): PairRow {
  const instruction = textOf(row, 'instruction', where);
  const input = typeof row['input'] === 'string' ? row['input'] : '';
  const [a, b] = [textOf(row, 'response1', where, ''), textOf(row, 'response2', where, '')];
  const votes = Object.fromEntries(
    ANNOTATORS.flatMap((name) =>
      row[name] === undefined ? [] : [[name, voteOf(row[name], name, where)] as const],
    ),
  );
  const cast = Object.values(votes);
  const preference = (['a', 'b', 'tie'] as const).find(
    (side) => cast.filter((vote) => vote === side).length >= 2,
  );
  const [modelA, modelB] = typeof row['cmp_key'] === 'string' ? row['cmp_key'].split('_') : [];
  return {
    id:
      scalar(row['idx']) ||
      digestOf({ instruction, input, a, b, models: scalar(row['cmp_key']) }).slice(0, 16),
    item: digestOf({ instruction, input }).slice(0, 16),
    prompt: instruction,
    ...(input.trim() === '' ? {} : { source: input }),
    a,
    b,
    ...(modelA === undefined || modelB === undefined ? {} : { modelA, modelB }),
    ...(preference === undefined ? {} : { preference }),
    votes,
  };
}

function voteOf(value: JsonValue | undefined, name: string, where: string): Vote {
  const vote = VOTES[scalar(value)];
  if (vote === undefined) throw unusableRow(where, name, `is "${scalar(value)}" and none of 0, 1, 2`);
  return vote;
}

function scalar(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
