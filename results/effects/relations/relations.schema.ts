import {
  count,
  type Fields,
  nullable,
  number,
  object,
  oneOf,
  orNull,
  probability,
  ref,
  refList,
  text,
} from '../../schema-fields.ts';
import { EFFECT_FAMILIES, KINDS, VERDICTS } from '../../schema-words.ts';
import type {
  Agreement,
  Decomposition,
  MethodEffect,
  NoiseFloor,
  PooledEffect,
  ReadingAgreement,
  Relations,
  TradeOff,
} from '../../summary.ts';

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
  methods: refList('methodEffect', 'Over training seeds.'),
  pooled: refList('pooledEffect', 'Over base families.'),
  agreements: refList('agreement', 'Over the tasks of a dimension.'),
  readings: refList(
    'readingAgreement',
    'Over the judges of the same answers, and over prompts; absent without several.',
  ),
  tradeOffs: refList('tradeOff', 'Over dimensions.'),
  decompositions: refList('decomposition', 'Over stages.'),
  noise: refList('noiseFloor', 'A checkpoint against itself.'),
} satisfies Fields<Relations>;

/** Definitions that the schema of a summary refers to. */
export const relationDefs = {
  methodEffect: object(methodEffect, 'The effect of a method over its training seeds.'),
  pooledEffect: object(pooledEffect, 'A method over base families.'),
  agreement: object(agreement, 'How many tasks of a dimension agree; a count, never a test.'),
  tradeOff: object(tradeOff, 'One dimension improved while another worsened.'),
  decomposition: object(decomposition, 'A total as the sum of its stages.'),
  noiseFloor: object(noiseFloor, 'How often the same checkpoint flips against itself.'),
  readingAgreement: object(readingAgreement, 'On which side an effect lies in each reading.'),
  relations: object(relations, 'What no single effect can say.', ['readings']),
};
