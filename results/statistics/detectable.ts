import { normalQuantile } from './distributions.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';
import { clusteredMean } from './mean.ts';

export interface PairedBinaryDesign {
  /** Pairs that will be compared. */
  readonly n: number;
  /** Share of pairs expected to differ, in either direction, in (0, 1]. */
  readonly discordance: number;
  /** Two-sided; divide it by the size of the family for Holm's first step. */
  readonly alpha?: number;
  readonly power?: number;
  /** By how much clusters inflate the variance of the mean; 1 without clusters. */
  readonly designEffect?: number;
  /** Clusters − 1 where the test has to estimate the variance over clusters: Student's t then takes the normal's place. */
  readonly degreesOfFreedom?: number;
}

/**
 * Smallest difference of two paired proportions that a two-sided test finds with the given power, in [0, 1].
 *
 * Normal approximation of McNemar's test (Miettinen 1968, Biometrics 24:339-352; Connor 1987, Biometrics 43:207-211):
 * n = (z_{1−α/2} √ψ + z_{power} √(ψ − δ²))² / δ², with ψ the discordance, solved for δ in closed form. Null when no
 * difference that such a discordance allows (δ ≤ ψ) would be found.
 */
export function smallestDetectableDifference(design: PairedBinaryDesign): number | null {
  const { n, discordance, alpha = 0.05, power = 0.8, designEffect = 1, degreesOfFreedom } = design;
  if (!(n > 0 && discordance > 0 && discordance <= 1 && designEffect > 0)) {
    throw new RangeError(`no design: n ${n}, discordance ${discordance}, design effect ${designEffect}`);
  }
  const pairs = n / designEffect;
  const [za, zb] = quantiles(alpha, power, degreesOfFreedom);
  // With fewer pairs the equation has no root: even δ = √ψ would leave z_{1−α/2} out of reach.
  if (pairs < za * za) return null;
  const inner = pairs - za * za + zb * zb;
  const delta =
    (Math.sqrt(discordance) * (za * Math.sqrt(pairs) + zb * Math.sqrt(inner))) / (pairs + zb * zb);
  return delta <= discordance ? delta : null;
}

/**
 * The same where a change of δ brings discordance of its own: it needs at least a share δ of pairs that differ, so that
 * where fewer are expected as many as the change itself are taken. Found by bisection, because the pairs needed fall as
 * the change grows. Null when even a change of 1 would be missed.
 */
export function smallestDetectableChange(design: PairedBinaryDesign): number | null {
  const direct = smallestDetectableDifference(design);
  if (direct !== null || !isEnough(1, design)) return direct;
  let [missed, found] = [design.discordance, 1];
  while (found - missed > 1e-6) {
    const middle = (missed + found) / 2;
    if (isEnough(middle, design)) found = middle;
    else missed = middle;
  }
  return found;
}

function isEnough(difference: number, { n, discordance, ...design }: PairedBinaryDesign): boolean {
  const needed = requiredPairs({ ...design, difference, discordance: Math.max(discordance, difference) });
  return needed !== null && needed <= n;
}

/**
 * The same after the fact and for any mean: (t_{1−α/2} + t_{power}) standard errors (Bloom 1995, Evaluation Review
 * 19:547-556, the minimum detectable effect), in the unit of the error.
 *
 * @param degreesOfFreedom of the error; without them it counts as known, and the normal's quantiles are taken.
 */
export function detectableFromError(
  error: number,
  alpha = 0.05,
  power = 0.8,
  degreesOfFreedom?: number,
): number {
  const [za, zb] = quantiles(alpha, power, degreesOfFreedom);
  return (za + zb) * error;
}

function quantiles(alpha: number, power: number, degreesOfFreedom: number | undefined): [number, number] {
  return degreesOfFreedom === undefined
    ? [normalQuantile(1 - alpha / 2), normalQuantile(power)]
    : [keptStudentQuantile(1 - alpha / 2, degreesOfFreedom), keptStudentQuantile(power, degreesOfFreedom)];
}

/**
 * Pairs needed to find a difference of two paired proportions: the same equation, solved for n and rounded up. Null
 * when the discordance does not allow such a difference (δ > ψ).
 *
 * @param design as for `smallestDetectableDifference`, with the difference wanted, in (0, 1], in place of n.
 */
export function requiredPairs(
  design: Omit<PairedBinaryDesign, 'n'> & { readonly difference: number },
): number | null {
  const { difference, discordance, alpha = 0.05, power = 0.8, designEffect = 1, degreesOfFreedom } = design;
  if (!(difference > 0 && discordance > 0 && discordance <= 1 && designEffect > 0)) {
    throw new RangeError(`no design: difference ${difference}, discordance ${discordance}`);
  }
  if (difference > discordance) return null;
  const [za, zb] = quantiles(alpha, power, degreesOfFreedom);
  const root = za * Math.sqrt(discordance) + zb * Math.sqrt(discordance - difference ** 2);
  return roundedUp(designEffect * (root / difference) ** 2);
}

export interface PairedMeanDesign {
  readonly n: number;
  /** Standard deviation of the paired differences, in the metric's unit. */
  readonly deviation: number;
  /** Two-sided. */
  readonly alpha?: number;
  readonly power?: number;
  readonly designEffect?: number;
  /** Clusters − 1, as above. */
  readonly degreesOfFreedom?: number;
}

/** Smallest detectable mean of paired differences, in the unit of the deviation (Bloom 1995, as above). */
export function smallestDetectableMean(design: PairedMeanDesign): number {
  const { n, deviation, alpha, power, designEffect = 1, degreesOfFreedom } = design;
  if (!(n > 0 && deviation >= 0 && designEffect > 0)) {
    throw new RangeError(`no design: n ${n}, deviation ${deviation}, design effect ${designEffect}`);
  }
  return detectableFromError(deviation * Math.sqrt(designEffect / n), alpha, power, degreesOfFreedom);
}

/** Pairs needed to find such a mean, rounded up. */
export function requiredPairsForMean(
  design: Omit<PairedMeanDesign, 'n'> & { readonly difference: number },
): number {
  const { difference, deviation, alpha, power, designEffect = 1, degreesOfFreedom } = design;
  if (!(difference > 0 && deviation >= 0 && designEffect > 0)) {
    throw new RangeError(`no design: difference ${difference}, deviation ${deviation}`);
  }
  const detectable = detectableFromError(deviation, alpha, power, degreesOfFreedom);
  return Math.max(1, roundedUp(designEffect * (detectable / difference) ** 2));
}

/**
 * By how much clusters inflate the variance of a mean: its cluster-robust variance over that of as many independent
 * values (Kish 1965, Survey Sampling, §8.2). Under 1 where clusters are more mixed than chance; null without spread
 * or with fewer than two clusters.
 */
export function observedDesignEffect(values: ArrayLike<number>, clusters: ArrayLike<number>): number | null {
  const clustered = clusteredMean(values, clusters).error;
  const independent = clusteredMean(
    values,
    Uint32Array.from({ length: values.length }, (_, index) => index),
  );
  if (clustered === null || independent.error === null || independent.error === 0) return null;
  return (clustered / independent.error) ** 2;
}

/**
 * The same before the fact: 1 + (m − 1) ρ with m = Σ size² / Σ size, the size of the cluster of an average sample
 * (Kish 1965, §5.4 and 8.2).
 *
 * @param correlation of two samples of one cluster, in [0, 1].
 */
export function plannedDesignEffect(sizes: ArrayLike<number>, correlation: number): number {
  let [total, squares] = [0, 0];
  for (let index = 0; index < sizes.length; index++) {
    total += sizes[index] as number;
    squares += (sizes[index] as number) ** 2;
  }
  if (!(total > 0 && correlation >= 0 && correlation <= 1)) throw new RangeError('no clusters to plan with');
  return 1 + (squares / total - 1) * correlation;
}

/** A whole number that rounding alone pushed up stays what it is. */
function roundedUp(n: number): number {
  return Math.ceil(n * (1 - 1e-12));
}
