import { plain } from '../format.ts';
import type { Summary, SummaryMetric } from '../summary.ts';
import { clean } from './text.ts';
import { idOf, type NameOf } from './view.ts';

export const DYNAMICS_TITLE = 'Learning dynamics: what the checkpoints learned, after Im & Li 2024';

/** One instrument of learning dynamics: a row a metric, a column a checkpoint. */
export interface DynamicsTable {
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The values of every instrument that asked what checkpoints learned; none where no task did. */
export function dynamicsTables(summary: Summary, nameOf: NameOf = idOf): DynamicsTable[] {
  const tasks = summary.tasks.filter(({ family }) => family === 'dynamics');
  return tasks.map(({ task, metrics, question }) => ({
    title: clean(task),
    caption: clean(question),
    columns: ['metric', ...summary.checkpoints.map(({ id, step }) => headOf(nameOf(id), step))],
    rows: metrics.map((metric) => [
      `${clean(metric.key)}${metric.unit === 'share' ? ', points of 100' : ''}`,
      ...summary.checkpoints.map(({ id }) => valueAt(summary, id, task, metric)),
    ]),
  }));
}

function headOf(name: string, step: number | null): string {
  return step === null ? name : `${name} (step ${step})`;
}

function valueAt(summary: Summary, checkpoint: string, task: string, { key, unit }: SummaryMetric): string {
  const cell = summary.cells.find(
    (one) => one.checkpoint === checkpoint && one.task === task && one.metric === key,
  );
  return cell?.value == null ? '–' : plain(cell.value, unit);
}
