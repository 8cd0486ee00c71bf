import { clusteredProportion } from './clustered-proportion.ts';
import { type Interval, wilsonInterval } from './proportion.ts';

/** How often two raters choose the same response. */
export interface RaterAgreement {
  /** Pairs that both rated, and of them those that both decided. */
  readonly pairs: number;
  readonly decided: number;
  readonly equal: number;
  /** Equal over decided: the primary number; null without a decided pair. */
  readonly agreement: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Equal including ties, over all pairs that both rated. */
  readonly exact: number | null;
  /** Shares of ties among the pairs that both rated. */
  readonly tiesOne: number | null;
  readonly tiesOther: number | null;
}

/**
 * Agreement over the pairs that both raters decided, with Wilson's interval, on the effective sample size where prompts
 * give several pairs; and over all pairs, a tie equal to a tie.
 *
 * @param one 1, 0, −1 a pair, or UNRATED.
 * @param prompts one number a pair.
 */
export function raterAgreement(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  prompts: ArrayLike<number>,
): RaterAgreement {
  const [matches, clusters]: [number[], number[]] = [[], []];
  let [pairs, exact, tiesOne, tiesOther, equal] = [0, 0, 0, 0, 0];
  for (let pair = 0; pair < prompts.length; pair++) {
    const [a, b] = [one[pair] as number, other[pair] as number];
    if (!(Math.abs(a) <= 1 && Math.abs(b) <= 1)) continue;
    pairs++;
    if (a === b) exact++;
    if (a === 0) tiesOne++;
    if (b === 0) tiesOther++;
    if (a === 0 || b === 0) continue;
    matches.push(a === b ? 1 : 0);
    clusters.push(prompts[pair] as number);
    if (a === b) equal++;
  }
  const decided = matches.length;
  const interval = decided === 0 ? null : intervalOf(equal, matches, clusters);
  return {
    pairs,
    decided,
    equal,
    agreement: decided === 0 ? null : equal / decided,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    exact: pairs === 0 ? null : exact / pairs,
    tiesOne: pairs === 0 ? null : tiesOne / pairs,
    tiesOther: pairs === 0 ? null : tiesOther / pairs,
  };
}

function intervalOf(equal: number, matches: readonly number[], clusters: readonly number[]): Interval | null {
  const isOnePairEach = new Set(clusters).size === clusters.length;
  return isOnePairEach ? wilsonInterval(equal, matches.length) : clusteredProportion(matches, clusters);
}
