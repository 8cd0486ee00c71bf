import { deriveSeed } from '../../core/random.ts';
import type { MetricSpec } from '../../suites/task.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { speaksOf } from '../outcomes/values.ts';

/** Units of a table in two halves by whole clusters. */
export interface Halves {
  readonly choosing: Uint32Array;
  readonly heldOut: Uint32Array;
}

/**
 * Splits the units that a metric speaks of by clusters: the half of them that comes first in a seeded order of their names
 * chooses. Two tasks over the same clusters are split alike, so that what one of them chooses by, no other reports.
 */
export function halvesOf(table: InstrumentTable, spec: MetricSpec, seed: number): Halves {
  const units = Array.from({ length: table.units }, (_, unit) => unit).filter((unit) =>
    speaksOf(table, unit, spec),
  );
  const clusters = [...new Set(units.map((unit) => table.clusters[unit] as number))]
    .map((cluster) => {
      const name = table.clusterNames[cluster] as string;
      return { cluster, name, place: deriveSeed(seed, 'keep', name) };
    })
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1));
  const chosen = new Set(clusters.slice(0, Math.floor(clusters.length / 2)).map(({ cluster }) => cluster));
  const isChoosing = (unit: number): boolean => chosen.has(table.clusters[unit] as number);
  return {
    choosing: Uint32Array.from(units.filter(isChoosing)),
    heldOut: Uint32Array.from(units.filter((unit) => !isChoosing(unit))),
  };
}
