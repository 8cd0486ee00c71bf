import type { JsonObject } from '../core/json.ts';
import { dynamicsDefs } from './dynamics/dynamics.schema.ts';
import { profileDefs } from './profile/profile-summary.schema.ts';
import { seriesDefs } from './series/series.schema.ts';
import type {
  Agreement,
  Alarm,
  Cell,
  Decomposition,
  Effect,
  EffectFamily,
  EffectKind,
  EffectTest,
  Families,
  IntervalKind,
  JudgeCorrection,
  MethodEffect,
  NoiseFloor,
  PooledEffect,
  Rates,
  ReadingAgreement,
  Relations,
  RunFacts,
  Summary,
  SummaryCheckpoint,
  SummaryMetric,
  SummaryTask,
  TradeOff,
  Verdict,
} from './summary.ts';

/**
 * Each object below has exactly the fields of its TypeScript type: `satisfies Record<keyof T, …>` makes the compiler
 * refuse a field that is missing here or that the type does not have.
 */
type Fields<T> = Record<keyof T, JsonObject>;

const text = (description: string): JsonObject => ({ type: 'string', description });
const count = (description: string): JsonObject => ({ type: 'integer', minimum: 0, description });
const number = (description: string): JsonObject => ({ type: 'number', description });
const flag = (description: string): JsonObject => ({ type: 'boolean', description });
const orNull = (type: string, description: string): JsonObject => ({ type: [type, 'null'], description });
const probability = (description: string): JsonObject => ({
  type: 'number',
  minimum: 0,
  maximum: 1,
  description,
});
const oneOf = (words: Readonly<Record<string, true>>, description: string): JsonObject => ({
  enum: Object.keys(words),
  description,
});
const listOf = (name: string, description: string): JsonObject => ({
  type: 'array',
  items: { $ref: `#/$defs/${name}` },
  description,
});
const ref = (name: string, description: string): JsonObject => ({ $ref: `#/$defs/${name}`, description });

function object(
  fields: Readonly<Record<string, JsonObject>>,
  description: string,
  optional: readonly string[] = [],
): JsonObject {
  return {
    type: 'object',
    description,
    properties: fields,
    required: Object.keys(fields).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

function nullable(schema: JsonObject): JsonObject {
  const { description, ...rest } = schema;
  return { anyOf: [rest, { type: 'null' }], description: description ?? '' };
}

const DIRECTIONS = {
  'higher-is-better': true,
  'lower-is-better': true,
  neutral: true,
} as const satisfies Record<Effect['direction'], true>;
const UNITS = { share: true, nats: true, score: true } as const satisfies Record<SummaryMetric['unit'], true>;
const KINDS = { stage: true, total: true, method: true, control: true } satisfies Record<EffectKind, true>;
const EFFECT_FAMILIES = {
  primary: true,
  profile: true,
  dynamics: true,
  exploratory: true,
  none: true,
} satisfies Record<EffectFamily, true>;
const TESTS = {
  'cluster-sign-flip-exact': true,
  'cluster-sign-flip-sampled': true,
  'mcnemar-exact': true,
  'confidence-sequence': true,
} satisfies Record<EffectTest, true>;
const VERDICTS = {
  improved: true,
  worsened: true,
  raised: true,
  lowered: true,
  'no detectable change': true,
  'not comparable': true,
} satisfies Record<Verdict, true>;
const INTERVALS = { wilson: true, 'clustered-t': true, 'jackknife-t': true } satisfies Record<
  IntervalKind,
  true
>;
const STATUSES = { finished: true, interrupted: true, stopped: true } satisfies Record<
  RunFacts['status'],
  true
>;
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
  metrics: listOf('metric', 'Its metrics, the headline among them.'),
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

const effect = {
  kind: oneOf(
    KINDS,
    'stage: parent to child. total: root to descendant. method: two children of one parent. control: a copy against its original.',
  ),
  dimension: text('The trust dimension.'),
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  direction: oneOf(DIRECTIONS, 'Which sign of delta is better.'),
  method: text('Alignment method of `to`.'),
  from: text('Id of the checkpoint before, or of the first method.'),
  to: text('Id of the checkpoint after, or of the second method.'),
  delta: orNull(
    'number',
    'Value of `to` minus value of `from` over the shared samples, in the metric’s own unit.',
  ),
  low: orNull('number', 'Lower end of the pointwise 95 % interval of delta.'),
  high: orNull('number', 'Upper end of the pointwise 95 % interval of delta.'),
  error: orNull('number', 'Standard error of delta over clusters. Absent in summaries of older programs.'),
  designEffect: orNull(
    'number',
    'Variance of delta over clusters divided by that of as many independent samples; null for what is no mean of samples and without spread. Absent in summaries of older programs.',
  ),
  p: nullable(probability('Two-sided p of the test; null when the sides are not comparable.')),
  test: nullable(oneOf(TESTS, 'How p was computed.')),
  family: oneOf(EFFECT_FAMILIES, 'Which tests it was corrected with.'),
  pAdjusted: nullable(
    probability('p after correction over its family; null for controls and where p is null.'),
  ),
  verdict: oneOf(
    VERDICTS,
    'By the adjusted p at the level of `families`; “no detectable change” never claims equality.',
  ),
  reason: orNull('string', 'Why it is not comparable, or why a number is missing.'),
  n: count('Samples with a value on both sides.'),
  clusters: count('Clusters among them.'),
  droppedFrom: count('Samples asked on both sides that have no value on the `from` side.'),
  droppedTo: count('Samples asked on both sides that have no value on the `to` side.'),
  gained: count('Samples that got better.'),
  lost: count('Samples that got worse.'),
  detectable: orNull(
    'number',
    'Smallest true |delta| found with 80 % power at the first step of its family’s correction.',
  ),
  main: flag('Shown in the overview: the main training seed and the end of its training.'),
  seeds: count('Training seeds of `to` in this benchmark, itself included.'),
  seedSpread: orNull('number', 'Largest difference between the values of seed twins; null without twins.'),
  effectSpread: orNull(
    'number',
    'Largest difference between this effect and the same effect of other training seeds.',
  ),
  withinSeedNoise: orNull('boolean', '|delta| is no larger than seedSpread.'),
  simultaneous: nullable(
    ref('bounds', 'Simultaneous 95 % interval over the primary family; null outside it.'),
  ),
  missingBounds: nullable(
    ref('bounds', 'Bounds of delta when samples without a value take the worst or the best one.'),
  ),
  missingDiffers: flag('More samples lack a value on one side than chance explains.'),
  equivalence: nullable(ref('equivalence', 'Two one-sided tests against a margin; null without one.')),
  confounds: { type: 'array', items: { type: 'string' }, description: 'Differences allowed by name.' },
  judge: nullable(ref('judgeCorrection', 'Corrected for the errors of the judge; null without labels.')),
} satisfies Fields<Effect>;

const bounds = { low: number('Lower end.'), high: number('Upper end.') };

const equivalence = {
  margin: number('Largest |delta| that counts as equal, in the metric’s own unit.'),
  p: probability('The larger p of the two one-sided tests.'),
  equivalent: flag('p is at most the level of `families`.'),
} satisfies Fields<NonNullable<Effect['equivalence']>>;

const judgeCorrection = {
  estimator: oneOf(
    { difference: true, 'rogan-gladen': true },
    'difference: prediction-powered, from labels of this run. rogan-gladen: a sensitivity line.',
  ),
  labels: count('Human labels behind it.'),
  delta: orNull('number', 'Corrected difference.'),
  low: orNull('number', 'Lower end of its 95 % interval.'),
  high: orNull('number', 'Upper end of its 95 % interval.'),
  note: text('Why it is refused, or on whose labels it rests.'),
} satisfies Fields<JudgeCorrection>;

const methodEffect = {
  kind: oneOf(
    { stage: true, total: true, method: true },
    'stage: parent to child. total: base to child, over the seeds of its last stage. method: two children of one parent, over the seeds that both have.',
  ),
  dimension: text('The trust dimension.'),
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  method: text('Alignment method.'),
  from: text('Main checkpoint before.'),
  to: text('Main checkpoint after.'),
  seeds: {
    type: 'array',
    items: object(
      {
        seed: { type: 'integer', description: 'Training seed.' },
        from: text('Checkpoint before.'),
        to: text('Checkpoint after.'),
        delta: number('Its effect.'),
      },
      'One training seed.',
    ),
    description: 'The effect of each training seed.',
  },
  mean: number('Mean over seeds.'),
  low: orNull('number', 'Lower end of the 95 % interval.'),
  high: orNull('number', 'Upper end of the 95 % interval.'),
  p: nullable(probability('Two-sided.')),
  family: oneOf(EFFECT_FAMILIES, 'primary: headline tasks in stages. exploratory: everything else.'),
  pAdjusted: nullable(
    probability(
      'Corrected together with the effects of single runs: Holm for primary, Benjamini-Hochberg for exploratory.',
    ),
  ),
  n: count('Samples with a value on both sides of every seed.'),
  clusters: count('Clusters among them.'),
  seedVariance: number('Variance between training seeds.'),
  itemVariance: number('Variance of the mean from the items that all seeds share.'),
  degreesOfFreedom: orNull(
    'number',
    'Satterthwaite’s, for description: interval and p give each error its own t.',
  ),
  simultaneous: nullable(
    ref('bounds', 'Simultaneous 95 % interval over the primary effects of methods; null outside them.'),
  ),
  detectable: orNull(
    'number',
    'Smallest true |mean| found with 80 % power at the first step of its correction, were the variances as estimated.',
  ),
  equivalence: nullable(ref('equivalence', 'Two one-sided tests against a margin; null without one.')),
  confounds: { type: 'array', items: { type: 'string' }, description: 'Differences allowed by name.' },
  verdict: oneOf(VERDICTS, 'By the adjusted p.'),
  reason: orNull('string', 'Why there is no verdict.'),
} satisfies Fields<MethodEffect>;

const pooledEffect = {
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  method: text('Alignment method.'),
  families: {
    type: 'array',
    items: object(
      {
        family: text('Base family.'),
        from: text('Checkpoint before.'),
        to: text('Checkpoint after.'),
        delta: number('Its effect.'),
        error: orNull('number', 'Its standard error.'),
      },
      'One base family.',
    ),
    description: 'One effect a family.',
  },
  mean: orNull('number', 'Random-effects mean.'),
  low: orNull('number', 'Lower end of its 95 % interval (Hartung-Knapp, floored at 1).'),
  high: orNull('number', 'Upper end.'),
  predictionLow: orNull('number', 'Lower end of the 95 % prediction interval.'),
  predictionHigh: orNull('number', 'Upper end.'),
  tau2: orNull('number', 'Between-family variance (Paule-Mandel).'),
  reason: orNull('string', 'Why it was not pooled.'),
} satisfies Fields<PooledEffect>;

const agreement = {
  from: text('Checkpoint before.'),
  to: text('Checkpoint after.'),
  dimension: text('The trust dimension.'),
  tasks: count('Tasks of the dimension with an effect.'),
  sameSign: count('Those that moved in the direction of the headline task, itself included.'),
} satisfies Fields<Agreement>;

const readingAgreement = {
  over: oneOf({ judges: true, prompts: true }, 'What the readings differ in.'),
  kind: oneOf(KINDS, 'What is compared.'),
  from: text('Checkpoint before, of the first reading.'),
  to: text('Checkpoint after, of the first reading.'),
  dimension: text('The trust dimension.'),
  task: text('Full name of the first instrument.'),
  metric: text('Key of the headline metric.'),
  readings: {
    type: 'array',
    items: object(
      {
        task: text('Full name of the instrument: it ends in +ID of its judge.'),
        from: text('Checkpoint before.'),
        to: text('Checkpoint after.'),
        delta: orNull('number', 'The effect; null where it could not be compared.'),
      },
      'One reading.',
    ),
    description: 'In the order of the definition.',
  },
  compared: count('Readings with an effect.'),
  sameSign: count('Those on the side of the first of them, itself included; a count, never a test.'),
} satisfies Fields<ReadingAgreement>;

const tradeOff = {
  from: text('Checkpoint before.'),
  to: text('Checkpoint after.'),
  improved: { type: 'array', items: { type: 'string' }, description: 'Dimensions that improved.' },
  worsened: { type: 'array', items: { type: 'string' }, description: 'Dimensions that worsened.' },
} satisfies Fields<TradeOff>;

const part = object(
  {
    from: text('Checkpoint before.'),
    to: text('Checkpoint after.'),
    delta: number('Its effect on the shared samples.'),
    low: orNull('number', 'Lower end of the 95 % interval.'),
    high: orNull('number', 'Upper end.'),
  },
  'One stage.',
);

const decomposition = {
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  path: { type: 'array', items: { type: 'string' }, description: 'Checkpoints from root to descendant.' },
  parts: { type: 'array', items: part, description: 'The stages; they sum to the total.' },
  total: object(
    {
      delta: number('From root to descendant.'),
      low: orNull('number', 'Lower end of the 95 % interval.'),
      high: orNull('number', 'Upper end.'),
    },
    'All stages together.',
  ),
  n: count('Samples with a value at every checkpoint of the path.'),
} satisfies Fields<Decomposition>;

const noiseFloor = {
  checkpoint: text('Id of the checkpoint.'),
  task: text('Full name of the instrument.'),
  n: count('Samples that were asked twice.'),
  flipped: count('Those whose value differed the second time.'),
} satisfies Fields<NoiseFloor>;

const relations = {
  methods: listOf('methodEffect', 'Over training seeds.'),
  pooled: listOf('pooledEffect', 'Over base families.'),
  agreements: listOf('agreement', 'Over the tasks of a dimension.'),
  readings: listOf(
    'readingAgreement',
    'Over the judges of the same answers, and over prompts; absent without several.',
  ),
  tradeOffs: listOf('tradeOff', 'Over dimensions.'),
  decompositions: listOf('decomposition', 'Over stages.'),
  noise: listOf('noiseFloor', 'A checkpoint against itself.'),
} satisfies Fields<Relations>;

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
  checkpoints: listOf('checkpoint', 'In the order of the definition.'),
  tasks: listOf('task', 'In the order of the definition.'),
  cells: listOf('cell', 'One a checkpoint, instrument and metric.'),
  effects: listOf('effect', 'One a comparison, instrument and metric.'),
  families: ref('families', 'Which effects were corrected together, and how.'),
  relations: ref('relations', 'What several seeds, families, tasks and stages say together.'),
  alarms: listOf('alarm', 'What to know before believing the numbers; notes last.'),
  profile: ref(
    'profile',
    'Which factors pull whose preferences; absent where no task asked, and in what is published.',
  ),
  dynamics: ref(
    'dynamics',
    'What hidden states and answer odds say of behaviours; absent where nothing was asked, and in what is published.',
  ),
  series: listOf(
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
    ...profileDefs,
    ...dynamicsDefs,
    ...seriesDefs,
    run: object(run, 'One execution of a benchmark.'),
    checkpoint: object(checkpoint, 'A set of weights under test.', ['beta']),
    metric: object(metric, 'Outcomes to value.'),
    task: object(task, 'An instrument.', ['family']),
    rates: object(rates, 'Shares of all samples asked; they sum to 1, or are all 0 when nothing was asked.'),
    cell: object(cell, 'One checkpoint under one metric of one instrument.'),
    effect: object(effect, 'A paired difference between two checkpoints on the same samples.', [
      'error',
      'designEffect',
    ]),
    bounds: object(bounds, 'An interval.'),
    equivalence: object(equivalence, 'Equality within a margin.'),
    judgeCorrection: object(judgeCorrection, 'An effect after the errors of a judge.'),
    methodEffect: object(methodEffect, 'The effect of a method over its training seeds.'),
    pooledEffect: object(pooledEffect, 'A method over base families.'),
    agreement: object(agreement, 'How many tasks of a dimension agree; a count, never a test.'),
    tradeOff: object(tradeOff, 'One dimension improved while another worsened.'),
    decomposition: object(decomposition, 'A total as the sum of its stages.'),
    noiseFloor: object(noiseFloor, 'How often the same checkpoint flips against itself.'),
    readingAgreement: object(readingAgreement, 'On which side an effect lies in each reading.'),
    relations: object(relations, 'What no single effect can say.', ['readings']),
    families: object(families, 'Corrections for many tests.', ['profile', 'dynamics']),
    alarm: object(alarm, 'Something to know before believing a number.', ['level']),
  },
};
