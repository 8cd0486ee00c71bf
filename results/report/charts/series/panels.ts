import { displayWidth, shorten } from '../../text.ts';
import { COLOURS, FONT } from '../colours.ts';
import { escaped } from '../figure.ts';
import type { PanelScale } from './scale.ts';

/** One of several small drawings of equal size that stand side by side. */
export interface Panel {
  readonly title: string;
  /** Lines below the title. */
  readonly notes: readonly string[];
  readonly across: PanelScale;
  readonly up: PanelScale;
  readonly acrossTitle: string;
  /** SVG of the marks, drawn over the grid. */
  readonly draw: (place: Place) => string;
}

/** Where numbers lie in a panel, from its top left corner, on tenths. */
export interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly width: number;
  readonly height: number;
}

export interface PanelShape {
  readonly columns: number;
  /** Of the plot of each panel, without its words. */
  readonly width: number;
  readonly height: number;
}

/** About the width of a letter, plain and bold. */
export const LETTER = 6.1;
const BOLD_LETTER = 6.9;
const LINE = 15;
const GAP = 26;
const BELOW = { ticks: 18, title: 16, end: 12 } as const;
const LEAST_LEFT = 28;
/** The page enlarges what is narrower. */
const LEAST_WIDTH = 560;

/** All panels in rows, as one drawing. The same input gives the same bytes. */
export function drawPanels(panels: readonly Panel[], shape: PanelShape): string {
  const { columns, width, height } = shape;
  const left = Math.max(
    LEAST_LEFT,
    ...panels.map(({ up }) => Math.max(0, ...up.ticks.map(({ text }) => displayWidth(text))) * LETTER + 10),
  );
  const head = LINE * (1 + Math.max(0, ...panels.map(({ notes }) => notes.length))) + 6;
  const hasTitle = panels.some(({ acrossTitle }) => acrossTitle !== '');
  const tall = head + height + BELOW.ticks + (hasTitle ? BELOW.title : 0) + BELOW.end;
  const wide = left + width + GAP;
  const body = panels.map((panel, index) => {
    const [x, y] = [(index % columns) * wide + left, Math.floor(index / columns) * tall + head];
    return `<g transform="translate(${tenth(x)},${y})">${drawPanel(panel, { width, height, left, head })}</g>`;
  });
  const whole = Math.max(LEAST_WIDTH, Math.ceil(Math.min(columns, panels.length) * wide));
  const high = Math.ceil(panels.length / columns) * tall;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="${high}" viewBox="0 0 ${whole} ${high}" font-family="${FONT}" font-size="12">${body.join('')}</svg>`;
}

/** A scale in units of a drawing. */
export function placeOf(across: PanelScale, up: PanelScale, width: number, height: number): Place {
  return {
    x: (value) => tenth(shareOf(value, across) * width),
    y: (value) => tenth((1 - shareOf(value, up)) * height),
    width,
    height,
  };
}

interface Room {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly head: number;
}

function drawPanel(
  { title, notes, across, up, acrossTitle, draw }: Panel,
  { width, height, left, head }: Room,
): string {
  const place = placeOf(across, up, width, height);
  const { ink, faint, grid, axis } = COLOURS;
  const letters = Math.floor((width + left) / LETTER);
  const words = [
    `<text x="0" y="${14 - head}" font-weight="bold" fill="${ink}">${escaped(shorten(title, Math.floor((width + GAP) / BOLD_LETTER)))}</text>`,
    ...notes.map(
      (note, index) =>
        `<text x="0" y="${14 - head + LINE * (index + 1)}" font-size="11" fill="${faint}">${escaped(shorten(note, letters))}</text>`,
    ),
  ];
  const lines = up.ticks.map(({ value }) => `M0 ${place.y(value)}H${width}`).join('');
  const zero = up.ticks.some(({ value }) => value === 0)
    ? `<path d="M0 ${place.y(0)}H${width}" stroke="${axis}"/>`
    : '';
  const marks = across.ticks.map(({ value }) => `M${place.x(value)} ${height}v4`).join('');
  const upTexts = up.ticks.map(
    ({ value, text }) => `<text x="-6" y="${tenth(place.y(value) + 4)}">${escaped(text)}</text>`,
  );
  const acrossTexts = across.ticks.flatMap(({ value, text }) =>
    text === '' ? [] : [`<text x="${place.x(value)}" y="${height + 16}">${escaped(text)}</text>`],
  );
  return [
    ...words,
    `<path d="${lines}" stroke="${grid}"/><path d="M0 ${height}H${width}${marks}" stroke="${axis}" fill="none"/>${zero}`,
    `<g text-anchor="end" font-size="11" fill="${faint}">${upTexts.join('')}</g>`,
    `<g text-anchor="middle" font-size="11" fill="${faint}">${acrossTexts.join('')}</g>`,
    acrossTitle === ''
      ? ''
      : `<text x="${width / 2}" y="${height + 32}" text-anchor="middle" font-size="11" fill="${faint}">${escaped(shorten(acrossTitle, letters))}</text>`,
    draw(place),
  ].join('');
}

function shareOf(value: number, { domain: [low, high], reverse = false }: PanelScale): number {
  const share = (value - low) / (high - low || 1);
  return reverse ? 1 - share : share;
}

export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A line through places; null interrupts it. */
export function pathOf(points: readonly (readonly [number, number] | null)[]): string {
  return points
    .map((point, index) => {
      if (point === null) return '';
      const before = points[index - 1];
      return `${before === null || before === undefined ? 'M' : 'L'}${point[0]} ${point[1]}`;
    })
    .join('');
}
