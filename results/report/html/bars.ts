import { gainSign } from '../../direction.ts';
import { percent } from '../../format.ts';
import type { Cell, Effect, Summary } from '../../summary.ts';
import { metricOf } from '../names.ts';
import { type Html, html } from './escape.ts';
import type { Spread } from './input.ts';

/** Width of a bar of effects, in units of its drawing. */
const WIDTH = 150;
const HEIGHT = 14;
const MIDDLE = HEIGHT / 2;

/** By unit: the largest distance from 0 that an interval reaches, so that all bars of a table share one scale. */
export type Scales = ReadonlyMap<string, number>;

export function scalesOf(summary: Summary, effects: readonly Effect[]): Scales {
  const scales = new Map<string, number>();
  for (const { task, metric, delta, low, high } of effects) {
    const { unit } = metricOf(summary, task, metric);
    const reach = Math.max(...[delta, low, high].map((end) => Math.abs(end ?? 0)));
    scales.set(unit, Math.max(scales.get(unit) ?? 0, reach));
  }
  return scales;
}

/** An effect with its interval around a line of no change: right of it is better, whatever the metric's direction. */
export function effectBar(summary: Summary, effect: Effect, scales: Scales): Html | null {
  const { delta, low, high, direction } = effect;
  if (delta === null) return null;
  const reach = scales.get(metricOf(summary, effect.task, effect.metric).unit) ?? 0;
  const gain = gainSign(direction);
  const place = (value: number): number =>
    round(WIDTH / 2 + (reach === 0 ? 0 : ((gain * value) / reach) * (WIDTH / 2 - 5)));
  const [left, right] = [place(low ?? delta), place(high ?? delta)].sort((a, b) => a - b) as [number, number];
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true"><path class="zero" d="M${WIDTH / 2} 0V${HEIGHT}"/><path class="reach" d="M${left} ${MIDDLE}H${right}"/><circle cx="${place(delta)}" cy="${MIDDLE}" r="3.5"/></svg>`;
}

/** A value with its interval between the ends of what is possible, or of what was seen. */
export function valueBar({ value, low, high, chance }: Cell, ends: readonly [number, number]): Html | null {
  if (value === null) return null;
  const [least, most] = ends;
  const place = (at: number): number =>
    round(4 + (most > least ? (at - least) / (most - least) : 0.5) * (WIDTH - 8));
  return html`<svg class="bar value" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true"><path class="track" d="M4 ${MIDDLE}H${WIDTH - 4}"/>${
    chance === null ? null : html`<path class="chance" d="M${place(chance)} 1V${HEIGHT - 1}"/>`
  }<path class="reach" d="M${place(low ?? value)} ${MIDDLE}H${place(high ?? value)}"/><circle cx="${place(value)}" cy="${MIDDLE}" r="3.5"/></svg>`;
}

/** How values are spread, as columns. */
export function spreadBar({ counts }: Spread): Html {
  const most = Math.max(1, ...counts);
  const step = WIDTH / counts.length;
  const columns = counts.map((count, index) => {
    const height = round((count / most) * 26);
    return count === 0
      ? null
      : html`<path d="M${round(index * step + 0.5)} 28v-${Math.max(1, height)}h${round(step - 1)}V28z"/>`;
  });
  return html`<svg class="spread" viewBox="0 0 ${WIDTH} 29" width="${WIDTH}" height="29" aria-hidden="true"><path class="track" d="M0 28.5H${WIDTH}"/>${columns}</svg>`;
}

const FATES = ['scored', 'refused', 'empty', 'truncated', 'unparsed', 'failed', 'skipped'] as const;

/** What became of all samples, as one stacked bar; its words stand in the table beside it. */
export function ratesBar({ rates }: Cell): Html {
  let left = 0;
  const parts = FATES.map((fate) => {
    const width = rates[fate] * WIDTH;
    const part =
      width === 0
        ? null
        : html`<rect class="${fate}" x="${round(left)}" width="${round(width)}" height="10"><title>${fate} ${percent(rates[fate])}</title></rect>`;
    left += width;
    return part;
  });
  return html`<svg class="rates" viewBox="0 0 ${WIDTH} 10" width="${WIDTH}" height="10" aria-hidden="true">${parts}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
