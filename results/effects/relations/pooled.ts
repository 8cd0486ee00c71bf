import { type ClusteredColumn, jointCovariance } from '../../statistics/joint-covariance.ts';
import { MINIMUM_FAMILIES, type PooledMean, poolRandomEffects } from '../../statistics/pooling.ts';
import type { MethodEffect, PooledEffect } from '../../summary.ts';
import { type EffectInput, type Estimated, headlineOf } from '../effects.ts';
import { influenceOf } from '../influence.ts';
import { shareUnits } from '../paired.ts';
import { inputOf, isHeadline, type RelationInput } from './shown.ts';

/**
 * Random effects over base families: for every method and instrument one effect a family (over its training seeds
 * where it has several), for two families and more; pooled from three on, with the errors that families share because
 * they were asked the same items.
 */
export function pooledEffects(input: RelationInput, methods: readonly MethodEffect[]): PooledEffect[] {
  return groupsOf(input).flatMap((group) => {
    const { effect } = group[0] as Estimated;
    const instrument = inputOf(input.inputs, effect.task);
    const members = group.flatMap((each) => memberOf(each, instrument, methods));
    return members.length < 2 ? [] : [pool(members, effect)];
  });
}

/** Main stages of one method under one instrument, the first of each family; two families at least. */
function groupsOf({ estimated, inputs }: RelationInput): Estimated[][] {
  const groups = new Map<string, Estimated[]>();
  for (const each of estimated) {
    const { comparison, effect } = each;
    const { kind, main, from, to } = comparison;
    if (kind !== 'stage' || !main || to.family === null || !isHeadline(each, inputs)) continue;
    if (effect.verdict === 'not comparable') continue;
    // What SFT and what a base model becomes under one method are two questions.
    const key = JSON.stringify([from.method, to.method, effect.task]);
    const group = groups.get(key) ?? [];
    if (!group.some((other) => other.comparison.to.family === to.family)) groups.set(key, [...group, each]);
  }
  return [...groups.values()].filter((group) => group.length >= 2);
}

interface Member {
  readonly family: string;
  readonly from: string;
  readonly to: string;
  readonly delta: number;
  /** Variance of the mean over training seeds that the items do not explain. */
  readonly seedPart: number;
  readonly column: ClusteredColumn;
}

function memberOf(
  { comparison: { from, to } }: Estimated,
  input: EffectInput,
  methods: readonly MethodEffect[],
): Member[] {
  const { table, task } = input;
  const spec = headlineOf(input);
  const method = methods.find(
    (each) => each.kind === 'stage' && each.task === task.task && each.from === from.id && each.to === to.id,
  );
  const pairs = method?.seeds ?? [{ from: from.id, to: to.id }];
  const shared = shareUnits(table, spec, [...new Set(pairs.flatMap((pair) => [pair.from, pair.to]))]);
  if (shared === null) return [];
  const influences = pairs.flatMap((pair) => {
    const [before, after] = [shared.values.get(pair.from), shared.values.get(pair.to)];
    const found =
      before === undefined || after === undefined
        ? null
        : influenceOf(table, spec, shared.units, before, after);
    return found === null ? [] : [found];
  });
  const [first] = influences;
  if (first === undefined || influences.length < pairs.length || first.byCluster.length < 2) return [];
  const mean = (index: number): number =>
    influences.reduce((sum, { byCluster }) => sum + (byCluster[index] as number), 0) / influences.length;
  return [
    {
      family: to.family ?? '',
      from: from.id,
      to: to.id,
      delta: influences.reduce((sum, { delta }) => sum + delta, 0) / influences.length,
      seedPart: method === undefined ? 0 : method.seedVariance / pairs.length,
      column: {
        values: Float64Array.from(first.byCluster, (_, index) => mean(index)),
        clusters: first.clusters,
      },
    },
  ];
}

function pool(
  members: readonly Member[],
  { task, metric, method }: Pick<PooledEffect, 'task' | 'metric' | 'method'>,
): PooledEffect {
  const covariance = jointCovariance(members.map(({ column }) => column)).map((row, index) => {
    const own = Float64Array.from(row);
    own[index] = (own[index] as number) + (members[index] as Member).seedPart;
    return own;
  });
  const variances = covariance.map((row, index) => row[index] as number);
  const found = pooledMean(members, variances, covariance);
  return {
    task,
    metric,
    method,
    families: members.map(({ family, from, to, delta }, index) => {
      const variance = variances[index] as number;
      return { family, from, to, delta, error: variance > 0 ? Math.sqrt(variance) : null };
    }),
    mean: found.mean ?? null,
    low: found.low ?? null,
    high: found.high ?? null,
    predictionLow: found.predictionLow ?? null,
    predictionHigh: found.predictionHigh ?? null,
    tau2: found.tau2 ?? null,
    reason: found.reason ?? null,
  };
}

function pooledMean(
  members: readonly Member[],
  variances: readonly number[],
  covariance: readonly Float64Array[],
): Partial<PooledMean> {
  if (members.length >= MINIMUM_FAMILIES && !variances.every((variance) => variance > 0)) {
    return {
      reason: 'not pooled: a family in which no cluster moves the effect has no error to weigh it by',
    };
  }
  const effects = members.map(({ delta }, index) => ({
    estimate: delta,
    variance: variances[index] as number,
  }));
  if (members.length < MINIMUM_FAMILIES) {
    return poolRandomEffects(effects.map((effect) => ({ ...effect, variance: effect.variance || 1 })));
  }
  try {
    return poolRandomEffects(effects, { covariance });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { reason: `not pooled: ${error.message}` };
  }
}
