import { logGamma, normalUpperTail, studentUpperTail } from './distributions.ts';

export interface Correlation {
  /** −1 to 1; null where one side is constant. */
  readonly value: number | null;
  /** Two-sided, of no association between independent pairs. */
  readonly p: number | null;
  readonly exact: boolean;
}

/** Up to this many pairs without ties, Kendall's p is exact. */
const EXACT_PAIRS = 60;

/**
 * Kendall's τ_b (1938, Biometrika 30:81-93; 1945, 33:239-251, for ties): of all two pairs, those in the same order less
 * those in opposite order, over what ties leave possible. p is exact without ties up to 60 pairs (counting permutations
 * by their inversions), and otherwise normal with the variance for ties (Kendall 1970, Rank Correlation Methods, §4.4).
 *
 * @throws RangeError for unequal lengths or fewer than two pairs.
 */
export function kendallTauB(xs: ArrayLike<number>, ys: ArrayLike<number>): Correlation {
  requirePairs(xs, ys);
  const n = xs.length;
  let score = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      score +=
        Math.sign((xs[i] as number) - (xs[j] as number)) * Math.sign((ys[i] as number) - (ys[j] as number));
    }
  }
  const pairs = (n * (n - 1)) / 2;
  const [tiesX, tiesY] = [tieSizes(xs), tieSizes(ys)];
  const left = (ties: readonly number[]): number =>
    pairs - ties.reduce((sum, t) => sum + (t * (t - 1)) / 2, 0);
  const possible = Math.sqrt(left(tiesX)) * Math.sqrt(left(tiesY));
  if (possible === 0) return UNDEFINED;
  const value = Math.max(-1, Math.min(1, score / possible));
  const untied = tiesX.every((t) => t === 1) && tiesY.every((t) => t === 1);
  if (untied && n <= EXACT_PAIRS) return { value, p: exactKendall(n, (pairs - score) / 2), exact: true };
  const p = Math.min(1, 2 * normalUpperTail(Math.abs(score) / Math.sqrt(kendallVariance(n, tiesX, tiesY))));
  return { value, p, exact: false };
}

/**
 * Spearman's ρ (1904, American Journal of Psychology 15:72-101): Pearson's correlation of the ranks, ties sharing
 * their mean rank. p by Student's t with n − 2 degrees of freedom (Kendall 1970, §5.8), from ten pairs on; null below.
 *
 * @throws RangeError for unequal lengths or fewer than two pairs.
 */
export function spearman(xs: ArrayLike<number>, ys: ArrayLike<number>): Correlation {
  requirePairs(xs, ys);
  const n = xs.length;
  const [a, b] = [midRanks(xs), midRanks(ys)];
  const centre = (n + 1) / 2;
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let index = 0; index < n; index++) {
    const [u, v] = [(a[index] as number) - centre, (b[index] as number) - centre];
    products += u * v;
    squaresA += u * u;
    squaresB += v * v;
  }
  if (squaresA === 0 || squaresB === 0) return UNDEFINED;
  const value = Math.max(-1, Math.min(1, products / Math.sqrt(squaresA * squaresB)));
  if (n < SPEARMAN_PAIRS) return { value, p: null, exact: false };
  const t = Math.abs(value) * Math.sqrt((n - 2) / Math.max((1 - value) * (1 + value), Number.MIN_VALUE));
  return { value, p: Math.min(1, 2 * studentUpperTail(t, n - 2)), exact: false };
}

/**
 * Pearson's product-moment correlation (1895, Proc. Royal Society 58:240-242). p by Student's t with n − 2 degrees of
 * freedom, which is exact for two normal variables and a description for others; null under three pairs.
 *
 * @throws RangeError for unequal lengths or fewer than two pairs.
 */
export function pearson(xs: ArrayLike<number>, ys: ArrayLike<number>): Correlation {
  requirePairs(xs, ys);
  const n = xs.length;
  const [centreX, centreY] = [meanOf(xs), meanOf(ys)];
  let [products, squaresX, squaresY] = [0, 0, 0];
  for (let index = 0; index < n; index++) {
    const [u, v] = [(xs[index] as number) - centreX, (ys[index] as number) - centreY];
    products += u * v;
    squaresX += u * u;
    squaresY += v * v;
  }
  // The mean of equal numbers may miss them by a rounding: constant is what has no two values.
  if (isConstant(xs) || isConstant(ys) || squaresX === 0 || squaresY === 0) return UNDEFINED;
  const value = Math.max(-1, Math.min(1, products / Math.sqrt(squaresX) / Math.sqrt(squaresY)));
  if (n < 3) return { value, p: null, exact: false };
  const t = Math.abs(value) * Math.sqrt((n - 2) / Math.max((1 - value) * (1 + value), Number.MIN_VALUE));
  return { value, p: Math.min(1, 2 * studentUpperTail(t, n - 2)), exact: false };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] as number;
  return sum / values.length;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let index = 1; index < values.length; index++) if (values[index] !== values[0]) return false;
  return true;
}

/** Ranks from 1, the smallest first; equal values share the mean of their ranks. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, index) => index).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (let place = start; place < end; place++) ranks[order[place] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** Numbers closer than this share of the largest one are one number. */
const ROUNDING = 1e-9;

/** Values for ranks: those that differ by rounding alone become equal, each group the smallest of it. */
export function snapped(values: ArrayLike<number>): Float64Array {
  const found = Float64Array.from(values);
  const width = ROUNDING * found.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const order = Uint32Array.from(found, (_, index) => index).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  let first = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    const value = values[index] as number;
    if (value - first > width) first = value;
    found[index] = first;
  }
  return found;
}

const SPEARMAN_PAIRS = 10;
const UNDEFINED: Correlation = { value: null, p: null, exact: false };

/** Sizes of the groups of equal values. */
function tieSizes(values: ArrayLike<number>): number[] {
  const counts = new Map<number, number>();
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts.values()];
}

function kendallVariance(n: number, tiesX: readonly number[], tiesY: readonly number[]): number {
  const total = (ties: readonly number[], term: (t: number) => number): number =>
    ties.reduce((sum, t) => sum + term(t), 0);
  const single = (t: number): number => t * (t - 1) * (2 * t + 5);
  const double = (t: number): number => t * (t - 1);
  const triple = (t: number): number => t * (t - 1) * (t - 2);
  const own = (single(n) - total(tiesX, single) - total(tiesY, single)) / 18;
  const twos = (total(tiesX, double) * total(tiesY, double)) / (2 * double(n));
  const threes = n < 3 ? 0 : (total(tiesX, triple) * total(tiesY, triple)) / (9 * triple(n));
  return own + twos + threes;
}

/** Twice the smaller tail of the number of inversions of a random permutation of n. */
function exactKendall(n: number, inversions: number): number {
  const fewer = Math.min(inversions, (n * (n - 1)) / 2 - inversions);
  let counts = new Float64Array(fewer + 1);
  counts[0] = 1;
  for (let size = 2; size <= n; size++) {
    // Placing the next number adds 0 to size − 1 inversions: a moving sum.
    const next = new Float64Array(fewer + 1);
    let window = 0;
    for (let k = 0; k <= fewer; k++) {
      window += counts[k] as number;
      if (k >= size) window -= counts[k - size] as number;
      next[k] = window;
    }
    counts = next;
  }
  const tail = counts.reduce((sum, count) => sum + count, 0);
  return Math.min(1, 2 * Math.exp(Math.log(tail) - logGamma(n + 1)));
}

function requirePairs(xs: ArrayLike<number>, ys: ArrayLike<number>): void {
  if (xs.length !== ys.length || xs.length < 2)
    throw new RangeError('a correlation needs at least two pairs');
}
