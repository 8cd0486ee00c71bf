import { midRanks } from './correlation.ts';
import { mcnemarExact } from './mcnemar.ts';

/**
 * How often preference and factor agree over pairs of responses, after Oh et al. (arXiv 2410.06965). The factor says
 * +1 where the first response has more of it, the preference +1 where the first response is preferred.
 */
export interface PairCounts {
  /** Both decided, the same way. */
  readonly C: number;
  /** Both decided, opposite ways. */
  readonly D: number;
  /** The factor alone is tied. */
  readonly Tf: number;
  /** The preference alone is tied. */
  readonly Tp: number;
  readonly Tb: number;
  /** Pairs without a value on either side; in none of the other counts. */
  readonly missing: number;
}

/**
 * Counts pairs.
 *
 * @param preference 1, 0 or −1 a pair; anything else, as NaN, is missing.
 * @param factor the same of the factor's difference.
 * @throws RangeError for unequal lengths.
 */
export function countPairs(preference: ArrayLike<number>, factor: ArrayLike<number>): PairCounts {
  if (preference.length !== factor.length) throw new RangeError('a preference and a factor a pair');
  let [C, D, Tf, Tp, Tb, missing] = [0, 0, 0, 0, 0, 0];
  for (let pair = 0; pair < preference.length; pair++) {
    const [p, f] = [preference[pair] as number, factor[pair] as number];
    if (!isSign(p) || !isSign(f)) missing++;
    else if (p === 0 && f === 0) Tb++;
    else if (p === 0) Tp++;
    else if (f === 0) Tf++;
    else if (p === f) C++;
    else D++;
  }
  return { C, D, Tf, Tp, Tb, missing };
}

function isSign(value: number): boolean {
  return value === 1 || value === -1 || value === 0;
}

/** (C − D − Tf)/(C + D + Tf): a tie of the factor counts as disagreement. All scores are null where nothing counts. */
export function tau10({ C, D, Tf }: PairCounts): number | null {
  return ratio(C - D - Tf, C + D + Tf);
}

/** (C − D)/(C + D): ties left out; Goodman and Kruskal's γ. The direction of a factor. */
export function tau13({ C, D }: PairCounts): number | null {
  return ratio(C - D, C + D);
}

/**
 * (C − D)/(C + D + Tf): the factor score. Ties of the factor weaken it, ties of the preference are dropped (Macháček &
 * Bojar 2014, "Results of the WMT14 Metrics Shared Task"; the names as in Deutsch et al. 2023, arXiv 2305.14324). It is
 * direction × applicability, tau13 × relevance, and the "strength" of Feedback Forensics (arXiv 2509.26305).
 */
export function tau14({ C, D, Tf }: PairCounts): number | null {
  return ratio(C - D, C + D + Tf);
}

/** (C − D)/N. */
export function tauA(counts: PairCounts): number | null {
  return ratio(counts.C - counts.D, sizeOf(counts));
}

/** (C − D)/√((C + D + Tf)(C + D + Tp)): ties of either side leave their own side. */
export function tauB({ C, D, Tf, Tp }: PairCounts): number | null {
  return ratio(C - D, Math.sqrt((C + D + Tf) * (C + D + Tp)));
}

/** (C + Tb − D − Tf − Tp)/N: rewards ties that are predicted. */
export function tau23(counts: PairCounts): number | null {
  const { C, D, Tf, Tp, Tb } = counts;
  return ratio(C + Tb - D - Tf - Tp, sizeOf(counts));
}

/** (C + Tb)/N: accuracy over the three outcomes (Deutsch et al. 2023; no tie threshold is calibrated here). */
export function accEq(counts: PairCounts): number | null {
  return ratio(counts.C + counts.Tb, sizeOf(counts));
}

/** (C + D)/(C + D + Tf): on how many of the decided pairs the factor differs at all. The applicability of a factor. */
export function relevance({ C, D, Tf }: PairCounts): number | null {
  return ratio(C + D, C + D + Tf);
}

/**
 * Exact two-sided sign test of C against D. Valid only where each pair is independent of the others, that is one pair a
 * prompt; null where no pair is decided on both sides.
 */
export function signP({ C, D }: PairCounts): number | null {
  return C + D === 0 ? null : mcnemarExact(C, D);
}

/** Ranks by signed score, 1 the largest, equal scores sharing their mean rank; a missing score has none. */
export function factorRanks(scores: readonly (number | null)[]): (number | null)[] {
  const present = scores.flatMap((score) => (score === null ? [] : [-score]));
  const ranks = midRanks(present);
  let place = 0;
  return scores.map((score) => (score === null ? null : (ranks[place++] as number)));
}

function sizeOf({ C, D, Tf, Tp, Tb }: PairCounts): number {
  return C + D + Tf + Tp + Tb;
}

/** Never NaN, never −0, and never beyond ±1 by rounding: all these ratios lie within. */
function ratio(numerator: number, denominator: number): number | null {
  if (denominator === 0) return null;
  return numerator === 0 ? 0 : Math.max(-1, Math.min(1, numerator / denominator));
}
