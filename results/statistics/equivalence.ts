import { studentQuantile, studentUpperTail } from './distributions.ts';
import { clusteredMean } from './mean.ts';
import { type PairedCounts, tangoTest } from './paired-proportion.ts';

export interface Equivalence {
  readonly margin: number;
  /** The larger of the two one-sided p; null where there is no spread to speak from. */
  readonly p: number | null;
  /** p ≤ alpha: the true difference is shown to lie within ±margin. Never the same as "not significant". */
  readonly equivalent: boolean;
  /** The interval of confidence 1 − 2 alpha; it lies within ±margin exactly when `equivalent`. */
  readonly low: number | null;
  readonly high: number | null;
  readonly reason: string | null;
}

const MINIMUM_CLUSTERS = 10;

/**
 * The larger p of two one-sided t tests of a difference against ±margin, from its standard error (Schuirmann 1987).
 *
 * @param error above 0, in the unit of the difference.
 */
export function equivalenceP(
  difference: number,
  error: number,
  degreesOfFreedom: number,
  margin: number,
): number {
  return studentUpperTail((margin - Math.abs(difference)) / error, degreesOfFreedom);
}

/**
 * Two one-sided tests that a mean difference lies within ±margin (Schuirmann 1987, J. Pharmacokinetics and
 * Biopharmaceutics 15:657-680), with the cluster-robust error and t with clusters − 1 degrees of freedom of
 * `clusteredMean`.
 *
 * @param differences paired differences, one a sample.
 * @param clusters one whole number per sample.
 * @param margin above 0, in the unit of the differences.
 * @throws RangeError without differences or for a margin that is not above 0.
 */
export function equivalenceOfMean(
  differences: ArrayLike<number>,
  clusters: ArrayLike<number>,
  margin: number,
  alpha = 0.05,
): Equivalence {
  requireMargin(margin);
  const { mean, error, clusters: groups } = clusteredMean(differences, clusters);
  const nothing = { margin, p: null, equivalent: false, low: null, high: null };
  if (groups < MINIMUM_CLUSTERS) {
    return { ...nothing, reason: `too few clusters: ${groups}, at least ${MINIMUM_CLUSTERS} are needed` };
  }
  if (error === null || error === 0) {
    return { ...nothing, reason: 'no cluster moves the difference: there is no spread to speak from' };
  }
  const p = equivalenceP(mean, error, groups - 1, margin);
  const half = studentQuantile(1 - alpha, groups - 1) * error;
  return { margin, p, equivalent: p <= alpha, low: mean - half, high: mean + half, reason: null };
}

/**
 * The same for independent pairs of binary values, by Tango's score (1998, Statistics in Medicine 17:891-908), which
 * was made for this. It speaks even where no pair differs: that alone shows equivalence once there are enough pairs.
 * With clusters, give one pair per cluster.
 *
 * @param margin in (0, 1).
 */
export function equivalenceOfPairs(
  counts: PairedCounts,
  margin: number,
  alpha = 0.05,
): { readonly p: number; readonly equivalent: boolean } {
  requireMargin(margin);
  if (margin >= 1) throw new RangeError(`a margin for proportions lies under 1, not at ${margin}`);
  const p = Math.max(tangoTest(counts, -margin).above, tangoTest(counts, margin).below);
  return { p, equivalent: p <= alpha };
}

function requireMargin(margin: number): void {
  if (!(margin > 0 && Number.isFinite(margin))) throw new RangeError(`no margin: ${margin}`);
}
