import type { HeadlineSize } from '../../benchmarks/run/headline-size.ts';
import { MINIMUM_CLUSTERS, POWER } from '../../results/settings.ts';
import {
  type PairedBinaryDesign,
  plannedDesignEffect,
  requiredPairs,
  requiredPairsForMean,
  smallestDetectableChange,
  smallestDetectableMean,
} from '../../results/statistics/detectable.ts';
import type { MetricSpec } from '../../suites/task.ts';
import {
  assumedSeeds,
  neededOverSeeds,
  runsBehind,
  type SeedSpread,
  type StageSeeds,
  smallestOverSeeds,
} from './over-seeds.ts';

/** Of samples without an earlier run: how many differ between two sides, and how alike samples of a cluster are. */
export const ASSUMED_DISCORDANCE = 0.3;
export const ASSUMED_CORRELATION = 0.1;

/** What an earlier run, or an assumption, says of one paired comparison. */
export interface Spread {
  /** Share of samples whose value differs between the sides. */
  readonly discordance: number;
  /** Correlation of differences within a cluster, for means of zeros and ones; null where it cannot be told. */
  readonly correlation: number | null;
  /** What the standard error is √n times of: standard deviation of a difference, clusters and contrast included. */
  readonly deviation: number | null;
  /** What clusters have added to `deviation`, to be shown; null where it cannot be told. */
  readonly designEffect?: number | null;
  /** The comparison it was measured on; null for an assumption. */
  readonly measuredOn: { readonly from: string; readonly to: string } | null;
  /** Between training runs; null where only one was measured, or nothing. */
  readonly seeds?: SeedSpread | null;
}

/** What a run of this size can see in one task. */
export interface Sensitivity {
  readonly instrument: string;
  readonly dimension: string;
  readonly metric: string;
  readonly unit: MetricSpec['unit'];
  readonly samples: number;
  readonly clusters: number;
  readonly available: number;
  /** In the metric's own unit; null with a reason. */
  readonly smallest: number | null;
  readonly reason: string | null;
  readonly discordance: number | null;
  /** Of an earlier run where `deviation` holds it already. */
  readonly designEffect: number | null;
  readonly deviation: number | null;
  readonly measuredOn: Spread['measuredOn'];
  /** Training runs whose mean is tested; 1 where one run stands for the method. */
  readonly seeds: number;
  /** How these spread; null for one run. */
  readonly seedSpread: SeedSpread | null;
  /** Samples needed to see the effect that was asked for; null when none was, or no number would do. */
  readonly needed: number | null;
}

export interface Aim {
  /** Level of the test, corrected for its family. */
  readonly level: number;
  /** The effect that a person wants to see, in the metric's own unit. */
  readonly detect?: number;
  /** Stages of the definition with their training seeds; one run each where absent. */
  readonly seeds?: readonly StageSeeds[];
}

/**
 * The smallest true change that is found with 80 % power. Of several comparisons that an earlier run measured, the one
 * that is hardest to see speaks for the task.
 */
export function sensitivityOf(size: HeadlineSize, spreads: readonly Spread[], aim: Aim): Sensitivity {
  const { instrument, dimension, metric, samples, clusters, available } = size;
  const facts = {
    instrument,
    dimension,
    metric: metric.key,
    unit: metric.unit,
    samples,
    clusters,
    available,
  };
  const used = spreads.length > 0 ? spreads : assumedSpread(size);
  if (used.length === 0)
    return { ...facts, ...NOTHING, reason: 'its spread is not known before a run: name one with --like' };
  const judged = used.flatMap((spread) =>
    runsBehind(spread.measuredOn, aim.seeds ?? []).map((seeds) => judge(size, spread, seeds, aim)),
  );
  const hardest = judged.reduce((worst, one) => (rank(one) > rank(worst) ? one : worst));
  if (clusters < MINIMUM_CLUSTERS)
    return {
      ...facts,
      ...hardest,
      smallest: null,
      reason: `too few clusters: ${clusters}, at least ${MINIMUM_CLUSTERS} are needed`,
    };
  return { ...facts, ...hardest, reason: whyNothing(size, hardest) };
}

function whyNothing({ samples }: HeadlineSize, { smallest, seeds, seedSpread }: Judged): string | null {
  if (smallest !== null) return null;
  if (seeds === 1 || samples === 0) return 'too few samples: even a change of 100 points would be missed';
  return seedSpread === null
    ? `the spread between ${seeds} training seeds is not known before a run: name one with --like`
    : `too few training seeds (${seeds}) or samples: even the largest change there can be would be missed`;
}

type Judged = Omit<
  Sensitivity,
  'instrument' | 'dimension' | 'metric' | 'unit' | 'samples' | 'clusters' | 'available' | 'reason'
>;

const NOTHING: Judged = {
  smallest: null,
  discordance: null,
  designEffect: null,
  deviation: null,
  measuredOn: null,
  seeds: 1,
  seedSpread: null,
  needed: null,
};

function judge(size: HeadlineSize, spread: Spread, seeds: number, { level, detect }: Aim): Judged {
  const { discordance, measuredOn } = spread;
  const [n, byDiscordance] = [size.samples, isShare(size.metric) && spread.correlation !== null];
  const deviation =
    byDiscordance && (measuredOn === null || size.metric.fold === 'mean') ? null : spread.deviation;
  const clusterEffect = measuredOn !== null && deviation !== null ? null : clusterEffectOf(size, spread);
  const seedSpread = seeds === 1 ? null : (spread.seeds ?? assumedSeeds(size.metric.range));
  const designEffect = clusterEffect ?? spread.designEffect ?? null;
  const shown = { discordance, designEffect, deviation, measuredOn, seeds, seedSpread };
  if (n === 0) return { ...shown, smallest: null, needed: null };
  const contrast = measuredOn === null ? contrastEffect(size) : 1;
  const common = {
    alpha: level,
    power: POWER,
    designEffect: (clusterEffect ?? 1) * contrast,
    ...(size.clusters > 1 && size.clusters < n ? { degreesOfFreedom: size.clusters - 1 } : {}),
  };
  if (seeds > 1) {
    const design = { designEffect: common.designEffect, discordance, deviation };
    return { ...shown, ...judgeMean(size, seedSpread, seeds, design, { level, detect }) };
  }
  if (deviation !== null) {
    const smallest = smallestDetectableMean({ n, deviation, ...common });
    const needed =
      detect === undefined ? null : requiredPairsForMean({ difference: detect, deviation, ...common });
    return { ...shown, smallest, needed };
  }
  const smallest = smallestDetectableChange({ n, discordance, ...common });
  const needed = detect === undefined ? null : pairsFor(detect, { discordance, ...common });
  return { ...shown, smallest, needed };
}

/** The same for the mean over training runs. */
function judgeMean(
  { samples, clusters, metric }: HeadlineSize,
  spread: SeedSpread | null,
  seeds: number,
  {
    designEffect,
    discordance,
    deviation,
  }: Pick<Spread, 'discordance' | 'deviation'> & { designEffect: number },
  { level, detect }: { readonly level: number; readonly detect: number | undefined },
): Pick<Judged, 'smallest' | 'needed'> {
  if (spread === null) return { smallest: null, needed: null };
  // A change of a share brings as many samples that differ as it is large.
  const variance = (n: number, difference: number): number =>
    ((deviation === null ? Math.max(discordance, difference) - difference ** 2 : deviation ** 2) *
      designEffect) /
    n;
  const design = { seeds, spread, variance, clusters, level };
  const width = metric.range[1] - metric.range[0];
  const largest = Number.isFinite(width) ? width : OPEN;
  return {
    smallest: smallestOverSeeds(design, samples, largest),
    needed: detect === undefined || detect > largest ? null : neededOverSeeds(design, detect),
  };
}

/** Stands for no bound: no metric of an open range moves so far. */
const OPEN = 1e6;

type Design = Omit<PairedBinaryDesign, 'n'>;

function pairsFor(difference: number, design: Design): number | null {
  if (difference > 1) return null;
  return requiredPairs({ ...design, difference, discordance: Math.max(design.discordance, difference) });
}

/** What a run measured holds for its own mean size of clusters; an assumption, for the size of an average sample's. */
function clusterEffectOf(size: HeadlineSize, { correlation, measuredOn }: Spread): number {
  const { samples, clusters, clusterSize } = size;
  const members = measuredOn === null ? clusterSize : samples / Math.max(1, clusters);
  return plannedDesignEffect([members], correlation ?? 0);
}

function isShare({ binary, range }: MetricSpec): boolean {
  return binary && range[0] === 0 && range[1] === 1;
}

function rank({ smallest }: Judged): number {
  return smallest ?? Number.POSITIVE_INFINITY;
}

/** Without an earlier run: differences as large as the metric's range, in as many samples as assumed. */
function assumedSpread({ metric }: HeadlineSize): Spread[] {
  const [least, most] = metric.range;
  const range = most - least;
  if (!Number.isFinite(range) || typeof metric.fold === 'function') return [];
  return [
    {
      discordance: ASSUMED_DISCORDANCE,
      correlation: ASSUMED_CORRELATION,
      deviation: range * Math.sqrt(ASSUMED_DISCORDANCE),
      measuredOn: null,
    },
  ];
}

/** By how much a contrast of strata varies more than a mean of as many samples: Σ c² ∕ share; 1 for a mean. */
function contrastEffect({ metric: { fold }, strata, samples }: HeadlineSize): number {
  if (typeof fold !== 'object' || strata === null) return 1;
  const coefficients = fold.coefficients(Object.keys(strata));
  if (coefficients === null) return 1;
  return Object.entries(strata).reduce(
    (sum, [name, count]) => sum + ((coefficients[name] ?? 0) ** 2 * samples) / count,
    0,
  );
}
