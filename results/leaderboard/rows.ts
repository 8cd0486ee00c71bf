import { digestOf } from '../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { SummaryCheckpoint } from '../summary.ts';
import type { BoardRow } from './leaderboard.ts';
import type { Publication } from './publications.ts';
import { digestName } from './safe-name.ts';

/** One checkpoint asked in one way has one row, in whatever run it was asked. */
export function rowKey({ id, identity, promptFormat, control }: SummaryCheckpoint): string {
  const system = identity.facts['system'] ?? null;
  return digestOf({ id, identity: identity.digest, promptFormat, system, control });
}

/**
 * Rows of all current publications, grouped by lineage: roots in the order published, children behind their parents. What
 * a later publication says of a row's lineage holds.
 */
export function boardRows(publications: readonly Publication[]): BoardRow[] {
  const rows = new Map<string, Omit<BoardRow, 'root' | 'depth'>>();
  for (const { entry, summary } of publications) {
    const keys = new Map(summary.checkpoints.map((one) => [one.id, rowKey(one)]));
    for (const checkpoint of summary.checkpoints) {
      const key = rowKey(checkpoint);
      const before = rows.get(key);
      const asked = checkpoint.parent === null ? undefined : keys.get(checkpoint.parent);
      // A run that left the parent out does not tear the lineage apart.
      const known = before?.parentId === checkpoint.parent ? before.parent : null;
      const measuredIn = [...(before?.publications ?? []), entry.publication];
      rows.set(key, rowOf(checkpoint, key, asked ?? known, measuredIn));
    }
  }
  return inLineages([...rows.values()]);
}

function rowOf(
  checkpoint: SummaryCheckpoint,
  key: string,
  parent: string | null,
  publications: readonly string[],
): Omit<BoardRow, 'root' | 'depth'> {
  const { facts, digest } = checkpoint.identity;
  return {
    key,
    checkpoint: checkpoint.id,
    file: digestName(checkpoint.id, key),
    method: checkpoint.method,
    parent,
    parentId: checkpoint.parent,
    family: checkpoint.family,
    parameters: parametersOf(facts),
    step: checkpoint.step,
    seed: checkpoint.seed,
    data: checkpoint.data,
    recipe: checkpoint.recipe,
    control: checkpoint.control,
    promptFormat: checkpoint.promptFormat,
    identity: digest,
    weights: textOf(facts['weights']),
    engine: textOf(facts['engine']),
    quantisation: textOf(facts['quantisation']) ?? textOf(noteOf(facts, 'quantisation')),
    template: textOf(facts['template']),
    publications,
  };
}

type Unplaced = Omit<BoardRow, 'root' | 'depth'>;

/** Depth first from every root; a circle, which only a damaged lineage has, is cut where it closes. */
function inLineages(rows: readonly Unplaced[]): BoardRow[] {
  const known = new Set(rows.map(({ key }) => key));
  const placed = new Map<string, BoardRow>();
  const place = (row: Unplaced, root: string, depth: number): void => {
    if (placed.has(row.key)) return;
    placed.set(row.key, { ...row, root, depth });
    for (const child of rows) if (child.parent === row.key) place(child, root, depth + 1);
  };
  for (const row of rows) if (row.parent === null || !known.has(row.parent)) place(row, row.key, 0);
  for (const row of rows) place(row, row.key, 0);
  return [...placed.values()];
}

/** A number, or a text such as `7.6B` or `494.03M`, as some servers give it. */
function parametersOf(facts: JsonObject): number | null {
  const value = noteOf(facts, 'parameters') ?? endpointOf(facts, 'n_params');
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? value : null;
  const [, count, scale] = /^(\d{1,9}(?:\.\d{1,6})?)\s*([KMBT])?$/i.exec(textOf(value) ?? '') ?? [];
  if (count === undefined) return null;
  return Math.round(Number(count) * (SCALES[(scale ?? '').toUpperCase()] ?? 1));
}

const SCALES: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

function noteOf(facts: JsonObject, name: string): JsonValue | undefined {
  return memberOf(facts['notes'], name);
}

function endpointOf(facts: JsonObject, name: string): JsonValue | undefined {
  return memberOf(facts['endpoint'], name);
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as JsonObject)[name];
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
