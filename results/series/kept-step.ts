import type { MetricSpec } from '../../suites/task.ts';
import { intervalOf } from '../cells.ts';
import type { EffectInput } from '../effects/effects.ts';
import { foldOf } from '../outcomes/folds.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { valuesUnder } from '../outcomes/values.ts';
import type { Interval } from '../statistics/proportion.ts';
import { differenceInterval } from './bands.ts';
import type { SeriesMembers } from './grouping.ts';
import { type Halves, halvesOf } from './halves.ts';
import type { KeepConstraint, KeptStep, SeriesPoint } from './series-summary.ts';

/**
 * The step that a user would keep: the latest one at which every constraint holds on the choosing half of each task's
 * clusters, with what the other half says of it. The start can be kept too: then no later step meets the constraints.
 *
 * @param isFixedSize false for a run that was stopped by what it saw: no intervals then.
 */
export function keptStepOf(
  { points }: SeriesMembers,
  inputs: readonly EffectInput[],
  constraints: readonly KeepConstraint[],
  seed: number,
  isFixedSize = true,
): KeptStep {
  const measures = constraints.map((constraint) => measureOf(constraint, inputs, points, seed));
  const isAllowed = ({ checkpoint }: SeriesPoint): boolean =>
    measures.every((measure) => measure.on('choosing', checkpoint).holds);
  const allowed = points.filter(isAllowed);
  const kept = allowed.at(-1) ?? null;
  const checks = measures.flatMap((measure): KeptStep['checks'] => {
    if (kept === null) return [];
    const heldOut = measure.on('heldOut', kept.checkpoint);
    const bounds = isFixedSize ? measure.interval(kept.checkpoint) : null;
    return [
      {
        chosenOn: measure.on('choosing', kept.checkpoint),
        heldOut: { ...heldOut, low: bounds?.low ?? null, high: bounds?.high ?? null },
      },
    ];
  });
  return {
    constraints,
    step: kept?.step ?? null,
    checkpoint: kept?.checkpoint ?? null,
    checks,
    allowed: allowed.map(({ step }) => step),
    seed,
    reason: kept === null ? whyNone(measures, points) : isFixedSize ? null : SEQUENTIAL,
  };
}

/** Of a series that is not compared at all. */
export function nothingKept(constraints: readonly KeepConstraint[], seed: number, reason: string): KeptStep {
  return { constraints, step: null, checkpoint: null, checks: [], allowed: [], seed, reason };
}

type Check = KeptStep['checks'][number]['chosenOn'];

/** One constraint, measured on either half. */
interface Measure {
  readonly constraint: KeepConstraint;
  on(half: keyof Halves, checkpoint: string): Check;
  /** 95 % interval on the other half: of the value, or of the change where the constraint speaks of that. */
  interval(checkpoint: string): Interval | null;
}

function measureOf(
  constraint: KeepConstraint,
  inputs: readonly EffectInput[],
  points: readonly SeriesPoint[],
  seed: number,
): Measure {
  const input = inputs.find(({ task }) => task.task === constraint.task);
  const spec = input?.specs.find(({ key }) => key === constraint.metric);
  if (input === undefined || spec === undefined) {
    // Where a task could not be asked of anyone, nothing holds.
    return { constraint, on: () => UNKNOWN, interval: () => null };
  }
  const { table } = input;
  const halves = halvesOf(table, spec, seed);
  const start = valuesAt(table, spec, points[0]?.checkpoint);
  const isOfChange = speaksOfChange(constraint);
  return {
    constraint,
    on(half, checkpoint) {
      const own = valuesAt(table, spec, checkpoint);
      const value = foldOf(table, own, known(halves[half], own), spec);
      const shared = known(halves[half], own, start);
      const [before, after] = [foldOf(table, start, shared, spec), foldOf(table, own, shared, spec)];
      const change = before === null || after === null ? null : after - before;
      return { value, change, holds: holds(constraint, isOfChange ? change : value) };
    },
    interval(checkpoint) {
      const own = valuesAt(table, spec, checkpoint);
      if (isOfChange) {
        const units = known(halves.heldOut, own, start);
        return checkpoint === points[0]?.checkpoint || units.length === 0
          ? null
          : differenceInterval({ table, spec, units, start }, own);
      }
      const units = known(halves.heldOut, own);
      const { bounds } = intervalOf(table, own, units, spec, foldOf(table, own, units, spec));
      const [least, most] = spec.range;
      return bounds === null ? null : { low: Math.max(least, bounds.low), high: Math.min(most, bounds.high) };
    },
  };
}

function speaksOfChange({ rule }: KeepConstraint): boolean {
  return rule === 'fall-at-most' || rule === 'rise-at-most';
}

function holds({ rule, bound }: KeepConstraint, measured: number | null): boolean {
  if (measured === null) return false;
  return {
    'at-least': measured >= bound - ROUNDING,
    'at-most': measured <= bound + ROUNDING,
    'fall-at-most': -measured <= bound + ROUNDING,
    'rise-at-most': measured <= bound + ROUNDING,
  }[rule];
}

/** By unit; NaN everywhere for a checkpoint that was asked nothing. */
function valuesAt(table: InstrumentTable, spec: MetricSpec, checkpoint: string | undefined): Float64Array {
  const column = checkpoint === undefined ? undefined : table.columns.get(checkpoint);
  return column === undefined
    ? new Float64Array(table.units).fill(Number.NaN)
    : valuesUnder(table, column, spec);
}

/** Those of the units that have a value on every side. */
function known(units: Uint32Array, ...sides: readonly Float64Array[]): Uint32Array {
  return units.filter((unit) => sides.every((side) => !Number.isNaN(side[unit])));
}

function whyNone(measures: readonly Measure[], points: readonly SeriesPoint[]): string {
  const never = measures.find(
    (measure) => !points.some(({ checkpoint }) => measure.on('choosing', checkpoint).holds),
  );
  if (never === undefined) return 'every constraint holds at some step, and no step meets all of them';
  const { task, metric, rule, bound } = never.constraint;
  const asked = points.filter(({ checkpoint }) => never.on('choosing', checkpoint).value !== null);
  const steps = asked.length === points.length ? 'step' : `step of the ${asked.length} that have a value`;
  return asked.length > 0
    ? `no ${steps} has ${metric} of ${task} ${RULE_WORDS[rule]} ${bound}`
    : `${metric} of ${task} has no value on the clusters that choose`;
}

const RULE_WORDS = {
  'at-least': 'at least',
  'at-most': 'at most',
  'fall-at-most': 'fallen by at most',
  'rise-at-most': 'risen by at most',
} as const satisfies Record<KeepConstraint['rule'], string>;
const UNKNOWN: Check = { value: null, change: null, holds: false };
/** A share of 6 in 10 is .6, whatever its last bits are. */
const ROUNDING = 1e-12;
const SEQUENTIAL =
  'no intervals: the run was stopped by what it saw, and they are for a number of samples that was fixed beforehand';
