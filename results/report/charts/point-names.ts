import { type Arrow, type Axis, type Point, pixelsOf, SIZE } from './plane.ts';

export interface PlacedName {
  readonly at: Point;
  readonly dx: number;
  readonly dy: number;
  readonly align: 'left' | 'right';
}

/** Corners of a point where its name may stand, the best first. */
const CORNERS = [
  { right: true, above: true },
  { right: false, above: true },
  { right: true, above: false },
  { right: false, above: false },
] as const;
type Corner = (typeof CORNERS)[number];

/** Room that a name takes beside and above its point. */
const ROOM = { width: 64, height: 26 } as const;

/** Names stand at the corner where fewest arrows and points are, within the frame. */
export function placeNames(
  points: readonly Point[],
  arrows: readonly Arrow[],
  across: Axis,
  up: Axis,
): PlacedName[] {
  const others = points.map((point) => pixelsOf(point, across, up));
  return points.map((at, index) => {
    const own = others[index] ?? [0, 0];
    const ends = arrows.flatMap((arrow) => farEnd(arrow, at)).map((end) => pixelsOf(end, across, up));
    const near = others.filter((other, place) => place !== index && isBeside(own, other));
    const costs = CORNERS.map((corner) => costOf(corner, own, ends, near));
    const best = CORNERS[costs.indexOf(Math.min(...costs))] ?? CORNERS[0];
    return { at, dx: best.right ? 9 : -9, dy: best.above ? -11 : 16, align: best.right ? 'left' : 'right' };
  });
}

function farEnd({ x, y, x2, y2 }: Arrow, at: Point): { x: number; y: number }[] {
  if (x === at.x && y === at.y) return [{ x: x2, y: y2 }];
  return x2 === at.x && y2 === at.y ? [{ x, y }] : [];
}

function isBeside([left, top]: readonly [number, number], [x, y]: readonly [number, number]): boolean {
  return Math.abs(x - left) < ROOM.width && Math.abs(y - top) < ROOM.height * 2;
}

function costOf(
  { right, above }: Corner,
  [left, top]: readonly [number, number],
  ends: readonly (readonly [number, number])[],
  near: readonly (readonly [number, number])[],
): number {
  const lies = ([x, y]: readonly [number, number]): boolean =>
    x - left > 4 === right && Math.abs(x - left) > 4 && y < top - 4 === above && Math.abs(y - top) > 4;
  const isOut = right ? left > SIZE.width - ROOM.width : left < ROOM.width;
  const isOver = above ? top < ROOM.height / 2 : top > SIZE.height - ROOM.height;
  return (
    ends.filter(lies).length * 2 +
    near.filter(([x, y]) => x >= left === right && y <= top === above).length * 3 +
    (isOut ? 5 : 0) +
    (isOver ? 3 : 0)
  );
}
