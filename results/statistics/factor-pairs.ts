import type { PairCounts } from './factor-score.ts';

/** A preference that is not known: the rater says nothing of the pair. Any other number than 1, 0 and −1 means the same. */
export const UNRATED = 2;

/** Pairs of responses that one or several raters judged. Entry p of every array belongs to pair p. */
export interface FactorPairs {
  /** Number of the pair's prompt, 0 to prompts − 1; pairs of one prompt are not independent. */
  readonly prompts: Uint32Array;
  /** By factor: its value in the first response less that in the second; NaN where either is missing. */
  readonly differences: readonly Float64Array[];
  /** 1 where both responses are about equally long. */
  readonly lengthMatched: Uint8Array;
}

/** A statistic that is a ratio of sums over prompts, as one entry a prompt: what resampling whole prompts needs. */
export interface RatioTerm {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
}

/** One factor under one rater, counted. */
export interface FactorTally {
  readonly counts: PairCounts;
  /** C − D over C + D + Tf by prompt: tau14. */
  readonly term: RatioTerm;
  /** Prompts with a pair that counts in tau14. */
  readonly prompts: number;
  /** Whether each of them gives just one such pair. */
  readonly isOnePairEach: boolean;
  /** Mean |difference| over the rated pairs that have one; null without any. */
  readonly meanAbsDifference: number | null;
}

/**
 * Counts one factor over the pairs that the rater judged.
 *
 * @param preference 1, 0, −1 a pair, or UNRATED.
 * @param promptCount size of the prompts' numbering.
 * @param only numbers of the pairs to count; all when left out.
 */
export function tallyFactor(
  pairs: FactorPairs,
  factor: number,
  preference: ArrayLike<number>,
  promptCount: number,
  only?: Uint32Array,
): FactorTally {
  const differences = pairs.differences[factor] as Float64Array;
  const [numerators, denominators] = [new Float64Array(promptCount), new Float64Array(promptCount)];
  let [C, D, Tf, Tp, Tb, missing, absolute] = [0, 0, 0, 0, 0, 0, 0];
  const count = only === undefined ? differences.length : only.length;
  for (let place = 0; place < count; place++) {
    const pair = only === undefined ? place : (only[place] as number);
    const said = preference[pair] as number;
    if (said !== 1 && said !== -1 && said !== 0) continue;
    const difference = differences[pair] as number;
    if (Number.isNaN(difference)) {
      missing++;
      continue;
    }
    absolute += Math.abs(difference);
    if (said === 0) {
      if (difference === 0) Tb++;
      else Tp++;
      continue;
    }
    const prompt = pairs.prompts[pair] as number;
    denominators[prompt] = (denominators[prompt] as number) + 1;
    if (difference === 0) Tf++;
    else {
      const agrees = difference > 0 === said > 0;
      if (agrees) C++;
      else D++;
      numerators[prompt] = (numerators[prompt] as number) + (agrees ? 1 : -1);
    }
  }
  const [prompts, most] = sizesOf(denominators);
  const present = C + D + Tf + Tp + Tb;
  return {
    counts: { C, D, Tf, Tp, Tb, missing },
    term: { numerators, denominators },
    prompts,
    isOnePairEach: most <= 1,
    meanAbsDifference: present === 0 ? null : absolute / present,
  };
}

/** Numbers of the marked pairs. */
export function markedPairs(marks: Uint8Array): Uint32Array {
  const found = new Uint32Array(marks.length);
  let count = 0;
  for (let pair = 0; pair < marks.length; pair++) if (marks[pair] === 1) found[count++] = pair;
  return found.subarray(0, count);
}

/** Entries above 0, and the largest. */
function sizesOf(denominators: Float64Array): readonly [number, number] {
  let [present, most] = [0, 0];
  for (const size of denominators) {
    if (size > 0) present++;
    if (size > most) most = size;
  }
  return [present, most];
}
