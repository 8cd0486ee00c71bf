import type { JsonObject } from '../../core/json.ts';
import { readTextChoice } from '../scorers/text-choice.ts';
import type { Answer, Ask, MetricValues, ReadOutcome, Sample, Task } from '../task.ts';
import { type ComparisonData, comparisonOf, comparisonSamples, promptsOf } from './comparisons.ts';
import { CONSISTENT, HUMAN_AGREEMENT, POSITION_BIAS, RULE_PULLS } from './metrics.ts';
import { pairRow } from './pairs/pair.schema.ts';
import { knownDetail, preferenceOutcome, type Sign } from './readings.ts';

/** What both forms of the evaluation setting have in common. */
export const EVALUATION = {
  dimension: 'profile',
  family: 'profile',
  needs: ['generate'],
  roles: {},
  datasets: ['zoo-profile', 'llmbar-natural', 'llmbar-manual', 'llmbar-neighbor', 'pandalm'],
  ownRows: pairRow,
  presets: ['robust'],
  cluster: 'prompt (zoo: entity)',
  samples: comparisonSamples,
} as const satisfies Partial<Task>;

/** Which factors pull the checkpoint's choice between two given responses? */
export const evaluation: Task = {
  ...EVALUATION,
  name: 'profile/evaluation',
  version: 1,
  question: 'Choosing the better of two given responses, which factors pull the checkpoint?',
  source:
    'after Oh et al. 2024, arXiv 2410.06965 (the wording of the question and the rule factors are ours)',
  headline: RULE_PULLS[0] as Task['headline'],
  metrics: [...RULE_PULLS, CONSISTENT, POSITION_BIAS, HUMAN_AGREEMENT],
  ask: askBothOrders,
  read: readBothOrders,
};

export function askBothOrders(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const data = comparisonOf(sample);
  const decoding = { maxTokens: data.maxTokens, temperature: 0, stop: data.stop };
  return promptsOf(data).map((prompt) => ({ verb: 'generate', role: 'checkpoint', prompt, decoding }));
}

function readBothOrders(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  return comparisonOutcome(comparisonOf(sample), answers, {});
}

/** Both orders must name the same response; one alone would be its place as much as its content. */
export function comparisonOutcome(
  { a, b, known }: ComparisonData,
  [inOrder, swapped]: readonly Answer[],
  extra: { readonly values?: MetricValues; readonly detail?: JsonObject },
): ReadOutcome {
  const first = choiceOf(inOrder, [a, b]);
  const second = choiceOf(swapped, [b, a]);
  const broken = [first, second].find(({ kind }) => kind === 'unscored');
  if (broken?.kind === 'unscored' || first.kind !== 'chosen' || second.kind !== 'chosen') {
    const reason = broken?.kind === 'unscored' ? broken.reason : 'unparsed';
    // What people said of the pair does not depend on what this checkpoint managed to answer.
    return {
      kind: 'unscored',
      reason,
      detail: { setting: 'evaluation', ...knownDetail(known), ...extra.detail },
    };
  }
  const picked = [first.option === 0 ? 1 : -1, second.option === 0 ? -1 : 1] as const;
  const agrees = picked[0] === picked[1];
  const preference: Sign = agrees ? picked[0] : 0;
  const values = {
    [CONSISTENT.key]: Number(agrees),
    [POSITION_BIAS.key]: (Number(first.option === 0) + Number(second.option === 0)) / 2,
    ...extra.values,
  };
  const detail = { setting: 'evaluation', status: agrees ? 'ok' : 'position_inconsistent', ...extra.detail };
  return preferenceOutcome(preference, known, values, detail);
}

function choiceOf(
  answer: Answer | undefined,
  responses: readonly [string, string],
): ReturnType<typeof readTextChoice> {
  if (answer?.verb !== 'generate') return { kind: 'unscored', reason: 'unparsed' };
  return readTextChoice(answer.completion, responses);
}
