import { EXACT_CLUSTERS, type SignFlipResult, type SignPatterns } from './sign-flip.ts';

/** So many draws at least as extreme as what was seen end a sampled test: one whose p is above .005, with 10,000 draws. */
export const EXCEEDANCES = 50;

/** When a sampled test ends. */
export interface SwapLimits {
  /** After so many extreme draws, at least 1; absent: `EXCEEDANCES`. */
  readonly exceedances?: number;
  /** After so many draws in all, of those that the patterns hold; absent: all of them. */
  readonly draws?: number;
}

/**
 * The difference between the sides after some clusters changed sides: cluster c did where bit c & 31 of word c >>> 5 is
 * set. Null where it is not defined, which counts as extreme.
 */
export type SwappedDifference = (swapped: Uint32Array) => number | null;

/**
 * The sign-flip test for statistics that are not means: under the null the two sides of a whole cluster are
 * exchangeable, so clusters are swapped and the difference of the two statistics is recomputed (same sources and
 * same two-sided rule as `signFlipTest`, which this equals when the statistic is a mean).
 *
 * With at most 16 clusters every pattern is enumerated. Otherwise patterns are drawn until 50 of them were at least
 * as extreme as what was seen, and then p = 50 / draws so far; where all draws hold fewer, p is
 * (extreme + 1) / (draws + 1) (Besag & Clifford 1991, Sequential Monte Carlo p-values, Biometrika 78:301-304). Both
 * together are a valid p: under the null P(p ≤ u) ≤ u for every u. So tests that show nothing end after a few hundred
 * draws, and every other one is resolved as finely as a mean.
 *
 * @param clusters how many clusters differ between the sides; the others need no swapping.
 * @param patterns their draws are taken in order, so that the same patterns give the same p.
 * @throws RangeError when the statistic is not defined without a swap.
 */
export function swapTest(
  clusters: number,
  difference: SwappedDifference,
  patterns: SignPatterns,
  limits: SwapLimits = {},
): SignFlipResult {
  const observed = difference(new Uint32Array(wordsFor(clusters)));
  if (observed === null) throw new RangeError('the statistic is not defined on the observed data');
  if (clusters === 0) return { p: 1, exact: true };
  // Equal statistics may differ in their last bits, and one that is 0 may come out beside it.
  const threshold = Math.abs(observed) * (1 - 1e-10) - 1e-12;
  const isExtreme = (swapped: Uint32Array): boolean => {
    const value = difference(swapped);
    return value === null || Math.abs(value) >= threshold;
  };
  return clusters <= EXACT_CLUSTERS
    ? { p: enumerate(clusters, isExtreme), exact: true }
    : { p: sample(clusters, isExtreme, patterns, limits), exact: false };
}

type IsExtreme = (swapped: Uint32Array) => boolean;

function enumerate(clusters: number, isExtreme: IsExtreme): number {
  const swapped = new Uint32Array(1);
  // The last cluster stays: swapping everything only turns the sign round.
  const total = 2 ** (clusters - 1);
  let extreme = 0;
  for (let pattern = 0; pattern < total; pattern++) {
    swapped[0] = pattern;
    if (isExtreme(swapped)) extreme++;
  }
  return extreme / total;
}

function sample(
  clusters: number,
  isExtreme: IsExtreme,
  patterns: SignPatterns,
  { exceedances = EXCEEDANCES, draws = patterns.draws }: SwapLimits,
): number {
  const swapped = new Uint32Array(wordsFor(clusters));
  const blocks = Array.from(swapped, (_, word) => patterns.block(word));
  // Bits beyond the last cluster belong to none.
  const lastBits = 0xffffffff >>> (32 * swapped.length - clusters);
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (const [word, block] of blocks.entries()) swapped[word] = block[draw] as number;
    swapped[swapped.length - 1] = (swapped[swapped.length - 1] as number) & lastBits;
    if (!isExtreme(swapped)) continue;
    extreme++;
    if (extreme >= exceedances) return extreme / (draw + 1);
  }
  return (extreme + 1) / (draws + 1);
}

function wordsFor(clusters: number): number {
  return Math.ceil(clusters / 32);
}
