import { EXACT_CLUSTERS, type SignFlipResult, type SignPatterns } from './sign-flip.ts';

/**
 * The sign-flip test for statistics that are not means: under the null the two sides of a whole cluster are
 * exchangeable, so clusters are swapped and the difference of the two statistics is recomputed (same sources and
 * same two-sided rule as `signFlipTest`, which this equals when the statistic is a mean).
 *
 * @param clusters how many clusters differ between the sides; the others need no swapping.
 * @param difference the difference after swapping every cluster whose entry is 1; null where it is not defined,
 *   which counts as extreme.
 */
export function swapTest(
  clusters: number,
  difference: (swapped: Uint8Array) => number | null,
  patterns: SignPatterns,
): SignFlipResult {
  const swapped = new Uint8Array(clusters);
  const observed = difference(swapped);
  if (observed === null) throw new RangeError('the statistic is not defined on the observed data');
  if (clusters === 0) return { p: 1, exact: true };
  const threshold = Math.abs(observed) * (1 - 1e-10) - Number.MIN_VALUE;
  const isExtreme = (value: number | null): boolean => value === null || Math.abs(value) >= threshold;
  if (clusters <= EXACT_CLUSTERS) {
    const total = 2 ** (clusters - 1);
    let extreme = 0;
    for (let pattern = 0; pattern < total; pattern++) {
      // The last cluster stays: swapping everything only turns the sign round.
      for (let cluster = 0; cluster < clusters - 1; cluster++) swapped[cluster] = (pattern >>> cluster) & 1;
      if (isExtreme(difference(swapped))) extreme++;
    }
    return { p: extreme / total, exact: true };
  }
  let extreme = 0;
  for (let draw = 0; draw < patterns.draws; draw++) {
    for (let start = 0; start < clusters; start += 32) {
      const word = patterns.block(start >>> 5)[draw] as number;
      const end = Math.min(start + 32, clusters);
      for (let cluster = start; cluster < end; cluster++) swapped[cluster] = (word >>> (cluster - start)) & 1;
    }
    if (isExtreme(difference(swapped))) extreme++;
  }
  return { p: (extreme + 1) / (patterns.draws + 1), exact: false };
}
