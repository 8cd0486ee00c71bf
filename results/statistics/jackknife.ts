import { keptStudentQuantile } from './kept-quantiles.ts';
import type { Interval } from './proportion.ts';

/**
 * Interval for a statistic that is not a mean, from its values with one cluster left out at a time: Tukey's
 * jackknife over whole clusters, (G−1)/G · Σ (θ_g − θ̄)², and Student's t with G−1 degrees of freedom (Efron &
 * Stein 1981, Annals of Statistics 9:586-596). Meant for smooth statistics (gaps of means, correlations), not for
 * medians.
 *
 * @param estimate the statistic over everything.
 * @param leftOut its value without cluster g, one a cluster, at least two.
 */
export function jackknifeInterval(
  estimate: number,
  leftOut: readonly number[],
  confidence = 0.95,
): Interval & { readonly error: number } {
  const groups = leftOut.length;
  if (groups < 2) throw new RangeError('a jackknife needs at least two clusters');
  const centre = leftOut.reduce((sum, value) => sum + value, 0) / groups;
  const squares = leftOut.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const error = Math.sqrt(((groups - 1) / groups) * squares);
  const half = keptStudentQuantile((1 + confidence) / 2, groups - 1) * error;
  return { low: estimate - half, high: estimate + half, error };
}

/** Whether any cluster moves the statistic; differences that rounding alone explains do not count. */
export function hasSpread(leftOut: readonly number[]): boolean {
  const [least, most] = [Math.min(...leftOut), Math.max(...leftOut)];
  return most - least > 1e-12 * Math.max(1, Math.abs(least), Math.abs(most));
}
