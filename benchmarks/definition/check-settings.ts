import type { JsonValue } from '../../core/json.ts';
import { type Finding, member, objectOf } from './finding.ts';
import { roleEntries, type WrittenModel } from './written.ts';

/** A stop that nothing could ever trigger is a mistake: people rely on it. */
export function checkSettings(file: JsonValue, checkpoints: readonly WrittenModel[]): Finding[] {
  const hasMaxCost = member(objectOf(file, 'settings'), 'maxCost') !== undefined;
  const roles = roleEntries(file).map(({ value }) => value);
  const isPriced = [...checkpoints.map(({ fields }) => fields), ...roles].some(
    (model) => member(model, 'price') !== undefined,
  );
  if (!hasMaxCost || isPriced) return [];
  return [
    {
      path: ['settings', 'maxCost'],
      message: 'can never stop the run, because no checkpoint and no role has a price',
      fix: 'add price: { promptPerMillion: …, completionPerMillion: … } to those that cost something',
    },
  ];
}
