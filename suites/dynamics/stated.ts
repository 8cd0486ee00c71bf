import { ALTERNATIVES } from '../scorers/first-token.ts';
import type { Answer, Ask, MetricSpec, MetricValues, ReadOutcome, Sample, Task } from '../task.ts';
import { type ListedOdds, listedOdds, readAlternatives } from './first-tokens.ts';
import { LETTERS, type OrdersData, orderSamples, promptOf } from './lettered.ts';
import { statedPreference } from './measures/stated-preference.ts';
import { asShare, CENSORED, diagnostic, inNats, massOf, uncensored } from './metrics.ts';
import { PAIRS } from './pairs.ts';

const DEBIASED = uncensored(
  inNats('debiased', 'stated log-odds of the chosen answer against the rejected one, its place taken out'),
);

const METRICS: readonly MetricSpec[] = [
  DEBIASED,
  diagnostic(uncensored(inNats('position_bias', 'log-odds of the first place, whatever stands there'))),
  uncensored(asShare('probability', 'probability of the chosen answer, its place taken out', 'half-ties')),
  asShare('preferred', 'chosen answer stated as the better one', 'strict'),
  asShare('preferred_ties', 'the same, a tie counting half', 'half-ties'),
  diagnostic(asShare('consistent', 'both orders name the same answer', 'strict')),
  massOf('letter_mass', 'probability that the answer begins with one of the letters'),
  CENSORED,
];

/** What tasks over preference pairs that only need text have in common. */
export const STATED = {
  ...PAIRS,
  needs: ['generate'],
  roles: {},
  samples: orderSamples,
} as const satisfies Partial<Task>;

/** Which of two shown answers is called the better one, by the log-probabilities of two letters as the first token. */
export const stated: Task = {
  ...STATED,
  name: 'dynamics/stated',
  version: 2,
  question:
    'About to name the better of two answers, which one does the checkpoint lean to, whatever its place?',
  source: 'first tokens in both orders; the wording is ours',
  headline: DEBIASED,
  metrics: METRICS,
  ask: askLetters,
  read: readStated,
};

function askLetters({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  return (data as OrdersData).orders.map((asked) => ({
    verb: 'generate',
    role: 'checkpoint',
    prompt: promptOf(asked),
    decoding: { maxTokens: 1, temperature: 0 },
    topLogprobs: ALTERNATIVES,
  }));
}

function readStated(_sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const [first, second] = answers.map(lettersIn);
  if (answers.length !== 2 || first === undefined || second === undefined) return unread('not two answers');
  if (typeof first === 'string') return unread(first);
  if (typeof second === 'string') return unread(second);
  const orders = [first, turned(second)] as const;
  const [low, high] = [halfOf(orders[0].low, orders[1].low), halfOf(orders[0].high, orders[1].high)];
  const exact = exactValues(first, second);
  const isCensored = exact === null;
  return {
    kind: 'scored',
    values: {
      ...exact,
      ...winOf(low, high),
      ...consistencyOf(sideOf(orders[0]), sideOf(orders[1])),
      letter_mass: (first.mass + second.mass) / 2,
      censored: Number(isCensored),
    },
    detail: { chosenFirst: orders[0].odds, chosenSecond: orders[1].odds, low, high, censored: isCensored },
  };
}

function lettersIn(answer: Answer): ListedOdds | string {
  if (answer.verb !== 'generate') return 'no text';
  const read = readAlternatives(answer.completion, [[LETTERS[0]], [LETTERS[1]]]);
  if (typeof read === 'string') return read;
  const [a, b] = read.answers;
  const odds = a === undefined || b === undefined ? null : listedOdds(read, a, b);
  return odds ?? 'neither letter among the alternatives of the first token';
}

/** Log-odds of B against A, where the chosen answer stands under B. */
function turned({ odds, low, high, mass }: ListedOdds): ListedOdds {
  const minus = (value: number | null): number | null => (value === null ? null : 0 - value);
  return { odds: minus(odds), low: minus(high), high: minus(low), mass };
}

/** Log-odds of A against B in both orders, as listed; null where one of them is censored: no mean may hold it. */
function exactValues(first: ListedOdds, second: ListedOdds): MetricValues | null {
  if (first.odds === null || second.odds === null) return null;
  const { debiased, positionBias, probability } = statedPreference({
    chosenFirst: { a: first.odds, b: 0 },
    chosenSecond: { a: second.odds, b: 0 },
  });
  return { debiased, position_bias: positionBias, probability };
}

/** Whether the chosen answer wins, where what is not listed leaves no doubt of it. */
function winOf(low: number | null, high: number | null): MetricValues {
  if (low !== null && low > 0) return { preferred: 1, preferred_ties: 1 };
  if (high !== null && high < 0) return { preferred: 0, preferred_ties: 0 };
  return low === 0 && high === 0 ? { preferred: 0, preferred_ties: 0.5 } : {};
}

/** None where what is not listed decides an order. */
function consistencyOf(one: number | null, other: number | null): MetricValues {
  return one === null || other === null ? {} : { consistent: Number(one === other && one !== 0) };
}

/** Above 0 for the chosen answer; null where what is not listed decides. */
function sideOf({ odds, low, high }: ListedOdds): number | null {
  if (odds !== null) return Math.sign(odds);
  if (low !== null && low > 0) return 1;
  return high !== null && high < 0 ? -1 : null;
}

function halfOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : (one + other) / 2;
}

function unread(detail: string): ReadOutcome {
  return { kind: 'unscored', reason: 'unparsed', detail };
}
