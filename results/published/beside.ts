import { plain } from '../format.ts';
import { metricOf } from '../report/names.ts';
import type { Cell, Summary, SummaryMetric } from '../summary.ts';
import { type PublishedInstrument, type PublishedTable, publishedFor, publishedValue } from './published.ts';

/** Published numbers beside the numbers of a run that asked the same, as plain text. */
export interface PublishedSection {
  readonly table: PublishedTable;
  readonly instrument: PublishedInstrument;
  /** The instrument of the run. */
  readonly task: string;
  readonly unit: string;
  readonly columns: readonly string[];
  /** Published rows: the tuning, then a value for each model. */
  readonly published: readonly (readonly string[])[];
  /** This run: the checkpoint as it is named, its method, its value with interval. */
  readonly own: readonly { readonly checkpoint: string; readonly method: string; readonly value: string }[];
}

/** What belongs beside this run; empty unless it asked under the protocol (`paper`) of something published. */
export function publishedBeside(summary: Summary): PublishedSection[] {
  return summary.tasks.flatMap(({ task }) =>
    publishedFor(task).flatMap(({ table, instrument }) => {
      const cells = summary.cells.filter((cell) => cell.task === task && cell.metric === instrument.metric);
      if (cells.length === 0) return [];
      const metric = metricOf(summary, task, instrument.metric);
      const methods = new Map(summary.checkpoints.map(({ id, method }) => [id, method]));
      return [
        {
          table,
          instrument,
          task,
          unit: table.unit === 'share' ? 'points of 100' : table.unit,
          columns: ['published', ...table.models],
          published: publishedRows(table),
          own: cells.map((cell) => ({
            checkpoint: cell.checkpoint,
            method: methods.get(cell.checkpoint) ?? '',
            value: ownValue(cell, metric),
          })),
        },
      ];
    }),
  );
}

/** A published table as text, a row a method. */
export function publishedRows(table: PublishedTable): string[][] {
  return table.rows.map(({ method, values }) => [
    method === 'none' ? 'not aligned' : method.toUpperCase(),
    ...values.map((value) => publishedValue(table, value)),
  ]);
}

/** Source and everything to beware of, a sentence each. */
export function caveatsOf({ table, instrument }: PublishedSection): string[] {
  return [
    `${table.source}; ${table.foundIn}.`,
    `Checkpoints: ${table.checkpoints}.`,
    ...table.caveats,
    `Differs from this run in: ${instrument.differs}.`,
  ];
}

/** Said above every such section. */
export const CONTEXT_ONLY =
  'Context only: nothing here enters a statistic of this run, and no difference to it is an effect.';

function ownValue({ value, low, high }: Cell, { unit }: SummaryMetric): string {
  if (value === null) return '–';
  // Published scores have three digits; two would hide what is compared.
  const shown = (number: number): string => (unit === 'share' ? plain(number, unit) : number.toFixed(3));
  return low === null || high === null ? shown(value) : `${shown(value)} (${shown(low)} to ${shown(high)})`;
}
