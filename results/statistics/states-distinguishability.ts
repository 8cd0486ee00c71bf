import { centred, dot, meanState, minus, requireStates, type State, type StateClasses } from './states.ts';
import { spectralNorm } from './states-spectral-norm.ts';

export interface Distinguishability {
  /** D = ‖mean of D+ − mean of D−‖, in units of the hidden state; biased upward in high dimension. */
  readonly raw: number;
  /** D² less what noise in the two means adds to it on average; may fall below 0. */
  readonly debiasedSquare: number;
  /** Root of the same, 0 where it fell below 0 (`clipped`): the classes are not told apart beyond noise. */
  readonly debiased: number;
  readonly clipped: boolean;
  /** Largest variance of a class in any direction: the larger spectral norm of the two covariances. */
  readonly concentration: number;
  /** The larger trace of the two class covariances: total variance. */
  readonly trace: number;
  /** Standard deviation within the classes along δ, pooled; distance alone does not say how fast a behaviour is learned. */
  readonly spreadAlong: number | null;
  /** D / spread along δ; Φ of its half is the early accuracy of Gaussian classes. Null without spread. */
  readonly dPrimeAlong: number | null;
  /** δ = mean of D+ − mean of D−. */
  readonly delta: Float64Array;
}

/**
 * Preference distinguishability of one behaviour at one checkpoint, with its spread. After Im & Li 2024, arXiv
 * 2403.18742 (D, concentration and trace as in the authors' `embedding_properties.ipynb`); the debiased form subtracts
 * tr S₊/n₊ + tr S₋/n₋. All covariances with n − 1. Compare within one pipeline only: normalisation changes the scale.
 *
 * @returns null where a class has fewer than two states.
 * @throws RangeError for states of unequal width or with a number that is not finite (see `screenStates`).
 */
export function distinguishability({ positive, negative }: StateClasses): Distinguishability | null {
  requireStates([...positive, ...negative]);
  if (positive.length < 2 || negative.length < 2) return null;
  const delta = minus(meanState(positive), meanState(negative));
  const square = dot(delta, delta);
  const sides = [centred(positive), centred(negative)];
  const traces = sides.map((rows) => sumOfSquares(rows) / (rows.length - 1));
  const debiasedSquare = sides.reduce((rest, rows, i) => rest - (traces[i] as number) / rows.length, square);
  const spreadAlong = square === 0 ? null : deviationAlong(sides, delta, square);
  return {
    raw: Math.sqrt(square),
    debiasedSquare,
    debiased: Math.sqrt(Math.max(0, debiasedSquare)),
    clipped: debiasedSquare < 0,
    concentration: Math.max(...sides.map((rows) => spectralNorm(rows, rows.length - 1))),
    trace: Math.max(...traces),
    spreadAlong,
    dPrimeAlong: spreadAlong === null || spreadAlong === 0 ? null : Math.sqrt(square) / spreadAlong,
    delta,
  };
}

function sumOfSquares(rows: readonly State[]): number {
  return rows.reduce((sum, row) => sum + dot(row, row), 0);
}

/** √(δᵀ Σ δ) / ‖δ‖ with Σ pooled over the classes, n − 2 degrees of freedom. */
function deviationAlong(sides: readonly (readonly State[])[], delta: State, square: number): number {
  const rows = sides.flat();
  const along = rows.reduce((sum, row) => sum + dot(row, delta) ** 2, 0);
  return Math.sqrt(along / square / (rows.length - sides.length));
}
