import type { Summary } from '../summary.ts';
import type { Palette } from './colour.ts';
import { DYNAMICS_TITLE, type DynamicsTable, dynamicsTables } from './dynamics.ts';
import { displayWidth, wrap } from './text.ts';

/** Values as far as they fit beside each other, then those of the next checkpoints below. */
export function dynamicsLines(whole: Summary, width: number, paint: Palette): string[] {
  const tables = dynamicsTables(whole);
  if (tables.length === 0) return [];
  const drawn = tables.flatMap((view) => [
    '',
    ...wrap(view.title, width).map(paint.strong),
    ...wrap(view.caption, width).map(paint.faint),
    ...inGroups(view, width - 2).flatMap((lines, index) => [
      ...(index === 0 ? [] : ['']),
      ...drawLines(lines),
    ]),
  ]);
  return [...wrap(DYNAMICS_TITLE, width).map(paint.strong), ...drawn];
}

function drawLines(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, index) =>
    Math.max(...lines.map((line) => displayWidth(line[index] ?? ''))),
  );
  return lines.map((line) => {
    const texts = line.map((text, index) => {
      const space = ' '.repeat((widths[index] ?? 0) - displayWidth(text));
      return index === 0 ? `${text}${space}` : `${space}${text}`;
    });
    return `  ${texts.join('  ')}`.trimEnd();
  });
}

/** Columns in groups that fit a width, each with the first column. */
function inGroups({ columns, rows }: DynamicsTable, room: number): (readonly string[])[][] {
  const lines = [columns, ...rows];
  const widths = columns.map(
    (_, index) => Math.max(...lines.map((line) => displayWidth(line[index] ?? ''))) + 2,
  );
  const groups: number[][] = [];
  let left = 0;
  for (let index = 1; index < columns.length; index++) {
    const width = widths[index] ?? 0;
    const group = groups.at(-1);
    if (group === undefined || width > left) {
      groups.push([0, index]);
      left = room - (widths[0] ?? 0) - width;
    } else {
      group.push(index);
      left -= width;
    }
  }
  return groups.map((group) => lines.map((line) => group.map((index) => line[index] ?? '')));
}
