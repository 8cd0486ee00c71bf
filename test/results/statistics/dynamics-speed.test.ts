import { describe, expect, it } from '@jest/globals';
import { type SpeedRelation, speedRelation } from '../../../results/statistics/dynamics-relation.ts';
import {
  type Crossing,
  crossingSpeeds,
  firstCrossing,
  initialSlope,
  type LearningCurve,
  normalisedArea,
} from '../../../results/statistics/dynamics-speed.ts';
import { golden } from '../../suites/dynamics/points.ts';

/** Worked example of the formulas: accuracy of four behaviours. */
const steps = [0, 10, 20, 40, 80];
const curves: LearningCurve[] = [
  [0.5, 0.8, 0.9, 0.95, 1],
  [0.5, 0.6, 0.75, 0.9, 0.95],
  [0.5, 0.55, 0.6, 0.7, 0.8],
  [0.5, 0.65, 0.7, 0.8, 0.9],
].map((values) => ({ steps, values }));
const distances = [6, 4, 1.5, 2];
const numbers = (values: readonly (number | null)[]): number[] => values.map((value) => value ?? Number.NaN);
const round = (values: readonly number[], digits: number): number[] =>
  values.map((value) => Number(value.toFixed(digits)));
const slopes = numbers(curves.map(initialSlope));
const areas = numbers(curves.map(normalisedArea));
const crossings = curves.map((curve) => firstCrossing(curve, 0.75)) as Crossing[];
const related = (speeds: readonly number[]): SpeedRelation => {
  const found = speedRelation(distances, speeds);
  if (found.rho === null) throw new Error(found.reason);
  return found;
};

describe('learning speed of four behaviours worked by hand', () => {
  it('initial slopes', () => {
    expect(round(slopes, 12)).toEqual([0.03, 0.01, 0.005, 0.015]);
  });

  it('normalised areas', () => {
    expect(round(areas, 12)).toEqual([0.90625, 0.821875, 0.675, 0.76875]);
  });

  it('first crossings of .75', () => {
    const found = crossings.map((crossing) => (crossing.kind === 'crossed' ? crossing.step : Number.NaN));
    expect(round(found, 4)).toEqual([8.3333, 20, 60, 30]);
  });

  it('rank relation with distinguishability, exact p', () => {
    expect(related(slopes)).toMatchObject({ exact: true, n: 4, smallestP: 2 / 24 });
    const { rho, tau, oneSidedP, twoSidedP } = related(slopes);
    expect(rho).toBeCloseTo(0.8, 12);
    expect(tau).toBeCloseTo(0.6667, 4);
    expect(oneSidedP).toBe(4 / 24);
    expect(twoSidedP).toBe(8 / 24);
    expect(related(areas).rho).toBe(1);
    expect(related(crossingSpeeds(crossings)).rho).toBe(1);
    expect(related(areas).twoSidedP).toBe(2 / 24);
  });

  it('a tie in the slopes', () => {
    expect(related([0.03, 0.01, 0.01, 0.015]).rho).toBeCloseTo(0.632456, 6);
  });

  it('five behaviours can reach significance, four cannot', () => {
    const found = speedRelation([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]);
    expect(found).toMatchObject({ twoSidedP: 2 / 120, smallestP: 2 / 120 });
  });
});

describe('crossings', () => {
  const curve = (values: readonly number[]): LearningCurve => ({
    steps: values.map((_, i) => 10 * i),
    values,
  });

  it('a curve there before training, one that never gets there, one exactly there at a step', () => {
    expect(firstCrossing(curve([0.9, 0.5]), 0.75)).toEqual({ kind: 'at-start', step: 0 });
    expect(firstCrossing(curve([0.5, 0.6]), 0.75)).toEqual({ kind: 'never', lastStep: 10 });
    expect(firstCrossing(curve([0.5, 0.75, 0.6]), 0.75)).toEqual({ kind: 'crossed', step: 10 });
  });

  it('the censored are kept and tied at the worst rank, behind one that crossed at the very end', () => {
    const speeds = crossingSpeeds([
      { kind: 'crossed', step: 80 },
      { kind: 'never', lastStep: 80 },
      { kind: 'at-start', step: 0 },
      { kind: 'never', lastStep: 80 },
    ]);
    const [late = 0, never = 0, start = 0, other = 0] = speeds;
    expect(never).toBe(other);
    expect(never).toBeLessThan(late);
    expect(late).toBeLessThan(start);
    expect(crossingSpeeds([])).toEqual([]);
  });

  it('a step is worth its length, not its place', () => {
    const uneven = { steps: [0, 1, 100], values: [0, 1, 1] };
    expect(normalisedArea(uneven)).toBeCloseTo(0.995, 12);
    expect(normalisedArea({ ...uneven, steps: [0, 50, 100] })).toBe(0.75);
  });
});

describe('edges of curves', () => {
  it('too short a curve gives null', () => {
    const [none, one] = [
      { steps: [], values: [] },
      { steps: [5], values: [0.5] },
    ];
    for (const measure of [initialSlope, normalisedArea]) {
      expect(measure(none)).toBeNull();
      expect(measure(one)).toBeNull();
    }
    expect(firstCrossing(none, 1)).toBeNull();
    expect(firstCrossing(one, 0.5)).toEqual({ kind: 'at-start', step: 5 });
  });

  it('steps that repeat or run backwards, NaN and unequal lengths are refused', () => {
    for (const bad of [
      { steps: [0, 0], values: [1, 2] },
      { steps: [1, 0], values: [1, 2] },
      { steps: [0, Number.NaN], values: [1, 2] },
      { steps: [0, 1], values: [1, Number.NaN] },
      { steps: [0, 1], values: [1] },
    ]) {
      expect(() => initialSlope(bad)).toThrow(RangeError);
      expect(() => normalisedArea(bad)).toThrow(RangeError);
      expect(() => firstCrossing(bad, 1)).toThrow(RangeError);
    }
    expect(() => firstCrossing({ steps, values: steps }, Number.NaN)).toThrow('threshold');
  });
});

describe('rank relation', () => {
  it.each(golden.relations)('of $xs and $ys as an independent implementation has it', (values) => {
    const found = speedRelation(values.xs, values.ys);
    expect(found).toMatchObject({ exact: values.xs.length <= 9 });
    if (found.rho === null) throw new Error(found.reason);
    expect(found.rho).toBeCloseTo(values.rho, 12);
    expect(found.tau).toBeCloseTo(values.tau, 12);
    expect(found.oneSidedP).toBeCloseTo(values.oneSidedP, 10);
    expect(found.twoSidedP).toBeCloseTo(values.twoSidedP, 10);
  });

  it('is not computed for fewer than four or a constant side', () => {
    expect(speedRelation([1, 2, 3], [1, 2, 3])).toEqual({ rho: null, reason: 'too-few', n: 3 });
    expect(speedRelation([], [])).toEqual({ rho: null, reason: 'too-few', n: 0 });
    expect(speedRelation([1, 2, 3, 4], [5, 5, 5, 5])).toEqual({ rho: null, reason: 'constant', n: 4 });
  });

  it('nine behaviours are still counted', () => {
    const order = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(speedRelation(order, order)).toMatchObject({ exact: true, oneSidedP: 1 / 362_880 });
  });

  it('refuses NaN and unequal lengths', () => {
    expect(() => speedRelation([1, 2, 3, Number.NaN], [1, 2, 3, 4])).toThrow(RangeError);
    expect(() => speedRelation([1, 2, 3, 4], [1, 2, 3, Number.NEGATIVE_INFINITY])).toThrow(RangeError);
    expect(() => speedRelation([1], [1, 2])).toThrow('speeds');
  });
});
