import { EXIT, UserError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';

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

export function unusableRow(where: string, field: string, message: string, fix?: string): UserError {
  const advice = fix ?? 'see suites/profile/README.md for what every format holds';
  return new UserError({ where, field, message, fix: advice }, EXIT.environment);
}
