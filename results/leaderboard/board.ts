import { canonicalJson } from '../../core/canonical-json.ts';
import { digestOf } from '../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { SummaryCheckpoint } from '../summary.ts';
import { trustPart } from '../trust-part.ts';
import { boardEffects, boardMethods } from './board-effects.ts';
import { bestOf, byPlace, type Preference, preferenceOf } from './choice.ts';
import { boardColumns, columnKey, rankKey } from './columns.ts';
import type { BoardCell, BoardRank, Leaderboard } from './leaderboard.ts';
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

/** By rankKey. */
export type Ranks = ReadonlyMap<string, BoardRank | string>;

/**
 * Everything of the site but its ranks, which need the outcomes.
 *
 * Where several current runs measured one lineage by one instrument, one of them speaks of it (choice.ts): a cell, its rank and
 * the effect beside it are of one run, and what is said of a method is of the run whose rows are shown.
 */
export function buildBoard(
  publications: readonly Publication[],
  facts: BoardFacts,
): { readonly board: Leaderboard; readonly sets: readonly ComparableSet[] } {
  const current = currentOf(publications).map((one) => ({ ...one, summary: trustPart(one.summary) }));
  const columns = boardColumns(current);
  const rows = boardRows(current);
  const preference = preferenceOf(current, rows);
  const { cells, sets } = boardCells(current, preference);
  const board: Leaderboard = {
    schemaVersion: 1,
    ...facts,
    publications: publications.map((one) => boardPublication(one, publications)),
    columns,
    rows,
    cells,
    effects: boardEffects(current, cells, preference),
    methods: boardMethods(current, cells),
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

function boardCells(
  current: readonly Publication[],
  preference: Preference,
): { cells: BoardCell[]; sets: ComparableSet[] } {
  const placed = bestOf(
    current.flatMap(cellsOf),
    ({ cell }) => rankKey(cell.column, cell.row),
    ({ cell: a }, { cell: b }) =>
      Number(a.value === null) - Number(b.value === null) || byPlace(preference, a, b),
  );
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
