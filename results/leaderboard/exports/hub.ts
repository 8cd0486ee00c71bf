import { stringify } from 'yaml';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { unitName } from '../../format.ts';
import type { BoardCell, BoardColumn, BoardPublication, BoardRow, Leaderboard } from '../leaderboard.ts';
import { directionText, intervalText, lookupOf } from '../lookup.ts';
import { safeName } from '../safe-name.ts';

/** A dataset on the Hub that stands for one of ours. */
export interface HubDataset {
  readonly id: string;
  readonly task_id?: string;
  readonly revision?: string;
  readonly config?: string;
  readonly split?: string;
}

/** By instrument (`task@dataset:preset`), by `task@dataset` or by dataset; the most exact one counts. */
export type HubMap = Readonly<Record<string, JsonObject>>;

export interface HubExport {
  /** Text by path below the site. */
  readonly files: Readonly<Record<string, string>>;
  /** Instruments without a Hub dataset, for which no `.eval_results` were written. */
  readonly unmapped: readonly string[];
}

/** Where the exports of a checkpoint stand. */
export function hubFolder(row: BoardRow): string {
  return `exports/huggingface/${row.file}`;
}

/**
 * For every checkpoint a `model-index` for the header of its model card and, where a dataset is mapped to the Hub, one
 * `.eval_results/*.yaml` per instrument. Neither has a place for methods, parents and effects: they are in leaderboard.json.
 *
 * @param url where the site will stand; without it the exports name no source
 */
export function hubExports(board: Leaderboard, map: HubMap, url: string | null): HubExport {
  const lookup = lookupOf(board);
  const publications = new Map(board.publications.map((one) => [one.id, one]));
  const files: Record<string, string> = {};
  for (const row of board.rows) {
    const measured = board.columns.flatMap((column) => {
      const cell = lookup.cell(row, column);
      return cell === undefined || cell.value === null ? [] : [{ column, cell }];
    });
    if (measured.length === 0) continue;
    const source = url === null ? null : { name: board.title, url: `${url}/checkpoints/${row.file}.html` };
    files[`${hubFolder(row)}/model-index.yaml`] = modelIndex(row, measured, map, source);
    for (const { column, cell } of measured) {
      const dataset = hubDatasetOf(map, column.task);
      const publication = publications.get(cell.publication);
      if (dataset === undefined || publication === undefined) continue;
      const name = safeName(column.task.replace(/[@:/]/g, '_'));
      files[`${hubFolder(row)}/.eval_results/${name}.yaml`] = evalResult(
        column,
        cell,
        dataset,
        publication,
        source,
      );
    }
  }
  const unmapped = board.columns
    .map(({ task }) => task)
    .filter((task) => hubDatasetOf(map, task) === undefined);
  return { files, unmapped: [...new Set(unmapped)] };
}

interface Measured {
  readonly column: BoardColumn;
  readonly cell: BoardCell;
}

type Source = { readonly name: string; readonly url: string } | null;

function modelIndex(row: BoardRow, measured: readonly Measured[], map: HubMap, source: Source): string {
  const results = measured.map(({ column, cell }) => {
    const dataset = hubDatasetOf(map, column.task);
    return {
      task: { type: 'text-generation', name: column.question },
      dataset: {
        type: dataset?.id ?? datasetOf(column.task),
        name: column.task,
        ...pick(dataset, ['config', 'split', 'revision']),
      },
      metrics: [
        {
          type: column.metric.key,
          value: shown(cell.value as number, column),
          name: `${column.metric.label}, ${noteOf(cell, column)}`,
          verified: false,
        },
      ],
      ...(source === null ? {} : { source }),
    };
  });
  return stringify({ 'model-index': [{ name: row.checkpoint, results }] }, { lineWidth: 0 });
}

function evalResult(
  column: BoardColumn,
  cell: BoardCell,
  dataset: HubDataset,
  { createdAt }: BoardPublication,
  source: Source,
): string {
  const entry = {
    dataset: { id: dataset.id, ...pick(dataset, ['task_id', 'revision']) },
    value: shown(cell.value as number, column),
    date: createdAt.slice(0, 10),
    ...(source === null ? {} : { source }),
    notes: `${column.task}, ${column.metric.key}, ${noteOf(cell, column)}`,
  };
  return stringify([entry], { lineWidth: 0 });
}

/** Shares as points of 100, as the Hub shows them; the rest as it is. Nothing is rounded but what a double cannot hold. */
function shown(value: number, { metric }: BoardColumn): number {
  return metric.unit === 'share' ? Number((value * 100).toPrecision(15)) : value;
}

function noteOf(cell: BoardCell, { metric }: BoardColumn): string {
  const interval = intervalText(cell, metric);
  const bounds = interval === null ? 'no interval' : `95 % interval ${interval}`;
  return `${unitName(metric.unit)}, ${directionText(metric)}, ${bounds}, n ${cell.n}`;
}

function hubDatasetOf(map: HubMap, task: string): HubDataset | undefined {
  const keys = [task, task.slice(0, task.lastIndexOf(':')), datasetOf(task)];
  const key = keys.find((each) => Object.hasOwn(map, each));
  const found = key === undefined ? undefined : map[key];
  return found === undefined ? undefined : (found as unknown as HubDataset);
}

/** `dataset` of `task@dataset:preset`. */
export function datasetOf(task: string): string {
  const rest = task.slice(task.lastIndexOf('@') + 1);
  const colon = rest.lastIndexOf(':');
  return colon === -1 ? rest : rest.slice(0, colon);
}

function pick(from: HubDataset | undefined, names: readonly (keyof HubDataset)[]): Record<string, JsonValue> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from?.[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
