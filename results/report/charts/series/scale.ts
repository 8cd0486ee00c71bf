import { grouped } from '../../../format.ts';

/** One side of a panel: what it spans and where it has marks. */
export interface PanelScale {
  readonly domain: readonly [number, number];
  readonly ticks: readonly PanelTick[];
  /** From high to low, so that better stands right or above where lower is better. */
  readonly reverse?: boolean;
}

export interface PanelTick {
  readonly value: number;
  /** Empty: a mark without words. */
  readonly text: string;
}

const MANTISSAS = [1, 2, 5, 10];

/** What a scale leaves free at both ends, as a share of what the values span. */
const MARGIN = 0.05;

/**
 * All values with a margin, and round marks among them.
 *
 * @param least the scale spans at least this much: what lies closer must not look far apart.
 */
export function roundScale(values: readonly number[], most = 5, least = 0): PanelScale {
  const known = values.filter(Number.isFinite);
  const [low, high] = known.length === 0 ? [0, 1] : [Math.min(...known), Math.max(...known)];
  const own = spanOf(low, high);
  const missing = Math.max(0, Math.max(own, least) - (high - low)) / 2;
  const margin = MARGIN * Math.max(own, least);
  const domain = [low - missing - margin, high + missing + margin] as const;
  const step = roundStep((domain[1] - domain[0]) / most);
  const from = Math.ceil(domain[0] / step - 1e-9);
  const to = Math.floor(domain[1] / step + 1e-9);
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => {
    const value = (from + index) * step;
    return { value, text: tickText(value, Math.min(digits, 6)) };
  });
  return { domain, ticks };
}

/** What lies between two values; where that is nothing but rounding, their size, so that marks differ. */
function spanOf(low: number, high: number): number {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size < LEAST_SIZE) return 1;
  return high - low > size * ROUNDING ? high - low : size;
}

const LEAST_SIZE = 1e-12;
const ROUNDING = 1e-9;

/** The smallest of 1, 2, 5, 10, … times a power of ten that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (MANTISSAS.find((each) => each * power >= least * (1 - 1e-9)) ?? 10);
}

function tickText(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const shown = digits === 0 && text.length < 16 ? grouped(Number(text)) : text;
  return value < 0 && Number(text) !== 0 ? `−${shown}` : shown;
}

/**
 * The real steps of training, each a mark; as many have their number as stand clear of each other, the first and the
 * last before all others.
 *
 * @param width of the panel, in units of the drawing.
 * @param letter width of one.
 */
export function stepScale(steps: readonly number[], width: number, letter: number): PanelScale {
  const sorted = [...new Set(steps)].sort((one, other) => one - other);
  const [first = 0, last = 1] = [sorted[0], sorted.at(-1)];
  const span = last - first || 1;
  const placeOf = (step: number): number => ((step - first) / span) * width;
  const roomOf = (step: number): number => (stepText(step).length * letter) / 2 + letter / 2;
  const named: number[] = [];
  const isClear = (step: number): boolean =>
    named.every((other) => Math.abs(placeOf(step) - placeOf(other)) >= roomOf(step) + roomOf(other));
  for (const step of [first, last, ...sorted]) if (isClear(step)) named.push(step);
  return {
    domain: [first, first + span],
    ticks: sorted.map((value) => ({ value, text: named.includes(value) ? stepText(value) : '' })),
  };
}

/** `0`, `1200`, `12k`: round thousands are short. */
export function stepText(step: number): string {
  return step >= 10_000 && step % 1000 === 0 ? `${step / 1000}k` : String(step);
}
