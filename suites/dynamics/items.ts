import { digestOf } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { type LoadedDataset, whereOf } from '../task.ts';

/** A text or number as text; undefined where there is nothing but space. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  return text.trim() === '' ? undefined : text;
}

/**
 * Id and cluster of a row: its own, else digests of the whole row and of what it asks, since rows of one prompt are not
 * independent.
 */
export function placeOf(row: JsonObject, asked: string): { readonly id: string; readonly cluster: string } {
  const id = textOf(row['id']) ?? digestOf(row).slice(0, 16);
  return { id, cluster: textOf(row['cluster']) ?? digestOf(asked.trim()).slice(0, 16) };
}

/** The members of `strata`, as text. */
export function strataOf(row: JsonObject): Record<string, string> {
  const given = row['strata'];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {};
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, scalarText(value)]));
}

/** A row that fits the schema and still cannot be asked. */
export function unusable(where: string, field: string, message: string, fix: string): UserError {
  return new UserError({ where, field, message, fix }, EXIT.environment);
}

/** Says of each row where it stands, and refuses an id, or a row without one, that occurred before. */
export function refuseRepeats(dataset: LoadedDataset): (index: number, id: string) => string {
  const places = new Map<string, string>();
  return (index, id) => {
    const where = whereOf(dataset, index);
    const earlier = places.get(id);
    if (earlier !== undefined) throw repeated(where, earlier, textOf(dataset.rows[index]?.['id']));
    places.set(id, where);
    return where;
  };
}

function repeated(where: string, earlier: string, id: string | undefined): UserError {
  const problem =
    id === undefined
      ? { where, message: `is ${earlier} once more`, fix: 'remove one of the two rows' }
      : {
          where,
          field: 'id',
          message: `${JSON.stringify(id)} is the id of ${earlier} already`,
          fix: 'give every row an id of its own',
        };
  return new UserError(problem, EXIT.environment);
}

/** The schema lets no other value through. */
function scalarText(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
