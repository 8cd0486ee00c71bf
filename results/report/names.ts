import { askedName } from '../../suites/task.ts';
import type { Summary, SummaryMetric, SummaryTask } from '../summary.ts';

/** How instruments are called in a table, by full name: as short as they stay distinct. */
export function shortNames(tasks: readonly SummaryTask[]): ReadonlyMap<string, string> {
  const candidates = [
    (task: SummaryTask) => task.dimension,
    (task: SummaryTask) => partsOf(task).task,
    (task: SummaryTask) => `${partsOf(task).task}${judgeOf(task)}`,
    (task: SummaryTask) => `${partsOf(task).task}@${partsOf(task).dataset}`,
    (task: SummaryTask) => `${partsOf(task).task}@${partsOf(task).dataset}${judgeOf(task)}`,
    (task: SummaryTask) => task.task,
  ];
  return new Map(
    tasks.map((task) => {
      const name = candidates.find((call) =>
        tasks.every((other) => other === task || call(other) !== call(task)),
      );
      return [task.task, (name ?? ((own: SummaryTask) => own.task))(task)];
    }),
  );
}

export function metricOf(summary: Summary, task: string, key: string): SummaryMetric {
  const metric = taskOf(summary, task).metrics.find((each) => each.key === key);
  if (metric === undefined) throw new Error(`the summary's ${task} has no metric ${key}`);
  return metric;
}

export function taskOf(summary: Summary, name: string): SummaryTask {
  const task = summary.tasks.find((each) => each.task === name);
  if (task === undefined) throw new Error(`the summary has no task ${name}`);
  return task;
}

/** `+ID` where several judges read the same answers. */
function judgeOf({ task }: SummaryTask): string {
  return task.slice(askedName(task).length);
}

function partsOf({ task }: SummaryTask): { task: string; dataset: string } {
  const at = task.lastIndexOf('@');
  const colon = task.lastIndexOf(':');
  if (at === -1) return { task, dataset: '' };
  return { task: task.slice(0, at), dataset: task.slice(at + 1, colon > at ? colon : undefined) };
}
