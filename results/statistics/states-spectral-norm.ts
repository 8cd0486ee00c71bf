import { seededRandom } from '../../core/random.ts';
import { addTo, dot, type State } from './states.ts';

/** Steps of Lanczos: far more than the largest eigenvalue of a covariance needs. */
const MOST_STEPS = 120;
/** A step whose remainder is this much smaller than the largest has found all there is. */
const EXHAUSTED = 1e-14;

/**
 * The largest eigenvalue of XᵀX / divisor for the rows X, by Lanczos' method with full reorthogonalisation (Golub &
 * Van Loan 2013, Matrix Computations, §10.3); the matrix itself is never formed.
 */
export function spectralNorm(rows: readonly State[], divisor: number): number {
  const start = startVector(rows);
  return start === null ? 0 : largestOfTridiagonal(...lanczos(rows, start)) / divisor;
}

/** A vector within the rows' span, of random weights so that no pattern of rows cancels; null where all are 0. */
function startVector(rows: readonly State[]): Float64Array | null {
  const random = seededRandom(1);
  const start = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) addTo(start, row, 0.5 + random.next());
  return normalise(start) > 0 ? start : null;
}

function lanczos(rows: readonly State[], start: Float64Array): [diagonal: number[], off: number[]] {
  const basis = [start];
  const diagonal: number[] = [];
  const off: number[] = [];
  const steps = Math.min(MOST_STEPS, start.length, rows.length);
  for (let step = 0; step < steps; step++) {
    const current = basis[step] as Float64Array;
    const next = new Float64Array(start.length);
    for (const row of rows) addTo(next, row, dot(row, current));
    diagonal.push(dot(next, current));
    // Twice is enough (Parlett 1998, The Symmetric Eigenvalue Problem, §6.9).
    for (const vector of [...basis, ...basis]) addTo(next, vector, -dot(next, vector));
    const length = normalise(next);
    if (step + 1 === steps || length <= EXHAUSTED * Math.max(...diagonal)) break;
    off.push(length);
    basis.push(next);
  }
  return [diagonal, off];
}

/** Scales to length 1 in place and gives the length before; a vector of length 0 stays. */
function normalise(vector: Float64Array): number {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) / length;
  return length;
}

/** Bisection on the number of negative pivots (Sturm): the largest eigenvalue of a symmetric tridiagonal matrix. */
function largestOfTridiagonal(diagonal: readonly number[], off: readonly number[]): number {
  let low = Math.max(...diagonal);
  let high = Math.max(
    ...diagonal.map((value, i) => value + Math.abs(off[i - 1] ?? 0) + Math.abs(off[i] ?? 0)),
  );
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    if (isAbove(diagonal, off, middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Whether x lies above every eigenvalue: all pivots of T − xI are negative. */
function isAbove(diagonal: readonly number[], off: readonly number[], x: number): boolean {
  let pivot = Number.NEGATIVE_INFINITY;
  for (const [i, value] of diagonal.entries()) {
    pivot = value - x - (i === 0 ? 0 : (off[i - 1] as number) ** 2 / pivot);
    if (pivot >= 0) return false;
  }
  return true;
}
