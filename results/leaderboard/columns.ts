import type { Summary, SummaryMetric, SummaryTask } from '../summary.ts';
import type { BoardColumn } from './leaderboard.ts';
import type { Publication } from './publications.ts';

/** An instrument is named with its version: numbers of different versions never share a column. */
export function columnKey({ task, version }: Pick<SummaryTask, 'task' | 'version'>): string {
  return `${task}#${version}`;
}

/** The columns of all current publications: those that stand for a dimension first, else in the order published. */
export function boardColumns(publications: readonly Publication[]): BoardColumn[] {
  const columns = new Map<string, BoardColumn>();
  for (const { summary } of publications) {
    for (const task of summary.tasks) {
      const key = columnKey(task);
      const main = (columns.get(key)?.main ?? false) || standsForDimension(summary, task);
      columns.set(key, columnOf(task, key, main));
    }
  }
  const all = [...columns.values()];
  return [...all.filter(({ main }) => main), ...all.filter(({ main }) => !main)];
}

/** Metric that stands for a task. */
export function headlineOf(task: SummaryTask): SummaryMetric {
  const metric = task.metrics.find(({ key }) => key === task.headline);
  if (metric === undefined) throw new Error(`${task.task} has no metric ${task.headline}`);
  return metric;
}

function columnOf(task: SummaryTask, key: string, main: boolean): BoardColumn {
  const { dimension, version, question, source } = task;
  return { key, dimension, task: task.task, version, metric: headlineOf(task), question, source, main };
}

function standsForDimension(summary: Summary, task: SummaryTask): boolean {
  const rivals = summary.tasks.filter(({ dimension }) => dimension === task.dimension);
  // None of them where every one rests on a judge that nobody has measured.
  return rivals.find(({ primary }) => primary) === task;
}

/** Names a cell: column and row. */
export function rankKey(column: string, row: string): string {
  return `${column} ${row}`;
}
