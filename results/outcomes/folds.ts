import type { FoldedSample, MetricSpec, StratumContrast } from '../../suites/task.ts';
import { Contrast } from '../statistics/contrast.ts';
import type { InstrumentTable } from './table.ts';
import { foldedSamples } from './values.ts';

export type SampleFold = (samples: readonly FoldedSample[]) => number | null;

export function isContrast(fold: MetricSpec['fold']): fold is StratumContrast {
  return typeof fold === 'object';
}

/** A contrast over the given units, whose values stand in the same order. */
export function contrastOf(
  table: InstrumentTable,
  units: Uint32Array,
  values: ArrayLike<number>,
  fold: StratumContrast,
): Contrast {
  const numbers = new Map<string, number>();
  const groups = Uint32Array.from(units, (unit) => {
    const name = table.strata[unit]?.[fold.stratum] ?? '';
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  });
  const names = [...numbers.keys()];
  const clusters = Uint32Array.from(units, (unit) => table.clusters[unit] as number);
  return new Contrast({ values, groups, clusters }, names.length, (present) => {
    const found = fold.coefficients(names.filter((_, group) => present[group]));
    return found === null ? null : names.map((name) => (Object.hasOwn(found, name) ? (found[name] ?? 0) : 0));
  });
}

/** The metric's own statistic over the given units; null where it is not defined. */
export function foldOf(
  table: InstrumentTable,
  values: Float64Array,
  units: Uint32Array,
  { fold }: MetricSpec,
): number | null {
  if (units.length === 0) return null;
  if (fold === 'mean') {
    let sum = 0;
    for (const unit of units) sum += values[unit] as number;
    return sum / units.length;
  }
  const folded = isContrast(fold)
    ? contrastOf(table, units, picked(values, units), fold).value
    : fold(foldedSamples(table, values, units));
  return folded !== null && Number.isFinite(folded) ? folded : null;
}

/** The statistic without each cluster in turn; null where it is not defined without one of them. */
export function leftOutOf(
  table: InstrumentTable,
  values: Float64Array,
  units: Uint32Array,
  spec: MetricSpec,
): number[] | null {
  const { fold } = spec;
  const found = isContrast(fold)
    ? contrastOf(table, units, picked(values, units), fold).leftOut()
    : leftOutByFold(table, values, units, spec);
  return found.every((value) => value !== null) ? found : null;
}

function meanOf(samples: readonly FoldedSample[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
}

function leftOutByFold(
  table: InstrumentTable,
  values: Float64Array,
  units: Uint32Array,
  { fold }: MetricSpec,
): (number | null)[] {
  const statistic = typeof fold === 'function' ? fold : meanOf;
  const samples = foldedSamples(table, values, units);
  const clusters = Uint32Array.from(units, (unit) => table.clusters[unit] as number);
  return membersByCluster(clusters).map((members) =>
    without(samples, members, () => {
      const value = samples.length === 0 ? null : statistic(samples);
      return value !== null && Number.isFinite(value) ? value : null;
    }),
  );
}

/** Indexes of each cluster's samples, ascending. */
export function membersByCluster(clusters: Uint32Array): number[][] {
  const members = new Map<number, number[]>();
  for (const [index, cluster] of clusters.entries()) {
    const own = members.get(cluster);
    if (own === undefined) members.set(cluster, [index]);
    else own.push(index);
  }
  return [...members.values()];
}

/** Calls `use` while some items are out of the list; those at its end stand in their places meanwhile. */
export function without<T, R>(list: T[], members: readonly number[], use: () => R): R {
  const rest = list.length - members.length;
  const tail = list.splice(rest);
  const leaving = new Set(members.filter((index) => index >= rest));
  const holes = members.filter((index) => index < rest);
  const removed = holes.map((index) => list[index] as T);
  const movers = tail.filter((_, index) => !leaving.has(rest + index));
  for (const [place, index] of holes.entries()) list[index] = movers[place] as T;
  const result = use();
  for (const [place, index] of holes.entries()) list[index] = removed[place] as T;
  list.push(...tail);
  return result;
}

function picked(values: Float64Array, units: Uint32Array): Float64Array {
  return Float64Array.from(units, (unit) => values[unit] as number);
}
