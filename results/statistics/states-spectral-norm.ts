import { seededRandom } from '../../core/random.ts';
import { addTo, dot, type State } from './states.ts';
import { bothTriangles, scatterOf } from './states-scatter.ts';

/** Steps of Lanczos: far more than the largest eigenvalue of a covariance needs. */
const MOST_STEPS = 120;
/** A step whose remainder is this much smaller than the largest has found all there is. */
const EXHAUSTED = 1e-14;
/** The largest eigenvalue only grows with the steps: once it does so by no more than rounding it is found. */
const SETTLED = 1e-15;
const LOOKED_AT_EVERY = 6;

/** Up to this width XᵀX of more rows is formed: multiplying by it costs less than passing over the rows at every step. */
const WIDEST_FORMED = 256;

/**
 * The largest eigenvalue of XᵀX / divisor for the rows X, by Lanczos' method with full reorthogonalisation (Golub &
 * Van Loan 2013, Matrix Computations, §10.3); of wide rows the matrix itself is never formed.
 */
export function spectralNorm(rows: readonly State[], divisor: number): number {
  const start = startVector(rows);
  return start === null
    ? 0
    : largestOfTridiagonal(...lanczos(timesScatter(rows, start.length), start)) / divisor;
}

/** A vector within the rows' span, of random weights so that no pattern of rows cancels; null where all are 0. */
function startVector(rows: readonly State[]): Float64Array | null {
  const random = seededRandom(1);
  const start = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) addTo(start, row, 0.5 + random.next());
  return normalise(start) > 0 ? start : null;
}

/** Multiplication by XᵀX. */
function timesScatter(rows: readonly State[], width: number): (vector: Float64Array) => Float64Array {
  if (width < rows.length && width <= WIDEST_FORMED) {
    const matrix = bothTriangles(scatterOf(rows, width));
    return (vector) => {
      const product = new Float64Array(width);
      for (let i = 0; i < width; i++) product[i] = dot(matrix[i] as Float64Array, vector);
      return product;
    };
  }
  return (vector) => {
    const product = new Float64Array(width);
    for (const row of rows) addTo(product, row, dot(row, vector));
    return product;
  };
}

function lanczos(
  times: (vector: Float64Array) => Float64Array,
  start: Float64Array,
): [diagonal: number[], off: number[]] {
  const basis = [start];
  const diagonal: number[] = [];
  const off: number[] = [];
  const steps = Math.min(MOST_STEPS, start.length);
  let largest = 0;
  for (let step = 0; step < steps; step++) {
    const current = basis[step] as Float64Array;
    const next = times(current);
    diagonal.push(dot(next, current));
    // Twice is enough (Parlett 1998, The Symmetric Eigenvalue Problem, §6.9).
    for (const vector of [...basis, ...basis]) addTo(next, vector, -dot(next, vector));
    const length = normalise(next);
    if (step + 1 === steps || length <= EXHAUSTED * Math.max(...diagonal)) break;
    if (step % LOOKED_AT_EVERY === LOOKED_AT_EVERY - 1) {
      const found = largestOfTridiagonal(diagonal, off);
      if (found - largest <= SETTLED * found) break;
      largest = found;
    }
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
