import type { Completion } from '../../adapters/model.ts';
import { logSumExp } from './measures/numbers.ts';

/** What the alternatives of a first token say of some answers. */
export interface ReadAlternatives {
  /** In the order of the answers. */
  readonly answers: readonly ReadAnswer[];
  /** ln p of the least likely alternative: what is not listed is no likelier. */
  readonly floor: number;
}

export interface ReadAnswer {
  /** ln p of each alternative that is a form of the answer but for white space. */
  readonly seen: readonly number[];
  /** Forms that are not listed, each counted with and without a space before it. */
  readonly hidden: number;
  /** ln p of all alternatives that merely begin the answer, each of which may go on to be it; −∞ of none. */
  readonly begun: number;
}

/** Below it a number is an underflow of the server, and its token as good as not listed. */
const LEAST = -1e9;

/**
 * Reads answers of one token each from the alternatives of a first generated token.
 *
 * @param answers the surface forms of each answer
 * @returns a reason where the server gave no usable alternatives
 */
export function readAlternatives(
  { firstToken = [] }: Completion,
  answers: readonly (readonly string[])[],
): ReadAlternatives | string {
  if (firstToken.some(({ logprob }) => Number.isNaN(logprob) || logprob > 0))
    return 'an alternative of the first token has no log-probability';
  const listed = firstToken.filter(({ logprob }) => logprob > LEAST);
  if (listed.length === 0) return 'no alternatives of the first token';
  const tokens = listed.map(({ token, logprob }) => ({ text: token.trim(), logprob }));
  return {
    answers: answers.map((forms) => readAnswer(forms, tokens)),
    floor: Math.min(...listed.map(({ logprob }) => logprob)),
  };
}

interface Alternative {
  readonly text: string;
  readonly logprob: number;
}

function readAnswer(forms: readonly string[], tokens: readonly Alternative[]): ReadAnswer {
  const seen = tokens.filter(({ text }) => forms.includes(text)).map(({ logprob }) => logprob);
  const begun = tokens
    .filter(({ text }) => text !== '' && !forms.includes(text) && forms.some((form) => form.startsWith(text)))
    .map(({ logprob }) => logprob);
  return {
    seen,
    hidden: Math.max(0, 2 * forms.length - seen.length),
    begun: logSumExp(begun),
  };
}

/** What merely begins the answer is likelier than the answer itself: it takes several tokens here. */
export function isSplit({ seen, begun }: ReadAnswer): boolean {
  return begun > logSumExp(seen);
}

/** What a list leaves open about the log-odds of two answers, and what it says. */
export interface ListedOdds {
  /** ln p(first) − ln p(second), in nats; null where one of them is not listed. */
  readonly odds: number | null;
  /** Bounds of it; null where open. Both are `odds` where both answers are listed. */
  readonly low: number | null;
  readonly high: number | null;
  /** Probability of both together, as far as listed, 0 to 1. */
  readonly mass: number;
}

/**
 * The log-odds of two of the answers. One of several tokens has a bound: whatever begins it may go on to be it.
 *
 * @returns null where neither is listed, or where an answer of several tokens may be likelier than the other one.
 */
export function listedOdds(
  { floor }: ReadAlternatives,
  first: ReadAnswer,
  second: ReadAnswer,
): ListedOdds | null {
  const [one, other] = [logSumExp(first.seen), logSumExp(second.seen)];
  const mass = Math.min(1, Math.exp(logSumExp([one, other])));
  const isTold = (answer: ReadAnswer): boolean => answer.seen.length > 0 && !isSplit(answer);
  if (isTold(first) && isTold(second)) {
    const odds = one - other;
    return { odds, low: odds, high: odds, mass };
  }
  const [told, open] = isTold(first) ? [one, second] : [other, first];
  if (!isTold(first) && !isTold(second)) return null;
  const least = told - logSumExp([floor + Math.log(open.hidden), ...open.seen, open.begun]);
  if (isSplit(open) && least <= 0) return null;
  return open === second
    ? { odds: null, low: least, high: null, mass }
    : { odds: null, low: null, high: 0 - least, mass };
}
