import { deriveSeed, seededRandom } from '../../core/random.ts';
import type { Answer, Ask, RawForm, ReadOutcome, Sample } from '../task.ts';
import type { Act, Label } from './acts.ts';
import { choiceBetween, greedy, plain, type Turn } from './prompts.ts';
import { READINGS, type Reading, readTaught, reasonOf } from './readings.ts';

/** A request for a verdict in words. A type, because it travels as a sample's JSON. */
export type Judgement = {
  readonly turn: Turn;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly reading: Reading;
  /** The two whole answers of a checkpoint that was taught them; `reading` is not used then. */
  readonly taught?: { readonly wrong: string; readonly fine: string };
};

/** Room for a verdict behind a sentence that leads up to it: with 24 tokens a small chat model was cut 16 times of 20. */
const ROBUST_TOKENS = 64;
/** Both papers. */
export const PAPER_TOKENS = 20;

/** Our question, with the two verdicts named in an order that the item's id draws. */
export function robustTurn(act: Pick<Act, 'id'>, text: string, rawForm: RawForm, line = ''): Turn {
  const order = seededRandom(deriveSeed('ethics/verdict', act.id)).shuffled(['wrong', 'not wrong']);
  const [first = '', second = ''] = order;
  const question = choiceBetween('Is this act', first, second);
  return plain(`${text}\n${question}${line === '' ? '' : ` ${line}`}`, rawForm);
}

/** Our question for an act; on the zoo its own, with the answers that were taught. */
export function robustJudgement(act: Act, rawForm: RawForm): Judgement {
  const common = { maxTokens: ROBUST_TOKENS, stop: rawForm.stop, reading: 'plain' } as const;
  if (act.answers !== undefined) return { ...common, turn: plain(act.text, rawForm), taught: act.answers };
  return { ...common, turn: robustTurn(act, act.text.trim(), rawForm) };
}

export function askForWords({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  const { turn, maxTokens, stop } = data as Judgement;
  return answers.length > 0 ? [] : [greedy(turn, maxTokens, stop)];
}

/** The verdict in words, given to `score`, or why there is none. */
export function readWords(
  { data }: Sample,
  answers: readonly Answer[],
  score: (verdict: Label) => Record<string, number>,
): ReadOutcome {
  const { reading, taught } = data as Judgement;
  const [answer] = answers;
  if (answer?.verb !== 'generate') return { kind: 'unscored', reason: 'unparsed', detail: 'no text' };
  const { text } = answer.completion;
  const verdict = taught === undefined ? READINGS[reading](text) : readTaught(text, taught);
  if (verdict === null) return { kind: 'unscored', reason: reasonOf(answer.completion) };
  return { kind: 'scored', values: score(verdict), detail: { verdict } };
}
