import type { PromptFormat } from '../../adapters/model.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { isObject, listOf, member, objectOf, type Path, textOf } from './finding.ts';

/**
 * A checkpoint (or role) with the file's defaults laid under it, and where in the file each field was
 * written. Built from files whose shape may be wrong, so nothing here may assume a type.
 */
export interface WrittenModel {
  readonly fields: JsonObject;
  /** Where a field was written: in the checkpoint itself, in `defaults`, or nowhere (then in the checkpoint). */
  readonly pathOf: (field: string, ...rest: Path) => Path;
  readonly path: Path;
}

export const ROLE_NAMES = ['judge', 'classifier', 'reference'] as const;

/** Every entry of `checkpoints`, in order; an entry that is no group of fields counts as empty. */
export function writtenCheckpoints(file: JsonValue): WrittenModel[] {
  const defaults = objectOf(file, 'defaults');
  // Under `formats` every checkpoint is written with all that its chat prompts need.
  const [first] = [...writtenFormats(file)].sort();
  const format: JsonObject = first === undefined ? {} : { promptFormat: first };
  return listOf(file, 'checkpoints').map((entry, index) =>
    withDefaults(isObject(entry) ? entry : {}, { ...defaults, ...format }, ['checkpoints', index]),
  );
}

/** The prompt formats that every checkpoint is asked in, as written; empty where each says its own. */
export function writtenFormats(file: JsonValue): PromptFormat[] {
  return listOf(file, 'formats').filter((format) => format === 'raw' || format === 'chat');
}

/** A model as `roles` names it: by the id of a checkpoint, or with fields of its own. */
export interface WrittenRole {
  readonly role: (typeof ROLE_NAMES)[number];
  readonly path: Path;
  readonly value: JsonValue;
}

/** Every model of `roles`; several judges in their order, the one of `judge` before those of `judges`. */
export function roleEntries(file: JsonValue): WrittenRole[] {
  const roles = objectOf(file, 'roles');
  return ROLE_NAMES.flatMap((role): WrittenRole[] => {
    const value = member(roles, role);
    const one = value === undefined ? [] : [{ role, path: ['roles', role], value }];
    return role === 'judge' ? [...one, ...writtenJudges(roles)] : one;
  });
}

function writtenJudges(roles: JsonObject): WrittenRole[] {
  return listOf(roles, 'judges').map((value, index) => ({
    role: 'judge',
    path: ['roles', 'judges', index],
    value,
  }));
}

/** The roles that are written out (an id of a checkpoint is not), without the defaults. */
export function writtenRoles(file: JsonValue): WrittenModel[] {
  return roleEntries(file).flatMap((one) => writtenRole(one) ?? []);
}

/** Undefined for the id of a checkpoint. */
export function writtenRole({ value, path }: WrittenRole): WrittenModel | undefined {
  return isObject(value) ? withDefaults(value, {}, path) : undefined;
}

function withDefaults(own: JsonObject, defaults: JsonObject, path: Path): WrittenModel {
  const adapter = textOf(own, 'adapter') ?? textOf(defaults, 'adapter');
  const promptFormat = textOf(own, 'promptFormat') ?? textOf(defaults, 'promptFormat');
  const sharesAdapter = textOf(defaults, 'adapter') === undefined || adapter === textOf(defaults, 'adapter');
  const applicable: JsonObject = {
    ...pick(defaults, ['adapter', 'promptFormat', 'limits']),
    ...(sharesAdapter ? pick(defaults, ['options']) : {}),
    ...(promptFormat === 'chat' ? pick(defaults, ['system']) : {}),
  };
  const fields: JsonObject = {
    ...applicable,
    ...own,
    options: under(own, applicable, 'options'),
    limits: under(own, applicable, 'limits'),
  };
  const pathOf = (field: string, ...rest: Path): Path => {
    const written = (holder: JsonObject): boolean =>
      rest.length === 0
        ? Object.hasOwn(holder, field)
        : member(member(holder, field), String(rest[0])) !== undefined;
    return !written(own) && written(applicable) ? ['defaults', field, ...rest] : [...path, field, ...rest];
  };
  return { fields, pathOf, path };
}

function under(own: JsonObject, defaults: JsonObject, field: string): JsonValue {
  const written = member(own, field);
  return written !== undefined && !isObject(written)
    ? written
    : { ...objectOf(defaults, field), ...objectOf(own, field) };
}

function pick(from: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)));
}
