import { deflateRawSync } from 'node:zlib';
import { grouped } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import { metricOf, shortNames } from '../names.ts';
import { noiseLines } from '../relation-lines.ts';
import { clean } from '../text.ts';
import { titleOf } from '../view.ts';
import { type Html, html, jsonForScript, printable } from './escape.ts';
import type { EffectFlips, FlipWithWords, PageInput } from './input.ts';
import { number, table } from './table.ts';

/** Longest texts that are tried, in characters; the first whose sum fits is taken. */
export const LENGTHS = [4000, 2000, 1000, 600, 400, 280, 200, 160, 130, 100, 80, 65, 50];

/** Dimensions whose answers do no harm to a reader; everything else is folded until it is opened. */
const HARMLESS: ReadonlySet<string> = new Set(['truthfulness', 'profile', 'dynamics', 'helpfulness']);

/**
 * Counts of all flips, and an explorer of the clearest, or of all that a file or server offers.
 *
 * @param room bytes that the page's own flips may take; their texts are shortened until they fit.
 */
export function flipsSection({ summary, flips, flipsUrl }: PageInput, room: number): Html {
  const total = flips.reduce((sum, { gained, lost }) => sum + gained + lost, 0);
  if (flips.length === 0) return html``;
  const { data, length } = flipData(summary, flips, flipsUrl, room);
  return html`<section id="flips" aria-labelledby="flips-title">
<h2 id="flips-title">Samples that flipped</h2>
<p>${grouped(total)} samples have another value after a stage than before it, or under one method than under the other. The page holds the clearest of each comparison, up to 50, with texts of up to ${grouped(length)} characters; <code>flips.jsonl</code> beside the report holds all of them whole. Text that may harm or offend is folded until you open it.</p>
${noiseFloor(summary)}
<details class="counts"><summary>How many, by comparison</summary>${countsTable(summary, flips)}</details>
<noscript><p>The explorer needs JavaScript; <code>aligntrust report --flips</code> lists the same in a terminal.</p></noscript>
<div id="explorer" data-script>
<form id="flip-filters" class="controls" aria-label="filter the flips">
<label>Dimension <select name="dimension"><option value="">all</option></select></label>
<label>Comparison <select name="pair"><option value="">all</option></select></label>
<label>Method <select name="method"><option value="">all</option></select></label>
<label>Change <select name="change"><option value="">better or worse</option><option value="lost">got WORSE</option><option value="gained">got better</option></select></label>
<label class="check"><input type="checkbox" name="unfold"> open folded text</label>
</form>
<p class="controls"><label class="file">All flips: open <code>flips.jsonl</code> <input type="file" id="flip-file" accept=".jsonl,application/jsonl,text/plain"></label> ${
    flipsUrl === undefined
      ? null
      : html`<button type="button" id="flip-fetch">Load all from this server</button>`
  }</p>
<p id="flip-status" role="status" aria-live="polite"></p>
<ol id="flip-list" class="plain"></ol>
<nav class="controls" aria-label="pages of flips"><button type="button" id="flip-first">First</button> <button type="button" id="flip-back">Back</button> <label>Page <input id="flip-page" type="number" min="1" value="1" size="6"></label> <span id="flip-pages"></span> <button type="button" id="flip-next">Next</button></nav>
</div>
<script type="application/json" id="flip-data">${data}</script>
</section>
`;
}

/** What a number of flips is worth: how often a checkpoint flips against itself. */
function noiseFloor(summary: Summary): Html | null {
  const lines = noiseLines(summary, clean);
  if (lines.length === 0) return null;
  return html`<p>The noise floor, each checkpoint against itself with another sampling seed:</p><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function countsTable(summary: Summary, flips: readonly EffectFlips[]): Html {
  const names = shortNames(summary.tasks);
  return table({
    caption: 'Flips by comparison and task, under the headline metric',
    columns: ['comparison', 'task', number('got better'), number('got WORSE'), number('of samples')],
    rows: flips.map(({ effect, gained, lost }) => [
      titleOf(effect, clean).join(' '),
      clean(names.get(effect.task) ?? effect.task),
      number(grouped(gained)),
      number(grouped(lost)),
      number(grouped(effect.n)),
    ]),
  });
}

interface FlipData {
  readonly data: Html;
  /** Longest text in it, in characters. */
  readonly length: number;
}

/** What the explorer starts with: as it is where it fits, else packed, with texts as long as still fit then. */
function flipData(
  summary: Summary,
  flips: readonly EffectFlips[],
  url: string | undefined,
  room: number,
): FlipData {
  const head = {
    harmless: [...HARMLESS],
    url: url ?? null,
    counts: flips.map(({ effect, gained, lost }) => ({ ...headOf(summary, effect), gained, lost })),
  };
  for (const length of LENGTHS) {
    const content = rowsOf(flips, length);
    const isFirst = length === LENGTHS[0];
    const isLast = length === LENGTHS.at(-1);
    if (isFirst) {
      const data = jsonForScript({ ...head, ...content });
      if (Buffer.byteLength(data.markup) <= room) return { data, length };
    }
    const data = jsonForScript({ ...head, packed: packed(content) });
    if (Buffer.byteLength(data.markup) <= room || isLast) return { data, length };
  }
  throw new Error('no length was tried');
}

/** JSON as the page unpacks it: deflated, in base64. */
export function packed(content: object): string {
  return deflateRawSync(JSON.stringify(content), { level: 9 }).toString('base64');
}

/** Texts are shared between rows: a parent's answer is there once for all its children. */
function rowsOf(flips: readonly EffectFlips[], length: number) {
  const rows = flips.flatMap(({ shown }, index) => shown.map((flip) => flipRow(index, flip, length)));
  const texts = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = texts.get(text) ?? texts.size;
    texts.set(text, place);
    return place;
  };
  const placed = rows.map((row) => ({
    ...row,
    question: row.question === null ? null : placeOf(row.question),
    saidFrom: row.saidFrom.map(placeOf),
    saidTo: row.saidTo.map(placeOf),
  }));
  return { rows: compact(placed), texts: [...texts.keys()] };
}

/** Rows as columns' values: the names stand once. */
function compact(rows: readonly object[]): { keys: string[]; values: unknown[][] } {
  const keys = Object.keys(rows[0] ?? {});
  return { keys, values: rows.map((row) => Object.values(row)) };
}

function headOf(
  summary: Summary,
  { kind, dimension, task, metric, method, from, to }: EffectFlips['effect'],
) {
  const { unit } = metricOf(summary, task, metric);
  return { kind, dimension, task, metric, unit, method, parent: from, child: to };
}

function flipRow(effect: number, { flip, words }: FlipWithWords, length: number) {
  const { sample, repeat, from, to, change } = flip;
  const cut = (text: string): string => shortened(printable(text), length);
  return {
    /** Place of its comparison in `counts`. */
    effect,
    sample,
    repeat,
    from,
    to,
    change,
    question: words?.question == null ? null : cut(words.question),
    saidFrom: (words?.saidFrom ?? []).map(cut),
    saidTo: (words?.saidTo ?? []).map(cut),
    markFrom: words?.markFrom ?? null,
    markTo: words?.markTo ?? null,
  };
}

export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')} …`;
}
