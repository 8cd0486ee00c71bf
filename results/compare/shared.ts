import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { Join, Joined } from './join.ts';
import type { RunInput } from './run-input.ts';

/** An instrument whose runs are paired on the samples that all of them asked. */
export interface SharedJoin extends Joined {
  /** Ids of the samples to pair on; null where every paired run asked the very same ones. */
  readonly only: ReadonlySet<string> | null;
  /** How many they are; null where nothing is paired. */
  readonly shared: number | null;
}

/** Ids of the samples that a run asked, by instrument. */
export type SampleIds = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Runs that differ in their limit asked first samples of one order, so that the samples of one are among those of the
 * other. Every run of which that is true, in the order given, is paired with those before it on what they share; runs
 * that merely overlap stay side by side.
 */
export function sharedSamples(
  { joined }: Join,
  inputs: readonly RunInput[],
  idsOf: ReadonlyMap<string, SampleIds>,
): SharedJoin[] {
  return joined.map((join) => {
    const placed = inputs.filter(({ label }) => join.runs.includes(label));
    const [first, ...others] = placed.filter((input) => dataOf(input, join.instrument) !== null);
    const sizes = placed.map((input) => sizeOf(input, join.instrument));
    if (first === undefined || !needsIds(join, inputs)) {
      return { ...join, only: null, shared: join.paired.length < 2 ? null : (sizes[0] ?? null) };
    }
    const idsIn = ({ label }: RunInput) => idsOf.get(label)?.get(join.instrument) ?? new Set<string>();
    let common = idsIn(first);
    const paired = [first.label];
    for (const other of others) {
      const ids = idsIn(other);
      const [fewer, more] = ids.size <= common.size ? [ids, common] : [common, ids];
      if (fewer.size === 0 || ![...fewer].every((id) => more.has(id))) continue;
      common = fewer;
      paired.push(other.label);
    }
    return paired.length < 2
      ? { ...join, paired: [], only: null, shared: null }
      : { ...join, paired, only: common, shared: common.size };
  });
}

/** Whether some run asked other samples than the first, so that the ids have to be compared. */
function needsIds({ instrument, runs }: Joined, inputs: readonly RunInput[]): boolean {
  const digests = inputs
    .filter(({ label }) => runs.includes(label))
    .map(({ asked }) => asked.find((one) => one.instrument === instrument)?.samplesDigest);
  return new Set(digests).size > 1;
}

/** Passes outcomes on and notes which samples they are of, for those instruments whose runs asked different ones. */
export async function* noting(
  outcomes: AsyncIterable<OutcomeRecord>,
  { joined }: Join,
  inputs: readonly RunInput[],
  found: Map<string, Set<string>>,
): AsyncGenerator<OutcomeRecord> {
  for (const join of joined) if (needsIds(join, inputs)) found.set(join.instrument, new Set());
  for await (const record of outcomes) {
    found.get(record.instrument)?.add(record.sample);
    yield record;
  }
}

function dataOf({ asked }: RunInput, instrument: string): string | null {
  return asked.find((one) => one.instrument === instrument)?.dataDigest ?? null;
}

/** Samples that the run prepared of an instrument. */
export function sizeOf({ asked }: RunInput, instrument: string): number {
  return asked.find((one) => one.instrument === instrument)?.samples ?? 0;
}
