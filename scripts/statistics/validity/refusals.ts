import { seededRandom } from '../../../core/random.ts';
import { bootstrapMean } from '../../../results/statistics/bootstrap.ts';
import { judged, type Row } from './row.ts';
import { type SyntheticTask, syntheticRun } from './synthetic-run.ts';

/** What the report must not print, or must print with a warning. */
export async function refusalRows(): Promise<Row[]> {
  return [...(await clusterRows()), bootstrapRow()];
}

async function clusterRows(): Promise<Row[]> {
  const counts = [9, 10, 29, 30];
  const found = await Promise.all(counts.map(printedWith));
  return counts.map((clusters, index) => {
    const { intervals, flagged } = found[index] as Printed;
    const wanted = { intervals: clusters >= 10, flagged: clusters >= 10 && clusters < 30 };
    const text = (printed: Printed): string =>
      `${printed.intervals ? 'intervals' : 'no interval'}, ${printed.flagged ? 'flagged' : 'no flag'}`;
    const passed = intervals === wanted.intervals && (flagged === wanted.flagged || clusters < 10);
    return judged(
      'refusals',
      `${clusters} clusters in the summary`,
      text({ intervals, flagged }),
      text(wanted),
      passed,
    );
  });
}

interface Printed {
  readonly intervals: boolean;
  readonly flagged: boolean;
}

/** Whether cells and effects of one task have intervals, and whether an alarm names the few clusters. */
async function printedWith(clusters: number): Promise<Printed> {
  const task: SyntheticTask = {
    name: 'fairness/few',
    samples: clusters * 8,
    perCluster: 8,
    rate: 0.4,
    spread: 0.1,
  };
  const { cells, effects, alarms } = await syntheticRun([task], [], 60_000 + clusters);
  const bounds = [...cells, ...effects].map(({ low }) => low !== null);
  if (bounds.some((has) => has !== bounds[0])) throw new Error('cells and effects disagree on the interval');
  return { intervals: bounds[0] === true, flagged: alarms.some(({ kind }) => kind === 'few-clusters') };
}

function bootstrapRow(): Row {
  const refusedAt = [...Array(30).keys()].filter((events) => {
    const values = Array.from({ length: 200 }, (_, index) => (index < events ? 1 : 0));
    return bootstrapMean(values, [...values.keys()], seededRandom(1), { draws: 199 }).low === null;
  });
  const most = Math.max(...refusedAt);
  const passed = refusedAt.length === 10 && most === 9;
  return judged(
    'refusals',
    'Bootstrap of a proportion',
    `refused up to ${most} events of 200`,
    'no bootstrap under 10 events',
    passed,
  );
}
