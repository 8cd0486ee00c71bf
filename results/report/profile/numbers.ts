import { intervalAfter, percent, signed } from '../../format.ts';
import { hasNoWidth } from '../../statistics/factor-width.ts';

const MINUS = '−';

/** How many digits of a number have to be seen: shares of pairs need one, levels of a factor in its own unit two. */
export type Digits = 1 | 2;

/** A signed number with two decimals, or as many more as its first digits need: no change that is there prints as 0.00. */
export function fine(value: number, digits: Digits): string {
  return withSign(value, decimalsOf(value, digits));
}

/** `+0.24 ±0.05`, or both ends where they do not lie evenly about the number; `–` where there is none. */
export function changed(
  {
    delta,
    low,
    high,
  }: { readonly delta: number | null; readonly low: number | null; readonly high: number | null },
  digits: Digits,
): readonly [number: string, interval: string] {
  if (delta === null) return ['–', ''];
  const decimals = decimalsOf(delta, digits);
  const number = withSign(delta, decimals);
  // An interval without a width would read as certainty.
  if (low === null || high === null || hasNoWidth(low, high)) return [number, ''];
  const isEven = Math.abs(high - delta - (delta - low)) < 1.5 * 10 ** -decimals;
  const half = ((high - low) / 2).toFixed(decimals);
  if (isEven) return [number, Number(half) === 0 ? `±<${(10 ** -decimals).toFixed(decimals)}` : `±${half}`];
  return [number, `[${withSign(low, decimals)}, ${withSign(high, decimals)}]`];
}

/** Both ends of an interval, with as many decimals as its number. */
export function ends(
  delta: number,
  low: number,
  high: number,
  digits: Digits,
): readonly [low: string, high: string] {
  const decimals = decimalsOf(delta, digits);
  return [withSign(low, decimals), withSign(high, decimals)];
}

/** A factor score: `+0.59`, and its interval as `±0.01` or, where it leans, `[+0.40, +0.70]`. */
export function scored(
  value: number | null,
  low: number | null,
  high: number | null,
): readonly [number: string, interval: string] {
  if (value === null) return ['–', ''];
  const interval = hasNoWidth(low, high) ? '' : intervalAfter(value, low, high, 'score').trim();
  return [signed(value, 'score'), interval === '±0.00' ? '±<0.01' : interval];
}

/** `(85 %)`: on how many of the decided pairs the factor differs at all; nothing where no pair was decided. */
export function applies(relevance: number | null): string {
  return relevance === null ? '' : `(${percent(relevance)})`;
}

function decimalsOf(value: number, digits: Digits): number {
  if (value === 0) return 2;
  return Math.max(2, Math.min(6, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
}

function withSign(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? MINUS : '+'}${text}`;
}
