import type { FoldedSample, MetricSpec, StratumContrast } from '../../suites/task.ts';
import { NO_SPREAD } from '../cells.ts';
import { contrastOf, isContrast, membersByCluster, type SampleFold, without } from '../outcomes/folds.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { foldedSamples, isBinary } from '../outcomes/values.ts';
import { ALPHA, MINIMUM_CLUSTERS } from '../settings.ts';
import { clusteredPairsInterval } from '../statistics/clustered-pairs.ts';
import { sumByCluster } from '../statistics/clusters.ts';
import { hasSpread, jackknifeInterval } from '../statistics/jackknife.ts';
import { mcnemarExact } from '../statistics/mcnemar.ts';
import { meanOfSums } from '../statistics/mean.ts';
import type { Interval } from '../statistics/proportion.ts';
import { type SignFlipResult, type SignPatterns, signFlipTest } from '../statistics/sign-flip.ts';
import { swapTest } from '../statistics/swap-test.ts';
import type { EffectTest } from '../summary.ts';
import { studentInterval, withinRange } from './intervals.ts';
import type { Paired } from './paired.ts';

/** How large a difference is and how surprising it would be if nothing had changed. */
export interface Estimate {
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Standard error of delta. */
  readonly error: number | null;
  readonly p: number | null;
  readonly test: EffectTest | null;
  /** Why a number is missing. */
  readonly reason: string | null;
  /** The interval at another level, by the same method; absent where there is none. */
  readonly intervalAt?: (level: number) => Interval;
}

/**
 * Estimate and test of to − from; under ten clusters the difference alone.
 *
 * @param swaps most draws of a test that swaps clusters.
 */
export function estimate(
  table: InstrumentTable,
  spec: MetricSpec,
  paired: Paired,
  patterns: SignPatterns,
  swaps = patterns.draws,
): Estimate {
  const { fold } = spec;
  if (fold === 'mean') return estimateMean(spec, paired, patterns);
  const found = isContrast(fold)
    ? estimateContrast(table, fold, paired, patterns)
    : estimateFold(new FoldSides(table, fold, paired), paired, patterns, swaps);
  return aroundError(found, paired, spec);
}

/** Student's t around the difference, within what two values of the metric can differ by. */
function aroundError(found: Estimate, { clusterCount }: Paired, spec: MetricSpec): Estimate {
  const { delta, error } = found;
  if (delta === null || error === null || found.low === null) return found;
  const intervalAt = (level: number): Interval =>
    withinRange(studentInterval(delta, error, clusterCount - 1, level), spec);
  return { ...found, ...intervalAt(ALPHA), intervalAt };
}

/** Both sides have the same samples in the same strata, so the difference is the contrast of the differences. */
function estimateContrast(
  table: InstrumentTable,
  fold: StratumContrast,
  paired: Paired,
  patterns: SignPatterns,
): Estimate {
  const contrast = contrastOf(table, paired.units, paired.differences, fold);
  const [delta, shares] = [contrast.value, contrast.clusterShares()];
  if (delta === null || shares === null) return { ...NOTHING, reason: UNDEFINED };
  if (paired.clusterCount < MINIMUM_CLUSTERS) return { ...NOTHING, delta };
  const tested = named(signFlipTest(shares, patterns));
  if (paired.differences.every((difference) => difference === 0))
    return { ...NOTHING, delta, ...tested, reason: whyNoSpread(paired) };
  const leftOut = contrast.leftOut();
  if (!leftOut.every((value) => value !== null))
    return { ...NOTHING, delta, ...tested, reason: UNDEFINED_WITHOUT };
  return { delta, ...spread(delta, leftOut), ...tested };
}

function estimateMean(spec: MetricSpec, paired: Paired, patterns: SignPatterns): Estimate {
  const byCluster = sumByCluster(paired.differences, paired.clusters);
  const { mean, error } = meanOfSums(byCluster);
  if (paired.clusterCount < MINIMUM_CLUSTERS) return { ...NOTHING, delta: mean };
  // McNemar's test needs independent pairs: every cluster holds one, and every value is 0 or 1.
  const tested =
    isBinary(spec) && paired.clusterCount === paired.units.length
      ? { p: mcnemarExact(paired.gained, paired.lost), test: 'mcnemar-exact' as const }
      : named(signFlipTest(byCluster.sums, patterns));
  if (isBinary(spec)) return { ...NOTHING, ...ofFlips(paired, spec), delta: mean, error, ...tested };
  if (error === null || error === 0)
    return { ...NOTHING, delta: mean, ...tested, reason: whyNoSpread(paired) };
  return aroundError({ ...NOTHING, delta: mean, low: mean, high: mean, error, ...tested }, paired, spec);
}

/** Values of 0 and 1: few of them may differ, and all of those to one side, where Student's t is far too narrow. */
function ofFlips({ differences, clusters }: Paired, spec: MetricSpec): Partial<Estimate> {
  const intervalAt = (level: number): Interval =>
    withinRange(clusteredPairsInterval(differences, clusters, 1 - level) ?? { low: -1, high: 1 }, spec);
  return { ...intervalAt(ALPHA), intervalAt };
}

/** Statistics over whole samples: the jackknife over clusters for the interval, swapped clusters for the test. */
function estimateFold(sides: FoldSides, paired: Paired, patterns: SignPatterns, draws: number): Estimate {
  const { delta } = sides;
  if (delta === null) return { ...NOTHING, reason: UNDEFINED };
  if (paired.clusterCount < MINIMUM_CLUSTERS) return { ...NOTHING, delta };
  const differing = sides.differing;
  const tested = named(swapTest(differing, (swapped) => sides.swapped(swapped), patterns, { draws }));
  if (differing === 0) return { ...NOTHING, delta, ...tested, reason: whyNoSpread(paired) };
  const leftOut = sides.leftOut();
  if (!leftOut.every((value) => value !== null)) {
    return { ...NOTHING, delta, ...tested, reason: UNDEFINED_WITHOUT };
  }
  return { delta, ...spread(delta, leftOut), ...tested };
}

function spread(
  delta: number,
  leftOut: readonly number[],
): Pick<Estimate, 'low' | 'high' | 'error' | 'reason'> {
  if (!hasSpread(leftOut)) return { low: null, high: null, error: null, reason: NO_SPREAD };
  return { ...jackknifeInterval(delta, leftOut), reason: null };
}

/** Both sides as samples, some clusters of which change sides, or leave. */
class FoldSides {
  readonly #fold: SampleFold;
  readonly #clusters: Uint32Array;
  readonly #from: readonly FoldedSample[];
  readonly #to: readonly FoldedSample[];
  /** The sides after the last swap: a draw moves only the clusters that it turns round. */
  readonly #before: FoldedSample[];
  readonly #after: FoldedSample[];
  /** Samples of the clusters that differ, cluster by cluster: of cluster c from starts[c] up to starts[c + 1]. */
  readonly #members: Uint32Array;
  readonly #starts: Uint32Array;
  /** Bit by cluster: turned round by the last swap. */
  readonly #turned: Uint32Array;

  constructor(table: InstrumentTable, fold: SampleFold, paired: Paired) {
    this.#fold = fold;
    this.#clusters = paired.clusters;
    this.#from = samplesOf(table, paired, paired.from);
    this.#to = samplesOf(table, paired, paired.to);
    this.#before = [...this.#from];
    this.#after = [...this.#to];
    const differing = membersOfDiffering(paired);
    this.#members = Uint32Array.from(differing.flat());
    this.#starts = startsOf(differing);
    this.#turned = new Uint32Array(Math.ceil(differing.length / 32));
  }

  get delta(): number | null {
    return this.#differenceOf(this.#from, this.#to);
  }

  /** How many clusters hold a sample whose value differs. Swapping the others would change nothing. */
  get differing(): number {
    return this.#starts.length - 1;
  }

  /** fold(to) − fold(from) after every differing cluster whose bit is set changed sides. */
  swapped(pattern: Uint32Array): number | null {
    for (let word = 0; word < pattern.length; word++) {
      let turning = (pattern[word] as number) ^ (this.#turned[word] as number);
      this.#turned[word] = pattern[word] as number;
      // Bit by bit that is set: no branch that half of the draws take, which is what such a loop spends its time on.
      while (turning !== 0) {
        const bit = 31 - Math.clz32(turning);
        turning ^= 1 << bit;
        this.#turn(32 * word + bit);
      }
    }
    return this.#differenceOf(this.#before, this.#after);
  }

  #turn(cluster: number): void {
    const [before, after, members] = [this.#before, this.#after, this.#members];
    const end = this.#starts[cluster + 1] as number;
    for (let place = this.#starts[cluster] as number; place < end; place++) {
      const index = members[place] as number;
      const sample = before[index] as FoldedSample;
      before[index] = after[index] as FoldedSample;
      after[index] = sample;
    }
  }

  /** The difference without each cluster in turn. */
  leftOut(): (number | null)[] {
    const [before, after] = [[...this.#from], [...this.#to]];
    return membersByCluster(this.#clusters).map((members) =>
      without(before, members, () => without(after, members, () => this.#differenceOf(before, after))),
    );
  }

  #differenceOf(before: readonly FoldedSample[], after: readonly FoldedSample[]): number | null {
    const [from, to] = [this.#fold(before), this.#fold(after)];
    return from === null || to === null || !Number.isFinite(to - from) ? null : to - from;
  }
}

function membersOfDiffering({ clusters, differences }: Paired): number[][] {
  return membersByCluster(clusters).filter((members) => members.some((index) => differences[index] !== 0));
}

function startsOf(groups: readonly (readonly number[])[]): Uint32Array {
  const starts = new Uint32Array(groups.length + 1);
  for (const [index, group] of groups.entries()) starts[index + 1] = (starts[index] as number) + group.length;
  return starts;
}

function samplesOf(table: InstrumentTable, paired: Paired, side: Float64Array): readonly FoldedSample[] {
  const byUnit = new Float64Array(table.units);
  for (const [index, unit] of paired.units.entries()) byUnit[unit] = side[index] as number;
  return foldedSamples(table, byUnit, paired.units);
}

function named({ p, exact }: SignFlipResult): { p: number; test: EffectTest } {
  return { p, test: exact ? 'cluster-sign-flip-exact' : 'cluster-sign-flip-sampled' };
}

function whyNoSpread({ differences }: Paired): string {
  return differences.every((difference) => difference === 0)
    ? 'no interval: no shared sample differs'
    : 'no interval: every cluster differs by the same amount';
}

const UNDEFINED = 'the metric is not defined on the shared samples';
const UNDEFINED_WITHOUT = 'the metric is not defined without one of the clusters';

const NOTHING: Estimate = {
  delta: null,
  low: null,
  high: null,
  error: null,
  p: null,
  test: null,
  reason: null,
};
