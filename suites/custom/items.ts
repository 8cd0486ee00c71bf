import { digestOf } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { type LoadedDataset, type Prompt, type RawForm, type Sample, whereOf } from '../task.ts';

/** What the three tasks have in common of a user's row. A type, because it travels as a sample's JSON. */
export type AskedItem = {
  readonly raw: string;
  readonly turn: string;
  readonly system: string | null;
  readonly delimiter: string;
  readonly stop: readonly string[];
};

/**
 * One sample a row. Its id is the row's `id`, else a digest of the whole row; its cluster is the row's `cluster`, else
 * the row itself; its strata are the members of `strata` and the columns `strata.NAME`.
 *
 * @param read what the task itself needs of a row; throws UserError for a row that cannot be asked
 * @throws UserError (exit code 3) for two samples with one id
 */
export function* customSamples<T extends JsonObject>(
  dataset: LoadedDataset,
  read: (row: JsonObject, where: string) => T,
): Generator<Sample> {
  const places = new Map<string, string>();
  for (const [index, row] of dataset.rows.entries()) {
    const where = whereOf(dataset, index);
    const id = textOf(row['id']) ?? digestOf(row).slice(0, 16);
    const earlier = places.get(id);
    if (earlier !== undefined) throw doubled(where, id, earlier, row['id'] === undefined);
    places.set(id, where);
    const data: AskedItem & T = { ...askedItem(row, dataset.rawForm), ...read(row, where) };
    yield { id, cluster: textOf(row['cluster']) ?? id, strata: strataOf(row), data };
  }
}

export function promptOf({ raw, turn, system }: AskedItem): Prompt {
  const user = { role: 'user' as const, content: turn };
  return { raw, chat: system === null ? [user] : [{ role: 'system', content: system }, user] };
}

/** A cell as text; nothing for what the schema does not let through. */
export function scalarText(value: JsonValue | undefined): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** A row that fits the schema and still cannot be asked. */
export function unusable(where: string, field: string, message: string): UserError {
  return new UserError(
    { where, field, message, fix: 'suites/custom/README.md shows the rows' },
    EXIT.environment,
  );
}

function askedItem(row: JsonObject, { before, after, delimiter, stop }: RawForm): AskedItem {
  const turn = scalarText(row['prompt']);
  const system = textOf(row['system']) ?? null;
  const head = system === null ? '' : `${system}\n\n`;
  return { raw: `${head}${before}${turn}${after}`, turn, system, delimiter, stop };
}

/** A text or number as text; undefined where there is nothing but space, as in an empty cell of a table. */
function textOf(value: JsonValue | undefined): string | undefined {
  const text = scalarText(value);
  return text.trim() === '' ? undefined : text;
}

const COLUMN = 'strata.';

function strataOf(row: JsonObject): Record<string, string> {
  const nested = row['strata'];
  const members = typeof nested === 'object' && nested !== null ? Object.entries(nested) : [];
  const columns = Object.entries(row)
    .filter(([key]) => key.startsWith(COLUMN))
    .map(([key, value]) => [key.slice(COLUMN.length), value] as const);
  return Object.fromEntries([...members, ...columns].map(([key, value]) => [key, scalarText(value)]));
}

function doubled(where: string, id: string, earlier: string, isDerived: boolean): UserError {
  const message = isDerived ? `is the same as ${earlier}` : `has the id "${id}" of ${earlier}`;
  const fix = isDerived ? 'remove one, or give each an `id`' : 'give every row an id of its own';
  return new UserError({ where, message, fix }, EXIT.environment);
}
