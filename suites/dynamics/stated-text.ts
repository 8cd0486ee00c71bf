import { readTextChoice } from '../scorers/text-choice.ts';
import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task, UnscoredReason } from '../task.ts';
import { type OrdersData, promptOf } from './lettered.ts';
import { asShare, diagnostic } from './metrics.ts';
import { STATED } from './stated.ts';

/** What could not be read says nothing of either answer: half a win, with its rate beside it. */
const HALF = { refused: 0.5, empty: 0.5, truncated: 0.5, unparsed: 0.5 } as const;
const EACH = { refused: 1, empty: 1, truncated: 1, unparsed: 1 } as const;

const WIN: MetricSpec = {
  ...asShare('win', 'chosen answer named in both orders; half where they differ or say nothing', 'half-ties'),
  counts: HALF,
};

const METRICS: readonly MetricSpec[] = [
  WIN,
  diagnostic(asShare('inconsistent', 'the two orders name different answers', 'strict')),
  { ...diagnostic(asShare('unread', 'an order names no answer', 'strict')), counts: EACH },
  diagnostic(asShare('first_place', 'picks of the answer that stands first', 'half-ties')),
];

/** The question of `dynamics/stated`, answered in words. */
export const statedText: Task = {
  ...STATED,
  name: 'dynamics/stated-text',
  version: 2,
  question: 'Asked in both orders which of two answers is better, does the checkpoint name the chosen one?',
  source: 'greedy text in both orders; the wording is ours',
  headline: WIN,
  metrics: METRICS,
  ask: askWords,
  read: readWords,
};

function askWords({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const { orders, stop, maxTokens } = data as OrdersData;
  const decoding = { maxTokens, temperature: 0, stop };
  return orders.map((asked) => ({
    verb: 'generate',
    role: 'checkpoint',
    prompt: promptOf(asked),
    decoding,
  }));
}

function readWords({ data }: Sample, [chosenFirst, chosenSecond]: readonly Answer[]): ReadOutcome {
  const { chosen, rejected } = data as OrdersData;
  const first = pickedIn(chosenFirst, [chosen, rejected]);
  const second = pickedIn(chosenSecond, [rejected, chosen]);
  if (typeof first === 'string' || typeof second === 'string') {
    const reason = typeof first === 'string' ? first : (second as UnscoredReason);
    return { kind: 'unscored', reason };
  }
  const wins = Number(first === 0) + Number(second === 1);
  return {
    kind: 'scored',
    values: {
      win: wins / 2,
      inconsistent: Number(wins === 1),
      unread: 0,
      first_place: (Number(first === 0) + Number(second === 0)) / 2,
    },
    detail: { chosenFirst: first === 0, chosenSecond: second === 1 },
  };
}

/** The place of the answer that was named, or why none was. */
function pickedIn(answer: Answer | undefined, shown: readonly [string, string]): number | UnscoredReason {
  if (answer?.verb !== 'generate') return 'unparsed';
  const choice = readTextChoice(answer.completion, shown);
  return choice.kind === 'chosen' ? choice.option : choice.reason;
}
