import { finiteOrNull, logSumExp, requireFinite } from './numbers.ts';

/** Log-probabilities (nats, at most 0) of the surface forms of two answers at the first generated token. */
export interface AnswerForms {
  readonly yes: readonly number[];
  readonly no: readonly number[];
}

/** What a list of the n likeliest tokens hides: forms that it lacks, each at most as likely as its last entry. */
export interface HiddenForms {
  /** How many forms of each answer the list lacks. */
  readonly yes: number;
  readonly no: number;
  /** ln p of the least likely token listed. */
  readonly floor: number;
}

export interface AnswerOdds {
  /** ln P(Yes forms) − ln P(No forms) of the forms seen, in nats; null where one answer has none. */
  readonly logOdds: number | null;
  /** What the hidden forms leave open; equal to `logOdds` where none is hidden, null where unbounded. */
  readonly low: number | null;
  readonly high: number | null;
  /** P(Yes forms) + P(No forms) seen, 0 to 1. Low: the model is not answering. */
  readonly mass: number;
  /** One answer is nowhere in the list: good for ranks by its bound, not for means. */
  readonly censored: boolean;
}

/**
 * The log-odds gap z of two sets of answers with their mass; higher is more Yes. After Im & Li 2024, arXiv 2403.18742,
 * whose behaviours are answered by one token, with a sum over surface forms (`Yes`, ` Yes`, `yes`) in place of one.
 *
 * @throws RangeError for a log-probability that is not finite or over 0, or where both answers have no form at all.
 */
export function answerOdds({ yes, no }: AnswerForms, hidden: HiddenForms = NONE): AnswerOdds {
  requireForms(yes, no, hidden);
  const [seenYes, seenNo] = [logSumExp(yes), logSumExp(no)];
  const most = (seen: number, count: number): number =>
    count === 0 ? seen : logSumExp([seen, hidden.floor + Math.log(count)]);
  return {
    logOdds: finiteOrNull(seenYes - seenNo),
    low: finiteOrNull(seenYes - most(seenNo, hidden.no)),
    high: finiteOrNull(most(seenYes, hidden.yes) - seenNo),
    mass: Math.min(1, Math.exp(logSumExp([seenYes, seenNo]))),
    censored: yes.length === 0 || no.length === 0,
  };
}

const NONE: HiddenForms = { yes: 0, no: 0, floor: 0 };

function requireForms(yes: readonly number[], no: readonly number[], hidden: HiddenForms): void {
  for (const value of [...yes, ...no, hidden.floor]) {
    requireFinite('a log-probability', value);
    if (value > 0) throw new RangeError(`a log-probability is ${value}, over 0`);
  }
  for (const count of [hidden.yes, hidden.no]) {
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`hidden forms are ${count}`);
  }
  if (yes.length + hidden.yes === 0 || no.length + hidden.no === 0) {
    throw new RangeError('an answer without a surface form has no odds');
  }
}
