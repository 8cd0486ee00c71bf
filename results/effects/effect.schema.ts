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
  text,
} from '../schema-fields.ts';
import { DIRECTIONS, EFFECT_FAMILIES, KINDS, TESTS, VERDICTS } from '../schema-words.ts';
import type { Effect, JudgeCorrection } from '../summary.ts';

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

/** Definitions that the schema of a summary refers to. */
export const effectDefs = {
  effect: object(effect, 'A paired difference between two checkpoints on the same samples.', [
    'error',
    'designEffect',
  ]),
  bounds: object(bounds, 'An interval.'),
  equivalence: object(equivalence, 'Equality within a margin.'),
  judgeCorrection: object(judgeCorrection, 'An effect after the errors of a judge.'),
};
