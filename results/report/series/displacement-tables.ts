import type { DisplacementPath } from '../../dynamics/dynamics-summary.ts';
import type { Summary } from '../../summary.ts';
import type { NameOf } from '../view.ts';
import { taskName } from './behaviour-names.ts';
import { cell, figures, type StepTable, words } from './step-table.ts';

export function displacementTables(summary: Summary, nameOf: NameOf): StepTable[] {
  return (summary.dynamics?.displacement ?? []).map((path, index) => ({
    id: `displacement-${index + 1}`,
    title: `${nameOf(path.series)}: displacement, ${taskName(summary, path.task)}`,
    caption:
      'Mean log-probability of the chosen and of the rejected answers less that of the reference, in nats; margin: the one less the other.',
    first: 'step',
    columns: [figures('chosen'), figures('rejected'), figures('margin'), words('displaced')],
    rows: path.points.map(({ step, checkpoint, chosenShift, rejectedShift, margin, displaced }) => ({
      label: `${step} ${nameOf(checkpoint)}`,
      step,
      cells: [
        ...[chosenShift, rejectedShift, margin].map((value) => cell(nats(value))),
        displaced ? cell('DISPLACED', '', true) : cell(margin === null ? '–' : 'no'),
      ],
    })),
    notes: [displacementSentence(path, nameOf)],
  }));
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
    return `${nameOf(series)}: displaced at no step; where the margin rose, the chosen answers did not become less likely.`;
  return `${nameOf(series)}: DISPLACED at ${steps.length === 1 ? 'step' : 'steps'} ${steps.join(', ')}: the margin rose while the chosen answers became less likely.`;
}
