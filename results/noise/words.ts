import { counted, grouped } from '../format.ts';
import type { Effect, Summary } from '../summary.ts';

/**
 * How often both sides of an effect flip against themselves, as one sentence beside their flips; null where neither was asked
 * a second time.
 */
export function noiseLine(
  { relations, tasks }: Pick<Summary, 'relations' | 'tasks'>,
  { from, to, task, metric }: Pick<Effect, 'from' | 'to' | 'task' | 'metric'>,
  nameOf: (id: string) => string,
): string | null {
  if (tasks.find((one) => one.task === task)?.headline !== metric) return null;
  const parts = [from, to].flatMap((id) => {
    const found = relations.noise.find((one) => one.task === task && one.checkpoint === id);
    return found === undefined
      ? []
      : [`${grouped(found.flipped)} of ${counted(found.n, 'sample')} when ${nameOf(id)} is asked again`];
  });
  return parts.length === 0 ? null : `noise floor, with another sampling seed: ${parts.join(', ')}`;
}
