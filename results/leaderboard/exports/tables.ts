import { counted } from '../../format.ts';
import { type CsvValue, csv, towards } from '../../report/csv.ts';
import { floatingTable, inGroups, PREAMBLE } from '../../report/latex-table.ts';
import { tex, texName, texNumber } from '../../report/latex-text.ts';
import { escaped, table } from '../../report/markdown.ts';
import type { BoardCell, BoardColumn, BoardEffect, BoardRow, Leaderboard } from '../leaderboard.ts';
import {
  columnNames,
  deltaText,
  directionText,
  familyOf,
  type Lookup,
  lookupOf,
  placedRankText,
  runName,
  sideNote,
  valueText,
  verdictWord,
} from '../lookup.ts';

/** Every cell a row, with its rank and its effect against the parent; numbers in the metric's own unit, in full precision. */
export function boardCsv(board: Leaderboard): string {
  const lookup = lookupOf(board);
  return csv(
    CSV_COLUMNS.map(([name]) => name),
    board.rows.flatMap((row) =>
      board.columns
        .filter((column) => lookup.cell(row, column) !== undefined)
        .map((column) => CSV_COLUMNS.map(([, read]) => read(row, column, lookup))),
    ),
  );
}

type Read = (row: BoardRow, column: BoardColumn, lookup: Lookup) => CsvValue;

const CSV_COLUMNS: readonly (readonly [string, Read])[] = [
  ['checkpoint', (row) => row.checkpoint],
  ['method', (row) => row.method],
  ['parent', (row) => row.parentId],
  ['family', (row, _, lookup) => familyOf(row, lookup)],
  ['parameters', (row) => row.parameters],
  ['training_seed', (row) => row.seed],
  ['step', (row) => row.step],
  ['control', (row) => row.control],
  ['prompt_format', (row) => row.promptFormat],
  ['weights_sha256', (row) => row.weights],
  ['dimension', (_, column) => column.dimension],
  ['task', (_, column) => column.task],
  ['task_version', (_, column) => column.version],
  ['is_main', (_, column) => column.main],
  ['metric', (_, column) => column.metric.key],
  ['unit', (_, column) => column.metric.unit],
  ['direction', (_, column) => column.metric.direction],
  ['value', (row, column, lookup) => lookup.cell(row, column)?.value ?? null],
  ['low_95', (row, column, lookup) => lookup.cell(row, column)?.low ?? null],
  ['high_95', (row, column, lookup) => lookup.cell(row, column)?.high ?? null],
  ['interval', (row, column, lookup) => lookup.cell(row, column)?.interval ?? null],
  ['n', (row, column, lookup) => lookup.cell(row, column)?.n ?? null],
  ['clusters', (row, column, lookup) => lookup.cell(row, column)?.clusters ?? null],
  ['reason', (row, column, lookup) => lookup.cell(row, column)?.reason ?? null],
  ['rank_low', (row, column, lookup) => lookup.cell(row, column)?.rank?.low ?? null],
  ['rank_high', (row, column, lookup) => lookup.cell(row, column)?.rank?.high ?? null],
  ['rank_of', (row, column, lookup) => lookup.cell(row, column)?.rank?.of ?? null],
  ['rank_group', (row, column, lookup) => lookup.cell(row, column)?.rank?.group ?? null],
  ['rank_set', (row, column, lookup) => lookup.cell(row, column)?.rank?.set ?? null],
  ['effect_against_parent', (row, column, lookup) => lookup.effect(row, column)?.delta ?? null],
  ['effect_low_95', (row, column, lookup) => lookup.effect(row, column)?.low ?? null],
  ['effect_high_95', (row, column, lookup) => lookup.effect(row, column)?.high ?? null],
  ['effect_towards', (row, column, lookup) => towardsOf(row, column, lookup)],
  ['effect_p_adjusted', (row, column, lookup) => lookup.effect(row, column)?.pAdjusted ?? null],
  ['effect_verdict', (row, column, lookup) => lookup.effect(row, column)?.verdict ?? null],
  ['effect_n', (row, column, lookup) => lookup.effect(row, column)?.n ?? null],
  ['publication', (row, column, lookup) => lookup.cell(row, column)?.publication ?? null],
  ['effect_publication', (row, column, lookup) => lookup.effect(row, column)?.publication ?? null],
];

function towardsOf(row: BoardRow, column: BoardColumn, lookup: Lookup): string | null {
  const delta = lookup.effect(row, column)?.delta ?? null;
  return delta === null ? null : towards({ delta, direction: column.metric.direction });
}

const VALUE_NOTE =
  'Value ± half its 95 % interval, or [both ends] where they lie unevenly (points of 100 where a metric is a share). Letters are rank groups: nothing in a group is shown to be worse than its leader, everything in later groups is; ranks are simultaneous 95 % bounds from paired comparisons. Letters and ranks compare checkpoints of one set alone; where a column holds several sets or runs, each cell names its own.';
const EFFECT_NOTE =
  'Child minus parent on the same samples, ± half its pointwise 95 % interval, or [both ends] where they lie unevenly; better and WORSE by the p adjusted within its own run.';

/** Two GitHub-flavoured tables: levels with rank groups, and effects against the parent. */
export function boardMarkdown(board: Leaderboard): string {
  const lookup = lookupOf(board);
  const columns = lookup.mainColumns;
  const names = columnNames(columns);
  const head = ['checkpoint', 'method', 'parent', ...columns.map((column) => headOf(column, names))].map(
    escaped,
  );
  const rowsOf = (cell: (row: BoardRow, column: BoardColumn) => string): string[][] =>
    board.rows.map((row) => [
      escaped(row.checkpoint),
      escaped(row.method),
      escaped(row.parentId ?? '–'),
      ...columns.map((column) => escaped(cell(row, column))),
    ]);
  return `${[
    `# ${escaped(board.title)}`,
    `${counted(board.rows.length, 'checkpoint')}, ${counted(board.publications.length, 'published run')}, aligntrust ${escaped(board.aligntrust)}.`,
    VALUE_NOTE,
    table(
      head,
      rowsOf((row, column) => levelText(row, column, lookup)),
    ),
    '## Effect against parent',
    EFFECT_NOTE,
    table(
      head,
      rowsOf((row, column) => changeText(row, column, lookup)),
    ),
  ].join('\n\n')}\n`;
}

const MOST_COLUMNS = 5;

/** The same two tables by the rules of booktabs, split where a page is too narrow; to be read by `\input`. */
export function boardLatex(board: Leaderboard): string {
  const lookup = lookupOf(board);
  const groups = inGroups(lookup.mainColumns, MOST_COLUMNS);
  const names = columnNames(lookup.mainColumns);
  const tables = (
    label: string,
    caption: string,
    notes: readonly string[],
    cell: (row: BoardRow, column: BoardColumn) => string[],
  ): string[] =>
    groups.map((columns, index) =>
      floatingTable({
        label: `tab:aligntrust-${label}${groups.length === 1 ? '' : `-${index + 1}`}`,
        caption,
        columns: `ll${'r'.repeat(columns.length)}`,
        head: [
          ['checkpoint', 'method', ...columns.map((column) => texName(names.get(column.key) ?? column.key))],
          ['', '', ...columns.map(({ metric }) => `{\\footnotesize ${tex(directionText(metric))}}`)],
        ],
        rows: board.rows.map((row) => [
          [`${'\\quad '.repeat(Math.min(row.depth, 4))}${texName(row.checkpoint)}`],
          [tex(row.method)],
          ...columns.map((column) => cell(row, column)),
        ]),
        notes,
      }),
    );
  return [
    `% ${tex(board.title)}, aligntrust ${tex(board.aligntrust)}\n${PREAMBLE}\n`,
    ...tables('leaderboard', 'What each checkpoint scored.', [tex(VALUE_NOTE)], (row, column) => {
      const cell = lookup.cell(row, column);
      if (cell === undefined) return ['--'];
      return [
        inMath(valueText(cell, column.metric)),
        cell.rank === null ? '' : small(`${cell.rank.group}: ${placedRankText(cell.rank, column, lookup)}`),
        ...inSmall(runName(cell, column, lookup)),
      ];
    }),
    ...tables(
      'leaderboard-effects',
      'What each checkpoint changed against its parent.',
      [tex(EFFECT_NOTE)],
      (row, column) => {
        const effect = lookup.effect(row, column);
        if (effect === undefined) return ['--'];
        const side = sideNote(effect, column.metric);
        return [
          inMath(deltaText(effect, column.metric)),
          small(verdictWord(effect)),
          ...inSmall(side),
          ...inSmall(runName(effect, column, lookup)),
        ];
      },
    ),
  ].join('\n');
}

function inMath(text: string): string {
  return text
    .split(' ')
    .map((part) => (part.startsWith('±') ? `$\\pm$${texNumber(part.slice(1))}` : texNumber(part)))
    .join(' ');
}

function inSmall(text: string): string[] {
  return text === '' ? [] : [small(text)];
}

function small(text: string): string {
  return `{\\footnotesize ${tex(text)}}`;
}

function levelText(row: BoardRow, column: BoardColumn, lookup: Lookup): string {
  const cell = lookup.cell(row, column);
  if (cell === undefined) return '–';
  const group =
    cell.rank === null ? '' : ` (${cell.rank.group}, ${placedRankText(cell.rank, column, lookup)})`;
  return `${valueText(cell, column.metric)}${group}${runNote(cell, column, lookup)}`;
}

function changeText(row: BoardRow, column: BoardColumn, lookup: Lookup): string {
  const effect = lookup.effect(row, column);
  if (effect === undefined) return '–';
  const side = sideNote(effect, column.metric);
  return `${verdictWord(effect)} ${deltaText(effect, column.metric)}${side === '' ? '' : ` (${side})`}${runNote(effect, column, lookup)}`;
}

function runNote(of: BoardCell | BoardEffect, column: BoardColumn, lookup: Lookup): string {
  const name = runName(of, column, lookup);
  return name === '' ? '' : ` (run ${name})`;
}

function headOf(column: BoardColumn, names: ReadonlyMap<string, string>): string {
  const unit = column.metric.unit === 'share' ? '' : `, in ${column.metric.unit}`;
  return `${names.get(column.key) ?? column.key} (${directionText(column.metric)}${unit})`;
}
