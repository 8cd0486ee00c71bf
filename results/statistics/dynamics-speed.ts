/** One quantity of one behaviour along a series, in the order of training. */
export interface LearningCurve {
  /** Training steps, strictly rising: real step numbers, which may be uneven, never an index. */
  readonly steps: ArrayLike<number>;
  /** The value at each step; higher is more learned. */
  readonly values: ArrayLike<number>;
}

/**
 * Rise from the first step to the second, per training step. Higher: learned faster. Null with fewer than two steps.
 *
 * @throws RangeError for unequal lengths, a number that is not finite, or steps that repeat or run backwards.
 */
export function initialSlope(curve: LearningCurve): number | null {
  requireCurve(curve);
  if (curve.steps.length < 2) return null;
  return (at(curve.values, 1) - at(curve.values, 0)) / (at(curve.steps, 1) - at(curve.steps, 0));
}

/**
 * Area under the curve by trapezia over the length of the series: the mean height, in the unit of the values. It holds the
 * level of the start: of the values less the first one, higher is learned faster; of the values themselves, learned faster
 * or higher from the start. Null with fewer than two steps. Errors as `initialSlope`.
 */
export function normalisedArea(curve: LearningCurve): number | null {
  requireCurve(curve);
  const { steps, values } = curve;
  if (steps.length < 2) return null;
  let area = 0;
  for (let i = 1; i < steps.length; i++) {
    area += ((at(steps, i) - at(steps, i - 1)) * (at(values, i) + at(values, i - 1))) / 2;
  }
  return area / (at(steps, steps.length - 1) - at(steps, 0));
}

/**
 * Where a curve first reached a threshold: `at-start` it was there before training, which says nothing of speed
 * (left-censored); `never` is right-censored at the last step.
 */
export type Crossing =
  | { readonly kind: 'crossed'; readonly step: number }
  | { readonly kind: 'at-start'; readonly step: number }
  | { readonly kind: 'never'; readonly lastStep: number };

/**
 * The first step at which the values reach the threshold, linear between steps. An earlier step is faster. Null without
 * a step. Errors as `initialSlope`.
 */
export function firstCrossing(curve: LearningCurve, threshold: number): Crossing | null {
  requireCurve(curve);
  if (!Number.isFinite(threshold)) throw new RangeError(`the threshold is ${threshold}`);
  const { steps, values } = curve;
  if (steps.length === 0) return null;
  if (at(values, 0) >= threshold) return { kind: 'at-start', step: at(steps, 0) };
  for (let i = 1; i < steps.length; i++) {
    const [before, after] = [at(values, i - 1), at(values, i)];
    if (after < threshold) continue;
    const share = (threshold - before) / (after - before);
    return { kind: 'crossed', step: at(steps, i - 1) + share * (at(steps, i) - at(steps, i - 1)) };
  }
  return { kind: 'never', lastStep: at(steps, steps.length - 1) };
}

/**
 * Crossings as speeds for ranks: higher is faster, those that never crossed are kept and share the last place. The
 * numbers mean nothing but their order.
 */
export function crossingSpeeds(crossings: readonly Crossing[]): number[] {
  const last = crossings.reduce(
    (found, crossing) => Math.max(found, crossing.kind === 'never' ? crossing.lastStep : crossing.step),
    Number.NEGATIVE_INFINITY,
  );
  const slowest = -(2 * Math.abs(last) + 1);
  return crossings.map((crossing) => (crossing.kind === 'never' ? slowest : -crossing.step));
}

function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] as number;
}

function requireCurve({ steps, values }: LearningCurve): void {
  if (steps.length !== values.length) {
    throw new RangeError(`a curve of ${steps.length} steps and ${values.length} values`);
  }
  for (let i = 0; i < steps.length; i++) {
    if (!Number.isFinite(steps[i]) || !Number.isFinite(values[i])) {
      throw new RangeError(`the value at step ${steps[i]} is ${values[i]}`);
    }
    if (i > 0 && at(steps, i) <= at(steps, i - 1)) {
      throw new RangeError(`step ${at(steps, i)} follows step ${at(steps, i - 1)}`);
    }
  }
}
