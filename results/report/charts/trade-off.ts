import { unitName } from '../../format.ts';
import type { Cell, Summary, SummaryMetric, SummaryTask } from '../../summary.ts';
import { metricOf } from '../names.ts';
import { clean, shorten } from '../text.ts';
import { idOf } from '../view.ts';
import { COLOURS } from './colours.ts';
import type { Figure } from './figure.ts';
import { mainCheckpoints, mainStages } from './lineage.ts';
import { drawSpec, type Spec } from './render.ts';

/** What was bought with what: two instruments, every main checkpoint a point, every stage an arrow. */
export interface TradeOffFigure extends Figure {
  /** Full names of the instruments across and up. */
  readonly x: string;
  readonly y: string;
}

/** More instruments than this would fill the page with pairs. */
const MOST_INSTRUMENTS = 8;

/** A figure for every pair of dimensions, each by its headline task. */
export async function tradeOffFigures(summary: Summary): Promise<TradeOffFigure[]> {
  const tasks = tradeOffTasks(summary);
  const figures: TradeOffFigure[] = [];
  for (const [index, x] of tasks.entries()) {
    for (const y of tasks.slice(index + 1)) {
      const figure = await tradeOffFigure(summary, x, y);
      if (figure !== null) figures.push(figure);
    }
  }
  return figures;
}

/** The headline task of each dimension, in the order of the definition. */
function tradeOffTasks({ tasks }: Summary): SummaryTask[] {
  return tasks.filter(({ primary }) => primary).slice(0, MOST_INSTRUMENTS);
}

async function tradeOffFigure(
  summary: Summary,
  x: SummaryTask,
  y: SummaryTask,
): Promise<TradeOffFigure | null> {
  const points = mainCheckpoints(summary).flatMap((id) => pointOf(summary, id, x, y));
  const arrows = mainStages(summary).flatMap(({ from, to }) => {
    const [start, end] = [from, to].map((id) => points.find((point) => point.id === id));
    return start === undefined || end === undefined ? [] : [{ x: start.x, y: start.y, x2: end.x, y2: end.y }];
  });
  if (points.length < 2 || arrows.length === 0) return null;
  const names = [x, y].map((task) => nameOf(task));
  return {
    id: `trade-off-${slug(names[0] ?? '')}-${slug(names[1] ?? '')}`,
    x: x.task,
    y: y.task,
    title: `${names[0]} against ${names[1]}`,
    description: points
      .map(
        ({ name, x: across, y: up }) =>
          `${name}: ${names[0]} ${across.toFixed(1)}, ${names[1]} ${up.toFixed(1)}.`,
      )
      .join(' '),
    svg: await drawSpec(
      tradeOffSpec(
        points,
        arrows,
        axisOf(summary, x, endsOf(points, 'x')),
        axisOf(summary, y, endsOf(points, 'y')),
      ),
    ),
  };
}

function endsOf(points: readonly Point[], axis: 'x' | 'y'): number[] {
  return points.flatMap((point) => (axis === 'x' ? [point.xLow, point.xHigh] : [point.yLow, point.yHigh]));
}

function nameOf({ dimension }: SummaryTask): string {
  return clean(dimension);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

interface Point {
  readonly id: string;
  readonly name: string;
  readonly x: number;
  readonly xLow: number;
  readonly xHigh: number;
  readonly y: number;
  readonly yLow: number;
  readonly yHigh: number;
}

function pointOf(summary: Summary, id: string, x: SummaryTask, y: SummaryTask): Point[] {
  const [across, up] = [x, y].map((task) => levelOf(summary, id, task));
  if (across === undefined || across === null || up === undefined || up === null) return [];
  return [
    {
      id,
      name: idOf(id),
      x: across.value,
      xLow: across.low,
      xHigh: across.high,
      y: up.value,
      yLow: up.low,
      yHigh: up.high,
    },
  ];
}

interface Level {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function levelOf(summary: Summary, id: string, task: SummaryTask): Level | null {
  const cell = summary.cells.find(
    (each: Cell) => each.checkpoint === id && each.task === task.task && each.metric === task.headline,
  );
  if (cell === undefined || cell.value === null) return null;
  const scale = metricOf(summary, task.task, task.headline).unit === 'share' ? 100 : 1;
  const { value, low, high } = cell;
  return { value: value * scale, low: (low ?? value) * scale, high: (high ?? value) * scale };
}

interface Axis {
  readonly title: readonly string[];
  readonly reverse: boolean;
  /** Ends of the scale: all intervals with a margin, within what is possible. */
  readonly domain: readonly [number, number];
}

/** Room for axes: text that stands upright cannot be measured without a browser. */
const PADDING = { left: 74, top: 10, right: 14, bottom: 62 } as const;
const SIZE = { width: 460, height: 340 } as const;

function axisOf(summary: Summary, task: SummaryTask, ends: readonly number[]): Axis {
  const metric: SummaryMetric = metricOf(summary, task.task, task.headline);
  const isLower = metric.direction === 'lower-is-better';
  const scale = metric.unit === 'share' ? 100 : 1;
  const [least, most] = metric.range;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = (high - low) * 0.1 || 1;
  // A point at the end of what is possible still stands whole within the frame.
  const edge = (high - low) * 0.03 || 1;
  return {
    title: [
      `${nameOf(task)}, ${unitName(metric.unit)}: ${isLower ? 'lower' : 'higher'} is better →`,
      shorten(clean(metric.label), 54),
    ],
    reverse: isLower,
    domain: [
      Math.max(low - margin, least === null ? -Infinity : least * scale - edge),
      Math.min(high + margin, most === null ? Infinity : most * scale + edge),
    ],
  };
}

interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** Both axes run towards better: a lower-is-better scale is turned round. */
function tradeOffSpec(points: readonly Point[], arrows: readonly Arrow[], across: Axis, up: Axis): Spec {
  const { axis, ink, plain: grey } = COLOURS;
  const place = (field: string, { title, reverse, domain }: Axis) => ({
    field,
    type: 'quantitative',
    title,
    scale: { zero: false, nice: false, reverse, domain },
    axis: { tickCount: 6 },
  });
  const x = place('x', across);
  const y = place('y', up);
  const crosses = { type: 'rule', stroke: axis, strokeWidth: 1.5 };
  const layer = (values: readonly object[], mark: object, encoding: object) => ({
    data: { values: [...values] },
    mark,
    encoding: { x, y, ...encoding },
  });
  const heads = arrows.map((arrow) => headOf(arrow, across, up));
  const names = placeNames(points, arrows, across, up);
  return {
    ...SIZE,
    autosize: { type: 'none' },
    padding: PADDING,
    layer: [
      layer(points, crosses, { x: { ...x, field: 'xLow' }, x2: { field: 'xHigh' } }),
      layer(points, crosses, { y: { ...y, field: 'yLow' }, y2: { field: 'yHigh' } }),
      layer(
        arrows,
        { type: 'rule', stroke: grey, strokeWidth: 2 },
        { x2: { field: 'x2' }, y2: { field: 'y2' } },
      ),
      layer(
        heads,
        { type: 'point', shape: 'triangle', filled: true, fill: grey, size: 90, opacity: 1 },
        { angle: { field: 'angle', type: 'quantitative', scale: null } },
      ),
      layer(points, { type: 'point', filled: true, fill: ink, size: 54, opacity: 1 }, {}),
      ...names.map(({ at, dx, dy, align }) =>
        layer(
          [at],
          { type: 'text', align, dx, dy, fontSize: 13, fontWeight: 'bold', fill: ink },
          { text: { field: 'name', type: 'nominal' } },
        ),
      ),
    ],
  } as unknown as Spec;
}

/** Where a point lies in the drawing, from its top left corner. */
function pixelsOf({ x, y }: { x: number; y: number }, across: Axis, up: Axis): [number, number] {
  const share = (value: number, { domain: [low, high], reverse }: Axis): number => {
    const part = (value - low) / (high - low || 1);
    return reverse ? 1 - part : part;
  };
  return [share(x, across) * SIZE.width, (1 - share(y, up)) * SIZE.height];
}

/** The head of an arrow: past its middle, turned in degrees clockwise from up. */
function headOf(arrow: Arrow, across: Axis, up: Axis): { x: number; y: number; angle: number } {
  const { x, y, x2, y2 } = arrow;
  const [left, top] = pixelsOf({ x, y }, across, up);
  const [right, bottom] = pixelsOf({ x: x2, y: y2 }, across, up);
  const angle = (Math.atan2(right - left, top - bottom) * 180) / Math.PI;
  return { x: x + (x2 - x) * 0.6, y: y + (y2 - y) * 0.6, angle };
}

interface PlacedName {
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
function placeNames(
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
