import type { Summary } from '../../summary.ts';
import { small } from '../latex-cells.ts';
import { columnsThatFit, floatingTable, inGroups, LONGEST_NAME, longTable } from '../latex-table.ts';
import { tex, texName, texNumber } from '../latex-text.ts';
import { clean, shorten } from '../text.ts';
import { learningTables } from './learning-tables.ts';
import { seriesParts, tablesOf } from './parts.ts';
import type { StepCell, StepColumn, StepTable } from './step-table.ts';

const MOST_COLUMNS = 6;
/** Rows that a page holds; more take a table over several. */
const MOST_ROWS = 20;

/** Tables of series and of learning dynamics; empty in a run without them. */
export function seriesLatex(summary: Summary): string[] {
  const tables = [
    // Of further seeds what moved first; their steps are in the CSV files.
    ...seriesParts(summary, nameOf).flatMap((part) =>
      part.isTwin ? part.curves.slice(0, 1) : tablesOf(part),
    ),
    ...learningTables(summary, nameOf),
  ].filter(({ rows, columns }) => rows.length > 0 && columns.length > 0);
  return inGroups(
    tables.flatMap((table) => latexTable(summary, table)),
    MOST_FLOATS,
  ).flatMap((group, index) => (index === 0 ? group : ['\\clearpage\n', ...group]));
}

/** LaTeX gives up when more tables than some fifty wait for a page. */
const MOST_FLOATS = 12;

function nameOf(id: string): string {
  return shorten(clean(id), LONGEST_NAME);
}

function latexTable(summary: Summary, table: StepTable): string[] {
  const places = table.columns.map((_, place) => place);
  const groups = inGroups(places, columnsThatFit(linesOf(table), MOST_COLUMNS));
  return groups.map((group, index) => {
    const part = groups.length === 1 ? '' : ` (part ${index + 1} of ${groups.length})`;
    const columns = group.flatMap((place) => table.columns[place] ?? []);
    const view = {
      label: `tab:aligntrust-${table.id}${groups.length === 1 ? '' : `-${index + 1}`}`,
      caption: `${texName(table.title)}${part}. ${tex(table.caption)} Run ${texName(summary.run.id)}.`,
      columns: `${isWide(table) ? 'p{4cm}' : 'l'}${columns.map(letterOf).join('')}`,
      head: headOf(table, columns),
      rows: table.rows.map(({ label, cells }) => [
        [texName(label)],
        ...group.map((place) => cellLines(cells[place])),
      ]),
      notes: index === groups.length - 1 ? table.notes.map((note) => tex(note)) : [],
    };
    return table.rows.length > MOST_ROWS ? longTable(view) : floatingTable(view);
  });
}

function isWide({ rows }: StepTable): boolean {
  return rows.some(({ label }) => label.length > WIDE);
}

/** What a column has to hold; long words are wrapped in boxes of their own. */
function linesOf({ columns, rows }: StepTable): string[] {
  const long = columns.map(({ isNumber }) => !isNumber);
  return [
    ...columns.flatMap(({ head }) => head.map((line) => shorten(line, WIDE))),
    ...rows.flatMap(({ cells }) =>
      cells.flatMap(({ main, rest }, place) => (long[place] === true ? [shorten(main, WIDE)] : [main, rest])),
    ),
  ];
}

/** Letters of a column of words before it is wrapped. */
const WIDE = 24;
/** The same of the head of a column of numbers. */
const WIDE_NUMBER = 32;

function letterOf({ isNumber, head }: StepColumn): string {
  return isNumber && head.every((line) => line.length <= WIDE_NUMBER) ? 'r' : 'p{3.2cm}';
}

function headOf({ first }: StepTable, columns: readonly StepColumn[]): string[][] {
  const height = Math.max(1, ...columns.map(({ head }) => head.length));
  return Array.from({ length: height }, (_, line) => [
    line === 0 ? tex(first) : '',
    ...columns.map(({ head }) => {
      const text = shorten(head[line] ?? '', 2 * WIDE);
      return line === 0 ? named(text) : small(tex(text));
    }),
  ]);
}

function cellLines(cell: StepCell | undefined): string[] {
  if (cell === undefined) return ['--'];
  const { main, rest, isStrong = false } = cell;
  const shown = main === '–' ? '--' : numberOr(main);
  return [isStrong ? `\\textbf{${shown}}` : shown, ...(rest === '' ? [] : [small(numberOr(rest))])];
}

const SIGNED = /([+−]\d[\d.]*)/;

/** Signed numbers in math mode with the right minus sign, anything else as words. */
function numberOr(text: string): string {
  return text
    .split(SIGNED)
    .map((part, place) => (place % 2 === 1 ? texNumber(part) : named(part)))
    .join('');
}

/** Long names may break where they have joints; a decimal point is none. */
function named(text: string): string {
  return /[A-Za-z]/.test(text) && text.length > WIDE ? texName(text) : tex(text);
}
