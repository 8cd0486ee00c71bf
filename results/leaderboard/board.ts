import { canonicalJson } from '../../core/canonical-json.ts';
import { digestOf } from '../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { SummaryCheckpoint } from '../summary.ts';
import { trustPart } from '../trust-part.ts';
import { boardColumns, columnKey, headlineOf } from './columns.ts';
import type { BoardCell, BoardEffect, BoardMethod, BoardRank, Leaderboard } from './leaderboard.ts';
import { boardPublication, currentOf, type Publication } from './publications.ts';
import { boardRows, rowKey } from './rows.ts';

export interface BoardFacts {
  readonly title: string;
  readonly aligntrust: string;
}

/** Cells that may be ranked against each other: one column, equal samples, asked in one way. */
export interface ComparableSet {
  readonly name: string;
  readonly column: string;
  readonly task: string;
  readonly members: readonly RankMember[];
}

export interface RankMember {
  readonly row: string;
  readonly publication: string;
  readonly checkpoint: string;
}

/** By column and row. */
export type Ranks = ReadonlyMap<string, BoardRank | string>;

export function rankKey(column: string, row: string): string {
  return `${column} ${row}`;
}

/**
 * Everything of the site but its ranks, which need the outcomes.
 *
 * Where several current runs measured one checkpoint by one instrument, the one published last fills the cell.
 */
export function buildBoard(
  publications: readonly Publication[],
  facts: BoardFacts,
): { readonly board: Leaderboard; readonly sets: readonly ComparableSet[] } {
  const current = currentOf(publications).map((one) => ({ ...one, summary: trustPart(one.summary) }));
  const columns = boardColumns(current);
  const { cells, sets } = boardCells(current);
  const board: Leaderboard = {
    schemaVersion: 1,
    ...facts,
    publications: publications.map((one) => boardPublication(one, publications)),
    columns,
    rows: boardRows(current),
    cells,
    effects: latest(current.flatMap(effectsOf), ({ row, from, column }) =>
      canonicalJson([row, from, column]),
    ),
    methods: current.flatMap(methodsOf),
    score: null,
  };
  return { board, sets };
}

/** The same board with the ranks that were found; a text says why there is none. */
export function withRanks(board: Leaderboard, ranks: Ranks): Leaderboard {
  const cells = board.cells.map((cell) => {
    const found = ranks.get(rankKey(cell.column, cell.row));
    if (found === undefined) return cell;
    return typeof found === 'string'
      ? { ...cell, rank: null, rankReason: found }
      : { ...cell, rank: found, rankReason: null };
  });
  return { ...board, cells };
}

interface PlacedCell {
  readonly cell: BoardCell;
  readonly task: string;
  readonly checkpoint: SummaryCheckpoint;
  readonly conditions: string;
}

function boardCells(current: readonly Publication[]): { cells: BoardCell[]; sets: ComparableSet[] } {
  const placed = latest(current.flatMap(cellsOf), ({ cell }) => rankKey(cell.column, cell.row));
  const sets = new Map<string, PlacedCell[]>();
  for (const one of placed) {
    if (one.cell.value === null || one.checkpoint.control !== null) continue;
    const key = canonicalJson([one.cell.column, one.conditions]);
    sets.set(key, [...(sets.get(key) ?? []), one]);
  }
  return { cells: placed.map(({ cell }) => cell), sets: [...sets.values()].map(comparableSet) };
}

function comparableSet(placed: readonly PlacedCell[]): ComparableSet {
  const [first] = placed as readonly [PlacedCell, ...PlacedCell[]];
  return {
    name: digestOf([first.cell.column, first.conditions]).slice(0, 8),
    column: first.cell.column,
    task: first.task,
    members: placed.map(({ cell, checkpoint }) => ({
      row: cell.row,
      publication: cell.publication,
      checkpoint: checkpoint.id,
    })),
  };
}

function cellsOf({ entry, summary, manifest }: Publication): PlacedCell[] {
  const checkpoints = new Map(summary.checkpoints.map((one) => [one.id, one]));
  return summary.tasks.flatMap((task) =>
    summary.cells
      .filter((cell) => cell.task === task.task && cell.metric === task.headline)
      .flatMap((cell) => {
        const checkpoint = checkpoints.get(cell.checkpoint);
        if (checkpoint === undefined) return [];
        const { checkpoint: _id, task: _task, metric: _metric, ...numbers } = cell;
        const samples = manifest.tasks[task.task]?.samplesDigest ?? '';
        return [
          {
            cell: {
              row: rowKey(checkpoint),
              column: columnKey(task),
              publication: entry.publication,
              ...numbers,
              rank: null,
              rankReason: whyUnranked(checkpoint, cell.value),
            },
            task: task.task,
            checkpoint,
            conditions: conditionsOf(checkpoint, samples),
          },
        ];
      }),
  );
}

function whyUnranked({ control }: SummaryCheckpoint, value: number | null): string | null {
  if (control !== null) return 'a control copy is not ranked';
  return value === null ? 'there is no value' : 'not ranked yet';
}

/** Whatever moves numbers by itself: only checkpoints that share all of it are ranked against each other. */
function conditionsOf({ promptFormat, identity: { facts } }: SummaryCheckpoint, samples: string): string {
  const known = (name: string): JsonValue => facts[name] ?? null;
  return canonicalJson({
    samples,
    promptFormat,
    template: promptFormat === 'chat' ? known('template') : null,
    system: known('system'),
    scoreMethod: known('scoreMethod'),
    engine: known('engine'),
    quantisation: facts['quantisation'] ?? memberOf(facts['notes'], 'quantisation'),
    decoding: known('decoding'),
  });
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return (value as JsonObject)[name] ?? null;
}

function effectsOf({ entry, summary }: Publication): BoardEffect[] {
  const keys = rowKeys(summary.checkpoints);
  return summary.tasks.flatMap((task) =>
    summary.effects
      .filter(
        ({ kind, task: name, metric }) =>
          (kind === 'stage' || kind === 'control') && name === task.task && metric === task.headline,
      )
      .flatMap((effect) => {
        const [from, row] = [keys.get(effect.from), keys.get(effect.to)];
        if (from === undefined || row === undefined) return [];
        return [
          {
            row,
            from,
            column: columnKey(task),
            publication: entry.publication,
            delta: effect.delta,
            low: effect.low,
            high: effect.high,
            pAdjusted: effect.pAdjusted,
            verdict: effect.verdict,
            reason: effect.reason,
            n: effect.n,
            clusters: effect.clusters,
            detectable: effect.detectable,
            seeds: effect.seeds,
            seedSpread: effect.seedSpread,
            withinSeedNoise: effect.withinSeedNoise,
            confounds: effect.confounds,
          },
        ];
      }),
  );
}

function methodsOf({ entry, summary }: Publication): BoardMethod[] {
  const keys = rowKeys(summary.checkpoints);
  const { methods, pooled } = summary.relations;
  const columns = new Map(
    summary.tasks.map((task) => [task.task, { key: columnKey(task), metric: headlineOf(task).key }]),
  );
  const columnFor = (task: string, metric: string): string | undefined => {
    const column = columns.get(task);
    return column?.metric === metric ? column.key : undefined;
  };
  const seeded = methods.flatMap((effect): BoardMethod[] => {
    const column = columnFor(effect.task, effect.metric);
    const { kind } = effect;
    // The board shows stages; what they come to together stands in the run's own report.
    if (column === undefined || kind === 'total') return [];
    const { method, mean, low, high, pAdjusted, verdict, reason, seeds } = effect;
    const [from, to] = [keys.get(effect.from) ?? null, keys.get(effect.to) ?? null];
    const units = seeds.length;
    return [
      {
        publication: entry.publication,
        column,
        kind,
        method,
        from,
        to,
        mean,
        low,
        high,
        pAdjusted,
        verdict,
        units,
        reason,
      },
    ];
  });
  const families = pooled.flatMap((effect): BoardMethod[] => {
    const column = columnFor(effect.task, effect.metric);
    if (column === undefined) return [];
    const { method, mean, low, high, reason, families: members } = effect;
    const rest = { from: null, to: null, mean, low, high, pAdjusted: null, verdict: null, reason };
    return [
      { publication: entry.publication, column, kind: 'pooled', method, ...rest, units: members.length },
    ];
  });
  return [...seeded, ...families];
}

function rowKeys(checkpoints: readonly SummaryCheckpoint[]): ReadonlyMap<string, string> {
  return new Map(checkpoints.map((one) => [one.id, rowKey(one)]));
}

/** The last of those with equal keys, in the place of the first. */
function latest<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const found = new Map<string, T>();
  for (const item of items) found.set(keyOf(item), item);
  return [...found.values()];
}
