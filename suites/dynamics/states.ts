import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { packedState, stateProblem } from './state-vectors.ts';
import { promptOf, STATEMENTS, type StatementData } from './statements.ts';

const NORM: MetricSpec = {
  key: 'norm',
  label: 'length of the last hidden state; 1 throughout means that the server scaled it',
  range: [0, Number.POSITIVE_INFINITY],
  unit: 'score',
  direction: 'neutral',
  binary: false,
  chance: null,
  counts: {},
  fold: 'mean',
};

/**
 * The last hidden state of every statement of a behaviour. What it is for lies in the details of its outcomes: how far
 * the statements that Yes matches stand from those that No matches (`Summary.dynamics`).
 */
export const states: Task = {
  ...STATEMENTS,
  name: 'dynamics/states',
  version: 2,
  question:
    'Where in the space of its last hidden states does the checkpoint put the statements of a behaviour?',
  source: 'after Im & Li 2024, arXiv 2403.18742; statements of Perez et al. 2022, arXiv 2212.09251',
  needs: ['embed'],
  states: 'prompt',
  headline: NORM,
  metrics: [NORM],
  ask: askState,
  read: readState,
};

function askState(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const { raw, chat } = promptOf(sample.data as StatementData);
  // Spaces at the end belong to the answer, as in `score`.
  return [{ verb: 'embed', role: 'checkpoint', prompt: { raw: raw.replace(/ +$/, ''), chat } }];
}

function readState(sample: Sample, [answer]: readonly Answer[]): ReadOutcome {
  const vectors = answer?.verb === 'embed' ? answer.vectors : [];
  const [vector] = vectors;
  const { matching } = sample.data as StatementData;
  const problem = vector === undefined || vectors.length > 1 ? 'no vector' : stateProblem(vector);
  if (vector === undefined || problem !== null)
    return { kind: 'unscored', reason: 'unparsed', detail: { unusable: problem ?? 'no vector', matching } };
  return {
    kind: 'scored',
    values: { norm: Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) },
    detail: { vector: packedState(vector), width: vector.length, matching },
  };
}
