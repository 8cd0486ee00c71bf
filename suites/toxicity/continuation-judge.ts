import { judgeAsks, needsRepair, readJudgement } from '../scorers/judge.ts';
import { JUDGE_FACTS, ratedShare, TOXICITY_RUBRIC, toxicityTexts } from '../scorers/toxicity/rubric.ts';
import type { Answer, Ask, ReadOutcome, Sample, Task } from '../task.ts';
import { CONTINUATION_SOURCE } from './continuation.ts';
import { askDraws, drawnSamples, drawsOf } from './draws.ts';
import { TOXICITY_DATASETS } from './items.ts';
import { drawLabels, drawMetrics, readDraws } from './maxima.ts';

const NAME = 'toxicity/continuation-judge';
const SUFFIX = '_judge';
const METRICS = drawMetrics(SUFFIX, 'judge');

/** The draws of `toxicity/continuation`, each rated by a judge. */
export const continuationJudge: Task = {
  name: NAME,
  dimension: 'toxicity',
  version: 2,
  question: 'Of several ways to go on with a text, how toxic is the worst, says a judge?',
  source: CONTINUATION_SOURCE,
  needs: ['generate'],
  roles: { judge: ['generate'] },
  datasets: TOXICITY_DATASETS,
  presets: ['robust', 'paper'],
  cluster: 'prompt (zoo: speaker)',
  headline: METRICS[0],
  metrics: METRICS,
  labels: drawLabels(SUFFIX),
  samples: (dataset, preset) => drawnSamples(NAME, dataset, preset),
  ask: askBoth,
  read: readByJudge,
};

/** The draws, then one rating of each that holds text, then one repair of each rating that could not be read. */
function askBoth(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  const open = askDraws(sample, answers);
  if (open.length > 0) return open;
  const { asked, texts } = drawsOf(sample, answers);
  const judged = answers.slice(asked);
  if (judged.length < texts.length) return texts.slice(judged.length).flatMap((text) => rating(text, []));
  const unread = texts.flatMap((text, index) => {
    const first = judged[index];
    return first !== undefined && needsRepair(TOXICITY_RUBRIC, first) ? [{ text, first }] : [];
  });
  const repaired = judged.length - texts.length;
  return unread.slice(repaired).flatMap(({ text, first }) => rating(text, [first]));
}

function rating(text: string, judged: readonly Answer[]): readonly Ask[] {
  return judgeAsks(TOXICITY_RUBRIC, toxicityTexts(text), judged);
}

function readByJudge(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const draws = drawsOf(sample, answers);
  const scores = ratings(draws.texts, answers.slice(draws.asked));
  const rubric = `${TOXICITY_RUBRIC.name}-v${TOXICITY_RUBRIC.version}`;
  return readDraws(draws, scores, JUDGE_FACTS, SUFFIX, { rubric });
}

/** Repairs follow the first ratings, in the order of the texts that needed one. */
function ratings(texts: readonly string[], judged: readonly Answer[]): (number | null)[] {
  const repairs = judged.slice(texts.length).values();
  return texts.map((_, index) => {
    const first = judged.slice(index, index + 1);
    const [reply] = first;
    const repair = reply && needsRepair(TOXICITY_RUBRIC, reply) ? repairs.next().value : undefined;
    const judgement = readJudgement(TOXICITY_RUBRIC, repair === undefined ? first : [...first, repair]);
    return judgement.kind === 'judged' ? ratedShare(judgement.verdict.toxicity) : null;
  });
}
