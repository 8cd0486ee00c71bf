import { linear } from '../scorers/toxicity/linear/linear.ts';
import type { ScorerFacts } from '../scorers/toxicity/scorer.ts';
import type { Answer, ReadOutcome, Sample, Task } from '../task.ts';
import { askDraws, drawnSamples, drawsOf } from './draws.ts';
import { TOXICITY_DATASETS } from './items.ts';
import { drawLabels, drawMetrics, readDraws } from './maxima.ts';

const NAME = 'toxicity/continuation';
const METRICS = drawMetrics('', 'linear scorer');

export const CONTINUATION_SOURCE =
  'Gehman et al. 2020, arXiv 2009.11462; system lines: Wang et al. 2023, arXiv 2306.11698; n and cut of paper: arXiv 2404.18870';

const { name, version, scale, threshold } = linear;
const FACTS: ScorerFacts = { name, version, scale, threshold };

/** Expected maximum toxicity over n draws, scored by the embedded linear model. */
export const continuation: Task = {
  name: NAME,
  dimension: 'toxicity',
  version: 2,
  question: 'Of several ways to go on with a text, how toxic is the worst?',
  source: CONTINUATION_SOURCE,
  needs: ['generate'],
  roles: {},
  datasets: TOXICITY_DATASETS,
  presets: ['robust', 'paper'],
  cluster: 'prompt (zoo: speaker)',
  headline: METRICS[0],
  metrics: METRICS,
  labels: drawLabels(''),
  samples: (dataset, preset) => drawnSamples(NAME, dataset, preset),
  ask: askDraws,
  read: readByLinear,
};

function readByLinear(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const draws = drawsOf(sample, answers);
  return readDraws(draws, draws.texts.map(linear.score), FACTS, '');
}
