import { directionInWords } from '../direction.ts';
import { percent, plain } from '../format.ts';
import type { Cell, Summary, SummaryMetric, SummaryTask } from '../summary.ts';
import { hasFewEvents } from './few-events.ts';
import { clean } from './text.ts';
import { idOf, type NameOf } from './view.ts';

/** The cells of one instrument under one metric, as text. */
export interface CellTable {
  readonly title: string;
  /** What the metric is and how many samples stand behind it. */
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the last column says when every sample was scored. */
export const NOTHING_LEFT = 'none';

const UNSCORED = ['refused', 'empty', 'truncated', 'unparsed', 'failed', 'skipped'] as const;

/** Value, interval, n and the fate of every other sample, a row a checkpoint. */
export function cellTable(
  summary: Summary,
  task: SummaryTask,
  metric: SummaryMetric,
  nameOf: NameOf = idOf,
): CellTable {
  const cells = summary.cells.filter((cell) => cell.task === task.task && cell.metric === metric.key);
  const counts = Object.keys(metric.counts).length > 0;
  const columns = [
    'checkpoint',
    'value',
    '95 % interval',
    'n',
    ...(counts ? ['scored only'] : []),
    'not scored',
  ];
  const rows = cells.map((cell) => {
    const value = cell.value === null ? '–' : plain(cell.value, metric.unit);
    const only = cell.valueScoredOnly === null ? '–' : plain(cell.valueScoredOnly, metric.unit);
    return [
      nameOf(cell.checkpoint),
      value,
      intervalOf(cell, metric),
      String(cell.n),
      ...(counts ? [only] : []),
      restOf(cell, metric),
    ];
  });
  return { title: clean(task.task), caption: captionOf(task, metric, cells), columns, rows };
}

function intervalOf(cell: Cell, { unit }: SummaryMetric): string {
  const { low, high } = cell;
  if (low === null || high === null) return '–';
  return `${plain(low, unit)} to ${plain(high, unit)}${hasFewEvents(cell) ? ', few events' : ''}`;
}

/** Shares of samples without a score, by reason; what the metric counts as a value is said so. */
function restOf({ rates, value, reason }: Cell, metric: SummaryMetric): string {
  if (value === null && reason !== null) return clean(reason);
  const parts = UNSCORED.filter((kind) => rates[kind] > 0).map((kind) => {
    const counted = kind === 'failed' || kind === 'skipped' ? undefined : metric.counts[kind];
    return `${kind} ${percent(rates[kind])}${counted === undefined ? '' : ` (as ${plain(counted, metric.unit)})`}`;
  });
  return parts.length === 0 ? NOTHING_LEFT : parts.join(', ');
}

function captionOf(task: SummaryTask, metric: SummaryMetric, cells: readonly Cell[]): string {
  const { label, direction } = metric;
  const parts = [
    `${clean(label)}${metric.unit === 'share' ? '' : ` in ${metric.unit}`}`,
    directionInWords(direction),
    chanceOf(cells, metric),
    sizeOf(task),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function chanceOf(cells: readonly Cell[], { unit }: SummaryMetric): string | null {
  const chances = cells.flatMap(({ chance }) => (chance === null ? [] : [plain(chance, unit)]));
  const distinct = [...new Set(chances)];
  if (distinct.length === 0) return null;
  return distinct.length === 1
    ? `guessing gives ${distinct[0]}`
    : `guessing gives ${distinct[0]} to ${distinct.at(-1)}`;
}

function sizeOf({ samples, clusters, cluster }: SummaryTask): string {
  return samples === clusters
    ? `${samples} samples`
    : `${samples} samples in ${clusters} clusters (${clean(cluster)})`;
}
