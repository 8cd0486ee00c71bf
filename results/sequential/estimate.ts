import { inSeededOrder } from '../../core/seeded-order.ts';
import type { MetricSpec, StratumContrast } from '../../suites/task.ts';
import type { Estimate } from '../effects/estimate.ts';
import type { Paired } from '../effects/paired.ts';
import { contrastOf, isContrast } from '../outcomes/folds.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { ALPHA, MINIMUM_CLUSTERS } from '../settings.ts';
import { BettingSequence, type SequenceInterval } from './betting.ts';
import type { SequentialDesign } from './rule.ts';

/**
 * Estimate of to − from in a run that was stopped by what it saw: the confidence sequence alone gives interval and p.
 * Both hold whenever the asking stopped, and whatever made it stop. `error` is null, because nothing that rests on a
 * standard error would hold here.
 */
export function sequentialEstimate(
  table: InstrumentTable,
  spec: MetricSpec,
  paired: Paired,
  { seed, width, largestClusters, clusters: designed }: SequentialDesign,
  instrument: string,
): Estimate {
  const reach = reachOf(spec);
  if (reach === undefined) return { ...NOTHING, reason: UNBOUNDED };
  const delta = differenceOf(table, spec, paired);
  if (delta === null) return { ...NOTHING, reason: 'the metric is not defined on the shared samples' };
  if (paired.clusterCount < MINIMUM_CLUSTERS) return { ...NOTHING, delta };
  const order = clusterOrder(table, seed);
  const clusters = designed.get(instrument) ?? table.clusterNames.length;
  const largest = largestClusters.get(instrument) ?? {};
  const strata = partsOf(table, spec, paired);
  const total = strata.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
  const parts = strata.map(({ coefficient, group, units }) => {
    const largestCluster = largest[group] ?? largest['all'] ?? table.units;
    // Every stratum aims at the width that makes up the contrast's together with the others.
    const sequence = sequenceOf(paired, units, order, {
      reach,
      largestCluster,
      width: width / total,
      clusters,
    });
    return { coefficient, sequence };
  });
  const interval = combined(parts, ALPHA);
  return {
    ...NOTHING,
    delta,
    low: Math.max(-reach, interval.low),
    high: Math.min(reach, interval.high),
    p: combinedP(parts),
    test: 'confidence-sequence',
  };
}

/** The largest possible difference; undefined for metrics without a confidence sequence. */
export function reachOf({ range, fold }: Pick<MetricSpec, 'range' | 'fold'>): number | undefined {
  const reach = range[1] - range[0];
  return Number.isFinite(reach) && reach > 0 && typeof fold !== 'function' ? reach : undefined;
}

interface Part {
  readonly coefficient: number;
  readonly sequence: BettingSequence;
}

/** The strata of a contrast with their coefficients, as indices into the pairs; one part for a mean. */
function partsOf(
  table: InstrumentTable,
  { fold }: MetricSpec,
  paired: Paired,
): { coefficient: number; group: string; units: number[] }[] {
  const indices = [...paired.units.keys()];
  if (typeof fold !== 'object') return [{ coefficient: 1, group: 'all', units: indices }];
  const nameOf = (index: number) => table.strata[paired.units[index] as number]?.[fold.stratum];
  const names = [...new Set(indices.map(nameOf))].filter((name) => name !== undefined).sort();
  const coefficients = fold.coefficients(names) ?? {};
  return names.flatMap((name) => {
    const coefficient = coefficients[name] ?? 0;
    return coefficient === 0
      ? []
      : [
          {
            coefficient,
            group: `${fold.stratum}=${name}`,
            units: indices.filter((index) => nameOf(index) === name),
          },
        ];
  });
}

function differenceOf(table: InstrumentTable, { fold }: MetricSpec, paired: Paired): number | null {
  const { differences, units } = paired;
  if (isContrast(fold)) return contrastOf(table, units, differences, fold as StratumContrast).value;
  return differences.reduce((sum, one) => sum + one, 0) / differences.length;
}

/** Numbers of the clusters in the order asked. */
function clusterOrder({ clusterNames }: InstrumentTable, seed: number): number[] {
  const numbers = new Map(clusterNames.map((name, number) => [name, number]));
  return inSeededOrder(clusterNames, seed).map((name) => numbers.get(name) ?? 0);
}

function sequenceOf(
  { differences, clusters }: Paired,
  units: readonly number[],
  order: readonly number[],
  bounds: ConstructorParameters<typeof BettingSequence>[0],
): BettingSequence {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const index of units) {
    const cluster = clusters[index] as number;
    const known = sums.get(cluster) ?? { sum: 0, count: 0 };
    sums.set(cluster, { sum: known.sum + (differences[index] as number), count: known.count + 1 });
  }
  const sequence = new BettingSequence(bounds);
  for (const cluster of order) {
    const step = sums.get(cluster);
    if (step !== undefined) sequence.add(step);
  }
  return sequence;
}

/**
 * Each stratum has a confidence sequence of its own at alpha / strata, and the contrast lies between the contrasts of
 * their ends (Bonferroni): valid however the strata depend on each other.
 */
function combined(parts: readonly Part[], alpha: number): SequenceInterval {
  let [low, high] = [0, 0];
  for (const { coefficient, sequence } of parts) {
    const ends = sequence.interval(alpha / parts.length);
    low += coefficient * (coefficient > 0 ? ends.low : ends.high);
    high += coefficient * (coefficient > 0 ? ends.high : ends.low);
  }
  return { low, high };
}

/** The level at which the interval would just exclude 0, found by halving its logarithm. */
function combinedP(parts: readonly Part[]): number {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.sequence.p(0);
  const excludes = (log: number): boolean => {
    const { low, high } = combined(parts, Math.exp(log));
    return low > 0 || high < 0;
  };
  if (!excludes(0)) return 1;
  let [least, most] = [SMALLEST_LOG_P, 0];
  if (excludes(least)) return Math.exp(least);
  for (let halving = 0; halving < 40; halving++) {
    const middle = (least + most) / 2;
    if (excludes(middle)) most = middle;
    else least = middle;
  }
  return Math.exp(most);
}

const SMALLEST_LOG_P = Math.log(1e-12);
const UNBOUNDED =
  'the run stopped by what it saw, and this metric has no confidence sequence: it is unbounded or no mean';

const NOTHING: Estimate = {
  delta: null,
  low: null,
  high: null,
  error: null,
  p: null,
  test: null,
  reason: null,
};
