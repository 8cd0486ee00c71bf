import { holm } from './adjust.ts';
import { type FactorInterval, type PromptResamples, replicateInterval } from './factor-bootstrap.ts';
import { type FactorPairs, type FactorTally, markedPairs, tallyFactor } from './factor-pairs.ts';
import { factorRanks, type PairCounts, relevance, signP, tau13, tau14, tauB } from './factor-score.ts';
import { type SignPatterns, signFlipTest } from './sign-flip.ts';

/** How strongly one factor pulls one rater's preferences. */
export interface FactorScore extends PairCounts, FactorInterval {
  /** −1 to 1; null without a decided pair that has the factor. The interval is of this number. */
  readonly tau14: number | null;
  /** tau14 = tau13 × relevance: direction times applicability. */
  readonly tau13: number | null;
  readonly relevance: number | null;
  readonly tauB: number | null;
  /** 1 for the largest tau14 of this rater; equal scores share their mean rank. */
  readonly rank: number | null;
  /** Two-sided, of no pull. */
  readonly p: number | null;
  readonly test: FactorTest | null;
  /** Holm over all factors of this rater. */
  readonly pAdjusted: number | null;
  /** Prompts with a pair that counts in tau14. */
  readonly prompts: number;
  /** In the factor's unit, over the rated pairs that have it. */
  readonly meanAbsDifference: number | null;
  readonly lengthMatched: LengthMatchedScore;
}

/** `sign-exact`: one pair a prompt. Otherwise whole prompts are flipped, all patterns or 10,000 drawn ones. */
export type FactorTest = 'sign-exact' | 'prompt-sign-flip-exact' | 'prompt-sign-flip-sampled';

/** The same score over the pairs of about equal length alone. */
export interface LengthMatchedScore extends FactorInterval {
  readonly tau14: number | null;
  /** Pairs that count in it. */
  readonly pairs: number;
}

/** Shared by all raters, so that differences between them rest on the same resamples. */
export interface FactorTools {
  readonly resamples: PromptResamples;
  readonly patterns: SignPatterns;
}

export interface ScoredFactors {
  /** One a factor, in the order of the differences. */
  readonly scores: readonly FactorScore[];
  /** Of tau14; null where tau14 is. */
  readonly replicates: readonly (Float64Array | null)[];
}

/**
 * The factor scores of one rater in one setting: counts, tau14 with its parts, an interval by resampling whole prompts,
 * p by flipping the sign of whole prompts on Σ(C − D) (the exact sign test where each prompt gives one pair), Holm over
 * the factors, and the score over pairs of about equal length.
 *
 * @param preference 1, 0, −1 a pair, or UNRATED.
 * @param promptCount size of the prompts' numbering, which all raters share.
 */
export function scoreFactors(
  pairs: FactorPairs,
  preference: ArrayLike<number>,
  promptCount: number,
  tools: FactorTools,
): ScoredFactors {
  const equallyLong = markedPairs(pairs.lengthMatched);
  const found = pairs.differences.map((_, factor) => {
    const tally = tallyFactor(pairs, factor, preference, promptCount);
    const matched = tallyFactor(pairs, factor, preference, promptCount, equallyLong);
    const replicates = replicatesOf(tally, tools);
    return { draft: draftOf(tally, matched, replicates, tools), replicates };
  });
  const drafts = found.map(({ draft }) => draft);
  const ranks = factorRanks(drafts.map((draft) => draft.tau14));
  const adjusted = adjustedOf(drafts.map(({ p }) => p));
  return {
    scores: drafts.map((draft, factor) => ({
      ...draft,
      rank: ranks[factor] ?? null,
      pAdjusted: adjusted[factor] ?? null,
    })),
    replicates: found.map(({ replicates }) => replicates),
  };
}

type Draft = Omit<FactorScore, 'rank' | 'pAdjusted'>;

function draftOf(
  tally: FactorTally,
  matched: FactorTally,
  replicates: Float64Array | null,
  tools: FactorTools,
): Draft {
  const { counts, prompts, meanAbsDifference } = tally;
  return {
    ...counts,
    tau14: tau14(counts),
    tau13: tau13(counts),
    relevance: relevance(counts),
    tauB: tauB(counts),
    ...intervalOf(tally, replicates),
    ...testOf(tally, tools),
    prompts,
    meanAbsDifference,
    lengthMatched: {
      tau14: tau14(matched.counts),
      pairs: matched.counts.C + matched.counts.D + matched.counts.Tf,
      ...intervalOf(matched, replicatesOf(matched, tools)),
    },
  };
}

function replicatesOf({ prompts, term }: FactorTally, { resamples }: FactorTools): Float64Array | null {
  return prompts === 0 ? null : resamples.replicates(term);
}

function intervalOf(tally: FactorTally, replicates: Float64Array | null): FactorInterval {
  if (replicates !== null) return replicateInterval(replicates, tally.prompts);
  return { low: null, high: null, undefinedReplicates: 0, reason: absenceOf(tally.counts) };
}

function absenceOf({ Tp, Tb, missing }: PairCounts): string {
  if (Tp + Tb > 0) return 'the rater decided no pair that has the factor';
  return missing > 0 ? 'no rated pair has the factor' : 'no rated pair';
}

function testOf(
  { counts, term, prompts, isOnePairEach }: FactorTally,
  { resamples, patterns }: FactorTools,
): Pick<FactorScore, 'p' | 'test'> {
  if (prompts === 0) return { p: null, test: null };
  if (isOnePairEach) return { p: signP(counts) ?? 1, test: 'sign-exact' };
  const { p, exact } = signFlipTest(resamples.grouped(term.numerators), patterns);
  return { p, test: exact ? 'prompt-sign-flip-exact' : 'prompt-sign-flip-sampled' };
}

/** Holm over those that have a p. */
function adjustedOf(ps: readonly (number | null)[]): (number | null)[] {
  const present = ps.filter((p) => p !== null);
  const adjusted = holm(present);
  let place = 0;
  return ps.map((p) => (p === null ? null : (adjusted[place++] as number)));
}
