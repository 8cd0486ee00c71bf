import { normalQuantile, normalUpperTail } from './distributions.ts';
import { type Interval, wilsonInterval } from './proportion.ts';

/** Independent pairs of two binary values, counted: before and after. */
export interface PairedCounts {
  /** Success on both sides. */
  readonly both: number;
  /** Success after, not before. */
  readonly gained: number;
  /** Success before, not after. */
  readonly lost: number;
  readonly neither: number;
}

/**
 * Difference of two paired proportions, after − before, in [−1, 1].
 *
 * @throws RangeError for negative counts or none at all; so does everything here.
 */
export function riskDifference(counts: PairedCounts): number {
  return (counts.gained - counts.lost) / pairsIn(counts);
}

/**
 * Newcombe's hybrid score interval for a paired difference, method 10 (1998, Statistics in Medicine 17:2635-2650):
 * Wilson's intervals of both proportions, squared and added, with the correlation φ of the sides, which is pulled to 0
 * by half a count where it is positive.
 */
export function newcombeInterval(counts: PairedCounts, confidence = 0.95): Interval {
  const n = pairsIn(counts);
  const { both, gained, lost, neither } = counts;
  const [after, before] = [both + gained, both + lost];
  const [p1, p2] = [after / n, before / n];
  const [one, two] = [wilsonInterval(after, n, confidence), wilsonInterval(before, n, confidence)];
  const margins = after * (n - after) * before * (n - before);
  const excess = both * neither - gained * lost;
  const phi = margins === 0 ? 0 : (excess > 0 ? Math.max(excess - n / 2, 0) : excess) / Math.sqrt(margins);
  const reach = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  const difference = p1 - p2;
  return {
    low: Math.max(-1, difference - reach(p1 - one.low, two.high - p2)),
    high: Math.min(1, difference + reach(one.high - p1, p2 - two.low)),
  };
}

/**
 * Tango's score statistic for "after − before = δ" (1998, Statistics in Medicine 17:891-908), about standard normal
 * under it: the difference over its error with the discordance fitted under that δ. Falls as δ rises.
 *
 * @param difference δ in (−1, 1).
 */
export function tangoScore(counts: PairedCounts, difference: number): number {
  const n = pairsIn(counts);
  const { gained, lost } = counts;
  // The restricted estimate of P(lost) is the larger root of 2n q² + b q + c = 0.
  const b = -gained - lost + (2 * n - gained + lost) * difference;
  const c = -lost * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, b * b - 8 * n * c));
  const fitted = b > 0 ? (-2 * c) / (root + b) : (root - b) / (4 * n);
  const variance = n * (2 * fitted + difference * (1 - difference));
  const distance = gained - lost - n * difference;
  if (distance === 0) return 0;
  return variance > 0 ? distance / Math.sqrt(variance) : Math.sign(distance) * Number.POSITIVE_INFINITY;
}

/** Tango's score interval for a paired difference: every δ that his test does not reject. */
export function tangoInterval(counts: PairedCounts, confidence = 0.95): Interval {
  const z = normalQuantile((1 + confidence) / 2);
  const estimate = riskDifference(counts);
  return {
    low: boundary((difference) => tangoScore(counts, difference) > z, -1, estimate),
    high: boundary((difference) => tangoScore(counts, difference) >= -z, estimate, 1),
  };
}

/** One-sided p of "after − before ≤ δ" (`above`) or "≥ δ" (`below`) by Tango's score. */
export function tangoTest(
  counts: PairedCounts,
  difference: number,
): { readonly above: number; readonly below: number } {
  const score = tangoScore(counts, difference);
  return { above: normalUpperTail(score), below: normalUpperTail(-score) };
}

/** Where a condition that holds at the low end stops holding. */
function boundary(holds: (difference: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function pairsIn({ both, gained, lost, neither }: PairedCounts): number {
  const n = both + gained + lost + neither;
  if (!(n > 0 && Math.min(both, gained, lost, neither) >= 0)) throw new RangeError('no pairs to compare');
  return n;
}
