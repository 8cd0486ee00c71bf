import type { Cell } from '../summary.ts';
import type { Comparison } from './comparisons.ts';
import type { Estimate } from './estimate.ts';
import type { Draft } from './families.ts';
import type { TwinGroups } from './twins.ts';

/** A draft with what its corrections need besides. */
export interface Drafted {
  readonly draft: Draft;
  /** Standard error of its delta. */
  readonly error: number | null;
  /** Its interval at another level; absent where there is none. */
  readonly intervalAt?: Estimate['intervalAt'];
  readonly comparison: Comparison;
}

/** What a training seed is worth: how far the values of seed twins lie apart. */
export interface SeedNoise {
  /** Largest |difference| between seed twins of any of the checkpoints; null where none has twins with values. */
  spread(checkpoints: readonly string[], task: string, metric: string): number | null;
  /** Training seeds of a checkpoint, itself included. */
  seeds(checkpoint: string): number;
}

export function seedNoise(twins: TwinGroups, cells: readonly Cell[]): SeedNoise {
  const values = new Map(cells.map((cell) => [placeOf(cell.checkpoint, cell.task, cell.metric), cell.value]));
  const spreadOf = (id: string, task: string, metric: string): number | null =>
    rangeOf((twins.get(id) ?? []).map((twin) => values.get(placeOf(twin, task, metric)) ?? null));
  return {
    spread(checkpoints, task, metric) {
      const spreads = checkpoints.map((id) => spreadOf(id, task, metric)).filter((spread) => spread !== null);
      return spreads.length === 0 ? null : Math.max(...spreads);
    },
    seeds: (checkpoint) => twins.get(checkpoint)?.length ?? 1,
  };
}

/** Largest |difference| between the deltas of comparisons that differ in training seeds alone. */
export function effectSpreads(drafted: readonly Drafted[]): Map<Draft, number | null> {
  const groups = new Map<string, Draft[]>();
  for (const { draft, comparison } of drafted) {
    const key = JSON.stringify([comparison.replicates, draft.task, draft.metric]);
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  const spreads = new Map<Draft, number | null>();
  for (const group of groups.values()) {
    const spread = rangeOf(group.map(({ delta }) => delta));
    for (const draft of group) spreads.set(draft, spread);
  }
  return spreads;
}

/** Largest minus smallest; null with fewer than two numbers. */
function rangeOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < 2 ? null : Math.max(...known) - Math.min(...known);
}

/** A key for one checkpoint under one metric of one instrument. */
export function placeOf(checkpoint: string, task: string, metric: string): string {
  return JSON.stringify([checkpoint, task, metric]);
}
