import type { JsonValue } from '../../core/json.ts';
import { type Finding, listOf, member, objectOf, quote, suggest, textOf } from './finding.ts';
import { roleEntries, type WrittenModel, type WrittenRole } from './written.ts';

/** Roles name a checkpoint of the file or bring an id of their own; no two judges have one id. */
export function checkRoles(file: JsonValue, checkpoints: readonly WrittenModel[]): Finding[] {
  const ids = checkpoints.flatMap(({ fields }) => textOf(fields, 'id') ?? []);
  const seen = new Set(ids);
  const judges = new Set<string>();
  return [
    ...checkOneWay(file),
    ...roleEntries(file).flatMap((entry) => [
      ...checkEntry(entry, ids, seen),
      ...checkJudgeOnce(entry, judges),
    ]),
  ];
}

/** `judge` or `judges`: with both, nobody could say which one is the first. */
function checkOneWay(file: JsonValue): Finding[] {
  const roles = objectOf(file, 'roles');
  if (member(roles, 'judge') === undefined || listOf(roles, 'judges').length === 0) return [];
  const fix = 'write all judges under "judges", the one that stands for the dimension first';
  return [{ path: ['roles', 'judges'], at: 'key', message: 'stands beside "judge"', fix }];
}

function checkEntry(
  { role, path, value }: WrittenRole,
  ids: readonly string[],
  seen: Set<string>,
): Finding[] {
  if (typeof value === 'string') {
    if (ids.includes(value)) return [];
    const message = `${quote(value)} is not a checkpoint of this file`;
    return [{ path, message, fix: suggest(value, ids, 'declared') }];
  }
  const id = textOf(value, 'id');
  if (id === undefined || !seen.has(id)) {
    if (id !== undefined) seen.add(id);
    return [];
  }
  const place = path.length > 2 ? `roles.judges: [${id}, …]` : `roles.${role}: ${id}`;
  const fix = ids.includes(id) ? `write ${place} if that checkpoint is meant` : 'give it another id';
  return [{ path: [...path, 'id'], message: `${quote(id)} is already the id of another model`, fix }];
}

/** The same checkpoint named twice as a judge would agree with itself. */
function checkJudgeOnce({ role, path, value }: WrittenRole, judges: Set<string>): Finding[] {
  if (role !== 'judge' || typeof value !== 'string') return [];
  if (judges.has(value)) return [{ path, message: `${quote(value)} is listed twice`, fix: 'remove one' }];
  judges.add(value);
  return [];
}
