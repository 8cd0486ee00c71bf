import type { InstrumentTable } from '../../outcomes/table.ts';
import { isBinary } from '../../outcomes/values.ts';
import { ALPHA, MINIMUM_CLUSTERS } from '../../settings.ts';
import { clusteredPairsInterval } from '../../statistics/clustered-pairs.ts';
import type { Decomposition, SummaryCheckpoint } from '../../summary.ts';
import { type EffectInput, type Estimated, headlineOf } from '../effects.ts';
import { errorOf, influenceOf } from '../influence.ts';
import { studentInterval, withinRange } from '../intervals.ts';
import { shareUnits } from '../paired.ts';
import { inputOf, isHeadline, type RelationInput } from './shown.ts';

/**
 * Every main total of several stages as the sum of its stages, on the samples valued at every checkpoint of the path.
 * The intervals of all stages and of the total hold together with 95 % confidence.
 */
export function decompositions(
  input: RelationInput,
  checkpoints: readonly SummaryCheckpoint[],
): Decomposition[] {
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  return input.estimated
    .filter(
      (each) => each.comparison.kind === 'total' && each.comparison.main && isHeadline(each, input.inputs),
    )
    .flatMap(({ effect, comparison }) => {
      const path = pathBetween(byId, comparison.from.id, comparison.to.id);
      const isClean = path.length > 2 && path.slice(1).every((to) => isComparable(input, effect.task, to));
      return isClean ? decompose(inputOf(input.inputs, effect.task), path) : [];
    });
}

/** From an ancestor down to a descendant; empty where the lineage does not lead there. */
function pathBetween(byId: ReadonlyMap<string, SummaryCheckpoint>, from: string, to: string): string[] {
  const path = [to];
  for (let next = byId.get(to)?.parent ?? null; next !== null; next = byId.get(next)?.parent ?? null) {
    if (path.includes(next)) return [];
    path.unshift(next);
    if (next === from) return path;
  }
  return [];
}

/** A stage between sides that must not be compared makes no part of a sum. */
function isComparable({ estimated, inputs }: RelationInput, task: string, to: string): boolean {
  const stage = estimated.find(
    (each: Estimated) =>
      each.comparison.kind === 'stage' &&
      each.effect.to === to &&
      each.effect.task === task &&
      isHeadline(each, inputs),
  );
  return stage !== undefined && stage.effect.verdict !== 'not comparable';
}

function decompose(input: EffectInput, path: readonly string[]): Decomposition[] {
  const { task, table } = input;
  const spec = headlineOf(input);
  const shared = shareUnits(table, spec, path);
  if (shared === null || shared.units.length === 0) return [];
  const steps = path.slice(1).map((to, index) => [path[index] as string, to] as const);
  const between = (from: string, to: string) => {
    const [before, after] = [shared.values.get(from), shared.values.get(to)];
    if (before === undefined || after === undefined) return null;
    const influence = influenceOf(table, spec, shared.units, before, after);
    if (influence === null) return null;
    const { delta, byCluster } = influence;
    const clusters = byCluster.length;
    const error = clusters < MINIMUM_CLUSTERS ? null : errorOf(influence);
    const level = ALPHA / (steps.length + 1);
    const interval =
      error === null || clusters < 2
        ? null
        : isBinary(spec) && spec.fold === 'mean'
          ? clusteredPairsInterval(...flipsOf(table, shared.units, before, after), 1 - level)
          : withinRange(studentInterval(delta, error, clusters - 1, level), spec);
    return { delta, low: interval?.low ?? null, high: interval?.high ?? null };
  };
  const total = between(path[0] as string, path.at(-1) as string);
  const parts = steps.flatMap(([from, to]) => {
    const found = between(from, to);
    return found === null ? [] : [{ from, to, ...found }];
  });
  if (total === null || parts.length < steps.length) return [];
  return [{ task: task.task, metric: task.headline, path, parts, total, n: shared.units.length }];
}

function flipsOf(
  { clusters }: InstrumentTable,
  units: Uint32Array,
  before: Float64Array,
  after: Float64Array,
): [Float64Array, Uint32Array] {
  return [
    Float64Array.from(units, (unit) => (after[unit] as number) - (before[unit] as number)),
    Uint32Array.from(units, (unit) => clusters[unit] as number),
  ];
}
