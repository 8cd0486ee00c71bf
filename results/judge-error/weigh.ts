import type { MetricSpec } from '../../suites/task.ts';
import type { Paired } from '../effects/paired.ts';
import { isContrast } from '../outcomes/folds.ts';
import type { InstrumentTable } from '../outcomes/table.ts';

/** What each paired sample weighs in the metric. */
export interface Weighed {
  readonly weights: Float64Array;
  readonly groups: Uint32Array;
  readonly names: readonly string[];
  readonly coefficients: readonly number[];
}

/** Null for a statistic that is no weighted mean, and for a contrast that is not defined on these samples. */
export function weigh(table: InstrumentTable, { fold }: MetricSpec, { units }: Paired): Weighed | null {
  if (fold === 'mean') {
    const weights = new Float64Array(units.length).fill(1 / units.length);
    return { weights, groups: new Uint32Array(units.length), names: [''], coefficients: [1] };
  }
  if (!isContrast(fold)) return null;
  const names: string[] = [];
  const counts: number[] = [];
  const groups = Uint32Array.from(units, (unit) => {
    const name = table.strata[unit]?.[fold.stratum] ?? '';
    const known = names.indexOf(name);
    const group = known === -1 ? names.push(name) - 1 : known;
    counts[group] = (counts[group] ?? 0) + 1;
    return group;
  });
  const found = fold.coefficients(names);
  if (found === null) return null;
  const coefficients = names.map((name) => (Object.hasOwn(found, name) ? (found[name] ?? 0) : 0));
  const weights = Float64Array.from(
    groups,
    (group) => (coefficients[group] as number) / (counts[group] as number),
  );
  return { weights, groups, names, coefficients };
}

export function groupMean(values: Float64Array, groups: Uint32Array, group: number): number {
  const own = values.filter((_, index) => groups[index] === group);
  return own.reduce((sum, value) => sum + value, 0) / own.length;
}

/** Covariance of the group means of the differences, cluster-robust (CR1). */
export function clusterCovariance(
  differences: Float64Array,
  { groups, names }: Weighed,
  clusters: Uint32Array,
): number[][] {
  const size = names.length;
  const means = names.map((_, group) => groupMean(differences, groups, group));
  const counts = names.map((_, group) => groups.filter((one) => one === group).length);
  const sums = new Map<number, Float64Array>();
  for (const [index, value] of differences.entries()) {
    const group = groups[index] as number;
    const cluster = clusters[index] as number;
    const own = sums.get(cluster) ?? new Float64Array(size);
    own[group] = (own[group] as number) + (value - (means[group] as number)) / (counts[group] as number);
    sums.set(cluster, own);
  }
  const factor = sums.size > 1 ? sums.size / (sums.size - 1) : Number.NaN;
  return names.map((_, row) =>
    names.map(
      (__, column) =>
        factor *
        [...sums.values()].reduce((sum, own) => sum + (own[row] as number) * (own[column] as number), 0),
    ),
  );
}
