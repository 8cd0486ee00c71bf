import { counted, pValue, signed, withSide } from '../../format.ts';
import { type Html, html, type Part } from '../../report/html/escape.ts';
import { WORDS } from '../../report/view.ts';
import type { BoardColumn, BoardMethod, BoardRow, Leaderboard } from '../leaderboard.ts';
import { columnNames, directionText, familyOf, intervalText, type Lookup, lookupOf } from '../lookup.ts';
import { changeCell } from './cells.ts';
import { page, tableOf } from './page.ts';

const ENOUGH_SEEDS = 3;

/** What one alignment method did, wherever it was used. */
export function methodPage(board: Leaderboard, method: string): string {
  const lookup = lookupOf(board);
  const rows = board.rows.filter((row) => row.method === method && row.control === null);
  const body = html`<h1>${method}</h1>
<p class="lead">${leadOf(rows, lookup)}</p>
<h2>Each checkpoint against its parent</h2>
${stages(rows, lookup)}
${together(board, method, lookup)}`;
  return page({ board, title: method, depth: 1, body });
}

function leadOf(rows: readonly BoardRow[], lookup: Lookup): string {
  const families = new Set(rows.map((row) => familyOf(row, lookup))).size;
  return `${counted(rows.length, 'checkpoint')} in ${families === 1 ? '1 base family' : `${families} base families`}. Rows are training runs; a sentence about the method itself needs several training seeds.`;
}

function stages(rows: readonly BoardRow[], lookup: Lookup): Html {
  const columns = lookup.mainColumns;
  const names = columnNames(columns);
  const cells = rows.map((row): Part[] => {
    const parent = row.parent === null ? undefined : lookup.row(row.parent);
    const from =
      parent === undefined
        ? (row.parentId ?? 'no parent')
        : html`<a href="../checkpoints/${parent.file}.html">${parent.checkpoint}</a>`;
    return [
      html`${from} → <a href="../checkpoints/${row.file}.html">${row.checkpoint}</a><span class="under">${familyOf(row, lookup)}${row.seed === null ? '' : ` · seed ${row.seed}`}</span>`,
      ...columns.map((column) =>
        changeCell(lookup.effect(row, column), column, 'not measured', { lookup, depth: 1 }),
      ),
    ];
  });
  const head = columns.map(
    (column) => html`${names.get(column.key) ?? column.key}<small>${directionText(column.metric)}</small>`,
  );
  return tableOf('Effects by stage', ['stage', ...head], cells, 'board');
}

/** Over training seeds and over base families, where a run has several. */
function together(board: Leaderboard, method: string, lookup: Lookup): Html {
  const found = board.methods.filter((each) => each.method === method);
  const seeded = found.filter(({ kind }) => kind === 'stage');
  const pooled = found.filter(({ kind }) => kind === 'pooled');
  return html`<h2>Over training seeds</h2>
${
  seeded.length === 0
    ? html`<p>No published run whose numbers stand above has several training runs of this method. Nothing can be said of the method itself.</p>`
    : html`<p>Mean over training seeds; its interval covers seeds and samples. A verdict needs at least ${ENOUGH_SEEDS} seeds.</p>${methodTable(seeded, 'seeds', lookup)}`
}
${pooled.length === 0 ? null : html`<h2>Over base families</h2>${methodTable(pooled, 'families', lookup)}`}`;
}

function methodTable(effects: readonly BoardMethod[], units: string, lookup: Lookup): Html {
  const rows = effects.flatMap((effect): Part[][] => {
    const column = lookup.column(effect.column);
    return column === undefined ? [] : [methodRow(effect, column, lookup)];
  });
  return tableOf(
    `Over ${units}`,
    ['instrument', 'stage', units, 'mean change', '95 % interval', 'verdict'],
    rows,
    'names',
  );
}

function methodRow(effect: BoardMethod, column: BoardColumn, lookup: Lookup): Part[] {
  const { unit, direction } = column.metric;
  const name = (key: string | null): string => (key === null ? '' : (lookup.row(key)?.checkpoint ?? ''));
  const tone = effect.verdict === 'improved' ? 'better' : effect.verdict === 'worsened' ? 'worse' : '';
  const verdict = effect.verdict === null ? '–' : html`<span class="${tone}">${WORDS[effect.verdict]}</span>`;
  const note = [
    effect.reason,
    effect.pAdjusted === null ? null : `adjusted p ${pValue(effect.pAdjusted)}`,
  ].filter((each) => each !== null);
  return [
    html`${column.dimension}<span class="under">${column.task}</span>${lookup.isMixed(column) ? html`<span class="under">run <a href="../runs-${effect.publication}.html">${effect.publication}</a></span>` : null}`,
    effect.to === null ? '–' : `${name(effect.from)} → ${name(effect.to)}`,
    String(effect.units),
    html`<span class="num">${effect.mean === null ? '–' : withSide(effect.mean, unit, direction)}</span>`,
    html`<span class="num">${intervalText(effect, column.metric, signed) ?? '–'}</span>`,
    html`${verdict}${note.length === 0 ? null : html`<span class="under">${note.join('; ')}</span>`}`,
  ];
}
