import type { MetricSpec } from '../../../suites/task.ts';
import { NO_SPREAD } from '../../cells.ts';
import { verdictWord } from '../../direction.ts';
import { ALPHA, MINIMUM_CLUSTERS, POWER } from '../../settings.ts';
import { methodDetectable, methodEquivalenceP, methodReach } from '../../statistics/method-error.ts';
import {
  type MethodEstimate,
  MINIMUM_SEEDS,
  methodEffectOverSeeds,
  type SeedEffects,
} from '../../statistics/seed-variance.ts';
import type { Effect, EffectFamily, Families, MethodEffect, Verdict } from '../../summary.ts';
import type { Comparison } from '../comparisons.ts';
import { type EffectInput, headlineOf } from '../effects.ts';
import { isComparable, levelOf, type Tested } from '../families.ts';
import { influenceOf } from '../influence.ts';
import { equivalenceOfEqual, equivalenceResult, possible, withinRange } from '../intervals.ts';
import { clustersAmong, shareUnits } from '../paired.ts';
import type { Drafted } from '../seeds.ts';
import { inputOf } from './shown.ts';

/** The effect of a method before the whole table is known. */
export interface MethodDraft
  extends Omit<MethodEffect, 'pAdjusted' | 'verdict' | 'detectable' | 'simultaneous'> {
  readonly obstacle: string | null;
  readonly found: MethodEstimate;
}

/**
 * The effect of every method over its training seeds, for each stage, total and pair of methods with at least two of
 * them, under the headline metric of every instrument; not yet corrected. The seeds of a total are those of its last
 * stage: what lies before that is one training run, taken as given.
 */
export function draftMethods(drafted: readonly Drafted[], inputs: readonly EffectInput[]): MethodDraft[] {
  return groupsOf(drafted, inputs).flatMap((group) => draftOf(group, inputs));
}

/** The same corrected over their families. */
export function finishMethods(
  drafts: readonly MethodDraft[],
  inputs: readonly EffectInput[],
  adjusted: ReadonlyMap<Tested, number>,
  families: Families,
): MethodEffect[] {
  return drafts.map((whole): MethodEffect => {
    const { obstacle, found, ...draft } = whole;
    const pAdjusted = adjusted.get(whole) ?? null;
    const spec = headlineOf(inputOf(inputs, draft.task));
    const level = levelOf(draft.family, families);
    return {
      ...draft,
      pAdjusted,
      simultaneous: draft.family === 'primary' ? intervalAt(found, level, spec) : null,
      detectable:
        found.error === null
          ? null
          : possible(methodDetectable(found.error, found.variance, level, POWER), spec),
      verdict: verdictOf(obstacle, pAdjusted, draft.mean, spec.direction),
    };
  });
}

interface SeedGroup {
  /** The comparison of the main checkpoints. It is a member too, unless their seeds differ. */
  readonly lead: Drafted;
  readonly members: readonly Drafted[];
}

/** Effects that differ in nothing but training seeds; two at least. */
function groupsOf(drafted: readonly Drafted[], inputs: readonly EffectInput[]): SeedGroup[] {
  const groups = new Map<string, SeedGroup>();
  for (const each of drafted) {
    const { comparison, draft } = each;
    if (comparison.kind === 'control' || comparison.intermediate) continue;
    if (draft.metric !== inputOf(inputs, draft.task).task.headline) continue;
    const key = JSON.stringify([comparison.replicates, draft.task]);
    // The main checkpoints are planned before their seed twins.
    const { lead, members } = groups.get(key) ?? { lead: each, members: [] };
    groups.set(key, { lead, members: isOfOneSeed(comparison) ? [...members, each] : members });
  }
  return [...groups.values()].filter(({ members }) => members.length >= 2);
}

/** Methods are compared seed by seed; two runs with different seeds are no pair. */
function isOfOneSeed({ kind, from, to }: Comparison): boolean {
  return kind !== 'method' || from.seed === to.seed;
}

function draftOf({ lead, members: group }: SeedGroup, inputs: readonly EffectInput[]): MethodDraft[] {
  const { draft: effect } = lead;
  const input = inputOf(inputs, effect.task);
  const spec = headlineOf(input);
  const estimate = overSeeds(input, group);
  if (estimate === null) return [];
  const found = withoutRounding(estimate);
  const obstacle = group.map(obstacleOf).find((reason) => reason !== null) ?? null;
  const same = found.mean === 0 && found.perSeed.every((delta) => delta === 0) && found.variance === 0;
  const p = found.p ?? (same && hasEnough(found) ? 1 : null);
  const interval = intervalAt(found, ALPHA, spec);
  return [
    {
      kind: effect.kind === 'control' ? 'stage' : effect.kind,
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
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      p: obstacle === null ? p : null,
      family: familyOf(effect.family, found),
      n: found.items,
      clusters: found.clusters,
      seedVariance: found.seedVariance,
      itemVariance: found.itemVariance,
      degreesOfFreedom: found.degreesOfFreedom,
      equivalence: obstacle === null ? equivalenceOf(input, found, same) : null,
      confounds: [...new Set(group.flatMap(({ draft: { confounds } }) => confounds))],
      reason: obstacle ?? (same && hasEnough(found) ? NOTHING_DIFFERS : found.reason),
      obstacle,
      found,
    },
  ];
}

/** Null where no two clusters have a value under every seed, or the metric is not defined on them. */
function overSeeds(input: EffectInput, group: readonly Drafted[]): MethodEstimate | null {
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
  return {
    ...found,
    variance: 0,
    degreesOfFreedom: null,
    error: null,
    low: null,
    high: null,
    p: null,
    reason,
  };
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
  return found.error === null
    ? null
    : equivalenceResult(margin, methodEquivalenceP(found.error, found.mean, margin));
}

/** At level .05 / tests all intervals of a family hold together with 95 % confidence. */
function intervalAt(
  { mean, error }: MethodEstimate,
  level: number,
  spec: MetricSpec,
): MethodEffect['simultaneous'] {
  if (error === null) return null;
  const half = methodReach(error, level);
  return withinRange({ low: mean - half, high: mean + half }, spec);
}

function hasEnough({ seeds, clusters }: MethodEstimate): boolean {
  return seeds >= MINIMUM_SEEDS && clusters >= MINIMUM_CLUSTERS;
}

function obstacleOf({ draft }: Drafted): string | null {
  return isComparable(draft) ? null : (draft.reason ?? 'a seed could not be compared');
}

/** What the overview shows of its main run is then shown, and tested, of the mean alone. */
function familyOf(ofMainRun: EffectFamily, { seeds }: MethodEstimate): EffectFamily {
  return ofMainRun === 'primary' && seeds >= MINIMUM_SEEDS ? 'primary' : 'exploratory';
}

function verdictOf(
  obstacle: string | null,
  pAdjusted: number | null,
  mean: number,
  direction: Effect['direction'],
): Verdict {
  if (obstacle !== null || pAdjusted === null) return 'not comparable';
  return pAdjusted > ALPHA || mean === 0 ? 'no detectable change' : verdictWord(mean, direction);
}

const NOTHING_DIFFERS = 'no interval: no shared sample differs under any seed';
