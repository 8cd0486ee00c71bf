import { studentUpperTail } from './distributions.ts';
import { type ItemPair, itemPairs, type PairEvidence } from './rank-pairs.ts';
import type { RandomSource } from './sign-flip.ts';
import { SignPatterns, totalsByDraw } from './sign-flip.ts';

export interface RankInput {
  /** For each item (a checkpoint) its value on every sample, in one order of samples for all; NaN where it has none. */
  readonly values: readonly ArrayLike<number>[];
  /** One whole number per sample; equal numbers are one cluster. */
  readonly clusters: ArrayLike<number>;
  readonly direction: 'higher-is-better' | 'lower-is-better';
}

/** Ranks that the data leave open for one item; rank 1 is the best. All sets hold together at the confidence asked. */
export interface RankSet {
  readonly best: number;
  readonly worst: number;
  /**
   * Counted from 1, the best first. Nothing in a group is shown to be worse than its leader (the item whose ranks are
   * the best); everything in later groups is.
   */
  readonly group: number;
}

export interface RankSets {
  /** In the order of the items given. */
  readonly ranks: readonly RankSet[];
  /** Every two items, `first` before `second` in the order given. */
  readonly pairs: readonly RankedPair[];
  /** Pairs that could not be compared, because they share too few clusters: they leave the ranks open. */
  readonly incomparable: number;
}

export interface RankedPair extends PairEvidence {
  /** The item shown to be better after correction over all pairs; null when neither is. */
  readonly better: number | null;
}

const RANK_DRAWS = 1999;

/**
 * Simultaneous confidence sets for the ranks of all items: an item's best rank is one more than the number of items
 * shown to be better, its worst rank the number of items less those shown to be worse (Mogstad, Romano, Shaikh &
 * Wilhelm 2024, "Inference for Ranks with Applications to Mobility across Neighbourhoods and Academic Achievement
 * across Countries", Review of Economic Studies 91:476-518, §3). With probability `confidence` all true ranks lie in
 * their sets; ranks are never bootstrapped themselves.
 *
 * What is shown comes from one-sided tests of every ordered pair on the samples that both items have: studentised
 * cluster-robust differences against the largest of them under random signs of whole clusters, shared by all pairs,
 * stepping down (Romano & Wolf 2005, Econometrica 73:1237-1282). Pairs that share fewer than ten clusters are never
 * separated.
 *
 * @throws RangeError without items or for columns of unequal length.
 */
export function rankSets(
  input: RankInput,
  random: RandomSource,
  { confidence = 0.95, draws = RANK_DRAWS }: { readonly confidence?: number; readonly draws?: number } = {},
): RankSets {
  const pairs = itemPairs(input.values, input.clusters);
  const tested = pairs.filter(({ comparable }) => comparable);
  const sign = input.direction === 'higher-is-better' ? 1 : -1;
  const statistics = Float64Array.from(tested, ({ evidence }) => sign * evidence.t);
  const better = stepDown(statistics, drawnStatistics(tested, new SignPatterns(random, draws)), confidence);
  const found = new Map(tested.map((pair, index) => [pair, better[index] as number]));
  const ranked = pairs.map((pair): RankedPair => {
    const { first, second } = pair.evidence;
    const shown = found.get(pair) ?? 0;
    return { ...pair.evidence, better: shown === 0 ? null : shown > 0 ? first : second };
  });
  return {
    ranks: ranksOf(input.values.length, ranked),
    pairs: ranked,
    incomparable: pairs.length - tested.length,
  };
}

/** One tested difference between two items, numbered from 0. */
export interface TestedPair {
  readonly first: number;
  readonly second: number;
  /** first − second, in the direction in which more is better. */
  readonly difference: number;
  readonly error: number;
  /** Of the error; normal when left out. */
  readonly degreesOfFreedom?: number;
}

/**
 * The same sets when only differences with their errors are known: Holm's correction over both one-sided tests of
 * every pair (ibid., remark 3.6; Holm 1979, Scand. J. Statistics 6:65-70). Pairs that are not given stay open.
 *
 * @throws RangeError for an item out of range.
 */
export function rankSetsFromTests(
  items: number,
  tested: readonly TestedPair[],
  confidence = 0.95,
): { readonly ranks: readonly RankSet[]; readonly better: readonly (number | null)[] } {
  const better: (number | null)[] = tested.map(() => null);
  const upper = tested.map(({ difference, error, degreesOfFreedom = 1e9 }) =>
    error > 0 ? studentUpperTail(Math.abs(difference) / error, degreesOfFreedom) : 1,
  );
  const order = tested.map((_, index) => index).sort((a, b) => (upper[a] as number) - (upper[b] as number));
  for (const [rejected, index] of order.entries()) {
    if ((upper[index] as number) > (1 - confidence) / (2 * tested.length - rejected)) break;
    const { first, second, difference } = tested[index] as TestedPair;
    for (const item of [first, second]) {
      if (!(item >= 0 && item < items)) throw new RangeError(`no item ${item} among ${items}`);
    }
    better[index] = difference > 0 ? first : second;
  }
  const pairs = tested.map(({ first, second }, index) => ({ first, second, better: better[index] ?? null }));
  return { ranks: ranksOf(items, pairs), better };
}

/**
 * For each tested pair 1 when the first is shown to be the larger, −1 when the second is, 0 when neither: both
 * one-sided hypotheses of every pair, rejected above the quantile of the largest drawn statistic among those left.
 */
function stepDown(statistics: Float64Array, drawn: readonly Float32Array[], confidence: number): Int8Array {
  const shown = new Int8Array(statistics.length);
  for (;;) {
    const critical = criticalValue(drawn, shown, confidence);
    let found = 0;
    for (const [pair, t] of statistics.entries()) {
      if (shown[pair] !== 0 || Math.abs(t) <= critical) continue;
      shown[pair] = Math.sign(t);
      found++;
    }
    if (found === 0) return shown;
  }
}

/** Quantile over the draws of the largest statistic among the hypotheses that are not rejected yet. */
function criticalValue(drawn: readonly Float32Array[], shown: Int8Array, confidence: number): number {
  const draws = drawn[0]?.length ?? 0;
  const largest = new Float32Array(draws).fill(Number.NEGATIVE_INFINITY);
  for (const [pair, row] of drawn.entries()) {
    const done = shown[pair] as number;
    for (let draw = 0; draw < draws; draw++) {
      const t = row[draw] as number;
      // Of a pair that is shown already only the opposite hypothesis is left.
      const value = done === 0 ? Math.abs(t) : -done * t;
      if (value > (largest[draw] as number)) largest[draw] = value;
    }
  }
  largest.sort();
  return largest[Math.min(draws, Math.ceil(confidence * (draws + 1))) - 1] ?? Number.POSITIVE_INFINITY;
}

/** Each pair's statistic under random signs of its clusters, studentised anew in every draw. */
function drawnStatistics(pairs: readonly ItemPair[], patterns: SignPatterns): Float32Array[] {
  return pairs.map(({ residuals, evidence: { clusters } }) => {
    let squares = 0;
    for (const residual of residuals) squares += residual ** 2;
    return Float32Array.from(totalsByDraw(residuals, patterns), (total) => {
      const rest = squares - total ** 2 / clusters;
      return total === 0 ? 0 : total / Math.sqrt((clusters / (clusters - 1)) * Math.max(rest, 0));
    });
  });
}

interface Shown {
  readonly first: number;
  readonly second: number;
  readonly better: number | null;
}

function ranksOf(items: number, pairs: readonly Shown[]): RankSet[] {
  const worseThan = Array.from({ length: items }, () => new Set<number>());
  for (const { first, second, better } of pairs) {
    if (better !== null) worseThan[better]?.add(better === first ? second : first);
  }
  const above = new Uint32Array(items);
  for (const worse of worseThan) for (const item of worse) above[item] = (above[item] as number) + 1;
  const ranks = worseThan.map((worse, item) => ({
    best: 1 + (above[item] as number),
    worst: items - worse.size,
  }));
  const groups = groupsOf(ranks, worseThan);
  return ranks.map((rank, item) => ({ ...rank, group: groups[item] as number }));
}

/** The best item left leads a group; all others left join it but those shown to be worse than the leader. */
function groupsOf(
  ranks: readonly { readonly best: number; readonly worst: number }[],
  worseThan: readonly ReadonlySet<number>[],
): Uint32Array {
  const groups = new Uint32Array(ranks.length);
  const place = (item: number): number => (ranks[item]?.best ?? 0) + (ranks[item]?.worst ?? 0);
  let left = ranks.map((_, item) => item).sort((a, b) => place(a) - place(b) || a - b);
  for (let group = 1; left.length > 0; group++) {
    const worse = worseThan[left[0] as number];
    for (const item of left) if (worse?.has(item) !== true) groups[item] = group;
    left = left.filter((item) => worse?.has(item) === true);
  }
  return groups;
}
