import { directionInWords } from '../direction.ts';
import { intervalAfter, plain, sideOf, signed } from '../format.ts';
import { WORDS } from '../report/view.ts';
import type { SummaryMetric } from '../summary.ts';
import { rankKey } from './columns.ts';
import type { BoardCell, BoardColumn, BoardEffect, BoardRank, BoardRow, Leaderboard } from './leaderboard.ts';

/** A board with its parts by key. */
export interface Lookup {
  readonly board: Leaderboard;
  readonly mainColumns: readonly BoardColumn[];
  row(key: string): BoardRow | undefined;
  column(key: string): BoardColumn | undefined;
  cell(row: BoardRow, column: BoardColumn): BoardCell | undefined;
  /** Against its parent. */
  effect(row: BoardRow, column: BoardColumn): BoardEffect | undefined;
  /** Whether several runs fill a column, so that each of its cells must name its own. */
  isMixed(column: BoardColumn): boolean;
  /** From 1, in the order of the rows; null where all ranks of a column are of one set. */
  setNumber(column: BoardColumn, set: string): number | null;
}

export function lookupOf(board: Leaderboard): Lookup {
  const rows = new Map(board.rows.map((row) => [row.key, row]));
  const columns = new Map(board.columns.map((column) => [column.key, column]));
  const cells = new Map(board.cells.map((cell) => [rankKey(cell.column, cell.row), cell]));
  const effects = new Map(board.effects.map((effect) => [rankKey(effect.column, effect.row), effect]));
  const runs = new Map<string, Set<string>>();
  for (const { column, publication } of [...board.cells, ...board.effects])
    runs.set(column, (runs.get(column) ?? new Set()).add(publication));
  const sets = rankedSets(board, cells);
  return {
    board,
    mainColumns: board.columns.filter(({ main }) => main),
    row: (key) => rows.get(key),
    column: (key) => columns.get(key),
    cell: (row, column) => cells.get(rankKey(column.key, row.key)),
    effect: (row, column) => effects.get(rankKey(column.key, row.key)),
    isMixed: ({ key }) => (runs.get(key)?.size ?? 0) > 1,
    setNumber: ({ key }, set) => {
      const own = sets.get(key) ?? [];
      return own.length > 1 ? own.indexOf(set) + 1 : null;
    },
  };
}

/** The sets of a column that hold ranks, as they come up in its rows. */
function rankedSets(
  { columns, rows }: Leaderboard,
  cells: ReadonlyMap<string, BoardCell>,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    columns.map(({ key }) => {
      const found = rows.flatMap((row) => cells.get(rankKey(key, row.key))?.rank?.set ?? []);
      return [key, [...new Set(found)]];
    }),
  );
}

/** Columns by the shortest name that tells them apart: the dimension, else the instrument. */
export function columnNames(columns: readonly BoardColumn[]): ReadonlyMap<string, string> {
  const candidates = [
    ({ dimension }: BoardColumn) => dimension,
    ({ task }: BoardColumn) => task.split('@')[0] ?? task,
    ({ task }: BoardColumn) => task,
    ({ key }: BoardColumn) => key,
  ];
  return new Map(
    columns.map((column) => {
      const name = candidates.find((call) =>
        columns.every((other) => other === column || call(other) !== call(column)),
      );
      return [column.key, (name ?? (({ key }: BoardColumn) => key))(column)];
    }),
  );
}

/** `61.5 ±6.8`: the value with half the width of its 95 % interval, both ends where it lies unevenly; `–` without a value. */
export function valueText(
  { value, low, high }: Pick<BoardCell, 'value' | 'low' | 'high'>,
  { unit }: SummaryMetric,
): string {
  if (value === null) return '–';
  return `${plain(value, unit)}${intervalAfter(value, low, high, unit, plain)}`;
}

/** `54.6 to 68.1`; null without an interval. */
export function intervalText(
  { low, high }: Pick<BoardCell, 'low' | 'high'>,
  { unit }: SummaryMetric,
  print: typeof plain = plain,
): string | null {
  return low === null || high === null ? null : `${print(low, unit)} to ${print(high, unit)}`;
}

/** `+42.7 ±9.8`. */
export function deltaText({ delta, low, high }: BoardEffect, { unit }: SummaryMetric): string {
  if (delta === null) return '–';
  return `${signed(delta, unit)}${intervalAfter(delta, low, high, unit)}`;
}

export function verdictWord({ verdict }: BoardEffect): string {
  return WORDS[verdict];
}

/** `toward better`, where the verdict does not say on which side the number lies. */
export function sideNote({ verdict, delta }: BoardEffect, { unit, direction }: SummaryMetric): string {
  if (verdict !== 'no detectable change' && verdict !== 'not comparable') return '';
  const side = delta === null ? null : sideOf(delta, unit, direction);
  return side === null ? '' : `toward ${side}`;
}

/** What stands beside a verdict: the side, seed noise, or a correction that took it away. */
export function effectNote(effect: BoardEffect, metric: SummaryMetric): string {
  return [sideNote(effect, metric), doubtNote(effect, metric)].filter((note) => note !== '').join('; ');
}

function doubtNote(
  { verdict, delta, low, high, seedSpread, withinSeedNoise }: BoardEffect,
  { unit }: SummaryMetric,
): string {
  if (verdict === 'not comparable') return '';
  const directed = verdict !== 'no detectable change';
  if (withinSeedNoise === true && seedSpread !== null && delta !== 0) {
    const noise = plain(seedSpread, unit);
    return directed ? `but seed noise is ${noise}` : `within seed noise ${noise}`;
  }
  const excludes = low !== null && high !== null && (low > 0 || high < 0);
  return !directed && excludes ? 'not after correction' : '';
}

/** `rank 1–3 of 10`, `rank 4 of 10`; `rank 4 of 10 in set 2` where a column holds several sets. */
export function rankText({ low, high, of }: BoardRank, set: number | null = null): string {
  return `rank ${low === high ? low : `${low}–${high}`} of ${of}${set === null ? '' : ` in set ${set}`}`;
}

/** The same of a cell, as it must be said in its column. */
export function placedRankText(rank: BoardRank, column: BoardColumn, lookup: Lookup): string {
  return rankText(rank, lookup.setNumber(column, rank.set));
}

/** The run behind a cell or an effect, where the others of its column come from other runs; empty where they do not. */
export function runName(
  { publication }: { readonly publication: string },
  column: BoardColumn,
  lookup: Lookup,
): string {
  return lookup.isMixed(column) ? publication : '';
}

/** `better is higher`. */
export function directionText({ direction }: SummaryMetric): string {
  return directionInWords(direction);
}

/** `7.6 B`, `1.0 M`; `size unknown` for null. */
export function sizeText(parameters: number | null): string {
  if (parameters === null) return 'size unknown';
  for (const [scale, name] of [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as const) {
    if (parameters >= scale) return `${(parameters / scale).toFixed(1)} ${name}`;
  }
  return String(parameters);
}

/** Classes of size for a filter. */
export function sizeClass(parameters: number | null): string {
  if (parameters === null) return 'unknown';
  const bounds = [
    [1e9, 'under 1 B'],
    [4e9, '1 to 4 B'],
    [10e9, '4 to 10 B'],
    [40e9, '10 to 40 B'],
  ] as const;
  return bounds.find(([most]) => parameters < most)?.[1] ?? '40 B and more';
}

/** Base family as declared, else the root of the lineage. */
export function familyOf(row: BoardRow, lookup: Lookup): string {
  return (
    row.family ??
    lookup.row(row.root)?.family ??
    `lineage of ${lookup.row(row.root)?.checkpoint ?? row.checkpoint}`
  );
}
