import { NO_SPREAD } from '../../cells.ts';
import { ALPHA, MINIMUM_CLUSTERS, POWER } from '../../settings.ts';
import { benjaminiHochberg, holm } from '../../statistics/adjust.ts';
import { studentQuantile } from '../../statistics/distributions.ts';
import {
  type MethodEstimate,
  MINIMUM_SEEDS,
  methodEffectOverSeeds,
  type SeedEffects,
} from '../../statistics/seed-variance.ts';
import type { Effect, EffectFamily, MethodEffect, Verdict } from '../../summary.ts';
import { type EffectInput, type Estimated, headlineOf } from '../effects.ts';
import { influenceOf } from '../influence.ts';
import { equivalenceOfEqual, equivalenceTest } from '../intervals.ts';
import { clustersAmong, shareUnits } from '../paired.ts';
import { inputOf, isHeadline, type RelationInput } from './shown.ts';

interface Draft extends Omit<MethodEffect, 'pAdjusted' | 'verdict' | 'detectable' | 'simultaneous'> {
  readonly obstacle: string | null;
  /** Of the mean; null where there is no interval. */
  readonly error: number | null;
}

/**
 * The effect of every method over its training seeds, for each stage and pair of methods with at least two of them,
 * under the headline metric of every instrument. Holm over the headline tasks in stages, Benjamini-Hochberg over the
 * rest.
 */
export function methodEffects(input: RelationInput): MethodEffect[] {
  const drafts = groupsOf(input).flatMap((group) => draftOf(group, input));
  const adjusted = adjust(drafts);
  return drafts.map(({ obstacle, error, ...draft }, index): MethodEffect => {
    const pAdjusted = adjusted[index] ?? null;
    const direction = headlineOf(inputOf(input.inputs, draft.task)).direction;
    const tests = drafts.filter(({ family, p }) => family === draft.family && p !== null).length;
    return {
      ...draft,
      pAdjusted,
      simultaneous: draft.family === 'primary' ? simultaneousOf(draft, error, tests) : null,
      detectable: detectableOf(error, draft.degreesOfFreedom, tests),
      verdict: verdictOf(obstacle, pAdjusted, draft.mean * sign(direction)),
    };
  });
}

/** Effects that differ in nothing but training seeds, the main one first; two at least. */
function groupsOf({ estimated, inputs }: RelationInput): Estimated[][] {
  const groups = new Map<string, Estimated[]>();
  for (const each of estimated) {
    const { comparison, effect } = each;
    const isMethod = comparison.kind === 'stage' || comparison.kind === 'method';
    if (!isMethod || comparison.intermediate || !isHeadline(each, inputs)) continue;
    const key = JSON.stringify([comparison.replicates, effect.task]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].filter((group) => group.length >= 2);
}

function draftOf(group: readonly Estimated[], { inputs }: RelationInput): Draft[] {
  const { effect, comparison } = group[0] as Estimated;
  const input = inputOf(inputs, effect.task);
  const estimate = overSeeds(input, group);
  if (estimate === null) return [];
  const found = withoutRounding(estimate);
  const obstacle = group.map(obstacleOf).find((reason) => reason !== null) ?? null;
  const same = found.mean === 0 && found.perSeed.every((delta) => delta === 0) && found.variance === 0;
  const p = found.p ?? (same && hasEnough(found) ? 1 : null);
  return [
    {
      kind: comparison.kind === 'method' ? 'method' : 'stage',
      dimension: effect.dimension,
      task: effect.task,
      metric: effect.metric,
      method: effect.method,
      from: effect.from,
      to: effect.to,
      seeds: group.map(({ comparison: { from, to } }, index) => ({
        seed: to.seed ?? 0,
        from: from.id,
        to: to.id,
        delta: found.perSeed[index] as number,
      })),
      mean: found.mean,
      low: found.low,
      high: found.high,
      p: obstacle === null ? p : null,
      family: familyOf(effect.kind, input),
      n: found.items,
      clusters: found.clusters,
      seedVariance: found.seedVariance,
      itemVariance: found.itemVariance,
      degreesOfFreedom: found.degreesOfFreedom,
      equivalence: obstacle === null ? equivalenceOf(input, found, same) : null,
      confounds: [...new Set(group.flatMap(({ effect: { confounds } }) => confounds))],
      reason: obstacle ?? (same && hasEnough(found) ? NOTHING_DIFFERS : found.reason),
      obstacle,
      error: found.degreesOfFreedom === null ? null : Math.sqrt(found.variance),
    },
  ];
}

/** Null where no two clusters have a value under every seed, or the metric is not defined on them. */
function overSeeds(input: EffectInput, group: readonly Estimated[]): MethodEstimate | null {
  const pairs = group.map(({ comparison }) => [comparison.from.id, comparison.to.id] as const);
  const shared = shareUnits(input.table, headlineOf(input), [...new Set(pairs.flat())]);
  if (shared === null || clustersAmong(input.table, shared.units) < 2) return null;
  const sides = pairs.map(([from, to]) => ({
    before: shared.values.get(from) as Float64Array,
    after: shared.values.get(to) as Float64Array,
  }));
  return headlineOf(input).fold === 'mean'
    ? methodEffectOverSeeds(itemDifferences(input, shared.units, sides))
    : overInfluences(input, shared.units, sides);
}

/** Sums in floating point leave a trace of variance where there is none; an interval from it would claim certainty. */
function withoutRounding(found: MethodEstimate): MethodEstimate {
  if (Math.sqrt(found.variance) > 1e-12 * Math.max(1, Math.abs(found.mean))) return found;
  const reason = found.reason ?? NO_SPREAD;
  return { ...found, variance: 0, degreesOfFreedom: null, low: null, high: null, p: null, reason };
}

interface Sides {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

function itemDifferences({ table }: EffectInput, units: Uint32Array, sides: readonly Sides[]): SeedEffects {
  return {
    differences: sides.map(({ before, after }) =>
      Float64Array.from(units, (unit) => (after[unit] as number) - (before[unit] as number)),
    ),
    clusters: Float64Array.from(units, (unit) => table.clusters[unit] as number),
  };
}

/** A statistic that is no mean speaks through one number a cluster, whose mean it is. */
function overInfluences(
  input: EffectInput,
  units: Uint32Array,
  sides: readonly Sides[],
): MethodEstimate | null {
  const influences = sides.map(({ before, after }) =>
    influenceOf(input.table, headlineOf(input), units, before, after),
  );
  if (!influences.every((influence) => influence !== null)) return null;
  const found = methodEffectOverSeeds({
    differences: influences.map(({ byCluster }) => byCluster),
    clusters: influences[0]?.clusters ?? [],
  });
  return { ...found, items: units.length };
}

function equivalenceOf(input: EffectInput, found: MethodEstimate, same: boolean): Effect['equivalence'] {
  const margin = input.task.equivalence;
  if (margin === null || !hasEnough(found)) return null;
  if (same) return equivalenceOfEqual(found.clusters, headlineOf(input), margin);
  const { mean, variance, degreesOfFreedom } = found;
  return equivalenceTest({ delta: mean, error: Math.sqrt(variance), degreesOfFreedom }, margin);
}

/** At level .05 / tests each, so that all of them hold together with 95 % confidence. */
function simultaneousOf(
  { mean, degreesOfFreedom }: Pick<Draft, 'mean' | 'degreesOfFreedom'>,
  error: number | null,
  tests: number,
): MethodEffect['simultaneous'] {
  if (error === null || degreesOfFreedom === null) return null;
  const half = studentQuantile(1 - ALPHA / (2 * Math.max(1, tests)), degreesOfFreedom) * error;
  return { low: mean - half, high: mean + half };
}

/** Bloom's minimum detectable effect (1995, Evaluation Review 19:547-556) with Student's t for the normal. */
function detectableOf(error: number | null, degreesOfFreedom: number | null, tests: number): number | null {
  if (error === null || degreesOfFreedom === null) return null;
  const level = ALPHA / Math.max(1, tests);
  return (
    (studentQuantile(1 - level / 2, degreesOfFreedom) + studentQuantile(POWER, degreesOfFreedom)) * error
  );
}

function hasEnough({ seeds, clusters }: MethodEstimate): boolean {
  return seeds >= MINIMUM_SEEDS && clusters >= MINIMUM_CLUSTERS;
}

function obstacleOf({ effect: { verdict, reason } }: Estimated): string | null {
  return verdict === 'not comparable' ? (reason ?? 'a seed could not be compared') : null;
}

function familyOf(kind: Effect['kind'], { task }: EffectInput): EffectFamily {
  return kind === 'stage' && task.primary ? 'primary' : 'exploratory';
}

/** Adjusted p of every draft, in order. */
function adjust(drafts: readonly Draft[]): (number | undefined)[] {
  const adjusted: (number | undefined)[] = drafts.map(() => undefined);
  for (const [family, correct] of [
    ['primary', holm],
    ['exploratory', benjaminiHochberg],
  ] as const) {
    const members = [...drafts.entries()].filter(([, draft]) => draft.family === family && draft.p !== null);
    const ps = correct(members.map(([, { p }]) => p as number));
    for (const [place, [index]] of members.entries()) adjusted[index] = ps[place];
  }
  return adjusted;
}

function verdictOf(obstacle: string | null, pAdjusted: number | null, gain: number): Verdict {
  if (obstacle !== null || pAdjusted === null) return 'not comparable';
  if (pAdjusted > ALPHA || gain === 0) return 'no detectable change';
  return gain > 0 ? 'improved' : 'worsened';
}

function sign(direction: Effect['direction']): 1 | -1 {
  return direction === 'higher-is-better' ? 1 : -1;
}

const NOTHING_DIFFERS = 'no interval: no shared sample differs under any seed';
