import { centred, dot, meanState, minus, requireStates, type State, type StateClasses } from './states.ts';
import { scatterOf } from './states-scatter.ts';

export interface MahalanobisDistance {
  /** d′ = √(δᵀ S⁻¹ δ), S the pooled covariance (n − 2), shrunk where it is singular. In-sample: optimistic. */
  readonly dPrime: number;
  /** Weight of the scaled identity in the shrunk covariance, 0 to 1; 0 where S was used as it is. */
  readonly shrinkage: number;
}

/**
 * Distance of the two classes in units of their spread. Where the covariance is singular (more dimensions than degrees
 * of freedom, or states that lie in a plane) it is shrunk towards a multiple of the identity by the weight of Ledoit &
 * Wolf 2004 (Journal of Multivariate Analysis 88:365-411).
 *
 * @returns null where a class is missing, with fewer than three states, or without any spread.
 * @throws RangeError for states of unequal width or with a number that is not finite.
 */
export function mahalanobisDistance({ positive, negative }: StateClasses): MahalanobisDistance | null {
  requireStates([...positive, ...negative]);
  const degrees = positive.length + negative.length - 2;
  if (positive.length === 0 || negative.length === 0 || degrees < 1) return null;
  const rows = [...centred(positive), ...centred(negative)];
  const delta = minus(meanState(positive), meanState(negative));
  const total = rows.reduce((sum, row) => sum + dot(row, row), 0);
  if (total === 0) return null;
  const square = delta.length <= degrees ? plainSquare(rows, delta, degrees) : null;
  if (square !== null) return { dPrime: Math.sqrt(square), shrinkage: 0 };
  return shrunkDistance(rows, delta, degrees, total);
}

/** δᵀ S⁻¹ δ; null where S is singular. */
function plainSquare(rows: readonly State[], delta: State, degrees: number): number | null {
  const scatter = scatterOf(rows, delta.length);
  const square = inverseForm(scatter, delta);
  return square === null ? null : square * degrees;
}

/** The same with (1 − w) S + w (tr S / d) I, in the dual form (Woodbury), whose matrix has a row per state. */
function shrunkDistance(
  rows: readonly State[],
  delta: State,
  degrees: number,
  total: number,
): MahalanobisDistance | null {
  const gram = rows.map((row, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => dot(row, rows[j] as State)),
  );
  const shrinkage = ledoitWolfWeight(gram, delta.length, total);
  const ridge = (shrinkage * total) / (degrees * delta.length);
  if (ridge === 0) return null;
  const scale = (1 - shrinkage) / degrees;
  const square = dot(delta, delta);
  if (scale === 0) return { dPrime: Math.sqrt(square / ridge), shrinkage };
  const inner = gram.map((row, i) => row.map((value, j) => scale * value + (i === j ? ridge : 0)));
  const along = rows.map((row) => dot(row, delta));
  const taken = inverseForm(inner, along);
  if (taken === null) return null;
  return { dPrime: Math.sqrt(Math.max(0, square - scale * taken) / ridge), shrinkage };
}

/** Ledoit & Wolf's weight from the lower triangle of the rows' products: error of the covariance over its distance from the target. */
function ledoitWolfWeight(gram: readonly Float64Array[], width: number, total: number): number {
  const n = gram.length;
  let [squares, fourth] = [0, 0];
  for (const [i, row] of gram.entries()) {
    for (let j = 0; j < i; j++) squares += 2 * (row[j] as number) ** 2;
    squares += (row[i] as number) ** 2;
    fourth += (row[i] as number) ** 2;
  }
  const norm = squares / n ** 2;
  const distance = norm - (total / n) ** 2 / width;
  const error = (fourth - n * norm) / n ** 2;
  return distance <= 0 ? 1 : Math.max(0, Math.min(1, error / distance));
}

/** A pivot this much smaller than its diagonal entry is rounding. */
const SINGULAR = 1e-12;

/** vᵀ A⁻¹ v for the lower triangle of A, by Cholesky's decomposition in place; null where A is singular. */
function inverseForm(lower: readonly Float64Array[], vector: State): number | null {
  const solved = new Float64Array(lower.length);
  let form = 0;
  for (const [i, row] of lower.entries()) {
    const diagonal = row[i] as number;
    let [rest, side] = [diagonal, vector[i] as number];
    for (let j = 0; j < i; j++) {
      const entry =
        ((row[j] as number) - partial(row, lower[j] as Float64Array, j)) / (lower[j]?.[j] as number);
      row[j] = entry;
      rest -= entry * entry;
      side -= entry * (solved[j] as number);
    }
    if (!(rest > SINGULAR * diagonal)) return null;
    row[i] = Math.sqrt(rest);
    solved[i] = side / (row[i] as number);
    form += (solved[i] as number) ** 2;
  }
  return form;
}

function partial(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}
