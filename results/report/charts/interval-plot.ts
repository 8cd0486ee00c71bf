import { displayWidth } from '../text.ts';
import { COLOURS, FONT } from './colours.ts';
import { escaped, type Figure } from './figure.ts';

/** Numbers with their intervals around a line of 0, a row each; rows of one group stand together. */
export interface IntervalPlot {
  readonly id: string;
  readonly title: string;
  /** What the left and the right of 0 mean. */
  readonly ends: readonly [less: string, more: string];
  readonly rows: readonly PlotRow[];
  /** Rows of all the drawings that are to share one scale and one width; its own when left out. */
  readonly along?: readonly PlotRow[];
}

export interface PlotRow {
  readonly group: string;
  readonly label: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Words and number at the right: everything that the mark says. */
  readonly text: string;
  /** A triangle that points to its side, in full ink; else a faint circle. */
  readonly isMarked: boolean;
}

const ROW = 19;
const GROUP_GAP = 9;
const PLOT = 340;
const PAD = 12;
/** About the width of a letter, plain and bold. */
const LETTER = 6.3;
const BOLD_LETTER = 6.9;
const AXIS_HEIGHT = 46;

/** Drawn by hand: a few hundred marks need no chart library, and the same input gives the same bytes. */
export function drawIntervals({ id, title, ends, rows, along = rows }: IntervalPlot): Figure {
  const places = placesOf(rows);
  const widths = {
    group: widest(along, ({ group }) => group) * BOLD_LETTER + PAD,
    label: widest(along, ({ label }) => label) * LETTER + PAD,
    text: widest(along, ({ text }) => text) * LETTER + PAD,
  };
  const left = Math.ceil(widths.group + widths.label);
  const width = Math.ceil(left + PLOT + PAD + widths.text);
  const bottom = (places.at(-1) ?? 0) + ROW / 2 + 4;
  const scale = scaleOf(along, left);
  const body = [
    ...scale.ticks.map(
      (tick) =>
        `<path d="M${scale.at(tick)} 0V${bottom}" stroke="${tick === 0 ? COLOURS.axis : COLOURS.grid}"/><text x="${scale.at(tick)}" y="${bottom + 15}" text-anchor="middle" fill="${COLOURS.faint}">${escaped(tickText(tick))}</text>`,
    ),
    `<text x="${scale.at(0) - 8}" y="${bottom + 34}" text-anchor="end" fill="${COLOURS.ink}">${escaped(`← ${ends[0]}`)}</text>`,
    `<text x="${scale.at(0) + 8}" y="${bottom + 34}" fill="${COLOURS.ink}">${escaped(`${ends[1]} →`)}</text>`,
    ...rows.map((row, index) => drawRow(row, rows[index - 1], places[index] ?? 0, left, widths.group, scale)),
  ];
  const height = bottom + AXIS_HEIGHT;
  // The words at the ends of the axis may be longer than what stands beside it.
  const over = Math.max(0, Math.ceil(displayWidth(ends[0]) * LETTER + 24 - scale.at(0)));
  const wide = Math.max(width, Math.ceil(scale.at(0) + displayWidth(ends[1]) * LETTER + 30));
  return {
    id,
    title,
    description: rows.map(({ group, label, text }) => `${group}, ${label}: ${text}.`).join(' '),
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${wide + over}" height="${height}" viewBox="${-over} 0 ${wide + over} ${height}" font-family="${FONT}" font-size="12">${body.join('')}</svg>`,
  };
}

interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
}

function drawRow(
  row: PlotRow,
  before: PlotRow | undefined,
  y: number,
  left: number,
  groupWidth: number,
  { at }: Scale,
): string {
  const { group, label, value, low, high, text, isMarked } = row;
  const { ink, faint, plain } = COLOURS;
  const colour = isMarked ? ink : plain;
  const x = at(value);
  const side = value < 0 ? -1 : 1;
  const mark = isMarked
    ? `<path d="M${x - 4 * side} ${y - 5}l${9 * side} 5l${-9 * side} 5z" fill="${colour}"/>`
    : `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`;
  return [
    before?.group === group
      ? ''
      : `<text x="0" y="${y + 4}" font-weight="bold" fill="${ink}">${escaped(group)}</text>`,
    `<text x="${Math.round(groupWidth)}" y="${y + 4}" fill="${faint}">${escaped(label)}</text>`,
    low === null || high === null
      ? ''
      : `<path d="M${at(low)} ${y}H${at(high)}" stroke="${colour}" stroke-width="2"/>`,
    mark,
    `<text x="${left + PLOT + PAD}" y="${y + 4}" fill="${isMarked ? ink : faint}">${escaped(text)}</text>`,
  ].join('');
}

/** The middle of every row from the top; a gap divides groups. */
function placesOf(rows: readonly PlotRow[]): number[] {
  let y = 2 - ROW / 2;
  return rows.map(({ group }, index) => {
    y += ROW + (index > 0 && rows[index - 1]?.group !== group ? GROUP_GAP : 0);
    return y;
  });
}

function widest(rows: readonly PlotRow[], textOf: (row: PlotRow) => string): number {
  return Math.max(0, ...rows.map((row) => displayWidth(textOf(row))));
}

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
const MOST_TICKS = 7;

/** All numbers and 0, with round steps. */
function scaleOf(rows: readonly PlotRow[], left: number): Scale {
  const all = rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
  const step = STEPS.find((each) => (most - least) / each <= MOST_TICKS - 1) ?? Math.max(1, most - least);
  const [from, to] = [
    Math.floor(least / step),
    Math.max(Math.ceil(most / step), Math.floor(least / step) + 1),
  ];
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
  const at = (value: number): number =>
    Math.round((left + ((value / step - from) / (to - from)) * PLOT) * 10) / 10;
  return { ticks, at };
}

function tickText(tick: number): string {
  const text = String(Number(Math.abs(tick).toFixed(2)));
  return tick < 0 && text !== '0' ? `−${text}` : text;
}
