import type { MetricSpec } from '../../suites/task.ts';
import { tooFew } from '../cells.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { isBinary } from '../outcomes/values.ts';
import { sequentialEstimate } from '../sequential/estimate.ts';
import type { SequentialDesign } from '../sequential/rule.ts';
import { EXPLORATORY_SWAPS, MINIMUM_CLUSTERS } from '../settings.ts';
import type { SignPatterns } from '../statistics/sign-flip.ts';
import type { Cell, Effect, EffectFamily, Families, SummaryTask } from '../summary.ts';
import { type Confound, type ConfoundName, confounds } from './comparable.ts';
import type { Comparison, ComparisonPlan } from './comparisons.ts';
import { detectableOf } from './detectable.ts';
import { type Estimate, estimate } from './estimate.ts';
import { type Draft, levelOf, type Tested, verdictOf } from './families.ts';
import { equivalenceOfEqual, equivalenceOfFlips, equivalenceTest } from './intervals.ts';
import { missingBounds, missingDiffers } from './missing.ts';
import { type Paired, pairUp } from './paired.ts';
import { type Drafted, effectSpreads, placeOf, type SeedNoise, seedNoise } from './seeds.ts';

/** One instrument with everything that its effects need. */
export interface EffectInput {
  readonly task: SummaryTask;
  readonly specs: readonly MetricSpec[];
  readonly table: InstrumentTable;
}

/** An effect with what the relations between effects are computed from. */
export interface Estimated {
  readonly effect: Effect;
  readonly comparison: Comparison;
  /** Standard error of its delta over samples. */
  readonly error: number | null;
}

/**
 * Every planned comparison under every metric of every instrument: paired and tested, not yet corrected.
 *
 * @param cells of the same checkpoints and instruments; their values give the spread between seed twins.
 */
export function draftEffects(
  plan: ComparisonPlan,
  inputs: readonly EffectInput[],
  cells: readonly Cell[],
  patterns: SignPatterns,
  allow: readonly ConfoundName[] = [],
  sequential?: SequentialDesign,
): Drafted[] {
  const noise = seedNoise(plan.twins, cells);
  const context: Context = { patterns, noise, reasons: cellReasons(cells), allow, sequential };
  return plan.comparisons.flatMap((comparison) =>
    inputs.flatMap((input) =>
      comparedMetrics(input.specs).map((spec) => draftEffect(comparison, input, spec, context)),
    ),
  );
}

/** The same corrected over their families, and set against what a training seed is worth. */
export function finishEffects(
  drafted: readonly Drafted[],
  inputs: readonly EffectInput[],
  adjusted: ReadonlyMap<Tested, number>,
  families: Families,
): Estimated[] {
  const spreads = effectSpreads(drafted);
  const specs = new Map(
    inputs.flatMap(({ task, specs: own }) =>
      own.map((spec) => [JSON.stringify([task.task, spec.key]), spec]),
    ),
  );
  const specOf = ({ task, metric }: Draft): MetricSpec =>
    specs.get(JSON.stringify([task, metric])) as MetricSpec;
  return drafted.map(({ draft, error, intervalAt, comparison }): Estimated => {
    const pAdjusted = adjusted.get(draft) ?? null;
    const { obstacle: _, ...facts } = draft;
    const effect: Effect = {
      ...facts,
      pAdjusted,
      verdict: verdictOf(draft, pAdjusted),
      effectSpread: spreads.get(draft) ?? null,
      detectable: detectableOf(draft, specOf(draft), levelOf(draft.family, families)),
      simultaneous: simultaneousOf(draft.family, intervalAt, families),
    };
    return { effect, comparison, error };
  });
}

/** The metric that stands for an instrument. */
export function headlineOf({ task, specs }: EffectInput): MetricSpec {
  const headline = specs.find(({ key }) => key === task.headline);
  if (headline === undefined) throw new Error(`${task.task} has no metric ${task.headline}`);
  return headline;
}

/** All but the chance that each sample carries beside its value. */
export function comparedMetrics(specs: readonly MetricSpec[]): readonly MetricSpec[] {
  const chances = new Set(
    specs.filter(({ chance }) => chance === 'per-sample').map(({ key }) => `${key}_chance`),
  );
  return specs.filter(({ key }) => !chances.has(key));
}

interface Context {
  readonly patterns: SignPatterns;
  readonly noise: SeedNoise;
  readonly reasons: ReadonlyMap<string, string>;
  readonly allow: readonly ConfoundName[];
  /** Set for a run that was stopped by what it saw. */
  readonly sequential: SequentialDesign | undefined;
}

function draftEffect(
  comparison: Comparison,
  { task, table }: EffectInput,
  spec: MetricSpec,
  { patterns, noise, reasons, allow, sequential }: Context,
): Drafted {
  const { kind, from, to, main } = comparison;
  const paired = pairUp(table, spec, from.id, to.id);
  const family = familyOf(comparison, task, spec);
  const differing = confounds(from, to);
  const forbidden = differing.filter(({ name }) => !allow.includes(name));
  const obstacle = obstacleOf(comparison, paired, forbidden, (id) =>
    reasons.get(placeOf(id, task.task, spec.key)),
  );
  const measured =
    paired === null || paired.units.length === 0
      ? UNKNOWN
      : sequential === undefined
        ? estimate(table, spec, paired, patterns, swapsOf(family))
        : sequentialEstimate(table, spec, paired, sequential, task.task);
  const { delta, low, high, error } = measured;
  const seedSpread = noise.spread(kind === 'method' ? [from.id, to.id] : [to.id], task.task, spec.key);
  const draft: Draft = {
    kind,
    dimension: task.dimension,
    task: task.task,
    metric: spec.key,
    direction: spec.direction,
    method: to.method,
    from: from.id,
    to: to.id,
    delta,
    low,
    high,
    error,
    designEffect: spec.fold === 'mean' && paired !== null ? designEffectOf(paired, error) : null,
    p: obstacle === null ? measured.p : null,
    test: obstacle === null ? measured.test : null,
    family,
    reason: obstacle ?? measured.reason,
    obstacle: obstacle ?? (delta === null ? measured.reason : null),
    n: paired?.units.length ?? 0,
    clusters: paired?.clusterCount ?? 0,
    droppedFrom: paired?.droppedFrom ?? 0,
    droppedTo: paired?.droppedTo ?? 0,
    gained: paired?.gained ?? 0,
    lost: paired?.lost ?? 0,
    main,
    seeds: noise.seeds(to.id),
    seedSpread,
    effectSpread: null,
    simultaneous: null,
    missingBounds: paired === null ? null : missingBounds(table, spec, paired),
    missingDiffers: paired !== null && missingDiffers(table, paired, patterns),
    equivalence:
      obstacle === null && sequential === undefined ? equivalenceOf(task, spec, paired, measured) : null,
    confounds: differing.filter(({ name }) => allow.includes(name)).map(({ name }) => name),
    judge: null,
    withinSeedNoise: delta === null || seedSpread === null ? null : Math.abs(delta) <= seedSpread + ROUNDING,
  };
  return {
    draft,
    error,
    comparison,
    ...(measured.intervalAt === undefined ? {} : { intervalAt: measured.intervalAt }),
  };
}

/**
 * One of the intervals that hold together with 95 % confidence over the tests of the primary family: each at level
 * .05 / tests (Bonferroni), which needs no assumption on how the effects depend on each other. No other family is read
 * as a whole.
 */
function simultaneousOf(
  family: EffectFamily,
  intervalAt: Drafted['intervalAt'],
  families: Families,
): Effect['simultaneous'] {
  return family === 'primary' ? (intervalAt?.(levelOf(family, families)) ?? null) : null;
}

/** The margin speaks of the task's headline metric alone. */
function equivalenceOf(
  { headline, equivalence: margin }: SummaryTask,
  spec: MetricSpec,
  paired: Paired | null,
  { delta, error }: Estimate,
): Effect['equivalence'] {
  if (margin === null || spec.key !== headline || paired === null || delta === null) return null;
  const clusters = paired.clusterCount;
  if (isBinary(spec) && spec.fold === 'mean') return equivalenceOfFlips(paired, margin);
  return paired.gained + paired.lost === 0
    ? equivalenceOfEqual(clusters, spec, margin)
    : equivalenceTest({ delta, error, degreesOfFreedom: clusters - 1 }, margin);
}

/** Why the two sides must not be compared, or null. What is known of the difference is still printed. */
function obstacleOf(
  { from, to }: Comparison,
  paired: Paired | null,
  forbidden: readonly Confound[],
  reasonOf: (checkpoint: string) => string | undefined,
): string | null {
  if (paired === null || paired.units.length === 0) {
    if (reasonOf(from.id) !== undefined && reasonOf(from.id) === reasonOf(to.id)) {
      return `no sample has a value on either side: ${reasonOf(from.id)}`;
    }
    const reasons = [from.id, to.id].flatMap((id) => {
      const reason = reasonOf(id);
      return reason === undefined ? [] : [`${id}: ${reason}`];
    });
    return ['no sample has a value on both sides', ...reasons].join('; ');
  }
  if (forbidden.length > 0)
    return `the sides also differ in ${forbidden.map(({ words }) => words).join(', ')}`;
  return paired.clusterCount < MINIMUM_CLUSTERS ? tooFew(paired.clusterCount) : null;
}

/** Why cells have no value, by place. */
function cellReasons(cells: readonly Cell[]): ReadonlyMap<string, string> {
  return new Map(
    cells.flatMap(({ checkpoint, task, metric, value, reason }) =>
      value === null && reason !== null ? [[placeOf(checkpoint, task, metric), reason] as const] : [],
    ),
  );
}

/**
 * Stages alone answer the benchmark's question: of the overview's checkpoints under the headline task of a dimension, or
 * under every factor and whatever else has no better side. Their seed twins answer no question of their own.
 */
function familyOf(
  { kind, intermediate, main }: Comparison,
  task: SummaryTask,
  { key, direction, diagnostic }: MetricSpec,
): EffectFamily {
  if (kind === 'control') return 'none';
  if (kind !== 'stage' || intermediate || !main) return 'exploratory';
  const { family = 'trust' } = task;
  if (family !== 'trust') return direction === 'neutral' && diagnostic !== true ? family : 'exploratory';
  return task.primary && key === task.headline ? 'primary' : 'exploratory';
}

/** Most draws of a test that swaps clusters; undefined for all that there are. */
function swapsOf(family: EffectFamily): number | undefined {
  return family === 'exploratory' ? EXPLORATORY_SWAPS : undefined;
}

/** By how much clusters inflate the variance of a mean difference; null where nothing differs. */
function designEffectOf({ differences }: Paired, error: number | null): number | null {
  const n = differences.length;
  const mean = differences.reduce((sum, each) => sum + each, 0) / n;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return error === null || error === 0 || squares === 0 ? null : (error ** 2 * n * (n - 1)) / squares;
}

/** Two differences of equal shares may differ in their last bits. */
const ROUNDING = 1e-12;

const UNKNOWN: Estimate = {
  delta: null,
  low: null,
  high: null,
  error: null,
  p: null,
  test: null,
  reason: null,
};
