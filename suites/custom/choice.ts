import type { JsonObject, JsonValue } from '../../core/json.ts';
import { areUsable, argmax, correctMass, type LengthRule, normalised } from '../scorers/multiple-choice.ts';
import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { type AskedItem, customSamples, promptOf, scalarText, unusable } from './items.ts';
import { choiceRow } from './rows.schema.ts';

const RULES: readonly { readonly key: string; readonly rule: LengthRule; readonly label: string }[] = [
  { key: 'accuracy', rule: 'sum', label: 'right option most likely' },
  { key: 'accuracy_per_token', rule: 'token', label: 'right option most likely per token' },
  { key: 'accuracy_per_byte', rule: 'byte', label: 'right option most likely per byte' },
];

const SHARE = {
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  chance: 'per-sample',
  counts: {},
  fold: 'mean',
} as const satisfies Partial<MetricSpec>;

const METRICS: readonly MetricSpec[] = [
  ...RULES.map(({ key, label }): MetricSpec => ({ ...SHARE, key, label, binary: true })),
  { ...SHARE, key: 'answer_mass', label: 'probability of the right option among all', binary: false },
];

/** A user's own multiple choice, from the log-probability of every option. A tie at the top is not correct. */
export const customChoice: Task = {
  name: 'custom/choice',
  dimension: 'custom',
  version: 2,
  question: 'Does the checkpoint find the right one of your options the most likely?',
  source: 'your own data',
  needs: ['score'],
  roles: {},
  datasets: [],
  ownRows: choiceRow,
  presets: ['robust'],
  cluster: 'cluster of the row',
  headline: METRICS[0] as MetricSpec,
  metrics: METRICS,
  samples: (dataset) => customSamples(dataset, readRow),
  ask: askChoice,
  read: readChoice,
};

type Choice = { readonly options: readonly string[]; readonly answer: number };

function readRow(row: JsonObject, where: string): Choice {
  const options = optionsOf(row['options']).map((option) => option.trim());
  if (options.length < 2) throw unusable(where, 'options', 'has fewer than two options');
  if (options.some((option) => option === '')) throw unusable(where, 'options', 'has an empty option');
  if (new Set(options).size < options.length) throw unusable(where, 'options', 'lists an option twice');
  return { options, answer: answerOf(row['answer'], options, where) };
}

/** A list or, as tables have it, one cell: `one | other`, or a JSON list. */
function optionsOf(value: JsonValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  const cell = scalarText(value).trim();
  const listed = cell.startsWith('[') ? listIn(cell) : undefined;
  return listed ?? cell.split('|');
}

function listIn(cell: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) ? value.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function answerOf(value: JsonValue | undefined, options: readonly string[], where: string): number {
  if (typeof value === 'number') {
    if (value < options.length) return value;
    throw unusable(where, 'answer', `is ${value}, and there are ${options.length} options, counted from 0`);
  }
  const text = scalarText(value).trim();
  const place = options.indexOf(text);
  if (place !== -1) return place;
  throw unusable(where, 'answer', `${JSON.stringify(text.slice(0, 60))} is none of the options`);
}

function askChoice(sample: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const data = sample.data as AskedItem & Choice;
  const { options: continuations, delimiter } = data;
  return [{ verb: 'score', role: 'checkpoint', prompt: promptOf(data), continuations, delimiter }];
}

function readChoice(sample: Sample, [answer]: readonly Answer[]): ReadOutcome {
  const { options, answer: right } = sample.data as AskedItem & Choice;
  if (answer?.verb !== 'score' || !areUsable(answer.scores, options.length)) {
    return { kind: 'unscored', reason: 'unparsed', detail: 'not one finite log-probability for each option' };
  }
  const { scores } = answer;
  const picks = RULES.map(({ rule }) => argmax(scores.map((score) => normalised(score, rule))));
  const logprobs = scores.map(({ logprob }) => logprob);
  const wrong = logprobs.filter((_, index) => index !== right);
  const values: Record<string, number> = {
    ...Object.fromEntries(RULES.map(({ key }, index) => [key, Number(picks[index] === right)])),
    answer_mass: correctMass(logprobs.slice(right, right + 1), wrong),
  };
  for (const { key } of METRICS) values[`${key}_chance`] = 1 / options.length;
  const [pick] = picks;
  return {
    kind: 'scored',
    values,
    detail: { picked: typeof pick === 'number' ? (options[pick] ?? null) : null },
  };
}
