import type { MetricSpec } from '../../suites/task.ts';
import { foldOf, isContrast, leftOutOf } from '../outcomes/folds.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { hasSpread } from '../statistics/jackknife.ts';

/**
 * A difference between two sides as the plain mean of one number a cluster, so that several of them over the same
 * clusters can be compared, added and averaged.
 */
export interface Influence {
  readonly delta: number;
  /** One number a cluster; their mean is `delta`. */
  readonly byCluster: Float64Array;
  /** The table's number of each of these clusters, in the order in which they first occur among the units. */
  readonly clusters: Uint32Array;
}

/** Standard error of the difference; null with fewer than two clusters, or where no cluster moves it. */
export function errorOf({ delta, byCluster }: Influence): number | null {
  const groups = byCluster.length;
  if (groups < 2 || !hasSpread(Array.from(byCluster))) return null;
  const squares = byCluster.reduce((sum, each) => sum + (each - delta) ** 2, 0);
  return Math.sqrt(squares / (groups * (groups - 1)));
}

/**
 * For a mean: delta + G/n · (Σ differences of the cluster − its size · delta), whose variance over clusters, divided by
 * their number, is the CR1 variance. For any other statistic: jackknife pseudo-values (Tukey 1958; Efron & Stein 1981),
 * delta + (G−1) · (mean of the left-out values − the value without the cluster).
 *
 * @param from value by unit of the whole table, `to` likewise; both known at all `units`.
 * @returns null where the metric is not defined on these units, or without one of their clusters.
 */
export function influenceOf(
  table: InstrumentTable,
  spec: MetricSpec,
  units: Uint32Array,
  from: Float64Array,
  to: Float64Array,
): Influence | null {
  if (units.length === 0) return null;
  return spec.fold === 'mean'
    ? influenceOfMean(table, units, from, to)
    : influenceOfFold(table, spec, units, from, to);
}

function influenceOfMean(
  { clusters }: InstrumentTable,
  units: Uint32Array,
  from: Float64Array,
  to: Float64Array,
): Influence {
  const places = new Map<number, number>();
  const sums: number[] = [];
  const counts: number[] = [];
  let total = 0;
  for (const unit of units) {
    const difference = (to[unit] as number) - (from[unit] as number);
    const cluster = clusters[unit] as number;
    let place = places.get(cluster);
    if (place === undefined) {
      place = sums.length;
      places.set(cluster, place);
      sums.push(0);
      counts.push(0);
    }
    sums[place] = (sums[place] as number) + difference;
    counts[place] = (counts[place] as number) + 1;
    total += difference;
  }
  const delta = total / units.length;
  const scale = sums.length / units.length;
  return {
    delta,
    clusters: Uint32Array.from(places.keys()),
    byCluster: Float64Array.from(
      sums,
      (sum, place) => delta + scale * (sum - (counts[place] as number) * delta),
    ),
  };
}

function influenceOfFold(
  table: InstrumentTable,
  spec: MetricSpec,
  units: Uint32Array,
  from: Float64Array,
  to: Float64Array,
): Influence | null {
  const [before, after] = [foldOf(table, from, units, spec), foldOf(table, to, units, spec)];
  const leftOut = leftOutOfDifference(table, spec, units, from, to);
  if (before === null || after === null || leftOut === null) return null;
  const whole = after - before;
  const centre = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  return {
    delta: whole,
    clusters: clustersIn(table, units),
    byCluster: Float64Array.from(leftOut, (value) => whole + (leftOut.length - 1) * (centre - value)),
  };
}

/** In the order in which clusters first occur. */
function leftOutOfDifference(
  table: InstrumentTable,
  spec: MetricSpec,
  units: Uint32Array,
  from: Float64Array,
  to: Float64Array,
): number[] | null {
  if (isContrast(spec.fold)) {
    const differences = Float64Array.from(to, (value, unit) => value - (from[unit] as number));
    return leftOutOf(table, differences, units, spec);
  }
  const before = leftOutOf(table, from, units, spec);
  const after = leftOutOf(table, to, units, spec);
  return before === null || after === null
    ? null
    : after.map((value, index) => value - (before[index] as number));
}

function clustersIn(table: InstrumentTable, units: Uint32Array): Uint32Array {
  return Uint32Array.from(new Set(Array.from(units, (unit) => table.clusters[unit] as number)));
}
