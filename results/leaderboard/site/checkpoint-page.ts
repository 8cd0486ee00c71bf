import { plain, pValue } from '../../format.ts';
import { type Html, html, type Part } from '../../report/html/escape.ts';
import type { Cell, Summary } from '../../summary.ts';
import { columnKey } from '../columns.ts';
import { hubFolder } from '../exports/hub.ts';
import type { BoardColumn, BoardRow, Leaderboard } from '../leaderboard.ts';
import {
  directionText,
  familyOf,
  intervalText,
  type Lookup,
  lookupOf,
  sizeText,
  valueText,
} from '../lookup.ts';
import { rowKey } from '../rows.ts';
import { safeName } from '../safe-name.ts';
import { changeCell, levelCell, unscoredText } from './cells.ts';
import { code, facts, page, tableOf } from './page.ts';

/** All that the site knows of one checkpoint; every metric of every current run among it. */
export function checkpointPage(
  board: Leaderboard,
  row: BoardRow,
  summaries: ReadonlyMap<string, Summary>,
): string {
  const lookup = lookupOf(board);
  const body = html`<h1>${row.checkpoint}</h1>
<p class="lead">${lineageOf(row, lookup)}</p>
${measured(row, board, lookup)}
${everyMetric(row, summaries)}
<h2>Who answered</h2>
${identity(row, lookup)}
<h2>Measured in</h2>
<ul>${row.publications.map((id) => html`<li><a href="../runs-${id}.html">${id}</a></li>`)}</ul>
<h2>For a model card</h2>
<p>${code(`${hubFolder(row)}/model-index.yaml`)} holds these numbers as a <code>model-index</code>, to be put into the header of a model card on the Hugging Face Hub.</p>`;
  return page({ board, title: row.checkpoint, depth: 1, body });
}

function lineageOf(row: BoardRow, lookup: Lookup): Part {
  const path: BoardRow[] = [];
  for (let at: BoardRow | undefined = row; at !== undefined && !path.includes(at); ) {
    path.unshift(at);
    at = at.parent === null ? undefined : lookup.row(at.parent);
  }
  return path.map((one, index) => {
    const arrow = index === 0 ? null : html` <span aria-label="tuned into">→</span> `;
    const name =
      one === row ? html`<b>${one.checkpoint}</b>` : html`<a href="${one.file}.html">${one.checkpoint}</a>`;
    return html`${arrow}${name} (${one.method})`;
  });
}

function measured(row: BoardRow, board: Leaderboard, lookup: Lookup): Html {
  const columns = board.columns.filter((column) => lookup.cell(row, column) !== undefined);
  const rows = columns.map((column) => {
    const cell = lookup.cell(row, column);
    const effect = lookup.effect(row, column);
    const from = effect === undefined ? undefined : lookup.row(effect.from)?.checkpoint;
    return [
      html`${column.dimension}<span class="under">${column.task}</span>`,
      levelCell(cell, column, { lookup, depth: 1 }),
      cell === undefined
        ? '–'
        : html`<span class="num">${intervalText(cell, column.metric) ?? '–'}</span><span class="under">${cell.interval ?? cell.reason ?? ''}</span>`,
      cell === undefined
        ? '–'
        : html`<span class="num">${cell.n}</span><span class="under">${cell.clusters} clusters</span>`,
      cell === undefined ? '–' : unscoredText(cell),
      html`${changeCell(effect, column, row.parentId === null ? 'no parent' : 'not measured', { lookup, depth: 1 })}${from === undefined ? null : html`<span class="under">against ${from}, n ${effect?.n ?? 0}${effect?.pAdjusted == null ? '' : `, adjusted p ${pValue(effect.pAdjusted)}`}</span>`}`,
    ];
  });
  return html`<h2>What it scored, and what changed against its parent</h2>
${tableOf('Scores', ['instrument', 'value', '95 % interval', 'n', 'not scored', 'against its parent'], rows, 'names')}
<p class="faint">${columns.map((column) => `${column.dimension}: ${column.metric.label}, ${directionOf(column)}`).join('; ')}.</p>`;
}

function directionOf({ metric }: BoardColumn): string {
  return `${metric.unit === 'share' ? 'points of 100' : metric.unit}, ${directionText(metric)}`;
}

/** The metrics behind the headlines, run by run. */
function everyMetric(row: BoardRow, summaries: ReadonlyMap<string, Summary>): Html {
  const rows = row.publications.flatMap((id) => {
    const summary = summaries.get(id);
    const checkpoint = summary?.checkpoints.find((one) => rowKey(one) === row.key);
    if (summary === undefined || checkpoint === undefined) return [];
    return summary.tasks.flatMap((task) =>
      task.metrics.flatMap((metric): Part[][] => {
        const cell = summary.cells.find(
          (each: Cell) =>
            each.checkpoint === checkpoint.id && each.task === task.task && each.metric === metric.key,
        );
        if (cell === undefined) return [];
        const only = cell.valueScoredOnly;
        return [
          [
            html`${metric.label}<span class="under">${columnKey(task)} ${metric.key}, ${directionText(metric)}</span>`,
            html`<span class="num">${valueText(cell, metric)}</span>`,
            html`<span class="num">${intervalText(cell, metric) ?? cell.reason ?? '–'}</span>`,
            String(cell.n),
            only === null ? '–' : plain(only, metric.unit),
            cell.chance === null ? '–' : plain(cell.chance, metric.unit),
            id,
          ],
        ];
      }),
    );
  });
  return html`<details><summary><b>Every metric, run by run</b> (${rows.length})</summary>
${tableOf('Every metric', ['metric', 'value', '95 % interval', 'n', 'scored only', 'guessing', 'run'], rows, 'names')}
</details>`;
}

function identity(row: BoardRow, lookup: Lookup): Html {
  return facts([
    ['alignment method', html`<a href="../methods/${safeName(row.method)}.html">${row.method}</a>`],
    ['tuned from', row.parentId],
    ['tuned on', row.data],
    ['recipe', row.recipe],
    ['step', row.step === null ? null : String(row.step)],
    ['training seed', row.seed === null ? null : String(row.seed)],
    ['base family', familyOf(row, lookup)],
    ['size', sizeText(row.parameters)],
    ['quantisation', row.quantisation],
    ['engine', row.engine],
    ['prompt format', row.promptFormat],
    ['control', row.control === null ? null : 'a copy of its parent under another name'],
    ['weights, SHA-256', row.weights === null ? 'not known: the server gives no digest' : code(row.weights)],
    ['identity, SHA-256', code(row.identity)],
    ['chat template, SHA-256', row.template === null ? null : code(row.template)],
  ]);
}
