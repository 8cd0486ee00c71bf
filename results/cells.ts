import type { MetricSpec } from '../suites/task.ts';
import { type Column, KIND } from './outcomes/column.ts';
import { foldOf, leftOutOf } from './outcomes/folds.ts';
import type { InstrumentTable } from './outcomes/table.ts';
import { clustersAreSingle, isBinary, scoredValues, unitsWithValue, valuesUnder } from './outcomes/values.ts';
import { MINIMUM_CLUSTERS } from './settings.ts';
import { clusteredProportion } from './statistics/clustered-proportion.ts';
import { hasSpread, jackknifeInterval } from './statistics/jackknife.ts';
import { clusteredMean } from './statistics/mean.ts';
import { type Interval, wilsonInterval } from './statistics/proportion.ts';
import type { Cell, IntervalKind, Rates } from './summary.ts';

const NO_RATES: Rates = { scored: 0, refused: 0, empty: 0, truncated: 0, unparsed: 0, failed: 0, skipped: 0 };

/** One checkpoint under one metric; with a reason wherever a number is missing. */
export function cellOf(checkpoint: string, task: string, table: InstrumentTable, spec: MetricSpec): Cell {
  const column = table.columns.get(checkpoint);
  const place = { checkpoint, task, metric: spec.key };
  if (column === undefined) return { ...place, ...EMPTY, rates: NO_RATES, reason: 'not asked' };
  const values = valuesUnder(table, column, spec);
  const units = unitsWithValue(values);
  const rates = ratesOf(column);
  if (units.length === 0) return { ...place, ...EMPTY, rates, reason: whyNothing(column, rates) };
  const value = foldOf(table, values, units, spec);
  const { interval, bounds, reason } = intervalOf(table, values, units, spec, value);
  const [least, most] = spec.range;
  return {
    ...place,
    value,
    low: bounds === null ? null : Math.max(least, bounds.low),
    high: bounds === null ? null : Math.min(most, bounds.high),
    interval,
    n: units.length,
    clusters: countClusters(table, units),
    chance: chanceOf(column, units, spec),
    valueScoredOnly: scoredOnly(table, column, spec),
    rates,
    reason,
  };
}

/** Shares of a column's outcomes; all 0 when there are none. */
export function ratesOf(column: Column): Rates {
  const counts = Array.from<number>({ length: 8 }).fill(0);
  for (const kind of column.kinds) counts[kind] = (counts[kind] as number) + 1;
  const asked = column.kinds.length - (counts[KIND.absent] as number);
  const share = (kind: number): number => (asked === 0 ? 0 : (counts[kind] as number) / asked);
  return {
    scored: share(KIND.scored),
    refused: share(KIND.refused),
    empty: share(KIND.empty),
    truncated: share(KIND.truncated),
    unparsed: share(KIND.unparsed),
    failed: share(KIND.failed),
    skipped: share(KIND.skipped),
  };
}

/** Error codes, or missing capabilities, of a column's outcomes of one kind, the most frequent first. */
export function notesOf(column: Column, kind: number): string[] {
  const counts = new Map<string, number>();
  for (const [unit, each] of column.kinds.entries()) {
    if (each !== kind) continue;
    const text = column.texts[column.notes[unit] as number] as string;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .filter(([text]) => text !== '')
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([text]) => text);
}

const EMPTY = {
  value: null,
  low: null,
  high: null,
  interval: null,
  n: 0,
  clusters: 0,
  chance: null,
  valueScoredOnly: null,
} as const;

interface IntervalResult {
  readonly interval: IntervalKind | null;
  readonly bounds: Interval | null;
  readonly reason: string | null;
}

/** The interval of a metric over some units, and of which kind; a reason where there is none. Not yet cut to the metric's range. */
export function intervalOf(
  table: InstrumentTable,
  values: Float64Array,
  units: Uint32Array,
  spec: MetricSpec,
  value: number | null,
): IntervalResult {
  if (value === null) return without('the metric is not defined on these samples');
  const clusters = countClusters(table, units);
  const isProportion = isBinary(spec) && spec.fold === 'mean';
  if (isProportion && clustersAreSingle(table, units)) {
    return { interval: 'wilson', bounds: wilsonInterval(value * units.length, units.length), reason: null };
  }
  if (clusters < MINIMUM_CLUSTERS) return without(tooFew(clusters));
  if (spec.fold !== 'mean') return jackknife(table, values, units, spec, value);
  const own = Float64Array.from(units, (unit) => values[unit] as number);
  const owners = Uint32Array.from(units, (unit) => table.clusters[unit] as number);
  if (isProportion) return { interval: 'wilson', bounds: clusteredProportion(own, owners), reason: null };
  if (own.every((each) => each === own[0])) return without('every value is equal');
  const { low, high } = clusteredMean(own, owners);
  return low === null || high === null
    ? without(tooFew(clusters))
    : { interval: 'clustered-t', bounds: { low, high }, reason: null };
}

function jackknife(
  table: InstrumentTable,
  values: Float64Array,
  units: Uint32Array,
  spec: MetricSpec,
  value: number,
): IntervalResult {
  const leftOut = leftOutOf(table, values, units, spec);
  if (leftOut === null) return without('the metric is not defined without one of the clusters');
  if (!hasSpread(leftOut)) return without(NO_SPREAD);
  return { interval: 'jackknife-t', bounds: jackknifeInterval(value, leftOut), reason: null };
}

/** Without any spread among the clusters, an interval of no width would claim certainty. */
export const NO_SPREAD = 'no cluster moves the value: there is no spread to speak from';

export function tooFew(clusters: number): string {
  return `too few clusters for an interval: ${clusters}, at least ${MINIMUM_CLUSTERS} are needed`;
}

function without(reason: string): IntervalResult {
  return { interval: null, bounds: null, reason };
}

function countClusters(table: InstrumentTable, units: Uint32Array): number {
  return new Set(Array.from(units, (unit) => table.clusters[unit])).size;
}

function chanceOf(column: Column, units: Uint32Array, spec: MetricSpec): number | null {
  if (spec.chance !== 'per-sample') return spec.chance;
  const own = column.values.get(`${spec.key}_chance`);
  const known = Array.from(units, (unit) => own?.[unit] ?? Number.NaN).filter(
    (chance) => !Number.isNaN(chance),
  );
  return known.length === 0 ? null : known.reduce((sum, chance) => sum + chance, 0) / known.length;
}

function scoredOnly(table: InstrumentTable, column: Column, spec: MetricSpec): number | null {
  const own = scoredValues(table, column, spec);
  return foldOf(table, own, unitsWithValue(own), spec);
}

function whyNothing(column: Column, rates: Rates): string {
  if (rates.skipped > 0) return `skipped: ${notesOf(column, KIND.skipped).join(', ')}`;
  if (rates.failed === 1)
    return `every request failed: ${notesOf(column, KIND.failed).slice(0, 3).join(', ')}`;
  // Other metrics of the same samples have values: this one needs something that the data does not hold.
  if (rates.scored > 0) return 'not measured on this data';
  return 'no answer could be scored';
}
