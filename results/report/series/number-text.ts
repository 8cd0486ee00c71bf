const MINUS = '−';

/** A quantity without a unit of its own: `digits` significant ones, no exponent between 10⁻⁴ and 10⁶, no locale. */
export function quantity(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size < 1e-12) return '0';
  const text =
    size < 1e-4 || size >= 1e6
      ? size.toExponential(digits - 1).replace('-', MINUS)
      : size.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return `${value < 0 ? MINUS : ''}${text}`;
}

/** The same with its sign, as a difference is printed. */
export function signedQuantity(value: number | null, digits = 3): string {
  const text = quantity(value, digits);
  return value !== null && value > 0 && text !== '–' ? `+${text}` : text;
}
