/** A symmetric positive definite matrix, given by its rows. */
export type SymmetricMatrix = readonly ArrayLike<number>[];

/**
 * Solves A x = b by Cholesky's decomposition (Golub & Van Loan 2013, Matrix Computations, §4.2).
 *
 * @param matrix k rows of k numbers, symmetric and positive definite; only its lower triangle is read.
 * @param sides one or more right-hand sides of k numbers.
 * @returns one solution per right-hand side.
 * @throws RangeError when the matrix is not positive definite.
 */
export function solveSymmetric(
  matrix: SymmetricMatrix,
  ...sides: readonly ArrayLike<number>[]
): Float64Array[] {
  const factor = cholesky(matrix);
  return sides.map((side) => backward(factor, forward(factor, side)));
}

function cholesky(matrix: SymmetricMatrix): Float64Array[] {
  const factor: Float64Array[] = [];
  for (const [i, given] of matrix.entries()) {
    const row = new Float64Array(matrix.length);
    for (let j = 0; j <= i; j++) {
      const other = j === i ? row : (factor[j] as Float64Array);
      const rest = (given[j] as number) - dot(row, other, j);
      if (j < i) row[j] = rest / (other[j] as number);
      else if (rest > 0) row[j] = Math.sqrt(rest);
      else throw new RangeError('the matrix is not positive definite');
    }
    factor.push(row);
  }
  return factor;
}

function forward(factor: readonly Float64Array[], side: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(factor.length);
  for (const [i, row] of factor.entries()) {
    solution[i] = ((side[i] as number) - dot(row, solution, i)) / (row[i] as number);
  }
  return solution;
}

function backward(factor: readonly Float64Array[], side: Float64Array): Float64Array {
  const solution = side.slice();
  for (let i = factor.length - 1; i >= 0; i--) {
    const row = factor[i] as Float64Array;
    solution[i] = (solution[i] as number) / (row[i] as number);
    for (let j = 0; j < i; j++) {
      solution[j] = (solution[j] as number) - (row[j] as number) * (solution[i] as number);
    }
  }
  return solution;
}

/** Σ a_i b_i over the first `length` entries. */
function dot(a: ArrayLike<number>, b: ArrayLike<number>, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}
