import { gainSign } from '../../direction.ts';
import { counted } from '../../format.ts';
import { type Html, html } from '../../report/html/escape.ts';
import type { BoardColumn, BoardRank, BoardRow, Leaderboard } from '../leaderboard.ts';
import {
  columnNames,
  directionText,
  familyOf,
  type Lookup,
  lookupOf,
  sizeClass,
  sizeText,
} from '../lookup.ts';
import { safeName } from '../safe-name.ts';
import { changeCell, levelCell } from './cells.ts';
import { code, page, tableOf } from './page.ts';

/** The first page: who stands where, by dimension, as levels or as effects against the parent. */
export function indexPage(board: Leaderboard): string {
  const lookup = lookupOf(board);
  const body = html`<h1>${board.title}</h1>
<p class="lead">${leadOf(board, lookup)}</p>
${notices(board)}
<input class="view" type="radio" name="view" id="view-level" checked><label for="view-level">What each checkpoint scored</label><input class="view" type="radio" name="view" id="view-effect"><label for="view-effect">Effect against its parent</label>
${filters(board, lookup)}
${mainTable(board, lookup)}
${legend(lookup)}
${scoreSection(board, lookup)}
${methodSection(board)}
${otherInstruments(board)}
${runSection(board)}
${dataSection()}`;
  return page({ board, title: board.title, depth: 0, body, withScript: true });
}

function leadOf(board: Leaderboard, lookup: Lookup): string {
  const roots = new Set(board.rows.map(({ root }) => root)).size;
  const current = board.publications.filter(({ supersededBy }) => supersededBy === null).length;
  return `${counted(board.rows.length, 'checkpoint')} in ${counted(roots, 'lineage')}, ${counted(lookup.mainColumns.length, 'dimension')}, ${counted(current, 'published run')}. ${board.score === null ? 'There is no single trust score' : 'The weighted score below was asked for and is one of many'}: what is best depends on what you need.`;
}

/** What must be known before the first number: corrections and runs that did not come to their end. */
function notices(board: Leaderboard): Html[] {
  return board.publications.flatMap(({ id, status, supersededBy }) => {
    const link = html`<a href="runs-${id}.html">${id}</a>`;
    if (supersededBy !== null) {
      const later = html`<a href="runs-${supersededBy.publication}.html">${supersededBy.publication}</a>`;
      return [
        html`<p class="note">Corrected: run ${link} was superseded by ${later}. ${supersededBy.note}</p>`,
      ];
    }
    if (status === 'finished') return [];
    return [
      html`<p class="note">Incomplete: run ${link} was ${status} before its end; its numbers rest on what was answered.</p>`,
    ];
  });
}

function filters(board: Leaderboard, lookup: Lookup): Html {
  const names = columnNames(lookup.mainColumns);
  const distinct = (read: (row: BoardRow) => string): string[] => [...new Set(board.rows.map(read))];
  const select = (name: string, label: string, values: readonly string[]): Html =>
    html`<label>${label}<select name="${name}"><option value="">all</option>${values.map((value) => html`<option value="${value}">${value}</option>`)}</select></label>\n`;
  return html`<form class="filters" id="filters" hidden>
${select(
  'family',
  'base family',
  distinct((row) => familyOf(row, lookup)),
)}${select(
  'size',
  'size',
  distinct((row) => sizeClass(row.parameters)),
)}${select(
  'method',
  'method',
  distinct((row) => row.method),
)}<label>order<select name="order"><option value="">by lineage</option>${lookup.mainColumns.map((column, index) => html`<option value="${index}">${`best in ${names.get(column.key) ?? column.key} first`}</option>`)}</select></label>
<label class="tick"><input type="checkbox" name="controls" checked> control copies</label>
<span class="faint" id="shown" role="status" aria-live="polite"></span>
</form>`;
}

function mainTable(board: Leaderboard, lookup: Lookup): Html {
  const columns = lookup.mainColumns;
  const names = columnNames(columns);
  const lineages = new Map<string, BoardRow[]>();
  for (const row of board.rows) lineages.set(row.root, [...(lineages.get(row.root) ?? []), row]);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Checkpoints by dimension">
<table class="board" id="board">
<thead><tr><th scope="col">checkpoint</th>${columns.map((column) => html`<th scope="col">${names.get(column.key) ?? column.key}<small>${underHead(column)}</small></th>`)}</tr></thead>
${[...lineages].map(
  ([root, rows]) => html`<tbody>
<tr class="lineage"><th scope="rowgroup" colspan="${columns.length + 1}">${lineageTitle(root, rows, lookup)}</th></tr>
${rows.map((row) => boardRow(row, columns, lookup))}</tbody>
`,
)}</table>
</div>`;
}

function underHead({ metric }: BoardColumn): string {
  return `${metric.unit === 'share' ? 'points' : metric.unit}, ${directionText(metric)}`;
}

function lineageTitle(root: string, rows: readonly BoardRow[], lookup: Lookup): string {
  const top = lookup.row(root) ?? rows[0];
  if (top === undefined) return '';
  const family = top.family === null ? '' : ` · ${top.family}`;
  return `Lineage of ${top.checkpoint}${family} · ${sizeText(top.parameters)}${top.parameters === null ? '' : ' parameters'}`;
}

function boardRow(row: BoardRow, columns: readonly BoardColumn[], lookup: Lookup): Html {
  const why = whyNoEffect(row);
  const control = row.control === null ? null : html` data-control="${row.control}"`;
  return html`<tr data-row data-family="${familyOf(row, lookup)}" data-size="${sizeClass(row.parameters)}" data-method="${row.method}"${control}>
<th scope="row">${nameCell(row, lookup)}</th>
${columns.map((column, index) => {
  const cell = lookup.cell(row, column);
  return html`<td data-column="${index}" data-place="${placeOf(row, column, lookup)}"><div class="level">${levelCell(cell, column, { lookup, depth: 0 })}</div><div class="change">${changeCell(lookup.effect(row, column), column, why, { lookup, depth: 0 })}</div></td>\n`;
})}</tr>
`;
}

function nameCell(row: BoardRow, lookup: Lookup): Html {
  const branch = row.depth === 0 ? null : html`<span class="branch" aria-hidden="true">└ </span>`;
  const words = [
    row.method === 'none' ? 'no alignment' : row.method,
    row.step === null ? '' : `step ${row.step}`,
    row.seed === null ? '' : `seed ${row.seed}`,
    row.control === null ? '' : 'control copy',
  ].filter((word) => word !== '');
  return html`<div class="indent-${Math.min(row.depth, 4)}">${branch}<a href="checkpoints/${row.file}.html">${row.checkpoint}</a><span class="under">${words.join(' · ')}${alarmLinks(row, lookup)}</span></div>`;
}

/** What the runs warn of this checkpoint: a number is not to be read without it. */
function alarmLinks(row: BoardRow, { board }: Lookup): Html[] {
  return board.publications
    .filter(({ id }) => row.publications.includes(id))
    .flatMap(({ id, alarms }) => {
      const own = alarms.filter(
        ({ level, checkpoint }) => level === 'alarm' && checkpoint === row.checkpoint,
      );
      if (own.length === 0) return [];
      return [html` · <a class="worse" href="runs-${id}.html#alarms">${counted(own.length, 'alarm')}</a>`];
    });
}

function whyNoEffect(row: BoardRow): string {
  if (row.parentId === null) return 'no parent';
  return row.parent === null ? 'parent not measured' : 'not measured';
}

/** Where the row stands when the best of a column come first: by rank bounds, then by value. */
function placeOf(row: BoardRow, column: BoardColumn, lookup: Lookup): string {
  const cell = lookup.cell(row, column);
  if (cell === undefined || cell.value === null) return '';
  const sign = -gainSign(column.metric.direction);
  const [least, most] = column.metric.range;
  const width = least === null || most === null ? 1e6 : Math.max(most - least, 1e-9);
  const middle =
    cell.rank === null ? 1e8 : setPlace(cell.rank, column, lookup) + (cell.rank.low + cell.rank.high) / 2;
  return String(middle + (sign * cell.value) / (width * 4));
}

/** Sets stand one behind the other, for their ranks are not ranks among each other. */
function setPlace({ set }: BoardRank, column: BoardColumn, lookup: Lookup): number {
  return ((lookup.setNumber(column, set) ?? 1) - 1) * 1e4;
}

/** What columns of several runs, or of several sets of ranks, ask of their reader. */
function mixedLegend(lookup: Lookup): Html[] {
  const { mainColumns: columns, board } = lookup;
  const isMixed = columns.some((column) => lookup.isMixed(column));
  const hasSets = columns.some((column) =>
    board.cells.some(
      ({ column: key, rank }) =>
        key === column.key && rank !== null && lookup.setNumber(column, rank.set) !== null,
    ),
  );
  const runs = html`<li><b>Several runs</b>: of a lineage that several runs measured by one instrument, the finished run with the most samples speaks, the newest of equals; a checkpoint that it lacks is told by the next. A column with numbers of several runs names the run in each cell; compare cells of one run. A checkpoint’s page lists every run.</li>\n`;
  const sets = html`<li><b>Several sets</b>: a column with several sets of ranks names the set in each cell. Letters and ranks of two sets say nothing of each other; ordering by the column puts set behind set.</li>\n`;
  return [...(isMixed ? [runs] : []), ...(hasSets ? [sets] : [])];
}

function legend(lookup: Lookup): Html {
  return html`<h2>How to read this</h2>
<ul>
<li><b>61.5 ±6.8</b>: the value and half its 95 % interval, in points of 100 where a metric is a share; both ends in brackets where they do not lie evenly about it. The line below shows the interval itself on the metric’s range; the dashed mark is what guessing reaches.</li>
<li><b>Ranks</b> are bounds: with 95 % confidence all true ranks of a set of checkpoints lie within them together. They come from all paired comparisons on the same samples, by whole clusters. Letters are <b>rank groups</b>: nothing in a group is shown to be worse than its leader; everything in later groups of its set is. A set are checkpoints that were asked in the same way (samples, prompt format, engine, quantisation): only they are ranked against each other; control copies are not ranked.</li>
${mixedLegend(lookup)}<li><b>Effect against its parent</b>: child minus parent on the same samples. <span class="better">better</span> and <span class="worse">WORSE</span> follow the p value adjusted within the run; “no change” means that none was detected, and says what could have been seen with 80 % power.</li>
<li>Intervals speak of these checkpoints and of further samples. A sentence about a <em>method</em> needs several training seeds; the methods’ pages say how many there are.</li>
</ul>`;
}

function scoreSection({ score }: Leaderboard, lookup: Lookup): Html | null {
  if (score === null) return null;
  const weights = score.weights.map(({ dimension, weight }) => `${dimension} ${weight}`).join(', ');
  const rows = score.rows.map((each) => {
    const row = lookup.row(each.row);
    const interval =
      each.low === null || each.high === null ? '' : ` (${each.low.toFixed(1)} to ${each.high.toFixed(1)})`;
    return [
      row === undefined ? each.row : html`<a href="checkpoints/${row.file}.html">${row.checkpoint}</a>`,
      html`<span class="value">${each.score.toFixed(1)}</span><span class="pm">${interval}</span>`,
      String(each.rank),
      each.rankLow === each.rankHigh ? String(each.rankLow) : `${each.rankLow} to ${each.rankHigh}`,
    ];
  });
  return html`<h2 id="score">A weighted score, as asked for</h2>
<p>Weights: ${weights}. 0 is the worst possible in every weighted dimension, 100 the best possible. It hides what was bought with what: read the columns first.</p>
${tableOf('Weighted score', ['checkpoint', 'score (95 % interval)', 'rank', 'rank when weights are halved or doubled'], rows)}
<p class="faint">The same checkpoint is first under ${score.sameFirst} of ${score.choices} choices of weights.${score.left.length === 0 ? '' : ` Without a score: ${score.left.map(({ row, reason }) => `${lookup.row(row)?.checkpoint ?? row} (${reason})`).join(', ')}.`}</p>`;
}

function methodSection(board: Leaderboard): Html {
  const methods = methodsOf(board);
  const items = methods.map((method) => {
    const count = board.rows.filter((row) => row.method === method && row.control === null).length;
    return html`<li><a href="methods/${safeName(method)}.html">${method}</a> <span class="faint">${counted(count, 'checkpoint')}</span></li>`;
  });
  return html`<h2 id="methods">Methods</h2>
<ul>${items}</ul>`;
}

/** Every method that tuned something, in the order of the rows. */
export function methodsOf(board: Leaderboard): string[] {
  const tuned = board.rows.filter(({ control, parentId }) => control === null && parentId !== null);
  return [...new Set(tuned.map(({ method }) => method))];
}

function otherInstruments(board: Leaderboard): Html | null {
  const others = board.columns.filter(({ main }) => !main);
  const list = (columns: readonly BoardColumn[]): Html =>
    html`<ul>${columns.map((column) => html`<li>${code(column.task)} version ${column.version}, ${column.metric.label}: ${column.question} <span class="faint">${column.source}</span></li>`)}</ul>`;
  return html`<h2>Instruments</h2>
${list(board.columns.filter(({ main }) => main))}
${others.length === 0 ? null : html`<h3>Further instruments, on the pages of the checkpoints</h3>${list(others)}`}`;
}

function runSection(board: Leaderboard): Html {
  const rows = board.publications.map((one) => [
    html`<a href="runs-${one.id}.html">${one.id}</a>`,
    one.benchmark,
    one.createdAt.slice(0, 10),
    one.publishedAt.slice(0, 10),
    one.supersededBy === null ? one.status : html`superseded by ${one.supersededBy.publication}`,
  ]);
  return html`<h2 id="runs">Published runs</h2>
${tableOf('Published runs', ['run', 'benchmark', 'begun', 'published', 'state'], rows, 'names')}`;
}

function dataSection(): Html {
  return html`<h2 id="data">Data and checks</h2>
<ul>
<li><a href="leaderboard.json">leaderboard.json</a> (its schema: <code>aligntrust schema leaderboard</code>), <a href="leaderboard.csv">CSV</a>, <a href="leaderboard.md">Markdown</a>, <a href="leaderboard.tex">LaTeX</a></li>
<li>Every published outcome stands in <code>runs/</code>, without prompts and answers; for the Hugging Face Hub and Every Eval Ever in <code>exports/</code> and below each run.</li>
<li><code>files.json</code> holds the SHA-256 of every file, <code>history.jsonl</code> what was published when. <code>aligntrust verify DIR</code> computes every number again.</li>
</ul>`;
}
