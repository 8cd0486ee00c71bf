import type { DisplacementEnd, DisplacementPath, Shifts } from '../../dynamics/dynamics-summary.ts';
import type { Summary } from '../../summary.ts';
import type { NameOf } from '../view.ts';
import { taskName } from './behaviour-names.ts';
import { cell, figures, type StepCell, type StepTable, words } from './step-table.ts';

export function displacementTables(summary: Summary, nameOf: NameOf): StepTable[] {
  const { displacement = [], displacementEnds = [] } = summary.dynamics ?? {};
  const paths = displacement.map((path, index) => ({
    id: `displacement-${index + 1}`,
    title: `${nameOf(path.series)}: displacement, ${taskName(summary, path.task)}`,
    caption: CAPTION,
    first: 'step',
    columns: COLUMNS,
    rows: path.points.map((point) => ({
      label: `${point.step} ${nameOf(point.checkpoint)}`,
      step: point.step,
      cells: cellsOf(point),
    })),
    notes: [displacementSentence(path, nameOf)],
  }));
  const tasks = [...new Set(displacementEnds.map(({ task }) => task))];
  const ends = tasks.map((task, index) => {
    const own = displacementEnds.filter((one) => one.task === task);
    return {
      id: `displacement-ends-${index + 1}`,
      title: `Other checkpoints: displacement, ${taskName(summary, task)}`,
      caption: CAPTION,
      first: 'checkpoint',
      columns: COLUMNS,
      rows: own.map((one) => ({ label: nameOf(one.checkpoint), cells: cellsOf(one) })),
      notes: [endsSentence(own, nameOf)],
    };
  });
  return [...paths, ...ends];
}

/** One sentence a series, and one for all other checkpoints of an instrument. */
export function displacementSentences({ dynamics }: Summary, nameOf: NameOf): string[] {
  const { displacement = [], displacementEnds = [] } = dynamics ?? {};
  const tasks = [...new Set(displacementEnds.map(({ task }) => task))];
  return [
    ...displacement.map((path) => displacementSentence(path, nameOf)),
    ...tasks.map((task) =>
      endsSentence(
        displacementEnds.filter((one) => one.task === task),
        nameOf,
      ),
    ),
  ];
}

const CAPTION =
  'Mean log-probability of the chosen and of the rejected answers less that of the reference, in nats; margin: the one less the other.';
const COLUMNS = [figures('chosen'), figures('rejected'), figures('margin'), words('displaced')];

function cellsOf({ chosenShift, rejectedShift, margin, displaced }: Shifts): StepCell[] {
  return [
    ...[chosenShift, rejectedShift, margin].map((value) => cell(nats(value))),
    displaced ? cell('DISPLACED', '', true) : cell(margin === null ? '–' : 'no'),
  ];
}

function endsSentence(ends: readonly DisplacementEnd[], nameOf: NameOf): string {
  const displaced = ends.filter((one) => one.displaced).map(({ checkpoint }) => nameOf(checkpoint));
  const [all] = ends;
  if (displaced.length > 0)
    return `${displaced.join(', ')}: DISPLACED, the margin rose while the chosen answers became less likely on average.`;
  return ends.length === 1
    ? `${nameOf(all?.checkpoint ?? '')}: not displaced.`
    : 'None of the checkpoints outside a series is displaced.';
}

/** A difference in nats: two decimals, a sign, nothing before a zero. */
export function nats(value: number | null): string {
  if (value === null) return '–';
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

export function displacementSentence({ points, series }: DisplacementPath, nameOf: NameOf): string {
  const steps = points.filter(({ displaced }) => displaced).map(({ step }) => step);
  if (steps.length === 0)
    return `${nameOf(series)}: displaced at no step; where the margin rose, the chosen answers did not become less likely on average.`;
  return `${nameOf(series)}: DISPLACED at ${steps.length === 1 ? 'step' : 'steps'} ${steps.join(', ')}: the margin rose while the chosen answers became less likely on average.`;
}
