import { logGamma } from '../../../results/statistics/distributions.ts';
import {
  newcombeInterval,
  type PairedCounts,
  tangoInterval,
} from '../../../results/statistics/paired-proportion.ts';
import type { Interval } from '../../../results/statistics/proportion.ts';

/** Coverage by exact enumeration: the probability of every outcome whose interval holds the truth, added up. */

/** Probabilities of 0 … n successes. */
export function binomialLaw(n: number, p: number): Float64Array {
  return Float64Array.from({ length: n + 1 }, (_, k) =>
    Math.exp(logChoose(n, k) + power(k, p) + power(n - k, 1 - p)),
  );
}

/** The interval of every possible count, once for all rates. */
export function intervalsOf(n: number, method: (successes: number, n: number) => Interval): Interval[] {
  return Array.from({ length: n + 1 }, (_, successes) => method(successes, n));
}

export function binomialCoverage(intervals: readonly Interval[], p: number): number {
  const law = binomialLaw(intervals.length - 1, p);
  return intervals.reduce(
    (sum, { low, high }, successes) => sum + (low <= p && p <= high ? (law[successes] as number) : 0),
    0,
  );
}

/** Two paired proportions and the correlation of the sides, as the probabilities of the four kinds of pairs. */
export interface PairLaw {
  readonly both: number;
  readonly gained: number;
  readonly lost: number;
  readonly neither: number;
}

/** Null where the margins do not allow such a correlation. */
export function pairLaw(before: number, after: number, phi: number): PairLaw | null {
  const both = before * after + phi * Math.sqrt(before * (1 - before) * after * (1 - after));
  const law = { both, gained: after - both, lost: before - both, neither: 1 - before - after + both };
  return Math.min(law.both, law.gained, law.lost, law.neither) > 1e-9 ? law : null;
}

/** Tango's interval depends on gained and lost alone; all of them once for all laws. */
export class TangoCoverage {
  readonly #n: number;
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(n: number) {
    this.#n = n;
    this.#low = new Float64Array((n + 1) ** 2);
    this.#high = new Float64Array((n + 1) ** 2);
    for (let gained = 0; gained <= n; gained++) {
      for (let lost = 0; lost <= Math.min(gained, n - gained); lost++) {
        const { low, high } = tangoInterval({ both: n - gained - lost, gained, lost, neither: 0 });
        this.#enter(gained, lost, low, high);
        this.#enter(lost, gained, -high, -low);
      }
    }
  }

  of(law: PairLaw): number {
    const n = this.#n;
    const truth = law.gained - law.lost;
    let covered = 0;
    for (const gained of likely(n, law.gained)) {
      for (const lost of likely(n, law.lost)) {
        if (gained + lost > n) continue;
        const place = gained * (n + 1) + lost;
        if ((this.#low[place] as number) > truth || (this.#high[place] as number) < truth) continue;
        const rest = n - gained - lost;
        covered += Math.exp(
          logMultinomial(n, [gained, lost, rest]) +
            power(gained, law.gained) +
            power(lost, law.lost) +
            power(rest, 1 - law.gained - law.lost),
        );
      }
    }
    return covered;
  }

  #enter(gained: number, lost: number, low: number, high: number): void {
    this.#low[gained * (this.#n + 1) + lost] = low;
    this.#high[gained * (this.#n + 1) + lost] = high;
  }
}

/** Newcombe's interval depends on all four counts: every likely table is entered (what is left out is under 1e-6). */
export function newcombeCoverage(n: number, law: PairLaw): number {
  const truth = law.gained - law.lost;
  const logs = [law.both, law.gained, law.lost, law.neither].map(Math.log) as [
    number,
    number,
    number,
    number,
  ];
  const base = logFactorial(n);
  let covered = 0;
  for (const gained of likely(n, law.gained)) {
    for (const lost of likely(n, law.lost)) {
      for (const both of likely(n, law.both)) {
        const neither = n - gained - lost - both;
        if (neither < 0) continue;
        const probability = Math.exp(
          base -
            logFactorial(both) -
            logFactorial(gained) -
            logFactorial(lost) -
            logFactorial(neither) +
            both * logs[0] +
            gained * logs[1] +
            lost * logs[2] +
            neither * logs[3],
        );
        if (probability < 1e-14) continue;
        const { low, high } = newcombeInterval({ both, gained, lost, neither } satisfies PairedCounts);
        if (low <= truth && truth <= high) covered += probability;
      }
    }
  }
  return covered;
}

/** Counts within 6 standard deviations of what a rate leads to expect. */
function likely(n: number, p: number): number[] {
  const reach = 6 * Math.sqrt(n * p * (1 - p)) + 6;
  const [from, to] = [Math.max(0, Math.floor(n * p - reach)), Math.min(n, Math.ceil(n * p + reach))];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const FACTORIALS: number[] = [0];

function logFactorial(n: number): number {
  while (FACTORIALS.length <= n) FACTORIALS.push(logGamma(FACTORIALS.length + 1));
  return FACTORIALS[n] as number;
}

function logChoose(n: number, k: number): number {
  return logMultinomial(n, [k, n - k]);
}

function logMultinomial(n: number, parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum - logFactorial(part), logFactorial(n));
}

function power(count: number, p: number): number {
  return count === 0 ? 0 : count * Math.log(p);
}
