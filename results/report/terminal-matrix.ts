import Table from 'cli-table3';
import type { Palette } from './colour.ts';
import { displayWidth, hanging, shorten } from './text.ts';
import { letter, type Matrix, type MatrixCell, type MatrixColumn, type Tone } from './view.ts';

const LONGEST_NAME = 24;

/** A matrix as one or more framed tables below each other, each at most `width` columns wide, with its obstacles. */
export function drawMatrix(matrix: Matrix, width: number, paint: Palette): string[] {
  const labels = matrix.rows.map(({ name }) => shorten(name, LONGEST_NAME));
  const labelWidth = Math.max(
    ...labels.map(displayWidth),
    ...matrix.rows.map(({ size }) => displayWidth(size)),
  );
  const blocks = chunks(matrix.columns, width - labelWidth - FRAME);
  return [
    ...blocks.map((columns) => drawBlock(matrix, labels, columns, width - labelWidth - FRAME, paint)),
    ...matrix.obstacles.flatMap((reason, index) => hanging(`[${letter(index)}] `, reason, width)),
  ];
}

/** Left border and padding of the label column, and the right border. */
const FRAME = 4;
/** Padding and border of every further column. */
const GUTTER = 3;

/** Splits columns into as few tables as fit, of as equal length as possible. */
function chunks(columns: readonly MatrixColumn[], room: number): MatrixColumn[][] {
  const split = (perTable: number): MatrixColumn[][] => {
    const parts: MatrixColumn[][] = [];
    for (let start = 0; start < columns.length; start += perTable)
      parts.push(columns.slice(start, start + perTable));
    return parts;
  };
  for (let tables = 1; tables < columns.length; tables++) {
    const parts = split(Math.ceil(columns.length / tables));
    if (parts.every((part) => part.reduce((sum, column) => sum + columnWidth(column) + GUTTER, 0) <= room))
      return parts;
  }
  return split(1);
}

function columnWidth(column: MatrixColumn): number {
  return Math.max(bodyWidth(column), ...headLines(column).map(displayWidth));
}

function bodyWidth({ method, cells }: MatrixColumn): number {
  return Math.max(
    ...[method, ...cells.flatMap((cell) => (cell === null ? [] : linesOf(cell)))].map(displayWidth),
  );
}

/** The title takes a second line where one line would make the column wider than its cells. */
function headLines(column: MatrixColumn): string[] {
  const oneLine = column.title.join(' ');
  return displayWidth(oneLine) <= bodyWidth(column) ? [oneLine] : [...column.title];
}

function drawBlock(
  { rowTitle, rows }: Matrix,
  labels: readonly string[],
  columns: readonly MatrixColumn[],
  room: number,
  paint: Palette,
): string {
  const fitting = (text: string): string => shorten(text, room - GUTTER);
  const table = new Table({ style: { head: [], border: [] } });
  table.push([
    paint.faint(rowTitle),
    ...columns.map((column) =>
      [
        ...headLines(column).map((line) => paint.strong(fitting(line))),
        ...(column.method === '' ? [] : [paint.faint(fitting(column.method))]),
      ].join('\n'),
    ),
  ]);
  for (const [index, row] of rows.entries()) {
    const label = `${paint.strong(labels[index] as string)}\n${paint.faint(row.size)}`;
    table.push([label, ...columns.map(({ cells }) => drawCell(cells[index] ?? null, fitting, paint))]);
  }
  return table.toString();
}

function drawCell(cell: MatrixCell | null, fitting: (text: string) => string, paint: Palette): string {
  if (cell === null) return '–';
  const [first = '', ...rest] = linesOf(cell);
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    good: paint.good,
    bad: paint.bad,
    plain: String,
  };
  const colour = tones[cell.tone];
  return [colour(fitting(first)), ...rest.map((line) => paint.faint(fitting(line)))].join('\n');
}

function linesOf({ word, change, notes }: MatrixCell): string[] {
  return [`${word}  ${change}`, ...notes];
}
