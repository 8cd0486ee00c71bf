import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { JsonValue } from '../../core/json.ts';
import type { MetricSpec, Outcome } from '../../suites/task.ts';
import { gainSign } from '../direction.ts';
import { liesWithin } from '../outcomes/values.ts';
import type { Effect } from '../summary.ts';

/** A sample that two checkpoints of one effect answered with different values. */
export interface Flip {
  readonly sample: string;
  readonly repeat: number;
  readonly cluster: string;
  /** Values under the metric, unscored reasons counted as it says. */
  readonly from: number;
  readonly to: number;
  readonly change: 'gained' | 'lost';
  /** Keys of the answers behind both values, in the order asked. */
  readonly answersFrom: readonly string[];
  readonly answersTo: readonly string[];
  /** What the task noted when it read them; null where it noted nothing. */
  readonly detailFrom: JsonValue;
  readonly detailTo: JsonValue;
}

interface Side {
  readonly value: number | null;
  readonly failed: boolean;
  readonly answers: readonly string[];
  readonly detail: JsonValue;
}

interface Place {
  readonly sample: string;
  readonly repeat: number;
  readonly cluster: string;
}

/**
 * Every sample that flipped under an effect: as many as `gained` and `lost` together. The largest changes come
 * first, then by sample id; the order of the outcomes does not matter. Memory grows with the samples of one task.
 *
 * @param outcomes all outcomes of the run; those of other tasks and checkpoints are passed over.
 */
export async function collectFlips(
  outcomes: AsyncIterable<OutcomeRecord>,
  spec: MetricSpec,
  effect: Pick<Effect, 'task' | 'from' | 'to'>,
): Promise<Flip[]> {
  const places = new Map<string, Place>();
  const sides = { from: new Map<string, Side>(), to: new Map<string, Side>() };
  for await (const record of outcomes) {
    const side = record.checkpoint === effect.from ? 'from' : record.checkpoint === effect.to ? 'to' : null;
    if (side === null || record.instrument !== effect.task) continue;
    const { sample, repeat, cluster, outcome, answers } = record;
    const key = `${repeat} ${sample}`;
    places.set(key, { sample, repeat, cluster });
    const known = sides[side].get(key);
    const failed = outcome.kind === 'failed';
    if (known === undefined || (known.failed && !failed)) {
      sides[side].set(key, { value: worth(record, spec), failed, answers, detail: detailOf(outcome) });
    }
  }
  const better = gainSign(spec.direction);
  return [...places]
    .flatMap(([key, place]) => flipOf(place, sides.from.get(key), sides.to.get(key), better))
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from) || comparePlaces(a, b));
}

function flipOf(place: Place, from: Side | undefined, to: Side | undefined, better: number): Flip[] {
  if (from === undefined || to === undefined || from.value === null || to.value === null) return [];
  if (from.value === to.value) return [];
  return [
    {
      ...place,
      from: from.value,
      to: to.value,
      change: (to.value - from.value) * better > 0 ? 'gained' : 'lost',
      answersFrom: from.answers,
      answersTo: to.answers,
      detailFrom: from.detail,
      detailTo: to.detail,
    },
  ];
}

/** A sample's value under a metric, unscored reasons counted as it says; null without one. */
export function worth({ outcome, strata }: OutcomeRecord, spec: MetricSpec): number | null {
  if (spec.within !== undefined && !liesWithin(strata, spec.within)) return null;
  if (outcome.kind === 'scored') return outcome.values[spec.key] ?? null;
  return outcome.kind === 'unscored' ? (spec.counts[outcome.reason] ?? null) : null;
}

function detailOf(outcome: Outcome): JsonValue {
  return 'detail' in outcome ? (outcome.detail ?? null) : null;
}

function comparePlaces(a: Place, b: Place): number {
  if (a.sample === b.sample) return a.repeat - b.repeat;
  return a.sample < b.sample ? -1 : 1;
}
