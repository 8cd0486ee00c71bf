import { type Factor, LEXICON_VERSION, measurer, RULE_FACTORS } from '../../suites/profile/factors/factor.ts';
import { textsOf } from '../../suites/profile/items.ts';
import type { AnnotatorFacts } from '../../suites/profile/pairs/annotated-writer.ts';
import type { PairRow, Vote } from '../../suites/profile/pairs/pair.ts';

/** Values of a factor in both responses; null where it is missing. */
export type FactorPair = readonly [number | null, number | null];

/** The pairs with a vote of every factor besides: for the response that has more of it, tied where both have the same. */
export async function* withFactorVotes(pairs: AsyncIterable<PairRow>): AsyncGenerator<PairRow> {
  for await (const pair of pairs) {
    const measure = measurer(textsOf(pair));
    const [a, b] = [measure(pair.a), measure(pair.b)];
    const votes = RULE_FACTORS.flatMap(({ key }) => factorVote(key, [a[key] ?? null, b[key] ?? null]));
    yield { ...pair, votes: { ...pair.votes, ...Object.fromEntries(votes) } };
  }
}

/** None where a value is missing. */
export function factorVote(key: string, [a, b]: FactorPair): (readonly [string, Vote])[] {
  if (a === null || b === null) return [];
  return [[raterName(key), a > b ? 'a' : a < b ? 'b' : 'tie']];
}

const RULED: ReadonlySet<string> = new Set(RULE_FACTORS.map(({ key }) => key));

/** What the factors are called as annotators; Feedback Forensics shows the description without its first words. */
export function factorAnnotators(factors: readonly Factor[] = RULE_FACTORS): Map<string, AnnotatorFacts> {
  return new Map(
    factors.map(({ key, label, unit }) => [
      raterName(key),
      {
        name: raterName(key),
        description: `Select the response that has more of: ${label} (${unit}; ${RULED.has(key) ? LEXICON_VERSION : 'judged'})`,
        type: 'principle',
      },
    ]),
  );
}

function raterName(key: string): string {
  return `factor ${key}`;
}
