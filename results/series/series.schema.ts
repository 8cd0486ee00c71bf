import type { JsonObject } from '../../core/json.ts';
import {
  count,
  type Fields,
  flag,
  listOf,
  nullable,
  number,
  numberOrNull,
  object,
  ref,
  text,
  textOrNull,
  words,
} from '../schema-fields.ts';
import type { Verdict } from '../summary.ts';
import type {
  CurvePoint,
  CurveSpeed,
  KeepConstraint,
  KeptStep,
  Series,
  SeriesCurve,
  SeriesFront,
  SeriesPoint,
} from './series-summary.ts';

/** What a series can say of its first step: a step without a change is none. */
const CHANGES = {
  improved: true,
  worsened: true,
  raised: true,
  lowered: true,
} satisfies Partial<Record<Verdict, true>>;

const point = {
  checkpoint: text('Id of the checkpoint.'),
  step: number('Optimiser step; 0 of the parent.'),
} satisfies Fields<SeriesPoint>;

const curvePoint = {
  step: number('Optimiser step.'),
  value: numberOrNull("The checkpoint's own cell: all its samples."),
  delta: numberOrNull('Paired difference to the start, over the samples that every point with a value has.'),
  low: numberOrNull(
    'Lower end of the simultaneous 95 % band of delta; null at the start and without a band.',
  ),
  high: numberOrNull('Upper end.'),
  gained: count('Samples that got better since the point before; raised for neutral metrics.'),
  lost: count('Samples that got worse; lowered for neutral metrics.'),
} satisfies Fields<CurvePoint>;

const speed = {
  initialSlope: numberOrNull('Change a step over the first interval.'),
  area: numberOrNull('Mean height of delta over real steps (trapezia).'),
} satisfies Fields<CurveSpeed>;

const curve = {
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  points: listOf(ref('curvePoint', 'One step.'), "In the order of the series' points."),
  firstStep: nullable(
    object(
      {
        step: number('Optimiser step.'),
        verdict: words(Object.keys(CHANGES), 'Which way.'),
      },
      'The first step whose band excludes 0; null where none does.',
    ),
  ),
  clusters: count('Clusters that have a value at every point.'),
  n: count('Samples likewise.'),
  criticalValue: numberOrNull('95 % quantile of max |t| over the steps; null without a band.'),
  speed: nullable(ref('curveSpeed', 'How fast it changed; null where that is not defined.')),
  reason: textOrNull('Why there is no band.'),
} satisfies Fields<SeriesCurve>;

const front = {
  against: object(
    { task: text('Full name of the instrument.'), metric: text('Key of the metric.') },
    'What is on the horizontal axis: helpfulness, or reward.',
  ),
  task: text('Full name of the instrument on the vertical axis.'),
  metric: text('Key of its metric.'),
  points: listOf(
    object(
      {
        ...point,
        x: number('Value on the horizontal axis.'),
        y: number('Value on the vertical axis.'),
        efficient: flag('No other point is at least as good in both and better in one.'),
      },
      'One step.',
    ),
    'Steps with both values.',
  ),
} satisfies Fields<SeriesFront>;

const constraint = {
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric.'),
  rule: words(
    ['at-least', 'at-most', 'fall-at-most', 'rise-at-most'],
    'Of the value, or of the change since the start.',
  ),
  bound: number("In the metric's own unit."),
} satisfies Fields<KeepConstraint>;

const check = {
  value: numberOrNull('Value at the step.'),
  change: numberOrNull('Paired difference to the start.'),
  holds: flag('Whether the constraint holds.'),
} satisfies Fields<KeptStep['checks'][number]['chosenOn']>;

const kept = {
  constraints: listOf(ref('keepConstraint', 'One constraint.'), 'What the user asks of the step.'),
  step: numberOrNull(
    'The latest step at which every constraint holds on the choosing half; null where none does.',
  ),
  checkpoint: textOrNull('Its checkpoint.'),
  checks: listOf(
    object(
      {
        chosenOn: object(check, 'On the half of the clusters that chose.'),
        heldOut: object(
          {
            ...check,
            low: numberOrNull(
              'Lower end of the 95 % interval of what the constraint speaks of: value or change.',
            ),
            high: numberOrNull('Upper end.'),
          },
          'On the other half.',
        ),
      },
      'One constraint at the step that was chosen.',
    ),
    'In the order of the constraints.',
  ),
  allowed: listOf(number('Optimiser step.'), 'Steps that satisfy all constraints on the choosing half.'),
  seed: { type: 'integer', description: 'Seed of the split.' },
  reason: textOrNull('Why no step was chosen, or why there is no interval.'),
} satisfies Fields<KeptStep>;

const series = {
  name: text('Id of its last checkpoint.'),
  method: text('Alignment method.'),
  parent: textOrNull('The checkpoint that it was tuned from.'),
  data: textOrNull('What it was tuned on.'),
  recipe: textOrNull('Whatever else tells two trainings apart.'),
  seed: { type: ['integer', 'null'], description: 'Training seed.' },
  points: listOf(ref('seriesPoint', 'One checkpoint.'), 'Ascending by step.'),
  start: words(
    ['parent', 'first-step'],
    'Whether the first point is the parent, or the first step that was saved.',
  ),
  refused: textOrNull('Why the members are not compared; curves and fronts are then empty.'),
  curves: listOf(ref('seriesCurve', 'One metric of one instrument.'), 'The headline metric of a task first.'),
  fronts: listOf(ref('seriesFront', 'What was gained against what it cost.'), 'One a headline of trust.'),
  kept: nullable(
    ref('keptStep', 'The step that the constraints keep; null where the definition states none.'),
  ),
} satisfies Fields<Series>;

/** What `Summary.series` refers to. */
export const seriesDefs: JsonObject = {
  series: object(series, 'The checkpoints of one training run in the order of their steps.'),
  seriesPoint: object(point, 'One checkpoint of a series.'),
  seriesCurve: object(curve, 'A metric over training steps.'),
  curvePoint: object(curvePoint, 'A metric at one step.'),
  curveSpeed: object(speed, 'How fast a curve changed.'),
  seriesFront: object(front, 'Values of two headlines at every step.'),
  keepConstraint: object(constraint, 'What a step must satisfy to be kept.'),
  keptStep: object(kept, 'Chosen on one half of the clusters and reported on the other.'),
};
