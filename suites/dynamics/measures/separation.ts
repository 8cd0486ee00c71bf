/** Values of the two classes of one behaviour: where Yes is preferred, and where No is. */
export interface TwoClasses {
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}

/** Area under the ROC curve (Mann & Whitney 1947 over n₊ n₋), ties a half, in n log n; null where a class is missing. */
export function areaUnderCurve({ positive, negative }: TwoClasses): number | null {
  if (positive.length === 0 || negative.length === 0) return null;
  const below = Float64Array.from(negative).sort();
  const wins = positive.reduce(
    (sum, value) => sum + (countBelow(below, value) + countUpTo(below, value)) / 2,
    0,
  );
  return wins / (positive.length * negative.length);
}

function countBelow(sorted: Float64Array, value: number): number {
  return firstIndex(sorted, (one) => one >= value);
}

function countUpTo(sorted: Float64Array, value: number): number {
  return firstIndex(sorted, (one) => one > value);
}

/** The first index at which a condition that stays true once it is true holds. */
function firstIndex(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
