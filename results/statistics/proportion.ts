import { betaQuantile, normalQuantile } from './distributions.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval for a proportion (Wilson 1927, JASA 22:209-212, without continuity correction).
 *
 * @param successes 0 to n; need not be whole, so that an effective sample size can be used.
 * @param confidence in (0, 1), 0.95 by default.
 * @throws RangeError when n is not positive or successes lie outside [0, n].
 */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): Interval {
  requireShare(successes, n);
  const z2 = normalQuantile((1 + confidence) / 2) ** 2;
  const share = successes / n;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Math.sqrt(z2) / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  // At the ends the bound is exactly 0 or 1; rounding must not push it past them.
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
  };
}

/**
 * Clopper & Pearson's exact interval for a proportion (1934, Biometrika 26:404-413), from quantiles of the beta
 * distribution: its coverage is never under the confidence asked, and mostly above it.
 *
 * @param successes 0 to n.
 * @param confidence in (0, 1), 0.95 by default.
 * @throws RangeError when n is not positive or successes lie outside [0, n].
 */
export function clopperPearsonInterval(successes: number, n: number, confidence = 0.95): Interval {
  requireShare(successes, n);
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    high: successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
  };
}

function requireShare(successes: number, n: number): void {
  if (!(n > 0 && successes >= 0 && successes <= n)) {
    throw new RangeError(`no proportion: ${successes} of ${n}`);
  }
}
