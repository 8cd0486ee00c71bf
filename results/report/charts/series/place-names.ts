import { displayWidth, shorten } from '../../text.ts';
import { LETTER } from './panels.ts';

export interface NamedPoint {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

export interface PlacedText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const HEIGHT = 11;

/** Where a name may stand from its point, the best first; for the rest a line further away. */
const OFFERS = [
  { dx: 7, dy: 4, anchor: 'start' },
  { dx: -7, dy: 4, anchor: 'end' },
  { dx: 0, dy: -7, anchor: 'middle' },
  { dx: 0, dy: 15, anchor: 'middle' },
  { dx: 6, dy: -6, anchor: 'start' },
  { dx: -6, dy: -6, anchor: 'end' },
  { dx: 6, dy: 14, anchor: 'start' },
  { dx: -6, dy: 14, anchor: 'end' },
  { dx: 0, dy: -19, anchor: 'middle' },
  { dx: 0, dy: 27, anchor: 'middle' },
] as const;

/** Names beside their points, each where it lies over the least of the others, within the frame. */
export function placeTexts(
  points: readonly NamedPoint[],
  frame: { readonly width: number; readonly height: number },
  longest: number,
): PlacedText[] {
  const marks = points.map(({ x, y }): Box => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  const taken: Box[] = [];
  return points.map(({ x, y, name }, index) => {
    const text = shorten(name, longest);
    const width = displayWidth(text) * LETTER;
    const offers = OFFERS.map(({ dx, dy, anchor }) => {
      const at = { x: x + dx, y: y + dy };
      const left = anchor === 'start' ? at.x : anchor === 'end' ? at.x - width : at.x - width / 2;
      return { ...at, anchor, box: { left, right: left + width, top: at.y - HEIGHT, bottom: at.y + 2 } };
    });
    const others = [...taken, ...marks.filter((_, place) => place !== index)];
    const costs = offers.map(
      ({ box }) => others.reduce((sum, other) => sum + shared(box, other), 0) + 3 * outside(box, frame),
    );
    const best = offers[costs.indexOf(Math.min(...costs))] as (typeof offers)[number];
    taken.push(best.box);
    return { x: best.x, y: best.y, text, anchor: best.anchor };
  });
}

function shared(one: Box, other: Box): number {
  const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

function outside({ left, right, top, bottom }: Box, frame: { width: number; height: number }): number {
  const across = Math.max(0, -left) + Math.max(0, right - frame.width);
  const up = Math.max(0, -top) + Math.max(0, bottom - frame.height);
  return (across + up) * HEIGHT;
}
