import { midRanks } from './correlation.ts';

/** Values of the two classes of one behaviour: where Yes is preferred, and where No is. */
export interface TwoClasses {
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}

export interface Separation {
  /** Mean of the positive class less the mean of the negative one. */
  readonly gap: number;
  /** Standard deviation within the classes, pooled with n − 1; null with fewer than three values. */
  readonly pooledSd: number | null;
  /** d′ = gap / pooled sd; null without spread. Higher: further apart. */
  readonly dPrime: number | null;
  /** Probability that a positive value lies above a negative one, ties a half; .5 is chance. */
  readonly auc: number;
  /** Share of values on their side of 0, a value of exactly 0 a half. Depends on a constant shift, unlike the others. */
  readonly accuracy: number;
  readonly nPositive: number;
  readonly nNegative: number;
}

/**
 * How well one number tells two classes apart: of log-odds gaps z it is the grey-box separability, a view along one
 * direction of the distance of hidden states (|mean gap| ≤ ‖w_Yes − w_No‖ D, after Im & Li 2024, arXiv 2403.18742, §1).
 *
 * @returns null where a class is missing.
 * @throws RangeError for a value that is not finite.
 */
export function separation(classes: TwoClasses): Separation | null {
  const { positive, negative } = classes;
  if (![...positive, ...negative].every(Number.isFinite)) throw new RangeError('a value is no finite number');
  const [up, down, auc] = [meanOf(positive), meanOf(negative), areaUnderCurve(classes)];
  if (up === null || down === null || auc === null) return null;
  const gap = up - down;
  const pooledSd = pooledDeviation(positive, up, negative, down);
  const right = positive.reduce((sum, value) => sum + sideOf(value), 0);
  const wrong = negative.reduce((sum, value) => sum + sideOf(value), 0);
  return {
    gap,
    pooledSd,
    dPrime: pooledSd === null || pooledSd === 0 ? null : gap / pooledSd,
    auc,
    accuracy: (right + negative.length - wrong) / (positive.length + negative.length),
    nPositive: positive.length,
    nNegative: negative.length,
  };
}

/** Area under the ROC curve (Mann & Whitney 1947 over n₊ n₋), ties a half, in n log n; null where a class is missing. */
export function areaUnderCurve({ positive, negative }: TwoClasses): number | null {
  if (positive.length === 0 || negative.length === 0) return null;
  const ranks = midRanks([...positive, ...negative]);
  let sum = 0;
  for (let place = 0; place < positive.length; place++) sum += ranks[place] as number;
  return (sum - (positive.length * (positive.length + 1)) / 2) / (positive.length * negative.length);
}

function sideOf(value: number): number {
  if (value === 0) return 0.5;
  return value > 0 ? 1 : 0;
}

function pooledDeviation(
  positive: readonly number[],
  up: number,
  negative: readonly number[],
  down: number,
): number | null {
  const degrees = positive.length + negative.length - 2;
  if (degrees < 1) return null;
  const squares = (values: readonly number[], mean: number): number =>
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt((squares(positive, up) + squares(negative, down)) / degrees);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
