import { deriveSeed } from '../../core/random.ts';
import type { MetricSpec } from '../../suites/task.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { speaksOf } from '../outcomes/values.ts';

/** Units of a table in two halves by whole clusters, in expectation equally large. */
export interface Halves {
  readonly choosing: Uint32Array;
  readonly heldOut: Uint32Array;
}

/** A derived seed has 31 bits. */
const MIDPOINT = 2 ** 30;

/**
 * Splits the units that a metric speaks of by clusters: each cluster's name is hashed with the seed, and the lower half of all
 * hashes chooses. So a cluster is on the same side in every task that has it, and what one constraint chooses by, no
 * other one reports; the halves of few clusters may be of unequal size.
 */
export function halvesOf(table: InstrumentTable, spec: MetricSpec, seed: number): Halves {
  const units = Uint32Array.from({ length: table.units }, (_, unit) => unit).filter((unit) =>
    speaksOf(table, unit, spec),
  );
  const chooses = table.clusterNames.map((name) => deriveSeed(seed, 'keep', name) < MIDPOINT);
  const isChoosing = (unit: number): boolean => chooses[table.clusters[unit] as number] === true;
  return {
    choosing: units.filter(isChoosing),
    heldOut: units.filter((unit) => !isChoosing(unit)),
  };
}
