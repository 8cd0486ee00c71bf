import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { MetricSpec } from '../../suites/task.ts';
import { worth } from '../effects/flips.ts';
import type { NoiseFloor } from '../summary.ts';

/**
 * How many samples have another value when the same checkpoint is asked again: the flips that an effect shows for no
 * reason at all. Only samples with a value both times count. Under a graded metric any difference is one.
 *
 * @param second the outcomes of the second asking; @param first all others, of which repeat 0 counts. Each is read once.
 * @param headlines the metric that stands for each instrument.
 */
export async function noiseFloors(
  second: AsyncIterable<OutcomeRecord>,
  first: () => AsyncIterable<OutcomeRecord>,
  headlines: ReadonlyMap<string, MetricSpec>,
): Promise<NoiseFloor[]> {
  const again = new Map<string, number>();
  for await (const record of second) {
    const value = valueIn(record, headlines);
    if (value !== null) again.set(placeOf(record), value);
  }
  if (again.size === 0) return [];
  const counts = new Map<string, { checkpoint: string; task: string; n: number; flipped: number }>();
  for await (const record of first()) {
    const other = record.repeat === 0 ? again.get(placeOf(record)) : undefined;
    const value = other === undefined ? null : valueIn(record, headlines);
    if (value === null) continue;
    const key = JSON.stringify([record.instrument, record.checkpoint]);
    const { checkpoint, instrument: task } = record;
    const known = counts.get(key) ?? { checkpoint, task, n: 0, flipped: 0 };
    counts.set(key, { ...known, n: known.n + 1, flipped: known.flipped + (value === other ? 0 : 1) });
  }
  return [...counts.values()];
}

function valueIn(record: OutcomeRecord, headlines: ReadonlyMap<string, MetricSpec>): number | null {
  const spec = headlines.get(record.instrument);
  return spec === undefined ? null : worth(record, spec);
}

function placeOf({ checkpoint, instrument, sample }: OutcomeRecord): string {
  return JSON.stringify([checkpoint, instrument, sample]);
}
