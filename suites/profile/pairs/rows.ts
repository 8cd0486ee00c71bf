import { digestOf } from '../../../core/digest.ts';
import { EXIT, UserError } from '../../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { fromLlmbar } from './formats/llmbar.ts';
import { fromPandalm } from './formats/pandalm.ts';
import { fromZoo } from './formats/zoo.ts';
import type { PairRow } from './pair.ts';

/** Formats of the catalogue, told apart by a column that no other one has. */
const BY_COLUMN: readonly {
  readonly column: string;
  readonly read: (row: JsonObject, where: string) => PairRow;
}[] = [
  { column: 'more', read: fromZoo },
  { column: 'output_1', read: fromLlmbar },
  { column: 'response1', read: fromPandalm },
  { column: 'a', read: pairOfOwnRow },
];

/**
 * A dataset's row as a pair; the row says by its columns which format it is of.
 *
 * @throws UserError (exit code 3) for a row that is no pair
 */
export function pairOfRow(row: JsonObject, where: string): PairRow {
  const format = BY_COLUMN.find(({ column }) => Object.hasOwn(row, column));
  if (format !== undefined) return format.read(row, where);
  const fix = '`aligntrust pairs FILE --from FORMAT` makes pairs of other formats';
  throw new UserError({ where, message: 'is no pair of responses', fix }, EXIT.environment);
}

export function isPairRow(row: JsonObject): boolean {
  return BY_COLUMN.some(({ column }) => Object.hasOwn(row, column));
}

/** A row of a pairs file, validated by the schema of pairs: only what may be absent is looked at. */
export function pairOfOwnRow(row: JsonObject): PairRow {
  const { id, item, ...rest } = row;
  const own = rest as Omit<PairRow, 'id' | 'item'>;
  const prompt = scalar(item) ?? digestOf({ prompt: own.prompt, source: own.source ?? '' }).slice(0, 16);
  return { id: scalar(id) ?? digestOf(row).slice(0, 16), item: prompt, ...own };
}

function scalar(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
