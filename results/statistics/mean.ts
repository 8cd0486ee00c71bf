import { type ClusterSums, sumByCluster } from './clusters.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';

export interface MeanEstimate {
  readonly mean: number;
  /** Standard error of the mean; null with fewer than two clusters. */
  readonly error: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly clusters: number;
}

/**
 * Mean over all values with a cluster-robust interval: CR1 variance, that is G/(G−1) · Σ_g e_g² / n² with e_g the
 * summed residuals of cluster g, and Student's t with G−1 degrees of freedom (Liang & Zeger 1986; Cameron & Miller
 * 2015, J. Human Resources 50:317-372, §II.C and VI.D, for a regression on a constant alone). With one value per cluster it is the
 * textbook t interval of a mean.
 *
 * The mean of paired differences is the same thing, with the differences as values.
 *
 * @param clusters one whole number per value.
 * @throws RangeError without values.
 */
export function clusteredMean(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): MeanEstimate {
  return meanOfSums(sumByCluster(values, clusters), confidence);
}

/** The same from sums that are already there. */
export function meanOfSums({ sums, counts }: ClusterSums, confidence = 0.95): MeanEstimate {
  const groups = sums.length;
  const n = total(counts);
  if (n === 0) throw new RangeError('a mean needs at least one value');
  const mean = total(sums) / n;
  if (groups < 2) return { mean, error: null, low: null, high: null, n, clusters: groups };
  let squares = 0;
  for (let group = 0; group < groups; group++) {
    squares += ((sums[group] as number) - (counts[group] as number) * mean) ** 2;
  }
  const error = Math.sqrt((groups / (groups - 1)) * squares) / n;
  const half = keptStudentQuantile((1 + confidence) / 2, groups - 1) * error;
  return { mean, error, low: mean - half, high: mean + half, n, clusters: groups };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
