import type { Answer, Ask, ReadOutcome, Sample, Task } from '../task.ts';
import { type FactorValues, measurer } from './factors/factor.ts';
import { JUDGE_FACTORS } from './factors/judge-factors.ts';
import { askQualities, generation, writtenOutcome, writtenResponses } from './generation.ts';
import { type Panel, panelOf } from './judging/panel.ts';
import { JUDGE_REPEAT, JUDGE_UNREADABLE } from './judging/reliability.ts';
import { COMPLETE, JUDGE_PULLS } from './metrics.ts';
import { QUALITIES } from './prompts.ts';
import type { ResponseData } from './responses.ts';

const KEYS = ['length', ...JUDGE_FACTORS.map(({ key }) => key)];

/** The responses of `profile/generation`, measured by a judge, which sees each alone; they are written once for both. */
export const generationJudge: Task = {
  ...generation,
  name: 'profile/generation-judge',
  version: 1,
  question:
    'Asked for responses of quality 1 to 5, which factors that a judge sees does the checkpoint give to the better ones?',
  source: 'after Oh et al. 2024, arXiv 2410.06965; the judge, its questions and forms are ours',
  roles: { judge: ['generate'] },
  headline: JUDGE_PULLS[0] as Task['headline'],
  metrics: [...JUDGE_PULLS, COMPLETE, JUDGE_UNREADABLE, JUDGE_REPEAT],
  ask: askThenJudge,
  read: readWithJudge,
};

function askThenJudge(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  return answers.length < QUALITIES.length ? askQualities(sample, answers) : panelFor(sample, answers).asks;
}

function readWithJudge(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const written = writtenResponses(sample.id, answers);
  const { measured, values, detail } = panelFor(sample, answers);
  const measure = measurer((sample.data as ResponseData).item);
  let judged = 0;
  const all = written.responses.map((text): FactorValues | null => {
    if (text === null) return null;
    const { length = null } = measure(text);
    return { length, ...measured[judged++] };
  });
  return writtenOutcome(written, all, KEYS, { values, detail });
}

function panelFor({ id, data }: Sample, answers: readonly Answer[]): Panel {
  const { responses } = writtenResponses(id, answers.slice(0, QUALITIES.length));
  const texts = responses.filter((text) => text !== null);
  // One response alone makes no pair.
  return panelOf(
    id,
    (data as ResponseData).item,
    texts.length < 2 ? [] : texts,
    answers.slice(QUALITIES.length),
  );
}
