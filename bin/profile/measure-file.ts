import { ProfileCollector } from '../../results/profile/collect.ts';
import type { ProfileSummary } from '../../results/profile/profile-summary.ts';
import { profileSummary } from '../../results/profile/summarise-profile.ts';
import { UNRATED } from '../../results/statistics/factor-pairs.ts';
import { LENGTH_FACTOR } from '../../suites/profile/all-factors.ts';
import { type Factor, measurer } from '../../suites/profile/factors/factor.ts';
import { textsOf } from '../../suites/profile/items.ts';
import type { PairImport } from '../../suites/profile/pairs/import.ts';
import type { PairRow } from '../../suites/profile/pairs/pair.ts';
import { knownOf } from '../../suites/profile/readings.ts';

/** What is said of factors and raters of a file: no checkpoint was asked. */
export type MeasuredFile = Pick<ProfileSummary, 'draws' | 'factors' | 'tables' | 'agreements' | 'notes'>;

/** Where pairs outside any run stand: the part after `@` is what a dataset is called. */
const TABLE = 'pairs@file';

/**
 * Measures the factors of every pair as it streams by, then scores every rater: the main label and every named vote.
 * Memory: 8 bytes a pair and factor, a byte a pair and rater, and the ids; texts are let go.
 */
export async function measureFile(
  source: PairImport,
  factors: readonly Factor[],
  seed: number,
): Promise<MeasuredFile> {
  const collector = new ProfileCollector({
    instruments: [TABLE],
    checkpoints: [],
    factors: factors.map(({ key }) => key),
    lengthFactor: LENGTH_FACTOR,
  });
  let last: { readonly texts: PairRow; readonly measure: ReturnType<typeof measurer> } | undefined;
  for await (const pair of source.pairs()) {
    // Pairs of one prompt often follow each other: what they share is read once.
    if (last === undefined || !sharesTexts(last.texts, pair)) {
      last = { texts: pair, measure: measurer(textsOf(pair)) };
    }
    const { human, votes, factors: values } = knownOf(pair, [last.measure(pair.a), last.measure(pair.b)]);
    collector.enterPair(TABLE, pair.id, pair.item, {
      kind: 'pair',
      setting: 'evaluation',
      preference: UNRATED,
      isInconsistent: false,
      human: human ?? UNRATED,
      votes: Object.entries(votes ?? {}).map(([name, vote]) => [name, vote ?? UNRATED] as const),
      factors: values,
    });
  }
  const { draws, tables, agreements, notes, ...rest } = profileSummary(collector.collected(), {
    factors: factors.map(({ key, label, level1, level2, unit }) => ({ key, label, level1, level2, unit })),
    lengthFactor: LENGTH_FACTOR,
    checkpoints: [],
    effects: [],
    seed,
    models: false,
  });
  return { draws, factors: rest.factors, tables, agreements, notes };
}

function sharesTexts(one: PairRow, other: PairRow): boolean {
  return (
    one.prompt === other.prompt &&
    one.source === other.source &&
    one.reference === other.reference &&
    one.quotes === other.quotes
  );
}
