import { unitName } from '../../format.ts';
import type { Cell, Summary, SummaryMetric, SummaryTask } from '../../summary.ts';
import { metricOf } from '../names.ts';
import { clean, shorten } from '../text.ts';
import { idOf } from '../view.ts';
import { COLOURS } from './colours.ts';
import type { Figure } from './figure.ts';
import { mainCheckpoints, mainEffects, mainStages } from './lineage.ts';
import { type Arrow, type Axis, type Point, pixelsOf, SIZE } from './plane.ts';
import { placeNames } from './point-names.ts';
import { drawSpec, type Spec } from './render.ts';

/** What was bought with what: two instruments, every main checkpoint a point, every stage an arrow. */
export interface TradeOffFigure extends Figure {
  /** Full names of the instruments across and up. */
  readonly x: string;
  readonly y: string;
  /** The same pair stands in the list the other way round as well, before this one. */
  readonly turned: boolean;
  /** That points are single training runs while there are others, as a sentence after a space; else empty. */
  readonly oneSeed: string;
}

/** More instruments than this would fill the page with pairs. */
const MOST_INSTRUMENTS = 8;

/** A figure for every two dimensions in either order, each by its headline task. */
export async function tradeOffFigures(summary: Summary): Promise<TradeOffFigure[]> {
  const tasks = tradeOffTasks(summary);
  const figures: TradeOffFigure[] = [];
  for (const [place, x] of tasks.entries()) {
    for (const [other, y] of tasks.entries()) {
      if (place === other) continue;
      const figure = await tradeOffFigure(summary, x, y);
      if (figure !== null) figures.push({ ...figure, turned: place > other });
    }
  }
  return figures.sort((a, b) => Number(a.turned) - Number(b.turned));
}

/** The headline task of each dimension, in the order of the definition. */
function tradeOffTasks({ tasks }: Summary): SummaryTask[] {
  return tasks.filter(({ primary }) => primary).slice(0, MOST_INSTRUMENTS);
}

async function tradeOffFigure(
  summary: Summary,
  x: SummaryTask,
  y: SummaryTask,
): Promise<Omit<TradeOffFigure, 'turned'> | null> {
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
    oneSeed: oneSeedInWords(summary),
    description: `${points
      .map(
        ({ name, x: across, y: up }) =>
          `${name}: ${names[0]} ${across.toFixed(1)}, ${names[1]} ${up.toFixed(1)}.`,
      )
      .join(' ')}${oneSeedInWords(summary)}`,
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

/** Means over training seeds stand in the tables; a point is one run. */
function oneSeedInWords(summary: Summary): string {
  const shown = mainEffects(summary).filter(({ seeds }) => seeds > 1);
  const names = [...new Set(shown.map(({ to }) => idOf(to)))].join(', ');
  return shown.length === 0
    ? ''
    : ` Of training runs that differ in the seed alone the one is drawn that the definition names first (${names}); their mean is another point.`;
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

/** Room for axes: text that stands upright cannot be measured without a browser. */
const PADDING = { left: 74, top: 10, right: 14, bottom: 62 } as const;

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

/** The head of an arrow: past its middle, turned in degrees clockwise from up. */
function headOf(arrow: Arrow, across: Axis, up: Axis): { x: number; y: number; angle: number } {
  const { x, y, x2, y2 } = arrow;
  const [left, top] = pixelsOf({ x, y }, across, up);
  const [right, bottom] = pixelsOf({ x: x2, y: y2 }, across, up);
  const angle = (Math.atan2(right - left, top - bottom) * 180) / Math.PI;
  return { x: x + (x2 - x) * 0.6, y: y + (y2 - y) * 0.6, angle };
}
