import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../core/random.ts';
import {
  clusteredPairsEquivalence,
  clusteredPairsInterval,
  effectivePairs,
} from '../../../results/statistics/clustered-pairs.ts';
import { clusteredProportion, eventsBehind } from '../../../results/statistics/clustered-proportion.ts';
import { tangoInterval } from '../../../results/statistics/paired-proportion.ts';
import { wilsonInterval } from '../../../results/statistics/proportion.ts';
import { rankSets } from '../../../results/statistics/ranks.ts';
import { pairedOddsRatio } from '../../../results/statistics/standardised.ts';
import { golden } from './golden.ts';

describe('paired flips in clusters', () => {
  it.each(golden.clusteredPairs.map((row, index) => ({ ...row, index })))(
    'case $index equals the restricted likelihood on statsmodels’ effective size',
    ({ differences, clusters, ...row }) => {
      for (const [confidence, ends] of [
        [0.95, row.wide],
        [0.9, row.narrow],
        [1 - 0.05 / 18, row.family],
      ] as const) {
        const found = clusteredPairsInterval(differences, clusters, confidence);
        expect([found?.low, found?.high]).toEqual(ends.map((end) => expect.closeTo(end, 7)));
      }
      expect(clusteredPairsEquivalence(differences, clusters, 0.1)).toBeCloseTo(row.equivalence, 8);
    },
  );

  it('are Tango’s where every cluster holds one pair, and never leave [−1, 1]', () => {
    const difference = fc.constantFrom(-1, 0, 0, 0, 1);
    fc.assert(
      fc.property(fc.array(difference, { minLength: 2, maxLength: 60 }), (differences) => {
        const alone = differences.map((_, index) => index);
        const count = (value: number): number => differences.filter((each) => each === value).length;
        const own = tangoInterval({ both: 0, gained: count(1), lost: count(-1), neither: count(0) });
        const found = clusteredPairsInterval(differences, alone);
        expect(found?.low).toBeCloseTo(own.low, 9);
        expect(found?.high).toBeCloseTo(own.high, 9);
        const inPairs = clusteredPairsInterval(
          differences,
          alone.map((index) => index >> 1),
        );
        expect(inPairs === null || (inPairs.low >= -1 && inPairs.high <= 1)).toBe(true);
      }),
    );
  });

  it('count the clusters alone where nothing differs, and tell nothing of one cluster', () => {
    const owners = Array.from({ length: 40 }, (_, index) => index >> 1);
    const pairs = effectivePairs(new Float64Array(40), owners);
    expect(pairs).toEqual({ both: 0, gained: 0, lost: 0, neither: 20 });
    // Tango's interval of no flip at all is ± z² / (n + z²).
    const z2 = 1.959963984540054 ** 2;
    expect(clusteredPairsInterval(new Float64Array(40), owners)?.high).toBeCloseTo(z2 / (20 + z2), 9);
    expect(effectivePairs([1, 0], [7, 7])).toBeNull();
    // (1 − margin) ^ clusters, or Tango's score where that is larger.
    expect(clusteredPairsEquivalence(new Float64Array(40), owners, 0.2)).toBeCloseTo(0.8 ** 20, 2);
  });
});

describe('a rate in clusters', () => {
  it.each(golden.clusteredProportion.map((row, index) => ({ ...row, index })))(
    'case $index equals Wilson’s interval on statsmodels’ effective size',
    ({ values, clusters, size, low, high }) => {
      const found = clusteredProportion(values, clusters);
      expect(found?.effectiveSize).toBeCloseTo(size, 6);
      expect(found?.low).toBeCloseTo(low, 9);
      expect(found?.high).toBeCloseTo(high, 9);
    },
  );
});

describe('the paired odds ratio', () => {
  it.each(golden.oddsRatios)('of $gained to $lost equals SciPy and Mantel-Haenszel', (row) => {
    const found = pairedOddsRatio(row.gained, row.lost);
    for (const key of ['value', 'low', 'high'] as const) expect(found?.[key]).toBeCloseTo(row[key], 9);
  });
});

describe('rank sets', () => {
  it.each(golden.rankSets.map((row, index) => ({ ...row, index })))(
    'case $index equals the step-down over all sign patterns',
    ({ values, clusters, t, sets }) => {
      const found = rankSets({ values, clusters, direction: 'higher-is-better' }, seededRandom(3));
      expect(found.pairs.map((pair) => pair.t)).toEqual(t.map((each) => expect.closeTo(each, 9)));
      expect(found.ranks.map(({ best, worst }) => [best, worst])).toEqual(sets);
    },
  );
});

describe('effective events', () => {
  it('are read back from the interval: the rarer side times the size that the clusters are worth', () => {
    for (const { values, clusters } of golden.clusteredProportion) {
      const found = clusteredProportion(values, clusters);
      const share = values.reduce((sum, value) => sum + value, 0) / values.length;
      if (found === null) throw new Error('every row has an interval');
      const events = Math.min(share, 1 - share) * found.effectiveSize;
      expect(eventsBehind(share, found)).toBeCloseTo(events, 6);
    }
  });

  it('are those that were counted where samples are independent, and none where all agree', () => {
    expect(eventsBehind(0.1, wilsonInterval(10, 100))).toBeCloseTo(10, 8);
    expect(eventsBehind(0.9, wilsonInterval(90, 100))).toBeCloseTo(10, 8);
    expect(eventsBehind(0.5, wilsonInterval(20, 40))).toBeCloseTo(20, 8);
    expect(eventsBehind(0, wilsonInterval(0, 100))).toBe(0);
    expect(eventsBehind(0.5, { low: 0, high: 1 })).toBe(0);
  });
});
