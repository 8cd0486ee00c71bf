import type { MetricSpec } from '../../suites/task.ts';
import { tooFew } from '../cells.ts';
import { errorOf, type Influence, influenceOf } from '../effects/influence.ts';
import { studentInterval, withinRange } from '../effects/intervals.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { isBinary } from '../outcomes/values.ts';
import { MINIMUM_CLUSTERS } from '../settings.ts';
import { clusteredPairsInterval } from '../statistics/clustered-pairs.ts';
import { correlationsOf, levelOfMultiplier, type MaxT } from '../statistics/max-t.ts';
import type { Interval } from '../statistics/proportion.ts';

/** Some samples with their values at the start of a series and at each of its later steps. */
export interface SharedValues {
  readonly table: InstrumentTable;
  readonly spec: MetricSpec;
  /** Units with a value at every point. */
  readonly units: Uint32Array;
  /** By unit of the whole table. */
  readonly start: Float64Array;
  readonly later: readonly Float64Array[];
}

export interface Bands {
  /** One a later step, in their order; null where a step has none. */
  readonly intervals: readonly (Interval | null)[];
  /** What standard errors are multiplied by; null where no band could be drawn. */
  readonly criticalValue: number | null;
  readonly reason: string | null;
}

/**
 * Intervals for the differences of all later steps to the start that hold together with 95 % confidence. The multiplier
 * is the quantile of max |t| over the steps, with the correlation that the clusters show; each step's interval is the one
 * that its effect would have, at the level of that multiplier: Tango's on effective pairs for values of 0 and 1, Student's t
 * for everything else. A step that no cluster moves has no standard error and cannot be the largest: it takes no part in
 * the multiplier, and has an interval only where values are 0 or 1.
 */
export function bandsOf(shared: SharedValues, maxT: MaxT): Bands {
  const { table, units, later } = shared;
  const clusters = new Set(Array.from(units, (unit) => table.clusters[unit])).size;
  if (clusters < MINIMUM_CLUSTERS) return without(later.length, tooFew(clusters));
  const steps = later.map((to) => stepOf(shared, to));
  const moving = steps.filter((step) => step !== null && step.error !== null) as Step[];
  if (moving.length === 0) {
    const reason = steps.some((step) => step !== null) ? NOTHING_MOVES : UNDEFINED;
    return without(later.length, reason);
  }
  const criticalValue = maxT.quantile(
    correlationsOf(moving.map(({ influence }) => influence.byCluster)),
    clusters - 1,
  );
  const level = levelOfMultiplier(criticalValue, clusters - 1);
  const intervals = later.map((to, index) => intervalOf(shared, to, steps[index] ?? null, level));
  return { intervals, criticalValue, reason: null };
}

interface Step {
  readonly influence: Influence;
  readonly error: number | null;
}

function stepOf({ table, spec, units, start }: SharedValues, to: Float64Array): Step | null {
  const influence = influenceOf(table, spec, units, start, to);
  return influence === null ? null : { influence, error: errorOf(influence) };
}

/** The interval that an effect between two points would have at this level; null without spread. */
function intervalOf(
  { table, spec, units, start }: SharedValues,
  to: Float64Array,
  step: Step | null,
  level: number,
): Interval | null {
  if (spec.fold === 'mean' && isBinary(spec)) {
    const differences = Float64Array.from(units, (unit) => (to[unit] as number) - (start[unit] as number));
    const owners = Uint32Array.from(units, (unit) => table.clusters[unit] as number);
    const found = clusteredPairsInterval(differences, owners, 1 - level);
    return found === null ? null : withinRange(found, spec);
  }
  if (step === null || step.error === null) return null;
  const { influence, error } = step;
  return withinRange(studentInterval(influence.delta, error, influence.byCluster.length - 1, level), spec);
}

/** The interval of one difference by itself, at 95 % unless said otherwise; null where it has none. */
export function differenceInterval(
  shared: Omit<SharedValues, 'later'>,
  to: Float64Array,
  level = 0.05,
): Interval | null {
  const { table, units } = shared;
  if (new Set(Array.from(units, (unit) => table.clusters[unit])).size < MINIMUM_CLUSTERS) return null;
  const whole = { ...shared, later: [to] };
  return intervalOf(whole, to, stepOf(whole, to), level);
}

function without(steps: number, reason: string): Bands {
  return { intervals: Array.from({ length: steps }, () => null), criticalValue: null, reason };
}

const NOTHING_MOVES = 'no cluster moves the value at any step';
const UNDEFINED = 'the metric is not defined on the shared samples, or not without one of their clusters';
