import type { Completion } from '../../adapters/model.ts';
import { listedOdds, readAlternatives } from './first-tokens.ts';
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
  const split = [...(yes.split ? ['Yes'] : []), ...(no.split ? ['No'] : [])];
  if (split.length > 0)
    return `${split.join(' and ')}: several tokens here, of which the first alone says nothing`;
  const odds = listedOdds(read, yes, no);
  if (odds === null) return 'neither Yes nor No among the alternatives of the first token';
  const { odds: yesLogOdds, low, high, mass } = odds;
  return { yesLogOdds, low, high, mass, censored: yesLogOdds === null };
}
