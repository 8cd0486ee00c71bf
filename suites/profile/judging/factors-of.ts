import type { FactorValues, ItemText } from '../factors/factor.ts';
import { JUDGE_FACTORS } from '../factors/judge-factors.ts';
import type { FactRating, Ratings } from './forms.ts';

/**
 * The judge factors of a rated response. Shares are over the facts to which they apply, and null where there is none; a
 * response of nothing but null is that of a judge that gave no readable rating (`NOT_JUDGED`).
 */
export function factorsOf(ratings: Ratings, { source, quotes = [] }: ItemText): FactorValues {
  const { facts, receptive, intent_match, register_match, fluency, coherence } = ratings;
  const hasText = source !== undefined || quotes.length > 0;
  return {
    n_facts: facts.length,
    off_focus: share(
      facts,
      () => true,
      ({ on_focus }) => !on_focus,
    ),
    hallucination: hasText
      ? share(
          facts,
          ({ supported }) => supported !== 'n/a',
          ({ supported }) => supported !== 'yes',
        )
      : null,
    misinformation: share(
      facts,
      (fact) => fact.true !== 'n/a',
      (fact) => fact.true === 'no',
    ),
    helpfulness: share(
      facts,
      () => true,
      ({ useful }) => useful,
    ),
    receptiveness: receptive,
    intent_alignment: intent_match,
    formality_alignment: register_match,
    fluency,
    coherence,
  };
}

/** What is known of a response that the judge gave no readable rating of. */
export const NOT_JUDGED: FactorValues = Object.fromEntries(JUDGE_FACTORS.map(({ key }) => [key, null]));

function share(
  facts: readonly FactRating[],
  applies: (fact: FactRating) => boolean,
  counts: (fact: FactRating) => boolean,
): number | null {
  const concerned = facts.filter(applies);
  return concerned.length === 0 ? null : concerned.filter(counts).length / concerned.length;
}
