import type { DistinguishabilitySpeed } from '../../../dynamics/dynamics-summary.ts';
import type { Summary } from '../../../summary.ts';
import { MEASURES, relationInWords, SPEEDS, speedName } from '../../series/learning-words.ts';
import { quantity } from '../../series/number-text.ts';
import { speedGroups } from '../../series/speed-groups.ts';
import { clean } from '../../text.ts';
import { idOf } from '../../view.ts';
import { COLOURS } from '../colours.ts';
import { escaped, type Figure } from '../figure.ts';
import { drawPanels, type Panel, type Place } from './panels.ts';
import { placeTexts } from './place-names.ts';
import { roundScale } from './scale.ts';

const SHAPE = { columns: 3, width: 272, height: 180 } as const;
/** More names would hide the points; all stand in the table. */
const MOST_NAMES = 16;
const LONGEST_NAME = 18;

/**
 * Distinguishability against speed, a panel for each way to measure both, a drawing for each series and task. The mean
 * height that holds the level of the start is no speed and stands in the tables alone.
 */
export function speedFigures(summary: Summary): Figure[] {
  return speedGroups(summary).flatMap(({ relations }, index) => {
    const drawn = relations.filter((one) => one.speed !== 'area' && pointsOf(one).length > 0);
    return drawn.length === 0 ? [] : [figureOf(summary, drawn, index + 1)];
  });
}

function figureOf(summary: Summary, relations: readonly DistinguishabilitySpeed[], place: number): Figure {
  const [first] = relations;
  return {
    id: `dynamics-speed-${place}`,
    title: `Distinguishability of the start against speed: ${idOf(first?.series ?? '')}, ${first === undefined ? '' : speedName(summary, first)}, after Im & Li 2024`,
    description: relations.map(described).join(' '),
    svg: drawPanels(relations.map(panelOf), SHAPE),
  };
}

interface SpeedPoint {
  readonly behaviour: string;
  readonly x: number;
  readonly y: number;
  readonly censored: boolean;
}

function pointsOf({ behaviours }: DistinguishabilitySpeed): SpeedPoint[] {
  return behaviours.flatMap(({ behaviour, distinguishability, speed, censored, reason }) =>
    distinguishability === null || speed === null || reason !== null
      ? []
      : [{ behaviour: clean(behaviour), x: distinguishability, y: speed, censored }],
  );
}

function panelOf(relation: DistinguishabilitySpeed): Panel {
  const points = pointsOf(relation);
  return {
    title: relationInWords(relation),
    notes: [`up: ${SPEEDS[relation.speed]}${relation.speed === 'first-crossing' ? ', earlier is up' : ''}`],
    across: roundScale(points.map(({ x }) => x)),
    // An early crossing is a fast one: faster is up in every panel.
    up: { ...roundScale(points.map(({ y }) => y)), reverse: relation.speed === 'first-crossing' },
    acrossTitle: MEASURES[relation.measure],
    draw: (place) => drawPoints(points, place),
  };
}

function drawPoints(points: readonly SpeedPoint[], place: Place): string {
  const { ink, paper, faint } = COLOURS;
  const placed = points.map((point) => ({ ...point, at: [place.x(point.x), place.y(point.y)] as const }));
  const texts =
    points.length > MOST_NAMES
      ? []
      : placeTexts(
          placed.map(({ at: [x, y], behaviour }) => ({ x, y, name: behaviour })),
          place,
          LONGEST_NAME,
        );
  return [
    ...placed.map(({ at: [x, y], censored }) =>
      censored
        ? `<circle cx="${x}" cy="${y}" r="3.5" fill="${paper}" stroke="${ink}" stroke-width="1.5"/>`
        : `<circle cx="${x}" cy="${y}" r="4" fill="${ink}"/>`,
    ),
    ...texts.map(
      ({ x, y, text, anchor }) =>
        `<text x="${Math.round(x)}" y="${Math.round(y)}" text-anchor="${anchor}" font-size="11" fill="${faint}" stroke="${paper}" stroke-width="3" paint-order="stroke">${escaped(text)}</text>`,
    ),
  ].join('');
}

function described(relation: DistinguishabilitySpeed): string {
  const points = pointsOf(relation).map(
    ({ behaviour, x, y, censored }) =>
      `${behaviour}: ${quantity(x)}, ${quantity(y)}${censored ? ' (never crossed)' : ''}`,
  );
  return `${MEASURES[relation.measure]} against ${SPEEDS[relation.speed]}: ${relationInWords(relation)}. ${points.join('; ')}.`;
}
