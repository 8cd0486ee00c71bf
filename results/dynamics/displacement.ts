import { partsOfInstrument } from '../../suites/task.ts';
import type { SeriesMembers } from '../series/grouping.ts';
import type { Cell, SummaryCheckpoint } from '../summary.ts';
import type { DisplacementEnd, DisplacementPath, Shifts } from './dynamics-summary.ts';

export interface Displacement {
  /** For every series and every instrument of `dynamics/pairs` that its checkpoints were asked. */
  readonly paths: DisplacementPath[];
  /** For every other checkpoint with a parent, control copies aside, and every such instrument. */
  readonly ends: DisplacementEnd[];
}

/**
 * What chosen and rejected answers gained since the reference, along every series and at the end of every other training.
 *
 * @param others checkpoints that belong to no series, refused ones included: a margin across two templates is none.
 */
export function displacementOf(
  series: readonly SeriesMembers[],
  others: readonly SummaryCheckpoint[],
  instruments: readonly string[],
  cells: readonly Cell[],
): Displacement {
  const tasks = instruments.filter((task) => partsOfInstrument(task)?.task === 'dynamics/pairs');
  const values = new Map(
    cells.map(({ checkpoint, task, metric, value }) => [JSON.stringify([checkpoint, task, metric]), value]),
  );
  const shiftsOf = (checkpoint: string, task: string): Shifts => {
    const of = (metric: string): number | null =>
      values.get(JSON.stringify([checkpoint, task, metric])) ?? null;
    const [chosenShift, rejectedShift, margin] = [of('chosen_shift'), of('rejected_shift'), of('margin')];
    const displaced = margin !== null && chosenShift !== null && margin > 0 && chosenShift < 0;
    return { checkpoint, chosenShift, rejectedShift, margin, displaced };
  };
  const paths = series.flatMap(({ name, points }) =>
    tasks.flatMap((task): DisplacementPath[] => {
      const path = points.map(({ checkpoint, step }) => ({ ...shiftsOf(checkpoint, task), step }));
      return path.every(({ margin }) => margin === null) ? [] : [{ series: name, task, points: path }];
    }),
  );
  const tuned = others.filter(({ parent, control }) => parent !== null && control === null);
  const ends = tasks.flatMap((task) =>
    tuned.map(({ id }) => ({ task, ...shiftsOf(id, task) })).filter(({ margin }) => margin !== null),
  );
  return { paths, ends };
}
