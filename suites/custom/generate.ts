import type { Completion } from '../../adapters/model.ts';
import type { JsonObject } from '../../core/json.ts';
import { isRefusal } from '../scorers/refusal.ts';
import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task, UnscoredReason } from '../task.ts';
import { type AskedItem, customSamples, promptOf } from './items.ts';
import { generateRow } from './rows.schema.ts';
import { contains, equals } from './text-match.ts';

const DEFAULT_MAX_TOKENS = 64;

const SHARE = {
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: true,
  chance: null,
  counts: {},
  fold: 'mean',
} as const satisfies Partial<MetricSpec>;

const METRICS: readonly MetricSpec[] = [
  { ...SHARE, key: 'correct', label: 'expected answer given, by the rule of the row' },
  { ...SHARE, key: 'exact', label: 'answer is an expected one' },
  { ...SHARE, key: 'contains', label: 'answer contains an expected one' },
];

/** A user's own questions with expected answers, answered in greedy text. */
export const customGenerate: Task = {
  name: 'custom/generate',
  dimension: 'custom',
  version: 2,
  question: 'Does the checkpoint write the answer that you expect?',
  source: 'your own data',
  needs: ['generate'],
  roles: {},
  datasets: [],
  ownRows: generateRow,
  presets: ['robust'],
  cluster: 'cluster of the row',
  headline: METRICS[0] as MetricSpec,
  metrics: METRICS,
  labels: {
    question: 'Does the answer give what was asked for?',
    labels: { right: 'it does', wrong: 'it does not' },
    scorer: null,
    valuesOf: (label) => ({ correct: Number(label === 'right') }),
  },
  samples: (dataset) => customSamples(dataset, readRow),
  ask: askInWords,
  read: readWords,
};

type Expectation = {
  readonly expected: readonly string[];
  readonly match: 'contains' | 'exact';
  readonly maxTokens: number;
};

function readRow(row: JsonObject): Expectation {
  return {
    expected: [row['expected'] ?? ''].flat().map(String),
    match: row['match'] === 'exact' ? 'exact' : 'contains',
    maxTokens: Number(row['maxTokens'] ?? DEFAULT_MAX_TOKENS),
  };
}

function askInWords(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const data = sample.data as AskedItem & Expectation;
  const decoding = { maxTokens: data.maxTokens, temperature: 0, stop: data.stop };
  return [{ verb: 'generate', role: 'checkpoint', prompt: promptOf(data), decoding }];
}

/** A match counts whatever else the answer says; only an answer without one can be refused, empty or truncated. */
function readWords(sample: Sample, [answer]: readonly Answer[]): ReadOutcome {
  const { expected, match } = sample.data as AskedItem & Expectation;
  if (answer?.verb !== 'generate') return { kind: 'unscored', reason: 'unparsed', detail: 'no text' };
  const { text } = answer.completion;
  const exact = expected.some((one) => equals(text, one));
  const found = expected.some((one) => contains(text, one));
  const isRight = match === 'exact' ? exact : found;
  const reason = isRight ? undefined : reasonOf(answer.completion);
  if (reason !== undefined) return { kind: 'unscored', reason };
  return {
    kind: 'scored',
    values: { correct: Number(isRight), exact: Number(exact), contains: Number(found) },
  };
}

function reasonOf({ text, finish }: Completion): UnscoredReason | undefined {
  if (finish === 'filter') return 'refused';
  if (text.trim() === '') return finish === 'length' ? 'truncated' : 'empty';
  if (isRefusal(text)) return 'refused';
  return finish === 'length' ? 'truncated' : undefined;
}
