import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { comparisonOf } from './comparisons.ts';
import { askBothOrders, comparisonOutcome, EVALUATION } from './evaluation.ts';
import { JUDGE_FACTORS } from './factors/judge-factors.ts';
import { panelOf } from './judging/panel.ts';
import { JUDGE_REPEAT, JUDGE_UNREADABLE } from './judging/reliability.ts';
import { CONSISTENT, HUMAN_AGREEMENT, JUDGE_PULLS, POSITION_BIAS } from './metrics.ts';
import type { KnownPair } from './readings.ts';

/** How many answers the checkpoint gives before the judge is asked. */
const OWN_ANSWERS = 2;

/** The choices of `profile/evaluation`, explained by factors that a judge measures; the choices are asked once for both. */
export const evaluationJudge: Task = {
  ...EVALUATION,
  name: 'profile/evaluation-judge',
  version: 1,
  question:
    'Choosing the better of two given responses, which factors that a judge sees pull the checkpoint?',
  source: 'after Oh et al. 2024, arXiv 2410.06965; the judge, its questions and forms are ours',
  roles: { judge: ['generate'] },
  headline: JUDGE_PULLS[0] as Task['headline'],
  metrics: [
    ...JUDGE_PULLS,
    CONSISTENT,
    POSITION_BIAS,
    HUMAN_AGREEMENT,
    JUDGE_UNREADABLE,
    JUDGE_REPEAT,
  ] as readonly MetricSpec[],
  ask: askThenJudge,
  read: readWithJudge,
};

function askThenJudge(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length < OWN_ANSWERS) return askBothOrders(sample, answers);
  const data = comparisonOf(sample);
  if (comparisonOutcome(data, answers, {}).kind !== 'scored') return [];
  return panelOf(sample.id, data.item, [data.a, data.b], answers.slice(OWN_ANSWERS)).asks;
}

function readWithJudge(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const data = comparisonOf(sample);
  const { measured, values, detail } = panelOf(
    sample.id,
    data.item,
    [data.a, data.b],
    answers.slice(OWN_ANSWERS),
  );
  const [a = {}, b = {}] = measured;
  const factors: KnownPair['factors'] = {
    length: data.known.factors['length'] ?? [null, null],
    ...Object.fromEntries(JUDGE_FACTORS.map(({ key }) => [key, [a[key] ?? null, b[key] ?? null]] as const)),
  };
  const known = { ...data.known, factors };
  return comparisonOutcome({ ...data, known }, answers, { values, detail });
}
