import type { Palette } from '../colour.ts';
import { displayWidth, padded, shorten, wrap } from '../text.ts';

/** A cell: what has to be read first, and what stands beside or below it. */
export interface NarrowCell {
  readonly main: string;
  readonly rest: string;
  readonly isStrong?: boolean;
}

export interface NarrowColumn {
  readonly head: readonly string[];
  /** One a row. */
  readonly cells: readonly NarrowCell[];
}

export interface NarrowTable {
  readonly labels: readonly string[];
  readonly columns: readonly NarrowColumn[];
}

const INDENT = '  ';
const GAP = 2;
const LONGEST_LABEL = 26;
const SHORTEST_LABEL = 16;

/**
 * A table without lines that stays within `width` columns: cells on one line where they fit, on two where they do not,
 * and several tables below each other where even that is too wide.
 */
export function drawNarrow({ labels, columns }: NarrowTable, width: number, paint: Palette): string[] {
  const longest = Math.max(0, ...labels.map(displayWidth));
  const labelWidth = Math.min(LONGEST_LABEL, longest);
  const room = width - INDENT.length;
  const isFitting = (isStacked: boolean, label: number): boolean =>
    label + columns.reduce((sum, column) => sum + GAP + columnWidth(column, isStacked), 0) <= room;
  if (isFitting(false, labelWidth))
    return drawBlock(labels, columns, { labelWidth, isStacked: false }, paint);
  const stackedLabel = Math.min(labelWidth, SHORTEST_LABEL);
  for (const label of [labelWidth, stackedLabel])
    if (isFitting(true, label))
      return drawBlock(labels, columns, { labelWidth: label, isStacked: true }, paint);
  return chunksOf(columns, room - stackedLabel).flatMap((part, index) => [
    ...(index === 0 ? [] : ['']),
    ...drawBlock(labels, part, { labelWidth: stackedLabel, isStacked: true }, paint),
  ]);
}

interface Shape {
  readonly labelWidth: number;
  readonly isStacked: boolean;
}

function chunksOf(columns: readonly NarrowColumn[], room: number): NarrowColumn[][] {
  const chunks: NarrowColumn[][] = [];
  let left = 0;
  for (const column of columns) {
    const taken = GAP + columnWidth(column, true);
    if (chunks.length === 0 || taken > left) {
      chunks.push([]);
      left = room;
    }
    chunks.at(-1)?.push(column);
    left -= taken;
  }
  return chunks;
}

function columnWidth({ head, cells }: NarrowColumn, isStacked: boolean): number {
  const lines = cells.flatMap((cell) => linesOf(cell, isStacked));
  return Math.max(0, ...[...head, ...lines].map(displayWidth));
}

function linesOf({ main, rest }: NarrowCell, isStacked: boolean): string[] {
  if (isStacked) return [main, rest];
  return [rest === '' ? main : `${main} ${rest}`];
}

function drawBlock(
  labels: readonly string[],
  columns: readonly NarrowColumn[],
  { labelWidth, isStacked }: Shape,
  paint: Palette,
): string[] {
  const widths = columns.map((column) => columnWidth(column, isStacked));
  const line = (first: string, cells: readonly (readonly [text: string, painted: string])[]): string =>
    cells
      .reduce(
        (text, [plain, painted], index) =>
          text + ' '.repeat(GAP) + painted + ' '.repeat((widths[index] ?? 0) - displayWidth(plain)),
        INDENT + padded(first, labelWidth),
      )
      .trimEnd();
  const heads = Math.max(1, ...columns.map(({ head }) => head.length));
  const head = Array.from({ length: heads }, (_, at) =>
    line(
      '',
      columns.map((column) => [column.head[at] ?? '', paint.faint(column.head[at] ?? '')] as const),
    ),
  );
  const body = labels.flatMap((label, row) => {
    const named = isStacked ? wrap(label, labelWidth).slice(0, 2) : [shorten(label, labelWidth)];
    const height = Math.max(named.length, isStacked ? 2 : 1);
    const drawn = Array.from({ length: height }, (_, at) =>
      line(
        named[at] ?? '',
        columns.map(({ cells }) => {
          const cell = cells[row];
          const text = cell === undefined ? '' : (linesOf(cell, isStacked)[at] ?? '');
          return [text, at === 0 && cell?.isStrong === true ? paint.strong(text) : text] as const;
        }),
      ),
    );
    // A second line that says nothing is none.
    return drawn.filter((text, at) => at === 0 || text.trim() !== '');
  });
  return [...head.filter((text) => text.trim() !== ''), ...body];
}
