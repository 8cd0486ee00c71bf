import type { ContinuationScore } from '../../adapters/model.ts';
import { areUsable } from '../scorers/multiple-choice.ts';
import type { Answer, Ask, Sample } from '../task.ts';
import { type PairData, promptOf } from './pair-items.ts';

/** Both answers of a pair under the checkpoint and under the reference. */
export interface MeasuredPair {
  readonly chosen: ContinuationScore;
  readonly rejected: ContinuationScore;
  readonly refChosen: ContinuationScore;
  readonly refRejected: ContinuationScore;
}

/** No text of a prompt's length has so small a probability: below it a number is an artefact of the server. */
const LEAST = -1e9;

/** One call for each of the two models, in which the prompt is evaluated once for both answers. */
export function askPair(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const data = sample.data as PairData;
  const { chosen, rejected, delimiter } = data;
  return (['checkpoint', 'reference'] as const).map((role) => ({
    verb: 'score',
    role,
    prompt: promptOf(data),
    continuations: [chosen, rejected],
    delimiter,
  }));
}

/** The four measurements, or why the pair has none. */
export function measuredPair(answers: readonly Answer[]): MeasuredPair | string {
  const [own, reference] = answers.map((answer) => (answer.verb === 'score' ? answer.scores : []));
  if (answers.length !== 2 || own === undefined || reference === undefined)
    return 'not one answer of each model';
  if (![own, reference].every(isSound)) return 'not one finite log-probability for each answer';
  const [chosen, rejected] = own;
  const [refChosen, refRejected] = reference;
  if (!chosen || !rejected || !refChosen || !refRejected) return 'not one answer of each model';
  const methods = new Set([...own, ...reference].map(({ method }) => method));
  if (methods.size > 1) return `scored by different methods: ${[...methods].sort().join(', ')}`;
  if (tokensOf(chosen) !== tokensOf(refChosen) || tokensOf(rejected) !== tokensOf(refRejected))
    return 'cut into different tokens by the checkpoint and by the reference';
  return { chosen, rejected, refChosen, refRejected };
}

function isSound(scores: readonly ContinuationScore[]): boolean {
  return (
    areUsable(scores, 2) &&
    scores.every(({ logprob, bytes }) => logprob <= 0 && logprob > LEAST && Number.isSafeInteger(bytes))
  );
}

export function tokensOf({ tokenLogprobs }: ContinuationScore): number {
  return tokenLogprobs.length;
}
