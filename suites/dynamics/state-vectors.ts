/** What is wrong with a vector that should be a hidden state. */
export type StateProblem = 'no number' | 'not finite' | 'all zero';

/** Null for a vector that can be used: finite numbers, not all 0, as single precision and in the square of its length. */
export function stateProblem(vector: readonly number[]): StateProblem | null {
  if (vector.length === 0) return 'no number';
  let square = 0;
  for (const value of vector) square += typeof value === 'number' ? Math.fround(value) ** 2 : Number.NaN;
  if (!Number.isFinite(square)) return 'not finite';
  return square === 0 ? 'all zero' : null;
}

/** Base64 of the numbers in single precision, little-endian: 4 bytes a number, exact where a model gave them so. */
export function packedState(vector: readonly number[]): string {
  const bytes = Buffer.alloc(4 * vector.length);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, 4 * index);
  return bytes.toString('base64');
}
