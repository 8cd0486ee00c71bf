import { ALTERNATIVES, readFirstToken } from '../scorers/first-token.ts';
import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { comparisonOf, promptsOf } from './comparisons.ts';
import { EVALUATION } from './evaluation.ts';
import { CONSISTENT, HUMAN_AGREEMENT, POSITION_BIAS, RULE_PULLS } from './metrics.ts';
import { LETTERS } from './prompts.ts';
import { knownDetail, preferenceOutcome, type Sign } from './readings.ts';

/** How much of the first token the letters explain: where it is low, the checkpoint was about to say something else. */
const MASS: MetricSpec = {
  key: 'letter_mass',
  label: 'probability that the answer begins with one of the letters',
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: false,
  chance: null,
  counts: {},
  fold: 'mean',
};

/** The question of `profile/evaluation`, read from the probabilities of the two letters, over both orders together. */
export const evaluationFirstToken: Task = {
  ...EVALUATION,
  name: 'profile/evaluation-first-token',
  version: 1,
  question: 'About to choose the better of two given responses, which factors pull the checkpoint?',
  source: 'after Oh et al. 2024, arXiv 2410.06965; read from first tokens, which is ours',
  headline: RULE_PULLS[0] as Task['headline'],
  metrics: [...RULE_PULLS, CONSISTENT, POSITION_BIAS, HUMAN_AGREEMENT, MASS],
  ask: askFirstTokens,
  read: readFirstTokens,
};

function askFirstTokens(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  return promptsOf(comparisonOf(sample)).map((prompt) => ({
    verb: 'generate',
    role: 'checkpoint',
    prompt,
    decoding: { maxTokens: 1, temperature: 0 },
    topLogprobs: ALTERNATIVES,
  }));
}

/**
 * The preferred response is the one whose letters are more probable over both orders together, so that a leaning to a
 * place cancels; the two orders still count as inconsistent where each alone would name another response.
 */
function readFirstTokens(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const { known } = comparisonOf(sample);
  const [inOrder, swapped] = answers.map((answer) =>
    answer.verb === 'generate' ? readFirstToken(answer.completion, LETTERS) : null,
  );
  if (answers.length !== 2 || !inOrder || !swapped) {
    const detail = {
      setting: 'evaluation',
      ...knownDetail(known),
      problem: 'neither letter among the alternatives',
    };
    return { kind: 'unscored', reason: 'unparsed', detail };
  }
  const [first, second] = [shareOfA(inOrder.letters), shareOfA(swapped.letters)];
  const sides = [Math.sign(first - 0.5), Math.sign(0.5 - second)];
  const isConsistent = sides[0] === sides[1] && sides[0] !== 0;
  const preference = Math.sign(first - second) as Sign;
  return preferenceOutcome(
    preference,
    known,
    {
      [CONSISTENT.key]: Number(isConsistent),
      [POSITION_BIAS.key]: (first + second) / 2,
      [MASS.key]: (inOrder.mass + swapped.mass) / 2,
    },
    { setting: 'evaluation', status: isConsistent ? 'ok' : 'position_inconsistent' },
  );
}

/** Probability of A among the two letters. */
function shareOfA([first, second]: readonly [number, number]): number {
  return 1 / (1 + Math.exp(second - first));
}
