import type { Series, SeriesCurve } from '../../series/series-summary.ts';
import type { Summary, SummaryTask } from '../../summary.ts';

/** Series of one training that differ in the seed alone: drawn together, the first one in full ink. */
export interface SeriesGroup {
  readonly main: Series;
  readonly others: readonly Series[];
}

/** Series that are compared, by training; refused ones stand in no group. */
export function seriesGroups({ series = [] }: Summary): SeriesGroup[] {
  const groups = new Map<string, Series[]>();
  for (const one of series) {
    if (one.refused !== null || one.curves.length === 0) continue;
    const { method, parent, data, recipe } = one;
    const key = JSON.stringify([method, parent, data, recipe]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(([main, ...others]) => (main === undefined ? [] : [{ main, others }]));
}

/** A task with the curve of its headline metric. */
export interface HeadlineCurve {
  readonly task: SummaryTask;
  readonly curve: SeriesCurve;
}

export type CurveFamily = 'trust' | 'dynamics';

/** Curves of headline metrics in the order of the tasks. No factor of preference speaks for the others, so PROFILE has none. */
export function headlineCurves(
  { tasks }: Summary,
  { curves }: Series,
  families: readonly CurveFamily[] = ['trust', 'dynamics'],
): HeadlineCurve[] {
  return tasks.flatMap((task) => {
    const family = task.family ?? 'trust';
    if (!families.some((each) => each === family)) return [];
    const curve = curves.find((one) => one.task === task.task && one.metric === task.headline);
    return curve === undefined ? [] : [{ task, curve }];
  });
}

/** Whether a run has anything that this folder prints. */
export function hasSeries({ series = [] }: Summary): boolean {
  return series.length > 0;
}

/** Whether the simultaneous band of a point excludes 0. */
export function isMoved({
  low,
  high,
}: {
  readonly low: number | null;
  readonly high: number | null;
}): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}
