import type { JsonObject } from '../../core/json.ts';
import type { MetricValues, ReadOutcome } from '../task.ts';
import type { FactorValues } from './factors/factor.ts';
import { type PairRow, signOfVote } from './pairs/pair.ts';

/** Values of every factor for two responses; null where it does not apply. A type, because it travels as JSON. */
export type PairFactors = { readonly [key: string]: readonly [number | null, number | null] };

export type Sign = 1 | 0 | -1;

/** What is known of a pair before anybody is asked; a type, because it is part of a sample's JSON. */
export type KnownPair = {
  readonly factors: PairFactors;
  readonly human?: Sign;
  readonly votes?: { readonly [rater: string]: Sign | null };
};

/** What people said of a pair, and how much of each factor its responses have. */
export function knownOf(pair: PairRow, [a, b]: readonly [FactorValues, FactorValues]): KnownPair {
  const human = pair.preference === undefined ? null : signOfVote(pair.preference);
  const votes = Object.entries(pair.votes ?? {}).map(([rater, vote]) => [rater, signOfVote(vote)] as const);
  return {
    factors: Object.fromEntries(
      Object.keys(a).map((key) => [key, [a[key] ?? null, b[key] ?? null]] as const),
    ),
    ...(human === null ? {} : { human }),
    ...(votes.length === 0 ? {} : { votes: Object.fromEntries(votes) }),
  };
}

/**
 * The outcome of a preference between two responses. Under a factor the sample's value is +1 where the preferred
 * response has more of it, −1 where less, 0 where both have the same; it has none where neither is preferred, or where
 * the factor does not apply to both. The mean over pairs is the factor score τ14 (Macháček & Bojar 2014; after Oh et al.
 * 2024, arXiv 2410.06965).
 *
 * @param preference 1 for the first response, −1 for the second, 0 for neither
 */
export function preferenceOutcome(
  preference: Sign,
  known: KnownPair,
  more: MetricValues,
  detail: JsonObject,
): ReadOutcome {
  const pulls = Object.entries(known.factors).flatMap(([key, [a, b]]) =>
    preference === 0 || a === null || b === null ? [] : [[key, preference * Math.sign(a - b) + 0] as const],
  );
  const { human } = known;
  const agreement =
    preference === 0 || human === undefined || human === 0
      ? {}
      : { human_agreement: Number(human === preference) };
  return {
    kind: 'scored',
    values: { ...Object.fromEntries(pulls), ...agreement, ...more },
    detail: {
      ...detail,
      preference,
      ...knownDetail(known),
    },
  };
}

/** What outcomes keep of a pair, whoever was asked about it and whatever came back. */
export function knownDetail({ human, votes, factors }: KnownPair): JsonObject {
  return {
    ...(human === undefined ? {} : { human }),
    ...(votes === undefined ? {} : { votes }),
    factors,
  };
}
