import { incompleteBeta } from './distributions.ts';
import { equivalenceOfPairs } from './equivalence.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';
import { clusteredMean } from './mean.ts';
import { type PairedCounts, tangoInterval } from './paired-proportion.ts';
import type { Interval } from './proportion.ts';

/**
 * Clustered pairs of binary values as the independent pairs that they are worth: the counts, on the effective sample
 * size of `clusteredProportion` (Korn & Graubard 1998, Survey Methodology 24:193-201): n over the observed design effect
 * of the differences, which is never taken below 1, and over (t_{G−1} / t_{n−1})² for having estimated it from G
 * clusters. Where every pair says the same the clusters alone count.
 *
 * @param differences after − before: −1, 0 or 1, one a pair.
 * @param clusters one whole number per pair.
 * @returns null with fewer than two clusters. Counts need not be whole; pairs that do not differ are all in `neither`.
 */
export function effectivePairs(
  differences: ArrayLike<number>,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): PairedCounts | null {
  const { mean, error, n, clusters: groups } = clusteredMean(differences, clusters);
  if (error === null) return null;
  let [gained, lost] = [0, 0];
  for (let index = 0; index < n; index++) {
    if ((differences[index] as number) > 0) gained++;
    else if ((differences[index] as number) < 0) lost++;
  }
  const independent = ((gained + lost) / n - mean * mean) / (n - 1);
  const size =
    independent <= 0 ? groups : n / Math.max(1, error ** 2 / independent) / penalty(groups, n, confidence);
  const [up, down] = [(gained * size) / n, (lost * size) / n];
  return { both: 0, gained: up, lost: down, neither: Math.max(0, size - up - down) };
}

/**
 * Interval for a clustered paired difference of binary values: Tango's (1998, Statistics in Medicine 17:891-908) on the
 * effective pairs. Where few pairs differ it keeps its coverage and stays within [−1, 1], which Student's t around the
 * mean difference does not (docs/statistics.md).
 */
export function clusteredPairsInterval(
  differences: ArrayLike<number>,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): Interval | null {
  const pairs = effectivePairs(differences, clusters, confidence);
  return pairs === null ? null : tangoInterval(pairs, confidence);
}

/**
 * p of "the difference reaches ±margin" by Tango's score on the effective pairs, and never below what pairs that can
 * flip one way alone would give: the chance that n of them, each flipping with the chance `margin`, differ no more than
 * was seen (binomial). The score alone is up to one point too bold there.
 *
 * @param margin in (0, 1).
 */
export function clusteredPairsEquivalence(
  differences: ArrayLike<number>,
  clusters: ArrayLike<number>,
  margin: number,
  alpha = 0.05,
): number | null {
  const pairs = effectivePairs(differences, clusters, 1 - 2 * alpha);
  if (pairs === null) return null;
  const { gained, lost, neither } = pairs;
  const [n, net] = [gained + lost + neither, Math.abs(gained - lost)];
  const oneWay = net >= n ? 1 : incompleteBeta(1 - margin, n - net, net + 1);
  return Math.max(equivalenceOfPairs(pairs, margin, alpha).p, oneWay);
}

function penalty(groups: number, n: number, confidence: number): number {
  if (groups === n) return 1;
  const share = (1 + confidence) / 2;
  return (keptStudentQuantile(share, groups - 1) / keptStudentQuantile(share, n - 1)) ** 2;
}
