import type { JsonObject } from '../../core/json.ts';
import {
  count,
  type Fields,
  flag,
  listOf,
  nullable,
  numberOrNull,
  object,
  ref,
  text,
  textOrNull,
  words,
} from '../schema-fields.ts';
import { summarySchema } from '../summary.schema.ts';
import type { StageAgain } from './again.ts';
import type { ComparedCheckpoint, ComparedRun, ComparedTask, RunComparison } from './comparison.ts';
import type { Twin } from './counterparts.ts';
import type { NotJoined } from './join.ts';
import type { StageChange } from './values.ts';

const shared = summarySchema['$defs'] as Readonly<Record<string, JsonObject>>;

function fieldsOf(name: string): Readonly<Record<string, JsonObject>> {
  return (shared[name]?.['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
}

const LABELS = listOf({ type: 'string' }, '');

const run = {
  label: text('A, B, … in the order in which the runs were named.'),
  id: text('The run, which is also the name of its folder.'),
  benchmark: text('Name of the benchmark.'),
  status: words(['finished', 'interrupted', 'stopped'], 'Anything but finished is incomplete.'),
  createdAt: text('When the run began, ISO 8601.'),
  seed: { type: 'integer', description: 'Seed that everything random derives from.' },
  aligntrust: text('Version of aligntrust that the run was made with.'),
  checkpoints: count('How many the run has.'),
  problem: textOrNull('Why its outcomes could not be read; it has no values here then.'),
} satisfies Fields<ComparedRun>;

const twin = {
  name: text('The checkpoint with the label of its run.'),
  proven: flag('Whether the digests of the weights are known and equal.'),
} satisfies Fields<Twin>;

const checkpoint = {
  name: text('Label of the run and id, unique: A/dpo.'),
  run: text('Label of the run.'),
  id: text('Its name in the definition of that run.'),
  method: text('Alignment method, an open word: none, sft, ppo, dpo, …'),
  parent: textOrNull('Id of the checkpoint of the same run that it was tuned from.'),
  seed: { type: ['integer', 'null'], description: 'Training seed.' },
  step: numberOrNull('Optimiser step within its training run; null at the end of a run.'),
  sameAs: nullable(object(twin, 'The same checkpoint in an earlier run.')),
  against: nullable(
    object(
      {
        name: text('The checkpoint with the label of its run.'),
        sameWeights: flag('A repeat of the same weights; its effects are no tests.'),
      },
      'The checkpoint of another run that it is held against.',
    ),
  ),
} satisfies Fields<ComparedCheckpoint>;

/** A task of a summary and, beside it, which runs asked it. */
const task = object(
  {
    ...(fieldsOf('task') as Omit<Fields<ComparedTask>, 'runs' | 'sizes' | 'paired' | 'shared'>),
    runs: { ...LABELS, description: 'Labels of the runs that asked it.' },
    sizes: listOf({ type: 'integer', minimum: 0 }, 'Samples that each of `runs` asked, in that order.'),
    paired: {
      ...LABELS,
      description: 'Labels of the runs of which the samples of one are among those of the other.',
    },
    shared: nullable(count('Samples that all of `paired` asked, on which they are paired.')),
  } satisfies Fields<ComparedTask>,
  'An instrument.',
);
const asked = {
  ...task,
  required: [
    ...((shared['task']?.['required'] ?? []) as readonly string[]),
    'runs',
    'sizes',
    'paired',
    'shared',
  ],
};

const stage = {
  from: text('The parent, with the label of its run.'),
  to: text('The child, with the label of its run.'),
  method: text('Alignment method of the child.'),
  dimension: text('Trust dimension.'),
  task: text('Full name of the instrument.'),
  metric: text('Key of the headline metric.'),
  direction: fieldsOf('effect')['direction'] ?? {},
  delta: numberOrNull("Child minus parent in the metric's own unit."),
  low: numberOrNull('Lower end of the pointwise 95 % interval.'),
  high: numberOrNull('Upper end.'),
  n: count('Samples with a value on both sides.'),
  reason: textOrNull('Why a number is missing, or what limits it.'),
} satisfies Fields<StageChange>;

const notJoined = {
  instrument: text('Full name.'),
  why: text('What differs, in words.'),
  conflict: flag(
    'Several runs asked the task in ways that do not fit together; false: one run alone asked it.',
  ),
  fix: textOrNull('What would make them fit; null where there is nothing to mend.'),
} satisfies Fields<NotJoined>;

const sameStage = {
  from: text('The parent, with the label of its run.'),
  to: text('The child, with the label of its run.'),
  delta: numberOrNull("Child minus parent in the metric's own unit."),
} satisfies Fields<StageAgain['first']>;

const again = {
  first: object(sameStage, 'The stage of an earlier run.'),
  again: object(sameStage, 'The same stage of a later run.'),
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  sameSign: {
    type: ['boolean', 'null'],
    description: 'Whether both effects lie on one side of 0; null where one is missing or one alone is 0.',
  },
  overlap: {
    type: ['boolean', 'null'],
    description: 'Whether the pointwise 95 % intervals overlap; null where one is missing.',
  },
  sameWeights: flag('The child has the same weights in both runs, so that no training was repeated.'),
  sharedSamples: flag('Both asked the same samples, or one some of those of the other: no new samples.'),
} satisfies Fields<StageAgain>;

const comparison = {
  schemaVersion: { const: 1, description: 'Raised when a field changes its meaning or goes away.' },
  runs: listOf(object(run, 'A run.'), 'In the order named.'),
  tasks: listOf(asked, 'Those that at least two runs asked in the same way.'),
  shown: listOf(
    object({ task: text('Full name of the instrument.'), metric: text('Key of the metric.') }, 'A column.'),
    'Columns of the tables: the headline of every instrument of trust; of factors those that moved anywhere.',
  ),
  checkpoints: listOf(object(checkpoint, 'A checkpoint of one run.'), 'Of all runs.'),
  cells: listOf(
    ref('cell', 'A value; `checkpoint` is the name with the label of the run.'),
    'Every checkpoint under every metric of the joined instruments.',
  ),
  stages: listOf(
    object(stage, 'A stage within one run, as its own report has it.'),
    'Headline metrics and every factor.',
  ),
  effects: listOf(
    ref('effect', '`to` minus `from`, checkpoints of different runs on the same samples.'),
    'Headline metrics and every factor.',
  ),
  again: listOf(
    object(again, 'A stage of two runs.'),
    'Whether stage effects agree between runs: a description, no test.',
  ),
  families: nullable(ref('families', 'Which effects were corrected together; null where there are none.')),
  notJoined: listOf(object(notJoined, 'An instrument.'), 'What stands in no table, and why.'),
} satisfies Fields<RunComparison>;

const { cell, rates, effect, bounds, equivalence, judgeCorrection, metric, families } = shared as Readonly<
  Record<
    'cell' | 'rates' | 'effect' | 'bounds' | 'equivalence' | 'judgeCorrection' | 'metric' | 'families',
    JsonObject
  >
>;

/** The published JSON Schema (2020-12) of `compare --json`. */
export const comparisonSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'aligntrust comparison of runs',
  ...object(
    comparison,
    'Several runs in one table. A number that is missing is null and has a reason beside it.',
  ),
  $defs: { cell, rates, effect, bounds, equivalence, judgeCorrection, metric, families },
};
