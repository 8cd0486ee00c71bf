import { EXIT, UserError } from '../../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../../core/json.ts';

/**
 * The text of a field.
 *
 * @param empty what stands for a text of nothing but space; without it such a text is an error
 * @throws UserError (exit code 3)
 */
export function textOf(row: JsonObject, field: string, where: string, empty?: string): string {
  const value = row[field];
  if (typeof value !== 'string') throw unusableRow(where, field, 'is not a text');
  if (value.trim() !== '') return value;
  if (empty === undefined) throw unusableRow(where, field, 'is empty');
  return empty;
}

/** The text of a field, a whole number as text; undefined where there is none. */
export function optionalText(row: JsonObject, field: string): string | undefined {
  const value = row[field];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** @throws UserError (exit code 3) for anything but an object */
export function recordOf(value: JsonValue | undefined, where: string, field: string): JsonObject {
  if (isRecord(value)) return value;
  throw unusableRow(where, field, 'is no object');
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws UserError (exit code 3) for anything but a number in the range */
export function numberOf(
  row: JsonObject,
  field: string,
  where: string,
  [least, most]: readonly [number, number],
): number {
  const value = row[field];
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw unusableRow(where, field, `is no number from ${least} to ${most}`);
}

/** The fields that hold a text or number, for `meta`. */
export function metaOf(row: JsonObject, fields: readonly string[]): { readonly meta?: JsonObject } {
  const kept = fields.flatMap((field) => {
    const value = row[field];
    const isKept = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
    return isKept ? [[field, value] as const] : [];
  });
  return kept.length === 0 ? {} : { meta: Object.fromEntries(kept) };
}

export function unusableRow(where: string, field: string, message: string, fix?: string): UserError {
  const advice = fix ?? 'docs/profile.md says what every format holds';
  return new UserError({ where, field, message, fix: advice }, EXIT.environment);
}
