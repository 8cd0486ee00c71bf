import type { JsonObject } from '../core/json.ts';
import { dynamicsDefs } from './dynamics/dynamics.schema.ts';
import { effectDefs } from './effects/effect.schema.ts';
import { relationDefs } from './effects/relations/relations.schema.ts';
import { profileDefs } from './profile/profile-summary.schema.ts';
import {
  count,
  type Fields,
  flag,
  nullable,
  number,
  object,
  oneOf,
  orNull,
  probability,
  ref,
  refList,
  text,
} from './schema-fields.ts';
import { DIRECTIONS, INTERVALS, STATUSES, UNITS } from './schema-words.ts';
import { seriesDefs } from './series/series.schema.ts';
import type {
  Alarm,
  Cell,
  Families,
  Rates,
  RunFacts,
  Summary,
  SummaryCheckpoint,
  SummaryMetric,
  SummaryTask,
} from './summary.ts';

const REASONS = ['refused', 'empty', 'truncated', 'unparsed'] as const;

const run = {
  id: text('The run, which is also the name of its folder.'),
  status: oneOf(
    STATUSES,
    'finished: every sample was asked. interrupted: by a person. stopped: by a limit of the definition.',
  ),
  aligntrust: text('Version of aligntrust that read the outcomes.'),
  definitionDigest: text('SHA-256 of the benchmark definition.'),
  seed: { type: 'integer', description: 'Seed that everything random derives from.' },
  createdAt: text('When the run began, ISO 8601.'),
} satisfies Fields<RunFacts>;

const checkpoint = {
  id: text('Its name in the definition, unique.'),
  method: text('Alignment method, an open word: none, sft, ppo, dpo, …'),
  parent: orNull(
    'string',
    'The checkpoint that it was tuned from, or that a control copies; null for a root.',
  ),
  data: orNull('string', 'What it was tuned on.'),
  recipe: orNull('string', 'Whatever else tells two trainings apart; seed twins share it.'),
  step: orNull('number', 'Optimiser step within its training run; null at the end of a run.'),
  seed: orNull('integer', 'Training seed; checkpoints that differ in nothing else are seed twins.'),
  family: orNull('string', 'Base family.'),
  beta: { type: 'number', description: 'β of its training; absent where it is not known.' },
  control: { enum: ['copy', null], description: 'copy: the same weights under another name, asked anew.' },
  promptFormat: { enum: ['raw', 'chat'], description: 'How it was asked.' },
  identity: object(
    {
      digest: text('SHA-256 of who answered.'),
      facts: {
        type: 'object',
        description: 'What the digest is made of: adapter, engine, weights, template and so on.',
      },
    },
    'Who answered.',
  ),
} satisfies Fields<SummaryCheckpoint>;

const metric = {
  key: text('Name in every table and file.'),
  label: text('Name for people.'),
  unit: oneOf(UNITS, 'share: a proportion, printed as points out of 100.'),
  range: {
    type: 'array',
    prefixItems: [{ type: ['number', 'null'] }, { type: ['number', 'null'] }],
    items: false,
    minItems: 2,
    description: 'Smallest and largest possible value of a sample; null for an open end.',
  },
  direction: oneOf(DIRECTIONS, 'Which way is better.'),
  binary: flag('Every value is 0 or 1.'),
  counts: {
    type: 'object',
    properties: Object.fromEntries(
      REASONS.map((reason) => [reason, number(`What a ${reason} answer counts as.`)]),
    ),
    additionalProperties: false,
    description: 'Unscored reasons that count as a value; all others have none.',
  },
} satisfies Fields<SummaryMetric>;

const task = {
  task: text('Full name of the instrument: task@dataset:preset.'),
  dimension: text('The trust dimension that it measures.'),
  primary: flag('The headline task of its dimension: its effect is the dimension’s cell.'),
  equivalence: orNull(
    'number',
    'Largest difference of the headline metric that counts as equal; null without a margin.',
  ),
  version: count('Raised by every change that moves a number; only equal versions compare.'),
  question: text('What it asks, in one sentence.'),
  source: text('The publication behind it.'),
  headline: text('Key of the one metric that stands for it.'),
  samples: count('Samples that each checkpoint is asked.'),
  clusters: count('Independent units among them.'),
  cluster: text('What such a unit is: question, topic, template, …'),
  metrics: refList('metric', 'Its metrics, the headline among them.'),
  family: {
    enum: ['trust', 'profile', 'dynamics'],
    description:
      'profile: factors of preference; dynamics: what a series of checkpoints learned; of neither a way is better. Absent: trust.',
  },
} satisfies Fields<SummaryTask>;

const rates = {
  scored: probability('Share of samples with a score of their own.'),
  refused: probability('Share that the checkpoint refused to answer.'),
  empty: probability('Share answered by nothing.'),
  truncated: probability('Share cut off before an answer could be read.'),
  unparsed: probability('Share with an answer that could not be read.'),
  failed: probability('Share whose request failed for good.'),
  skipped: probability('Share not asked for want of a capability.'),
} satisfies Fields<Rates>;

const cell = {
  checkpoint: text('Id of the checkpoint.'),
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  value: orNull('number', 'In the metric’s own unit; null with a reason when nothing has a value.'),
  low: orNull('number', 'Lower end of the 95 % interval, within the metric’s range.'),
  high: orNull('number', 'Upper end of the 95 % interval, within the metric’s range.'),
  interval: nullable(
    oneOf(
      INTERVALS,
      'wilson: Wilson score, with clusters on the effective sample size. clustered-t: cluster-robust, Student t. jackknife-t: over whole clusters.',
    ),
  ),
  n: count('Samples with a value under the metric.'),
  clusters: count('Clusters among them.'),
  chance: orNull('number', 'What guessing reaches on these samples.'),
  valueScoredOnly: orNull('number', 'The value without the unscored reasons that the metric counts.'),
  rates: ref('rates', 'What became of the samples.'),
  reason: orNull('string', 'Why a number is missing.'),
} satisfies Fields<Cell>;

const family = (adjustment: string, what: string): JsonObject =>
  object(
    {
      adjustment: { const: adjustment, description: 'The method.' },
      tests: count('How many tests it holds.'),
    },
    what,
  );

const families = {
  alpha: probability('Level of every verdict, after correction.'),
  primary: family(
    'holm',
    'Headline tasks, under their headline metrics, in stages; those of seed twins included.',
  ),
  exploratory: family(
    'benjamini-hochberg',
    'Totals, methods against each other, further tasks and metrics, steps on the way.',
  ),
  profile: family('holm', 'Every factor of preference in stages; absent where none was tested.'),
  dynamics: family('holm', 'What pairs and behaviours measure, in stages; absent where none was tested.'),
} satisfies Fields<Families>;

const alarm = {
  kind: text('A stable word, for example chance-level.'),
  level: {
    enum: ['alarm', 'note'],
    description: 'note: as it should be, said for the record. Absent: an alarm.',
  },
  checkpoint: orNull('string', 'Id of the checkpoint concerned.'),
  task: orNull('string', 'Full name of the instrument concerned.'),
  message: text('What was seen, in one sentence.'),
} satisfies Fields<Alarm>;

const summary = {
  schemaVersion: { const: 1, description: 'Raised when a field changes its meaning or goes away.' },
  benchmark: text('Name of the benchmark.'),
  run: ref('run', 'The execution that was summarised.'),
  checkpoints: refList('checkpoint', 'In the order of the definition.'),
  tasks: refList('task', 'In the order of the definition.'),
  cells: refList('cell', 'One a checkpoint, instrument and metric.'),
  effects: refList('effect', 'One a comparison, instrument and metric.'),
  families: ref('families', 'Which effects were corrected together, and how.'),
  relations: ref('relations', 'What several seeds, families, tasks and stages say together.'),
  alarms: refList('alarm', 'What to know before believing the numbers; notes last.'),
  profile: ref(
    'profile',
    'Which factors pull whose preferences; absent where no task asked, and in what is published.',
  ),
  dynamics: ref(
    'dynamics',
    'What hidden states and answer odds say of behaviours; absent where nothing was asked, and in what is published.',
  ),
  series: refList(
    'series',
    'Tasks as curves over training steps; absent where no training run has two checkpoints with a step.',
  ),
} satisfies Fields<Summary>;

/** The published JSON Schema of summary.json and of `report --json`. */
export const summarySchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'aligntrust summary',
  ...object(summary, 'What a run found. A number that is missing is null and has a reason beside it.', [
    'profile',
    'series',
    'dynamics',
  ]),
  $defs: {
    ...effectDefs,
    ...relationDefs,
    ...profileDefs,
    ...dynamicsDefs,
    ...seriesDefs,
    run: object(run, 'One execution of a benchmark.'),
    checkpoint: object(checkpoint, 'A set of weights under test.', ['beta']),
    metric: object(metric, 'Outcomes to value.'),
    task: object(task, 'An instrument.', ['family']),
    rates: object(rates, 'Shares of all samples asked; they sum to 1, or are all 0 when nothing was asked.'),
    cell: object(cell, 'One checkpoint under one metric of one instrument.'),
    families: object(families, 'Corrections for many tests.', ['profile', 'dynamics']),
    alarm: object(alarm, 'Something to know before believing a number.', ['level']),
  },
};
