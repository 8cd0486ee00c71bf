import { partsOfInstrument } from '../../suites/task.ts';
import type { SeriesMembers } from '../series/grouping.ts';
import type { Cell } from '../summary.ts';
import type { DisplacementPath } from './dynamics-summary.ts';

/** For every series and every instrument of `dynamics/pairs` that its checkpoints were asked. */
export function displacementPaths(
  series: readonly SeriesMembers[],
  instruments: readonly string[],
  cells: readonly Cell[],
): DisplacementPath[] {
  const tasks = instruments.filter((task) => partsOfInstrument(task)?.task === 'dynamics/pairs');
  if (tasks.length === 0) return [];
  const values = new Map(
    cells.map(({ checkpoint, task, metric, value }) => [JSON.stringify([checkpoint, task, metric]), value]),
  );
  return series.flatMap(({ name, points }) =>
    tasks.flatMap((task): DisplacementPath[] => {
      const path = points.map(({ checkpoint, step }) => {
        const of = (metric: string): number | null =>
          values.get(JSON.stringify([checkpoint, task, metric])) ?? null;
        const [chosenShift, rejectedShift, margin] = [of('chosen_shift'), of('rejected_shift'), of('margin')];
        const displaced = margin !== null && chosenShift !== null && margin > 0 && chosenShift < 0;
        return { checkpoint, step, chosenShift, rejectedShift, margin, displaced };
      });
      return path.every(({ margin }) => margin === null) ? [] : [{ series: name, task, points: path }];
    }),
  );
}
