/** @throws RangeError naming what is not a finite number: a measure never averages one away. */
export function requireFinite(what: string, ...values: readonly number[]): void {
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`${what} is ${value}, which is no finite number`);
  }
}

/** ln Σ exp(x), exact for large and small x; −∞ for nothing. */
export function logSumExp(values: readonly number[]): number {
  const largest = values.reduce((found, value) => Math.max(found, value), Number.NEGATIVE_INFINITY);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** ln(1 + exp(x)) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Arithmetic mean; null of nothing. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Null in place of a number that overflowed or is not one, so that neither is ever printed. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
