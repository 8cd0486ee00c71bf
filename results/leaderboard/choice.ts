import type { JsonValue } from '../../core/json.ts';
import { columnKey, rankKey } from './columns.ts';
import type { BoardCell, BoardRow } from './leaderboard.ts';
import type { Publication } from './publications.ts';
import { rowKey } from './rows.ts';

/** How good a run's evidence on a row under a column is: 0 for the best; smaller is better. */
export type Preference = (publication: string, column: string, row: string) => number;

/**
 * Which of several runs speaks of a lineage under an instrument, so that its numbers are of one measurement: a finished run
 * before one that is not, then the one that asked more samples, then the one published last. A checkpoint that this run lacks
 * is told by the next.
 *
 * @param current publications in the order published
 */
export function preferenceOf(current: readonly Publication[], rows: readonly BoardRow[]): Preference {
  const roots = new Map(rows.map(({ key, root }) => [key, root]));
  const groups = new Map<string, Candidate[]>();
  for (const [index, publication] of current.entries()) {
    for (const [group, samples] of samplesByGroup(publication, roots)) {
      const { entry, summary } = publication;
      const isFinished = summary.run.status === 'finished';
      const candidate = { publication: entry.publication, isFinished, samples, index };
      groups.set(group, [...(groups.get(group) ?? []), candidate]);
    }
  }
  const places = new Map(
    [...groups].flatMap(([group, candidates]) =>
      candidates
        .sort(better)
        .map(({ publication }, place) => [JSON.stringify([group, publication]), place] as const),
    ),
  );
  return (publication, column, row) => {
    const group = groupKey(column, roots.get(row) ?? row);
    return places.get(JSON.stringify([group, publication])) ?? Number.POSITIVE_INFINITY;
  };
}

interface Candidate {
  readonly publication: string;
  readonly isFinished: boolean;
  readonly samples: number;
  readonly index: number;
}

function better(a: Candidate, b: Candidate): number {
  return Number(b.isFinished) - Number(a.isFinished) || b.samples - a.samples || b.index - a.index;
}

function groupKey(column: string, root: string): string {
  return JSON.stringify([column, root]);
}

/** By column and lineage: samples that were to be asked; those with a value where a run stops by what it sees. */
function samplesByGroup(
  { summary, manifest }: Publication,
  roots: ReadonlyMap<string, string>,
): Map<string, number> {
  const rows = new Map(summary.checkpoints.map((one) => [one.id, rowKey(one)]));
  const stops = settingOf(manifest.definition['settings'], 'until') !== undefined;
  const found = new Map<string, number>();
  for (const task of summary.tasks) {
    for (const cell of summary.cells) {
      const row = rows.get(cell.checkpoint);
      if (row === undefined || cell.task !== task.task || cell.metric !== task.headline) continue;
      const group = groupKey(columnKey(task), roots.get(row) ?? row);
      found.set(group, Math.max(found.get(group) ?? 0, stops ? cell.n : task.samples));
    }
  }
  return found;
}

function settingOf(settings: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return undefined;
  return (settings as Readonly<Record<string, JsonValue>>)[name];
}

/** Of those with equal keys the one that stands first in the order, in the place of the first that came. */
export function bestOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  order: (a: T, b: T) => number,
): T[] {
  const found = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    const before = found.get(key);
    if (before === undefined || order(item, before) < 0) found.set(key, item);
  }
  return [...found.values()];
}

export interface Sourced {
  readonly publication: string;
  readonly column: string;
  readonly row: string;
}

/** For sorting, better evidence first. Places are infinite where a run has no cell, so that their difference is no number. */
export function byPlace(preference: Preference, a: Sourced, b: Sourced): number {
  const [one, other] = [a, b].map(({ publication, column, row }) => preference(publication, column, row));
  return one === other ? 0 : (one ?? 0) < (other ?? 0) ? -1 : 1;
}

/** The run that fills each cell, by column and row. */
export function sourcesOf(cells: readonly BoardCell[]): ReadonlyMap<string, string> {
  return new Map(cells.map(({ column, row, publication }) => [rankKey(column, row), publication]));
}
