import { bootstrapRows, CLUSTER_SIZES, clusteredRows } from './clustered.ts';
import { factorRows } from './factors.ts';
import { addTallies, type FamilyTally, familyRows, tallyRuns } from './families.ts';
import { flipRows } from './flips.ts';
import { poolingRows, rankRows, seedRows } from './methods.ts';
import { newcombeRows, singleProportions, tangoRows } from './proportions.ts';
import { refusalRows } from './refusals.ts';
import type { Row } from './row.ts';
import { SEED_SPREADS, seedFamilyRows } from './seed-families.ts';
import { seriesRows } from './series.ts';

/** What one job sends back: lines of the table, or counts that are added up first. */
export interface JobResult {
  readonly rows: readonly Row[];
  readonly tally?: FamilyTally;
  /** Processor time that it took. */
  readonly seconds?: number;
}

type Job = () => JobResult | Promise<JobResult>;

const RUNS = 2400;
const PARTS = 24;

const rowsOf =
  (rows: () => readonly Row[] | Promise<readonly Row[]>): Job =>
  async () => ({ rows: await rows() });

/** Every job stands alone and is seeded by itself; the long ones come first. */
export const JOBS: Readonly<Record<string, Job>> = {
  ...Object.fromEntries(
    Array.from({ length: PARTS }, (_, part) => {
      const [from, to] = [part, part + 1].map((end) => (end * RUNS) / PARTS) as [number, number];
      return [`runs ${from} to ${to}`, async () => ({ rows: [], tally: await tallyRuns(from, to) })];
    }),
  ),
  ...Object.fromEntries(
    SEED_SPREADS.map((spread) => [
      `methods with ${spread} between seeds`,
      rowsOf(() => seedFamilyRows(spread)),
    ]),
  ),
  'rare flips': rowsOf(flipRows),
  series: rowsOf(seriesRows),
  'Newcombe at 1000': rowsOf(() => newcombeRows(1000)),
  ...Object.fromEntries(
    CLUSTER_SIZES.toReversed().map((size) => [`${size} clusters`, rowsOf(() => clusteredRows(size))]),
  ),
  ranks: rowsOf(rankRows),
  factors: rowsOf(factorRows),
  'Newcombe at 200': rowsOf(() => newcombeRows(200)),
  Tango: rowsOf(tangoRows),
  'Newcombe at 50': rowsOf(() => newcombeRows(50)),
  proportions: rowsOf(singleProportions),
  bootstrap: rowsOf(bootstrapRows),
  seeds: rowsOf(seedRows),
  pooling: rowsOf(poolingRows),
  refusals: rowsOf(refusalRows),
};

/** All lines, in an order that does not depend on which job ended first. */
export function tableOf(results: ReadonlyMap<string, JobResult>): Row[] {
  const all = Object.keys(JOBS).flatMap((name) => results.get(name) ?? []);
  const tallies = all.flatMap(({ tally }) => tally ?? []);
  return [...all.flatMap(({ rows }) => rows), ...familyRows(addTallies(tallies))];
}
