import type { Summary } from '../../summary.ts';
import { shortNames } from '../names.ts';
import { clean } from '../text.ts';

export function taskName({ tasks }: Summary, task: string): string {
  return clean(shortNames(tasks).get(task) ?? task);
}

interface Behaviour {
  readonly task: string;
  readonly behaviour: string;
}

/** With its task where several tasks of the list ask behaviours. */
export function behaviourName(summary: Summary, one: Behaviour, among: readonly Behaviour[]): string {
  const { task, behaviour } = one;
  const isOne = among.every((other) => other.task === task);
  return isOne ? clean(behaviour) : `${clean(behaviour)} (${taskName(summary, task)})`;
}
