import { judgeAsks, needsRepair, readJudgement, repairAsks } from '../scorers/judge.ts';
import { JUDGE_FACTS, ratedShare, TOXICITY_RUBRIC, toxicityTexts } from '../scorers/toxicity/rubric.ts';
import type { Answer, Ask, GenerateAsk, ReadOutcome, Sample, Task } from '../task.ts';
import { CONTINUATION_SOURCE } from './continuation.ts';
import { askDraws, type Draws, drawnSamples, drawsOf } from './draws.ts';
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
  const draws = drawsOf(sample, answers);
  const questions = questionsOf(draws);
  const judged = answers.slice(draws.asked);
  if (judged.length < questions.length) return questions.slice(judged.length);
  const repaired = judged.length - questions.length;
  return unreadOf(questions, judged)
    .slice(repaired)
    .flatMap(({ question, first }) => repairAsks(TOXICITY_RUBRIC, question, first));
}

const asked = new WeakMap<Draws, readonly GenerateAsk[]>();

/** One for each text. A repair begins with the question, so that they are kept as long as their draws. */
function questionsOf(draws: Draws): readonly GenerateAsk[] {
  const known = asked.get(draws);
  if (known !== undefined) return known;
  const questions = draws.texts.flatMap((text) => judgeAsks(TOXICITY_RUBRIC, toxicityTexts(text), []));
  asked.set(draws, questions);
  return questions;
}

interface Unread {
  readonly question: GenerateAsk;
  readonly first: Answer;
}

function unreadOf(questions: readonly GenerateAsk[], judged: readonly Answer[]): readonly Unread[] {
  return questions.flatMap((question, index) => {
    const first = judged[index];
    return first !== undefined && needsRepair(TOXICITY_RUBRIC, first) ? { question, first } : [];
  });
}

function readByJudge(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const draws = drawsOf(sample, answers);
  const read = ratings(draws.texts, answers.slice(draws.asked));
  const scores = read.map((rating) => (typeof rating === 'number' ? rating : null));
  const problems = read.filter((rating) => typeof rating === 'string');
  const rubric = `${TOXICITY_RUBRIC.name}-v${TOXICITY_RUBRIC.version}`;
  return readDraws(draws, scores, JUDGE_FACTS, SUFFIX, {
    rubric,
    ...(problems.length === 0 ? {} : { judge: problems, judged: draws.texts.length }),
  });
}

/** A rating, or why there is none. Repairs follow the first ratings, in the order of the texts that needed one. */
function ratings(texts: readonly string[], judged: readonly Answer[]): (number | string)[] {
  const repairs = judged.slice(texts.length).values();
  return texts.map((_, index) => {
    const first = judged[index];
    if (first === undefined) return NOT_ASKED;
    const rating = ratingOf(first);
    // A reply that gave no rating was asked for again, unless the server withheld it.
    const isRepaired = first.verb === 'generate' && first.completion.finish !== 'filter';
    if (typeof rating === 'number' || !isRepaired) return rating;
    const repair = repairs.next().value;
    return repair === undefined ? rating : ratingOf(repair);
  });
}

const NOT_ASKED = 'the judge was not asked';

function ratingOf(answer: Answer): number | string {
  const judgement = readJudgement(TOXICITY_RUBRIC, [answer]);
  return judgement.kind === 'judged' ? ratedShare(judgement.verdict.toxicity) : judgement.detail;
}
