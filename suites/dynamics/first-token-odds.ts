import type { Completion } from '../../adapters/model.ts';
import { isSplit, listedOdds, readAlternatives } from './first-tokens.ts';
import { NO, YES } from './statements.ts';

/** Log-odds of Yes against No as the first token, each a sum over its surface forms. */
export interface FirstTokenOdds {
  /** In nats; null where one of the two is not among the alternatives. */
  readonly yesLogOdds: number | null;
  /** Bounds of it, null where open. */
  readonly low: number | null;
  readonly high: number | null;
  /** Probability of both as far as listed, 0 to 1. */
  readonly mass: number;
  readonly censored: boolean;
}

/** @returns a reason where the alternatives say nothing of either answer, or where one takes several tokens */
export function oddsIn(completion: Completion): FirstTokenOdds | string {
  const read = readAlternatives(completion, [YES, NO]);
  if (typeof read === 'string') return read;
  const [yes, no] = read.answers;
  if (yes === undefined || no === undefined) return 'no alternatives of the first token';
  const odds = listedOdds(read, yes, no);
  if (odds === null) {
    const split = [...(isSplit(yes) ? ['Yes'] : []), ...(isSplit(no) ? ['No'] : [])];
    return split.length > 0
      ? `${split.join(' and ')}: several tokens here, of which the first alone says nothing`
      : 'neither Yes nor No among the alternatives of the first token';
  }
  const { odds: yesLogOdds, low, high, mass } = odds;
  return { yesLogOdds, low, high, mass, censored: yesLogOdds === null };
}

/** Which of the two is likelier: 1 for Yes, −1 for No, 0 for a tie; null where what is not listed decides. */
export function sideOf({ yesLogOdds, low, high }: FirstTokenOdds): number | null {
  if (yesLogOdds !== null) return Math.sign(yesLogOdds);
  if (low !== null && low > 0) return 1;
  return high !== null && high < 0 ? -1 : null;
}
