import type { State } from './states.ts';

/** So many rows at once: a sum is then read and written once for all of them. */
const AT_ONCE = 4;

/** XᵀX of rows of one width, its lower triangle: row i holds the products of members i and 0 to i, summed over all rows. */
export function scatterOf(rows: readonly State[], width: number): Float64Array[] {
  const scatter = Array.from({ length: width }, (_, i) => new Float64Array(i + 1));
  const none = new Float64Array(width);
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const [a = none, b = none, c = none, d = none] = rows.slice(at, at + AT_ONCE);
    addProducts(scatter, a, b, c, d);
  }
  return scatter;
}

function addProducts(scatter: readonly Float64Array[], a: State, b: State, c: State, d: State): void {
  for (let i = 0; i < scatter.length; i++) {
    const sums = scatter[i] as Float64Array;
    const [ai, bi, ci, di] = [a[i] as number, b[i] as number, c[i] as number, d[i] as number];
    for (let j = 0; j <= i; j++) {
      sums[j] =
        (sums[j] as number) +
        (ai * (a[j] as number) + bi * (b[j] as number) + (ci * (c[j] as number) + di * (d[j] as number)));
    }
  }
}

/** Both triangles of a symmetric matrix from its lower one. */
export function bothTriangles(lower: readonly Float64Array[]): Float64Array[] {
  return lower.map((_, i) =>
    Float64Array.from(lower, (row, j) => (j <= i ? lower[i]?.[j] : row[i]) as number),
  );
}
