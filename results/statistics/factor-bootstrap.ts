import { percentileInterval } from './bootstrap-intervals.ts';
import type { RatioTerm } from './factor-pairs.ts';
import type { RandomSource } from './sign-flip.ts';

/** Fewer prompts repeat too few things to say how they vary. */
export const MINIMUM_PROMPTS = 5;
export const FACTOR_DRAWS = 2_000;
/** More undefined replicates than this share, and what is left is no picture of the sampling. */
const MOST_UNDEFINED = 0.1;
/** More prompts than this are dealt into as many random groups. */
export const MOST_GROUPS = 2_048;

export interface FactorInterval {
  readonly low: number | null;
  readonly high: number | null;
  /** Replicates in which the statistic is not defined; they are left out of the interval. */
  readonly undefinedReplicates: number;
  /** Why there is no interval. */
  readonly reason: string | null;
}

/**
 * Resamples of whole prompts, the same for every statistic: as many prompts as there are, drawn with replacement, each
 * with all its pairs (Field & Welsh 2007, JRSS B 69:369-390, the cluster bootstrap). Because the draws are shared, a
 * difference of two statistics is the difference of their replicates, whoever the raters and whatever the settings.
 *
 * More than 2,048 prompts are dealt at random into 2,048 groups of nearly equal size, and whole groups are drawn
 * (random groups: Wolter 2007, Introduction to Variance Estimation, ch. 2), so that time and memory stay bounded.
 */
export class PromptResamples {
  readonly draws: number;
  /** What is drawn: prompts, or groups of them. */
  readonly groups: number;
  /** Group of each prompt; null when each is its own. */
  readonly #groupOf: Uint32Array | null;
  /** How often draw d takes group g, at d · groups + g. */
  readonly #times: Uint16Array;

  /** @param random seeded; per draw it is asked once for every prompt, in order, and floor(u · prompts) is taken. */
  constructor(prompts: number, random: RandomSource, draws = FACTOR_DRAWS, mostGroups = MOST_GROUPS) {
    this.draws = draws;
    this.groups = Math.min(prompts, mostGroups);
    this.#groupOf = prompts <= mostGroups ? null : dealt(prompts, this.groups, random);
    this.#times = new Uint16Array(draws * this.groups);
    for (let draw = 0; draw < draws; draw++) {
      const start = draw * this.groups;
      for (let place = 0; place < this.groups; place++) {
        const drawn = start + Math.floor(random.next() * this.groups);
        this.#times[drawn] = (this.#times[drawn] as number) + 1;
      }
    }
  }

  /** Sums by what is drawn, of sums by prompt. */
  grouped(byPrompt: Float64Array): Float64Array {
    const groupOf = this.#groupOf;
    if (groupOf === null) return byPrompt;
    const sums = new Float64Array(this.groups);
    for (let prompt = 0; prompt < groupOf.length; prompt++) {
      const group = groupOf[prompt] as number;
      sums[group] = (sums[group] as number) + (byPrompt[prompt] as number);
    }
    return sums;
  }

  /** The ratio in every resample; NaN where its denominator is 0. */
  replicates({ numerators, denominators }: RatioTerm): Float64Array {
    const [above, below] = [this.grouped(numerators), this.grouped(denominators)];
    const result = new Float64Array(this.draws);
    const [times, groups] = [this.#times, this.groups];
    for (let draw = 0, place = 0; draw < this.draws; draw++) {
      // Two sums of each kind, because every addition waits for the last one.
      let [sum, size, otherSum, otherSize] = [0, 0, 0, 0];
      let group = 0;
      for (; group + 1 < groups; group += 2, place += 2) {
        const one = times[place] as number;
        const other = times[place + 1] as number;
        sum += one * (above[group] as number);
        size += one * (below[group] as number);
        otherSum += other * (above[group + 1] as number);
        otherSize += other * (below[group + 1] as number);
      }
      if (group < groups) {
        const last = times[place++] as number;
        sum += last * (above[group] as number);
        size += last * (below[group] as number);
      }
      size += otherSize;
      result[draw] = size === 0 ? Number.NaN : (sum + otherSum) / size;
    }
    return result;
  }
}

/** Replicate by replicate; undefined where either is. */
export function subtracted(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, draw) => value - (other[draw] as number));
}

/**
 * Percentile interval (linear between order statistics, Hyndman & Fan's definition 7) of the replicates that are
 * defined. None under five prompts, nor where more than a tenth of the replicates is undefined.
 *
 * @param prompts with a pair that counts; of a difference the fewer of both sides.
 */
export function replicateInterval(
  replicates: Float64Array,
  prompts: number,
  confidence = 0.95,
): FactorInterval {
  const defined = replicates.filter((value) => !Number.isNaN(value)).sort();
  const undefinedReplicates = replicates.length - defined.length;
  const reason = refusal(prompts, undefinedReplicates, replicates.length);
  if (reason !== null) return { low: null, high: null, undefinedReplicates, reason };
  return { ...percentileInterval(defined, confidence), undefinedReplicates, reason: null };
}

function refusal(prompts: number, undefinedReplicates: number, draws: number): string | null {
  if (prompts < MINIMUM_PROMPTS) {
    return `too few prompts for an interval: ${prompts}, at least ${MINIMUM_PROMPTS} are needed`;
  }
  return undefinedReplicates > MOST_UNDEFINED * draws
    ? `not defined in ${undefinedReplicates} of ${draws} resamples: more than a tenth`
    : null;
}

/** A group for each prompt, sizes differing by at most one. */
function dealt(prompts: number, groups: number, random: RandomSource): Uint32Array {
  const order = Uint32Array.from({ length: prompts }, (_, prompt) => prompt);
  for (let last = prompts - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  const groupOf = new Uint32Array(prompts);
  for (const [place, prompt] of order.entries()) groupOf[prompt] = place % groups;
  return groupOf;
}
