import type { DisplacementPath } from '../../../dynamics/dynamics-summary.ts';
import type { Summary } from '../../../summary.ts';
import { taskName } from '../../series/behaviour-names.ts';
import { displacementSentence, nats } from '../../series/displacement-tables.ts';
import { idOf } from '../../view.ts';
import { COLOURS } from '../colours.ts';
import { escaped, type Figure } from '../figure.ts';
import { drawPanels, LETTER, type Panel, type Place, pathOf } from './panels.ts';
import { type PanelScale, roundScale, stepScale } from './scale.ts';

const SHAPE = { columns: 2, width: 340, height: 170 } as const;
const MOST_PANELS = 12;
const ROOM = 0.15;

type Shift = 'chosenShift' | 'rejectedShift';

/** Chosen and rejected answers over steps, a panel a series, all on one scale; null where nothing was measured. */
export function displacementFigure(summary: Summary): Figure | null {
  const paths = (summary.dynamics?.displacement ?? [])
    .filter(({ points }) => points.some(({ chosenShift }) => chosenShift !== null))
    .slice(0, MOST_PANELS);
  if (paths.length === 0) return null;
  const values = [
    0,
    ...paths.flatMap(({ points }) =>
      points.flatMap(({ chosenShift, rejectedShift }) => [chosenShift ?? 0, rejectedShift ?? 0]),
    ),
  ];
  // Room for the names of both lines and for flags.
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const up = roundScale([low - ROOM * (high - low), high + ROOM * (high - low)]);
  return {
    id: 'dynamics-displacement',
    title: 'Displacement: log-probability of chosen and rejected answers less that of the reference, in nats',
    description: paths.map(described).join(' '),
    svg: drawPanels(
      paths.map((path) => panelOf(summary, path, up)),
      SHAPE,
    ),
  };
}

function panelOf(summary: Summary, path: DisplacementPath, up: PanelScale): Panel {
  const steps = path.points.filter(({ displaced }) => displaced).map(({ step }) => step);
  return {
    title: `${idOf(path.series)}, ${taskName(summary, path.task)}`,
    notes: [
      steps.length === 0
        ? 'displaced at no step'
        : `DISPLACED at step${steps.length === 1 ? '' : 's'} ${steps.join(', ')}`,
    ],
    across: stepScale(
      path.points.map(({ step }) => step),
      SHAPE.width,
      LETTER,
    ),
    up,
    acrossTitle: 'step',
    draw: (place) => drawShifts(path, place),
  };
}

function drawShifts({ points }: DisplacementPath, place: Place): string {
  const { ink, plain: grey, bad } = COLOURS;
  const pathFor = (key: Shift): ([number, number] | null)[] =>
    points.map((point) => (point[key] === null ? null : [place.x(point.step), place.y(point[key])]));
  const [chosen, rejected] = [pathFor('chosenShift'), pathFor('rejectedShift')];
  const flags = points.flatMap((point, index) => {
    const at = chosen[index];
    return point.displaced && at != null ? [flag(at, bad)] : [];
  });
  return [
    `<path d="${pathOf(rejected)}" fill="none" stroke="${grey}" stroke-width="1.6" stroke-dasharray="5 3"/>`,
    `<path d="${pathOf(chosen)}" fill="none" stroke="${ink}" stroke-width="1.8"/>`,
    ...rejected.flatMap((at) =>
      at === null ? [] : [`<path d="M${at[0] - 3} ${at[1] - 3}h6v6h-6z" fill="${grey}"/>`],
    ),
    ...chosen.flatMap((at) =>
      at === null ? [] : [`<circle cx="${at[0]}" cy="${at[1]}" r="3" fill="${ink}"/>`],
    ),
    ...flags,
    ...names(chosen, rejected, place),
  ].join('');
}

/** A pole with a pennant above the point of the chosen answers. */
function flag([x, y]: readonly [number, number], colour: string): string {
  return `<path d="M${x} ${y - 3}v-15" stroke="${colour}" stroke-width="1.5"/><path d="M${x} ${y - 18}l9 3.5l-9 3.5z" fill="${colour}"/>`;
}

/** Which line is which, above the upper and below the lower one where they last lie well apart. */
function names(
  chosen: readonly ([number, number] | null)[],
  rejected: readonly ([number, number] | null)[],
  place: Place,
): string[] {
  const [one, other] = [chosen.findLast((at) => at !== null), rejected.findLast((at) => at !== null)];
  if (one == null || other == null) return [];
  const isAbove = one[1] <= other[1];
  const text = (at: readonly [number, number], word: string, above: boolean, colour: string): string =>
    `<text x="${place.width}" y="${within(at[1] + (above ? -8 : 17), place)}" text-anchor="end" font-size="11" fill="${colour}">${escaped(word)}</text>`;
  return [text(one, 'chosen', isAbove, COLOURS.ink), text(other, 'rejected', !isAbove, COLOURS.faint)];
}

function within(y: number, { height }: Place): number {
  return Math.round(Math.min(height - 3, Math.max(10, y)) * 10) / 10;
}

function described(path: DisplacementPath): string {
  const points = path.points.map(
    ({ step, chosenShift, rejectedShift }) =>
      `step ${step}: chosen ${nats(chosenShift)}, rejected ${nats(rejectedShift)}`,
  );
  return `${displacementSentence(path, idOf)} ${points.join('; ')}.`;
}
