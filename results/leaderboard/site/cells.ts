import { percent, plain } from '../../format.ts';
import { type Html, html } from '../../report/html/escape.ts';
import type { BoardCell, BoardColumn, BoardEffect } from '../leaderboard.ts';
import {
  deltaText,
  effectNote,
  intervalText,
  type Lookup,
  placedRankText,
  runName,
  valueText,
  verdictWord,
} from '../lookup.ts';

/** A value with its interval, a picture of both, and its rank. */
export function levelCell(cell: BoardCell | undefined, column: BoardColumn, place: CellPlace): Html {
  if (cell === undefined) return html`<span class="faint">not measured</span>`;
  const { metric } = column;
  if (cell.value === null)
    return html`<span class="faint">–</span><span class="under">${cell.reason ?? 'no value'}</span>${runLink(cell, column, place)}`;
  const [value = '', ...rest] = valueText(cell, metric).split(' ');
  const spread = rest.join(' ');
  const interval = intervalText(cell, metric);
  const title = `${interval === null ? (cell.reason ?? 'no interval') : `95 % interval ${interval}`}, n ${cell.n} in ${cell.clusters} clusters`;
  return html`<span title="${title}"><span class="value">${value}</span>${spread === '' ? null : html` <span class="pm">${spread}</span>`}</span>${barOf(cell, column)}${rankLine(cell, column, place)}${runLink(cell, column, place)}`;
}

/** Where a cell stands: folders between its page and the site's root. */
export interface CellPlace {
  readonly lookup: Lookup;
  readonly depth: 0 | 1;
}

/** The run, where the column holds several. */
function runLink(
  of: { readonly publication: string },
  column: BoardColumn,
  { lookup, depth }: CellPlace,
): Html | null {
  const name = runName(of, column, lookup);
  if (name === '') return null;
  return html`<span class="under">run <a href="${'../'.repeat(depth)}runs-${name}.html">${name}</a></span>`;
}

function rankLine({ rank, low }: BoardCell, column: BoardColumn, { lookup }: CellPlace): Html | null {
  if (rank === null) return low === null ? html`<span class="under">no interval</span>` : null;
  return html`<span class="under"><span class="group">${rank.group}</span> ${placedRankText(rank, column, lookup)}${low === null ? ', no interval' : ''}</span>`;
}

/** Change against the parent: the word, the signed number, and what must be said beside it. */
export function changeCell(
  effect: BoardEffect | undefined,
  column: BoardColumn,
  why: string,
  place: CellPlace,
): Html {
  if (effect === undefined) return html`<span class="faint">${why}</span>`;
  const { metric } = column;
  const tone = effect.verdict === 'improved' ? 'better' : effect.verdict === 'worsened' ? 'worse' : '';
  const notes = [
    effectNote(effect, metric),
    effect.confounds.length > 0 ? `with ${effect.confounds.join(', ')}` : '',
    effect.verdict === 'not comparable' ? (effect.reason ?? '') : '',
    effect.verdict === 'no detectable change' && effect.detectable !== null
      ? `could have seen ${plain(effect.detectable, metric.unit)}`
      : '',
  ].filter((note) => note !== '');
  const under = notes.length === 0 ? null : html`<span class="under">${notes.join('; ')}</span>`;
  return html`<span class="${tone}">${verdictWord(effect)}</span> <span class="num">${deltaText(effect, metric)}</span>${under}${runLink(effect, column, place)}`;
}

/** The interval on the metric's own range; nothing for a metric without ends. */
export function barOf({ value, low, high, chance }: BoardCell, { metric }: BoardColumn): Html | null {
  const [least, most] = metric.range;
  if (value === null || least === null || most === null || most <= least) return null;
  const place = (at: number): string =>
    (2 + (96 * (Math.min(Math.max(at, least), most) - least)) / (most - least)).toFixed(1);
  const span =
    low === null || high === null
      ? null
      : html`<line class="span" x1="${place(low)}" x2="${place(high)}" y1="4" y2="4"/>`;
  const guess =
    chance === null
      ? null
      : html`<line class="chance" x1="${place(chance)}" x2="${place(chance)}" y1="0" y2="8"/>`;
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><line class="axis" x1="2" x2="98" y1="4" y2="4"/>${guess}${span}<circle class="dot" cx="${place(value)}" cy="4" r="2.4"/></svg>`;
}

/** What became of the samples without a score. */
export function unscoredText({ rates }: Pick<BoardCell, 'rates'>): string {
  const parts = (['refused', 'empty', 'truncated', 'unparsed', 'failed', 'skipped'] as const)
    .filter((kind) => rates[kind] > 0)
    .map((kind) => `${kind} ${percent(rates[kind])}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
