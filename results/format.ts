import { sideWord } from './direction.ts';
import type { SummaryMetric } from './summary.ts';

type Unit = SummaryMetric['unit'];
type Direction = SummaryMetric['direction'];

/** A true minus sign, as wide as the plus. */
const MINUS = '−';

/** A value for people: shares as points out of 100 with one decimal, anything else with two; no locale. */
export function plain(value: number, unit: Unit): string {
  const text = Math.abs(inUnit(value, unit)).toFixed(decimals(unit));
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text;
}

/** The same with its sign, as a difference is printed; nothing stands before a zero. */
export function signed(value: number, unit: Unit): string {
  const text = plain(value, unit);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** On which side of 0 a difference lies, in the direction of its metric; null at 0, and where it would print as 0. */
export function sideOf(value: number, unit: Unit, direction: Direction): ReturnType<typeof sideWord> | null {
  if (Number(plain(Math.abs(value), unit)) === 0) return null;
  return sideWord(value, direction);
}

/** `+3.1 (better)`, `0.0`. */
export function withSide(value: number, unit: Unit, direction: Direction): string {
  const side = sideOf(value, unit, direction);
  return side === null ? signed(value, unit) : `${signed(value, unit)} (${side})`;
}

/** Ends that lie off half the width by at most a tenth of it count as even. */
const EVEN = 0.1;

/**
 * ` ±3.5` where the interval lies evenly about the value, else ` [−4.1, +0.3]`: half a width would name ends that
 * the interval does not have. Empty without an interval.
 */
export function intervalAfter(
  value: number,
  low: number | null,
  high: number | null,
  unit: Unit,
  end: (value: number, unit: Unit) => string = signed,
): string {
  if (low === null || high === null) return '';
  const step = 10 ** -decimals(unit);
  const [above, below] = [inUnit(high - value, unit), inUnit(value - low, unit)];
  return Math.abs(above - below) <= Math.max(1.5 * step, EVEN * (above + below))
    ? ` ±${plain((high - low) / 2, unit)}`
    : ` [${end(low, unit)}, ${end(high, unit)}]`;
}

/** A share as percent: `61 %`, `2.1 %`, `<0.1 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '<0.1 %';
  if (value < 100 && value > 99.9) return '>99.9 %';
  return `${value >= 10 || value === 0 ? value.toFixed(value >= 99.5 && value < 100 ? 1 : 0) : value.toFixed(1)} %`;
}

/** What the printed numbers of a metric are called. */
export function unitName(unit: Unit): string {
  return unit === 'share' ? 'points' : unit;
}

/** `1 sample`, `12,000 samples`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A whole number with thousands separated by commas, whatever the machine's locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `3 points are 0.03`: what someone meant who wrote points where a share is read. */
export function pointsAsShare(points: number): string {
  return `${points} point${points === 1 ? ' is' : 's are'} ${Number((points / 100).toPrecision(12))}`;
}

/** A p value as it is printed: `.03`-style rounding, never 0. */
export function pValue(p: number): string {
  if (p < 0.0001) return '<0.0001';
  return p.toFixed(p < 0.1 ? 4 : 2);
}

function inUnit(value: number, unit: Unit): number {
  return unit === 'share' ? value * 100 : value;
}

function decimals(unit: Unit): number {
  return unit === 'share' ? 1 : 2;
}
