import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { ches as chesOf } from './measures/ches.ts';
import { type PairData, pairSamples, promptOf } from './pair-items.ts';
import { PAIRS } from './pairs.ts';
import { stateProblem } from './state-vectors.ts';

const CHES = inStates(
  'ches',
  'CHES: higher, the more likely training on the pair displaces its chosen answer',
);

const METRICS: readonly MetricSpec[] = [
  CHES,
  inStates('ches_normalised', 'the same by means over positions: the lengths of the answers taken out'),
];

/** How much training on a pair is expected to make its own chosen answer less likely, before any training. */
export const ches: Task = {
  ...PAIRS,
  name: 'dynamics/ches',
  version: 2,
  question:
    'How alike are the hidden states of the two answers of a pair, so that training displaces the chosen one?',
  source: 'Razin et al. 2024, arXiv 2410.08847',
  needs: ['embed'],
  states: 'answer',
  roles: {},
  headline: CHES,
  metrics: METRICS,
  samples: (dataset) => pairSamples(dataset),
  ask: askPositions,
  read: readPositions,
};

/** In squares of the model's own hidden states: ranks within one checkpoint mean something, units do not. */
function inStates(key: string, label: string): MetricSpec {
  return {
    key,
    label,
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    unit: 'score',
    direction: 'neutral',
    binary: false,
    chance: null,
    counts: {},
    fold: 'mean',
  };
}

function askPositions(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const data = sample.data as PairData;
  const { chosen, rejected, delimiter } = data;
  return [chosen, rejected].map((answer) => ({
    verb: 'embed',
    role: 'checkpoint',
    prompt: promptOf(data),
    answer,
    delimiter,
  }));
}

function readPositions(_sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const [chosen = [], rejected = []] = answers.map((answer) =>
    answer.verb === 'embed' ? answer.vectors : [],
  );
  const problem = problemOf(chosen, rejected);
  const found = problem === null ? chesOf(chosen, rejected) : null;
  if (found === null)
    return { kind: 'unscored', reason: 'unparsed', detail: { unusable: problem ?? 'no vector' } };
  return {
    kind: 'scored',
    values: { ches: found.raw, ches_normalised: found.perToken },
    detail: { tokens: { chosen: chosen.length, rejected: rejected.length } },
  };
}

function problemOf(...sides: readonly (readonly (readonly number[])[])[]): string | null {
  const vectors = sides.flat();
  if (sides.some(({ length }) => length === 0)) return 'no vector';
  if (new Set(vectors.map(({ length }) => length)).size > 1) return 'vectors of several lengths';
  return vectors.map(stateProblem).find((problem) => problem !== null) ?? null;
}
