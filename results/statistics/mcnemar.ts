import { logGamma } from './distributions.ts';

/**
 * Exact two-sided McNemar test: the discordant pairs against a fair coin (McNemar 1947, Psychometrika 12:153-157;
 * twice the smaller binomial tail, at most 1). Valid where every pair is independent of the others.
 *
 * @param gained pairs that differ one way, a whole number.
 * @param lost pairs that differ the other way.
 */
export function mcnemarExact(gained: number, lost: number): number {
  if (gained === lost) return 1;
  return Math.min(1, Math.max(2 * smallerTail(gained, lost).tail, Number.MIN_VALUE));
}

/**
 * McNemar's mid-p test: the exact p less the probability of what was seen (Lancaster 1961, JASA 56:223-234; Fagerland,
 * Lydersen & Laake 2013, BMC Med. Res. Methodol. 13:91, who recommend it: close to the level, rarely above it). For
 * description beside the exact test, which never exceeds its level.
 */
export function mcnemarMidP(gained: number, lost: number): number {
  if (gained + lost === 0) return 1;
  const { tail, point } = smallerTail(gained, lost);
  return gained === lost ? 1 - point / 2 : Math.max(2 * tail - point, Number.MIN_VALUE);
}

export interface SignTestResult {
  /** Two-sided, exact. */
  readonly p: number;
  readonly positive: number;
  readonly negative: number;
  /** Differences of 0, which say nothing and are left out. */
  readonly ties: number;
}

/**
 * Sign test of paired differences (Arbuthnott 1710; Dixon & Mood 1946, JASA 41:557-566): how many are positive,
 * against a fair coin. Every difference must be independent of the others: one per cluster.
 */
export function signTest(differences: ArrayLike<number>): SignTestResult {
  let [positive, negative] = [0, 0];
  for (let index = 0; index < differences.length; index++) {
    const difference = differences[index] as number;
    if (difference > 0) positive++;
    else if (difference < 0) negative++;
  }
  const ties = differences.length - positive - negative;
  return { p: mcnemarExact(positive, negative), positive, negative, ties };
}

/** P(X ≤ fewer) and P(X = fewer) for the smaller side of a fair coin. */
function smallerTail(gained: number, lost: number): { readonly tail: number; readonly point: number } {
  const n = gained + lost;
  const fewer = Math.min(gained, lost);
  // The largest term first; the others follow from it, so that nothing underflows before it must.
  const point = Math.exp(logChoose(n, fewer) - n * Math.LN2);
  let term = point;
  let tail = 0;
  for (let k = fewer; k >= 0; k--) {
    tail += term;
    term *= k / (n - k + 1);
  }
  return { tail, point };
}

function logChoose(n: number, k: number): number {
  return k === 0 ? 0 : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
