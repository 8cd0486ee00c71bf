import type { Effect, SummaryMetric, SummaryTask } from '../summary.ts';
import type { ComparedTask, RunComparison } from './comparison.ts';

/** A metric of an instrument. */
export interface Place {
  readonly task: string;
  readonly metric: string;
}

/** A column of the tables. */
export interface Column {
  readonly task: ComparedTask;
  readonly metric: SummaryMetric;
}

/** What a comparison is made under: the headline of trust; of other families everything that has no better side. */
export function isCompared(
  { family = 'trust', headline }: SummaryTask,
  { key, direction }: SummaryMetric,
): boolean {
  return family === 'trust' ? key === headline : direction === 'neutral';
}

/** Places of `isCompared`, as keys of `placeKey`. */
export function comparedPlaces(tasks: readonly SummaryTask[]): ReadonlySet<string> {
  return new Set(
    tasks.flatMap((task) =>
      task.metrics
        .filter((metric) => isCompared(task, metric))
        .map(({ key }) => placeKey({ task: task.task, metric: key })),
    ),
  );
}

export function placeKey({ task, metric }: Place): string {
  return JSON.stringify([task, metric]);
}

/** Whether a factor, or another metric without a better side, moved by the verdict of the effect. */
export function hasMoved({ verdict }: Pick<Effect, 'verdict'>): boolean {
  return verdict === 'raised' || verdict === 'lowered';
}

/** What the tables show: the headline of every instrument of trust, and of the others what moved anywhere. */
export function shownPlaces(tasks: readonly ComparedTask[], moved: readonly Place[]): Place[] {
  const keys = new Set(moved.map(placeKey));
  return tasks.flatMap((task) =>
    task.metrics
      .filter((metric) => isCompared(task, metric))
      .map(({ key }) => ({ task: task.task, metric: key }))
      .filter((place) => (task.family ?? 'trust') === 'trust' || keys.has(placeKey(place))),
  );
}

export function columnsOf({ tasks, shown }: Pick<RunComparison, 'tasks' | 'shown'>): Column[] {
  return shown.map(({ task: name, metric: key }) => {
    const task = tasks.find(({ task: each }) => each === name);
    const metric = task?.metrics.find((each) => each.key === key);
    if (task === undefined || metric === undefined) throw new Error(`no metric ${key} of ${name}`);
    return { task, metric };
  });
}

export function isAt({ task, metric }: Column): (place: Place) => boolean {
  return (place) => place.task === task.task && place.metric === metric.key;
}
