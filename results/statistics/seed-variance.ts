import { type MethodError, methodP, methodReach } from './method-error.ts';

export interface SeedEffects {
  /**
   * For each training seed the paired difference (to − from) of every item, in one order of items for all seeds; NaN
   * where a seed has no value.
   */
  readonly differences: readonly ArrayLike<number>[];
  /** One whole number per item; equal numbers are one cluster. */
  readonly clusters: ArrayLike<number>;
}

/** What a sentence about a method, rather than about two checkpoints, rests on. */
export interface MethodEstimate {
  readonly seeds: number;
  /** Items with a value under every seed; the others leave, counted. */
  readonly items: number;
  readonly dropped: number;
  readonly clusters: number;
  /** Mean difference of each seed over the shared items. */
  readonly perSeed: readonly number[];
  readonly mean: number;
  /** Variance of the true effect between training seeds, not below 0. */
  readonly seedVariance: number;
  /** Variance of the mean that comes from having asked these items, which all seeds share. */
  readonly itemVariance: number;
  /** Variance of the mean; with seedVariance above 0 it is seedVariance / seeds + itemVariance. */
  readonly variance: number;
  /**
   * Satterthwaite's of `variance`, for description: neither the interval nor p rests on them. May be fractional; null
   * where there is no interval.
   */
  readonly degreesOfFreedom: number | null;
  /** What the interval and p rest on; null where there is none. */
  readonly error: MethodError | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided, of no effect of the method. */
  readonly p: number | null;
  /** Why there is no interval. */
  readonly reason: string | null;
}

export const MINIMUM_SEEDS = 3;
const MINIMUM_CLUSTERS = 10;

/**
 * Effect of a method over its training seeds, when every seed was asked the same items.
 *
 * Two-way random model, seeds × item clusters: d_sg = μ + a_s + b_g + c_sg. The mean over seeds and items then has
 * variance Var(a)/S + Var(b̄) + Var(c̄)/S, and with
 *
 *   B = variance of the S seed means,                            S − 1 degrees of freedom,
 *   I = cluster-robust variance of the mean over seeds,          G − 1,
 *   C = the same of the seeds' departures from that mean,        (S − 1)(G − 1),
 *
 * B/S + I − C/S estimates it without bias; Satterthwaite's degrees of freedom are those of that sum (Satterthwaite
 * 1946, Biometrics Bulletin 2:110-114; for equal clusters B, I and C are the mean squares of the two-way table, Searle,
 * Casella & McCulloch 1992, Variance Components, ch. 4; the same sum carries multi-reader studies, Obuchowski &
 * Rockette 1995, Commun. Stat. Simul. 24:285-308, with Hillis's rule of 2007, Statistics in Medicine 26:596-619, that
 * the item part is never taken below 0). `seedVariance` is B − C and `itemVariance` is I. Clusters of unequal size
 * weigh by their items, as in `clusteredMean`.
 *
 * The mean speaks of seeds like these and items like these; what all seeds share besides the items (the parent, the
 * data) it takes as given.
 *
 * @throws RangeError without two seeds, without two shared clusters, or for columns of unequal length.
 */
export function methodEffectOverSeeds(input: SeedEffects, confidence = 0.95): MethodEstimate {
  const seeds = input.differences.length;
  if (seeds < 2) throw new RangeError('a variance between seeds needs at least two of them');
  const shared = sharedItems(input);
  const table = clusterTable(input, shared);
  const clusters = table.length;
  if (clusters < 2) throw new RangeError('a variance between items needs at least two clusters');
  const perSeed = input.differences.map((column) => meanOver(column, shared));
  const mean = perSeed.reduce((sum, each) => sum + each, 0) / seeds;
  const parts = varianceParts(table, perSeed, mean, shared.length);
  const { between, items, interaction } = parts;
  const variance = Math.max(between / seeds, between / seeds + items - interaction / seeds, items);
  const facts = {
    seeds,
    items: shared.length,
    dropped: input.clusters.length - shared.length,
    clusters,
    perSeed,
    mean,
    seedVariance: Math.max(0, between - interaction),
    itemVariance: items,
    variance,
  };
  const reason = whyNoInterval(seeds, clusters, variance);
  if (reason !== null)
    return { ...facts, degreesOfFreedom: null, error: null, low: null, high: null, p: null, reason };
  const degreesOfFreedom = satterthwaite(parts, variance, seeds, clusters);
  const error = errorOf(parts, seeds, clusters);
  const half = methodReach(error, 1 - confidence);
  const p = methodP(error, mean);
  return { ...facts, degreesOfFreedom, error, low: mean - half, high: mean + half, p, reason: null };
}

interface VarianceParts {
  /** B: variance of the seed means. */
  readonly between: number;
  /** I: variance of the mean over seeds, from clusters. */
  readonly items: number;
  /** C: variance of one seed's departure from the mean over seeds, from clusters. */
  readonly interaction: number;
}

/** @param table sums of each cluster, one entry a seed; the last entry is the number of items. */
function varianceParts(
  table: readonly Float64Array[],
  perSeed: readonly number[],
  mean: number,
  n: number,
): VarianceParts {
  const [seeds, groups] = [perSeed.length, table.length];
  const between = perSeed.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (seeds - 1);
  let [shared, own] = [0, 0];
  for (const row of table) {
    const size = row[seeds] as number;
    let total = 0;
    for (let seed = 0; seed < seeds; seed++) total += row[seed] as number;
    const common = total / seeds - size * mean;
    shared += common ** 2;
    for (const [seed, average] of perSeed.entries()) {
      own += ((row[seed] as number) - size * average - common) ** 2;
    }
  }
  const scale = groups / (groups - 1) / n ** 2;
  const items = scale * shared;
  // Seeds that agree leave a trace of rounding, which is no variance.
  const rounding = ROUNDING * Math.max(mean ** 2, items);
  return {
    between: between > rounding ? between : 0,
    items,
    interaction: (scale * own) / (seeds - 1),
  };
}

const ROUNDING = 1e-24;

/** Of B/S + I − C/S, kept between 1 and clusters − 1. */
function satterthwaite(parts: VarianceParts, variance: number, seeds: number, clusters: number): number {
  const { between, items, interaction } = parts;
  const noise =
    (between / seeds) ** 2 / (seeds - 1) +
    items ** 2 / (clusters - 1) +
    (interaction / seeds) ** 2 / ((seeds - 1) * (clusters - 1));
  return Math.min(Math.max(variance ** 2 / noise, 1), clusters - 1);
}

function errorOf(
  { between, items, interaction }: VarianceParts,
  seeds: number,
  clusters: number,
): MethodError {
  const degreesOfFreedom = clusters - 1;
  return {
    seeds: { variance: between / seeds, degreesOfFreedom: seeds - 1 },
    items: { variance: items, degreesOfFreedom },
    sharedItems: { variance: Math.max(0, items - interaction / seeds), degreesOfFreedom },
  };
}

function sharedItems({ differences, clusters }: SeedEffects): number[] {
  for (const column of differences) {
    if (column.length !== clusters.length) throw new RangeError('every seed needs one entry per item');
  }
  return Array.from({ length: clusters.length }, (_, item) => item).filter((item) =>
    differences.every((column) => !Number.isNaN(column[item])),
  );
}

function clusterTable({ differences, clusters }: SeedEffects, shared: readonly number[]): Float64Array[] {
  const seeds = differences.length;
  const rows = new Map<number, Float64Array>();
  for (const item of shared) {
    const cluster = clusters[item] as number;
    const row = rows.get(cluster) ?? new Float64Array(seeds + 1);
    rows.set(cluster, row);
    for (const [seed, column] of differences.entries())
      row[seed] = (row[seed] as number) + (column[item] as number);
    row[seeds] = (row[seeds] as number) + 1;
  }
  return [...rows.values()];
}

function meanOver(column: ArrayLike<number>, items: readonly number[]): number {
  return items.reduce((sum, item) => sum + (column[item] as number), 0) / items.length;
}

function whyNoInterval(seeds: number, clusters: number, variance: number): string | null {
  if (seeds < MINIMUM_SEEDS) return `${seeds} training seeds: at least ${MINIMUM_SEEDS} are needed`;
  if (clusters < MINIMUM_CLUSTERS) {
    return `too few clusters for an interval: ${clusters}, at least ${MINIMUM_CLUSTERS} are needed`;
  }
  return variance > 0
    ? null
    : 'no seed and no cluster moves the difference: there is no spread to speak from';
}
