import { normalQuantile } from './distributions.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';
import { clusteredMean } from './mean.ts';
import { type Interval, wilsonInterval } from './proportion.ts';

/**
 * Wilson's interval for a proportion of clustered samples, on the sample size that they are worth: n over the observed
 * design effect, which is never taken below 1, and over (t_{G−1} / t_{n−1})² for having estimated it from G clusters
 * (Korn & Graubard 1998, Survey Methodology 24:193-201, who put the exact interval on it; Dean & Pagano 2015, J. Survey
 * Statistics and Methodology 3:484-503, for Wilson's). Where rates are low it keeps its coverage, which Student's t
 * around a clustered mean does not (docs/statistics.md). Where every value is equal the clusters alone count.
 *
 * @param values 0 or 1, one a sample.
 * @param clusters one whole number per sample.
 * @returns null with fewer than two clusters.
 */
export function clusteredProportion(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): (Interval & { readonly effectiveSize: number }) | null {
  const { mean, error, n, clusters: groups } = clusteredMean(values, clusters, confidence);
  if (error === null) return null;
  const independent = (mean * (1 - mean)) / (n - 1);
  const effectiveSize =
    independent === 0 ? groups : n / Math.max(1, error ** 2 / independent) / penalty(groups, n, confidence);
  return {
    ...wilsonInterval(Math.min(effectiveSize, mean * effectiveSize), effectiveSize, confidence),
    effectiveSize,
  };
}

/**
 * Effective events, the rarer of yes and no, behind a Wilson interval: read back from a proportion and the interval's
 * width, so that no more than these need be stored. With a = z²/2n the half width h solves
 * a²(1 − 4h²) + a(2p(1 − p) − 4h²) = h².
 *
 * @returns 0 for an interval as wide as all there is.
 */
export function eventsBehind(share: number, { low, high }: Interval, confidence = 0.95): number {
  const h2 = ((high - low) / 2) ** 2;
  const [square, linear] = [1 - 4 * h2, 2 * share * (1 - share) - 4 * h2];
  if (square <= 0) return 0;
  const a = (Math.sqrt(linear ** 2 + 4 * square * h2) - linear) / (2 * square);
  const size = normalQuantile((1 + confidence) / 2) ** 2 / (2 * a);
  return Math.min(share, 1 - share) * size;
}

function penalty(groups: number, n: number, confidence: number): number {
  const share = (1 + confidence) / 2;
  return (keptStudentQuantile(share, groups - 1) / keptStudentQuantile(share, n - 1)) ** 2;
}
