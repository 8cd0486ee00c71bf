import type { MetricSpec } from '../../suites/task.ts';
import { gainSign } from '../direction.ts';
import { KIND } from '../outcomes/column.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { speaksOf, valuesUnder } from '../outcomes/values.ts';

/** Two checkpoints on the units that both have a value for; entry i of every list but `asked` belongs to one unit. */
export interface Paired {
  readonly units: Uint32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** to − from. */
  readonly differences: Float64Array;
  readonly clusters: Uint32Array;
  readonly clusterCount: number;
  /** Units of the metric that both sides were asked. */
  readonly asked: Uint32Array;
  readonly droppedFrom: number;
  readonly droppedTo: number;
  /** Units without a value on either side; counted in both of the above. */
  readonly droppedBoth: number;
  /** Units that got better, or worse, in the metric's direction. */
  readonly gained: number;
  readonly lost: number;
  /** Values by unit of the whole table, NaN where there is none. */
  readonly sides: { readonly before: Float64Array; readonly after: Float64Array };
}

/** Pairs two checkpoints on the samples and repeats that both were asked; null when one of them was asked nothing. */
export function pairUp(
  table: InstrumentTable,
  spec: MetricSpec,
  fromId: string,
  toId: string,
): Paired | null {
  const [left, right] = [table.columns.get(fromId), table.columns.get(toId)];
  if (left === undefined || right === undefined) return null;
  const [before, after] = [valuesUnder(table, left, spec), valuesUnder(table, right, spec)];
  const units: number[] = [];
  const asked: number[] = [];
  let [droppedFrom, droppedTo, droppedBoth] = [0, 0, 0];
  for (let unit = 0; unit < table.units; unit++) {
    if (left.kinds[unit] === KIND.absent || right.kinds[unit] === KIND.absent) continue;
    if (!speaksOf(table, unit, spec)) continue;
    asked.push(unit);
    const lacksFrom = Number.isNaN(before[unit]);
    const lacksTo = Number.isNaN(after[unit]);
    if (lacksFrom) droppedFrom++;
    if (lacksTo) droppedTo++;
    if (lacksFrom && lacksTo) droppedBoth++;
    if (!lacksFrom && !lacksTo) units.push(unit);
  }
  const shared = Uint32Array.from(units);
  const [from, to] = [picked(before, shared), picked(after, shared)];
  const differences = new Float64Array(shared.length);
  const clusters = new Uint32Array(shared.length);
  const better = gainSign(spec.direction);
  let [gained, lost] = [0, 0];
  for (let index = 0; index < shared.length; index++) {
    const difference = (to[index] as number) - (from[index] as number);
    differences[index] = difference;
    clusters[index] = table.clusters[shared[index] as number] as number;
    if (difference * better > 0) gained++;
    else if (difference * better < 0) lost++;
  }
  return {
    units: shared,
    from,
    to,
    differences,
    clusters,
    clusterCount: new Set(clusters).size,
    asked: Uint32Array.from(asked),
    droppedFrom,
    droppedTo,
    droppedBoth,
    gained,
    lost,
    sides: { before, after },
  };
}

/** Units with a value at every one of the checkpoints, and their values by unit; null when one was asked nothing. */
export function shareUnits(
  table: InstrumentTable,
  spec: MetricSpec,
  checkpoints: readonly string[],
): { readonly units: Uint32Array; readonly values: ReadonlyMap<string, Float64Array> } | null {
  const values = new Map<string, Float64Array>();
  for (const id of checkpoints) {
    const column = table.columns.get(id);
    if (column === undefined) return null;
    values.set(id, valuesUnder(table, column, spec));
  }
  const sides = [...values.values()];
  const units: number[] = [];
  for (let unit = 0; unit < table.units; unit++) {
    if (sides.every((side) => !Number.isNaN(side[unit]))) units.push(unit);
  }
  return { units: Uint32Array.from(units), values };
}

/** Clusters among some units. */
export function clustersAmong({ clusters }: InstrumentTable, units: Uint32Array): number {
  return new Set(Array.from(units, (unit) => clusters[unit])).size;
}

function picked(values: Float64Array, units: Uint32Array): Float64Array {
  const found = new Float64Array(units.length);
  for (let index = 0; index < units.length; index++) found[index] = values[units[index] as number] as number;
  return found;
}
