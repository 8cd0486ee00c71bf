import { canonicalJson } from '../../core/canonical-json.ts';
import type { SummaryCheckpoint } from '../summary.ts';

/** Checkpoints that differ in their training seed alone, by checkpoint; in the order declared, the main one first. */
export type TwinGroups = ReadonlyMap<string, readonly string[]>;

/**
 * Finds seed twins: equal parent, method, data, recipe, step and family, different seed. A checkpoint without a
 * seed, a control, and a second checkpoint with a seed that its group already has stand alone.
 */
export function twinGroups(checkpoints: readonly SummaryCheckpoint[]): TwinGroups {
  const groups = new Map<string, SummaryCheckpoint[]>();
  const alone: SummaryCheckpoint[] = [];
  for (const checkpoint of checkpoints) {
    const key = canonicalJson([trainingOf(checkpoint), checkpoint.step]);
    const group = groups.get(key) ?? [];
    const repeatsSeed = group.some(({ seed }) => seed === checkpoint.seed);
    if (checkpoint.control !== null || checkpoint.seed === null || repeatsSeed) alone.push(checkpoint);
    else groups.set(key, [...group, checkpoint]);
  }
  const entries = [...groups.values(), ...alone.map((checkpoint) => [checkpoint])].map((group) =>
    group.map(({ id }) => id),
  );
  return new Map(entries.flatMap((ids) => ids.map((id) => [id, ids] as const)));
}

/** What checkpoints of one training recipe share, asked in one format, whatever their seed and step. */
export function trainingOf(checkpoint: SummaryCheckpoint): string {
  const { parent, method, data, recipe, family, promptFormat } = checkpoint;
  return canonicalJson([parent, method, data, recipe, family, promptFormat]);
}

/** The checkpoint of the group that was declared first, and that speaks for it in the overview. */
export function mainOf(twins: TwinGroups, id: string): string {
  return twins.get(id)?.[0] ?? id;
}
