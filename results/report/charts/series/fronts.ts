import { plain, unitName } from '../../../format.ts';
import type { Series, SeriesFront } from '../../../series/series-summary.ts';
import type { Summary, SummaryMetric } from '../../../summary.ts';
import { metricOf } from '../../names.ts';
import { type FrontGroup, frontGroups, namedMetric } from '../../series/front-tables.ts';
import { seriesGroups } from '../../series/groups.ts';
import { clean } from '../../text.ts';
import { idOf } from '../../view.ts';
import { COLOURS } from '../colours.ts';
import { escaped, type Figure } from '../figure.ts';
import { drawPanels, type Panel, type Place, pathOf } from './panels.ts';
import { placeTexts } from './place-names.ts';
import { type PanelScale, roundScale, stepText } from './scale.ts';

const SHAPE = { columns: 3, width: 240, height: 170 } as const;
/** Differences of less are not drawn as large. */
const LEAST_POINTS = 5;
/** More steps than this have words at efficient points alone, and more than twice as many only at both ends. */
const MOST_NAMES = 12;

export interface FrontFigure extends Figure {
  /** Name of the series. */
  readonly series: string;
}

/** Helpfulness or reward against every dimension, the steps of a series as a path; of the first seed of each training. */
export function frontFigures(summary: Summary): FrontFigure[] {
  return seriesGroups(summary).flatMap(({ main }, index) =>
    frontGroups(summary, main).map((group, place) =>
      figureOf(summary, main, group, `series-${index + 1}-front-${place + 1}`),
    ),
  );
}

function figureOf(summary: Summary, series: Series, group: FrontGroup, id: string): FrontFigure {
  const across = metricOf(summary, group.against.task, group.against.metric);
  return {
    id,
    series: series.name,
    title: `Steps of ${idOf(series.name)} between ${clean(group.name)} and each dimension`,
    description: group.fronts.map((front) => described(summary, front, group.name, across)).join(' '),
    svg: drawPanels(
      group.fronts.map((front) => panelOf(summary, front, group.name, across)),
      SHAPE,
    ),
  };
}

function panelOf(summary: Summary, front: SeriesFront, name: string, across: SummaryMetric): Panel {
  const up = metricOf(summary, front.task, front.metric);
  return {
    title: clean(namedMetric(summary, front)),
    notes: [`${unitName(up.unit)}, ${betterUp(up)}`],
    across: scaleOf(
      front.points.map(({ x }) => inUnit(x, across)),
      across,
    ),
    up: scaleOf(
      front.points.map(({ y }) => inUnit(y, up)),
      up,
    ),
    acrossTitle: `${clean(name)}, ${unitName(across.unit)}${across.direction === 'neutral' ? '' : ': better →'}`,
    draw: (place) => drawPath(front, across, up, place),
  };
}

function betterUp({ direction }: SummaryMetric): string {
  return direction === 'neutral' ? 'neither way is better' : 'better is up';
}

function inUnit(value: number, { unit }: SummaryMetric): number {
  return unit === 'share' ? value * 100 : value;
}

/** Both axes run towards better: one of a lower-is-better metric is turned round. */
function scaleOf(values: readonly number[], { direction, unit }: SummaryMetric): PanelScale {
  return {
    ...roundScale(values, 5, unit === 'share' ? LEAST_POINTS : 0),
    reverse: direction === 'lower-is-better',
  };
}

function drawPath({ points }: SeriesFront, across: SummaryMetric, up: SummaryMetric, place: Place): string {
  const { ink, plain: grey, paper } = COLOURS;
  const placed = points.map((point) => ({
    ...point,
    at: [place.x(inUnit(point.x, across)), place.y(inUnit(point.y, up))] as const,
  }));
  const named = placed.filter(({ efficient }, index) => {
    const isEnd = index === 0 || index === placed.length - 1;
    if (placed.length <= MOST_NAMES) return true;
    return isEnd || (efficient && placed.filter((one) => one.efficient).length <= MOST_NAMES);
  });
  const texts = placeTexts(
    named.map(({ at: [x, y], step }) => ({ x, y, name: stepText(step) })),
    place,
    8,
  );
  return [
    `<path d="${pathOf(placed.map(({ at }) => at))}" fill="none" stroke="${grey}" stroke-width="1.2"/>`,
    ...placed.map(({ at: [x, y], efficient }) =>
      efficient
        ? `<circle cx="${x}" cy="${y}" r="4.5" fill="${ink}"/>`
        : `<circle cx="${x}" cy="${y}" r="3" fill="${paper}" stroke="${grey}" stroke-width="1.2"/>`,
    ),
    ...texts.map(
      ({ x, y, text, anchor }, index) =>
        `<text x="${Math.round(x)}" y="${Math.round(y)}" text-anchor="${anchor}" font-size="11"${named[index]?.efficient === true ? ' font-weight="bold"' : ''} fill="${ink}" stroke="${paper}" stroke-width="3" paint-order="stroke">${escaped(text)}</text>`,
    ),
  ].join('');
}

function described(summary: Summary, front: SeriesFront, name: string, across: SummaryMetric): string {
  const up = metricOf(summary, front.task, front.metric);
  const points = front.points.map(
    ({ step, x, y, efficient }) =>
      `step ${step}: ${plain(x, across.unit)}, ${plain(y, up.unit)}${efficient ? ' (efficient)' : ''}`,
  );
  return `${clean(name)} and ${clean(namedMetric(summary, front))}: ${points.join('; ')}.`;
}
