import type { Summary } from '../../summary.ts';
import { shortNames } from '../names.ts';
import { clean } from '../text.ts';

export function taskName({ tasks }: Summary, task: string): string {
  return clean(shortNames(tasks).get(task) ?? task);
}

/** With its task where several tasks ask behaviours. */
export function behaviourName(
  summary: Summary,
  { task, behaviour }: { readonly task: string; readonly behaviour: string },
): string {
  const { states = [], odds = [] } = summary.dynamics ?? {};
  const isOne = [...states, ...odds].every((one) => one.task === task);
  return isOne ? clean(behaviour) : `${clean(behaviour)} (${taskName(summary, task)})`;
}
