import Table from 'cli-table3';
import { counted } from '../format.ts';
import { type Palette, palette } from '../report/colour.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import { displayWidth, hanging, shorten, wrap } from '../report/text.ts';
import type { RunComparison } from './comparison.ts';
import { effectGrid, type Grid, type GridCell, notJoinedLines, runLine, valueGrid } from './grids.ts';
import { againGrid, stageGrid } from './stage-grids.ts';

/** Several runs in one table, for a terminal. */
export function renderComparisonTerminal(comparison: RunComparison, options: TerminalOptions): string {
  const width = Math.max(60, options.width);
  const paint = palette(options.colour);
  const effects = effectGrid(comparison);
  const stages = [stageGrid(comparison), againGrid(comparison)].filter((grid) => grid !== null);
  const notJoined = notJoinedLines(comparison);
  const sections = [
    [
      paint.strong(`Comparison of ${counted(comparison.runs.length, 'run')}`),
      ...comparison.runs.flatMap((run) => {
        const lines = hanging('  ', runLine(run), width);
        return run.status === 'finished' && run.problem === null ? lines : lines.map(paint.warn);
      }),
    ],
    drawGrid(valueGrid(comparison), width, paint),
    ...stages.map((grid) => drawGrid(grid, width, paint)),
    effects === null
      ? [
          paint.strong('Between runs'),
          ...wrap('No two checkpoints of different runs could be paired on the same samples.', width),
        ]
      : drawGrid(effects, width, paint),
    notJoined.length === 0
      ? []
      : [paint.warn(paint.strong('Not joined')), ...notJoined.flatMap((line) => hanging('  ', line, width))],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const LONGEST_NAME = 36;
/** Border and padding of a column. */
const GUTTER = 3;

function drawGrid(grid: Grid, width: number, paint: Palette): string[] {
  const names = grid.rows.map(({ name }) => name.map((line) => shorten(line, LONGEST_NAME)));
  const label = Math.max(displayWidth(grid.corner), ...names.flat().map(displayWidth));
  return [
    paint.strong(grid.title),
    ...wrap(grid.caption, width).map(paint.faint),
    ...columnGroups(grid, width - label - GUTTER - 1).flatMap((columns, index) =>
      grid.flat
        ? [...(index === 0 ? [] : ['']), drawFlat(grid, names, columns, paint)]
        : [drawBlock(grid, names, columns, paint)],
    ),
    ...grid.notes.flatMap((note) => hanging('', note, width).map(paint.faint)),
  ];
}

/** Numbers of the columns that stand side by side, group by group. */
function columnGroups(grid: Grid, room: number): number[][] {
  const groups: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const index of grid.columns.keys()) {
    const wide = columnWidth(grid, index) + GUTTER;
    if (used + wide > room) {
      groups.push([]);
      used = 0;
    }
    groups.at(-1)?.push(index);
    used += wide;
  }
  return groups;
}

function columnWidth({ columns, rows, flat }: Grid, index: number): number {
  const texts = [
    ...(columns[index] ?? []),
    ...rows.flatMap(({ cells }) => (flat ? [flatText(cells[index])] : (cells[index]?.lines ?? []))),
  ];
  return Math.max(...texts.map(displayWidth));
}

function drawBlock(
  grid: Grid,
  names: readonly (readonly string[])[],
  columns: readonly number[],
  paint: Palette,
): string {
  const table = new Table({ style: { head: [], border: [] } });
  table.push([
    paint.faint(grid.corner),
    ...columns.map((index) => {
      const [title = '', ...more] = grid.columns[index] ?? [];
      return [paint.strong(title), ...more.map(paint.faint)].join('\n');
    }),
  ]);
  for (const [place, { cells }] of grid.rows.entries()) {
    const [name = '', ...marks] = names[place] ?? [];
    table.push([
      [
        paint.strong(name),
        ...marks.map((mark) => (mark === 'INCOMPLETE' ? paint.warn(mark) : paint.faint(mark))),
      ].join('\n'),
      ...columns.map((index) => drawCell(cells[index], paint)),
    ]);
  }
  return table.toString();
}

/** Without frames, a line a row. */
function drawFlat(
  grid: Grid,
  names: readonly (readonly string[])[],
  columns: readonly number[],
  paint: Palette,
): string {
  const table = new Table({
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GUTTER },
  });
  const height = Math.max(...columns.map((index) => grid.columns[index]?.length ?? 0));
  for (let line = 0; line < height; line++) {
    const colour = line === 0 ? paint.strong : paint.faint;
    table.push([
      line === 0 ? paint.faint(grid.corner) : '',
      ...columns.map((index) => colour(grid.columns[index]?.[line] ?? '')),
    ]);
  }
  for (const [place, { cells }] of grid.rows.entries()) {
    table.push([names[place]?.join(' ') ?? '', ...columns.map((index) => flatText(cells[index]))]);
  }
  const lines = table.toString().split('\n');
  return lines.map((line) => `  ${line}`.trimEnd()).join('\n');
}

function flatText(cell: GridCell | undefined): string {
  return cell?.lines.join(' ') ?? '–';
}

const SIDES = ['top', 'bottom', 'left', 'right', 'mid'] as const;
const NO_FRAME = Object.fromEntries(
  [...SIDES, 'middle', ...SIDES.flatMap((side) => [`${side}-mid`, `${side}-left`, `${side}-right`])].map(
    (place) => [place, ''],
  ),
);

function drawCell(cell: GridCell | undefined, paint: Palette): string {
  const [first = '–', ...more] = cell?.lines ?? [];
  const colours = { good: paint.good, bad: paint.bad, plain: String };
  return [colours[cell?.tone ?? 'plain'](first), ...more.map(paint.faint)].join('\n');
}
