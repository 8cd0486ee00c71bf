import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../core/random.ts';
import { type RankInput, rankSets, rankSetsFromTests } from '../../../results/statistics/ranks.ts';
import { golden } from './golden.ts';

const each = (n: number): number[] => Array.from({ length: n }, (_, index) => index);

/** Binary values at the given rates; samples of one cluster share how easy they are. */
function drawn(rates: readonly number[], clusters: number, perCluster: number, seed: number): RankInput {
  const random = seededRandom(seed);
  const easy = each(clusters).map(() => 0.5 + random.next());
  const owners = each(clusters * perCluster).map((sample) => Math.floor(sample / perCluster));
  const values = rates.map((rate) =>
    owners.map((cluster) => (random.next() < rate * (easy[cluster] as number) ? 1 : 0)),
  );
  return { values, clusters: owners, direction: 'higher-is-better' };
}

describe('rank sets', () => {
  it('equals Holm over both one-sided tests of every pair, by statsmodels', () => {
    const { means, error, sets } = golden.ranksByHolm;
    const tested = means.flatMap((one, first) =>
      means.slice(first + 1).map((other, offset) => ({
        first,
        second: first + 1 + offset,
        difference: one - other,
        error,
      })),
    );
    const { ranks } = rankSetsFromTests(means.length, tested);
    expect(ranks.map(({ best, worst }) => [best, worst])).toEqual(sets);
  });
  it('gives the true order when everything is far apart, and turns with the direction', () => {
    const input = drawn([0.1, 0.5, 0.3], 900, 1, 1);
    const { ranks } = rankSets(input, seededRandom(1));
    expect(ranks).toEqual([
      { best: 3, worst: 3, group: 3 },
      { best: 1, worst: 1, group: 1 },
      { best: 2, worst: 2, group: 2 },
    ]);
    const down = rankSets({ ...input, direction: 'lower-is-better' }, seededRandom(1));
    expect(down.ranks.map(({ best }) => best)).toEqual([1, 3, 2]);
  });
  it('leaves everything open where nothing differs, and below ten shared clusters', () => {
    const { values, clusters } = drawn([0.4], 60, 1, 2);
    const same = [values[0], values[0], values[0]] as number[][];
    const open = each(3).map(() => ({ best: 1, worst: 3, group: 1 }));
    expect(
      rankSets({ values: same, clusters, direction: 'higher-is-better' }, seededRandom(1)).ranks,
    ).toEqual(open);
    const few = each(30).map((sample) => sample % 9);
    const apart = [0, 1, 2].map((level) => few.map((_, sample) => level + (sample % 2) / 10));
    const result = rankSets({ values: apart, clusters: few, direction: 'higher-is-better' }, seededRandom(1));
    expect(result.ranks).toEqual(open);
    expect(result.incomparable).toBe(3);
  });
  it('compares two items on the samples that both have', () => {
    const input = drawn([0.2, 0.7], 400, 1, 3);
    const holed = input.values
      .map((column) => column as number[])
      .map((column, item) => column.map((value, sample) => (sample % 4 === item ? Number.NaN : value)));
    const { pairs } = rankSets({ ...input, values: holed }, seededRandom(1));
    expect(pairs[0]).toMatchObject({ n: 200, clusters: 200, better: 1 });
    const apart = [
      holed[0]?.map((value, i) => (i < 200 ? value : Number.NaN)),
      holed[1]?.map((value, i) => (i < 200 ? Number.NaN : value)),
    ];
    const none = rankSets({ ...input, values: apart as number[][] }, seededRandom(1));
    expect(none.pairs[0]).toMatchObject({ n: 0, difference: null, better: null });
  });
  it('does not depend on the names of the clusters and follows the items when they are reordered', () => {
    const input = drawn([0.2, 0.35, 0.4, 0.6], 80, 2, 5);
    const one = rankSets(input, seededRandom(8)).ranks;
    const renamed = { ...input, clusters: Array.from(input.clusters, (cluster) => 1000 - cluster) };
    expect(rankSets(renamed, seededRandom(8)).ranks).toEqual(one);
    const turned = { ...input, values: input.values.toReversed() };
    expect(rankSets(turned, seededRandom(8)).ranks.toReversed()).toEqual(one);
  });
  it('all true ranks lie in their sets in about 95 % of runs or more, also with ties', () => {
    const rates = [0.3, 0.3, 0.3, 0.3, 0.45];
    const runs = 400;
    let missed = 0;
    for (let run = 0; run < runs; run++) {
      const { ranks } = rankSets(drawn(rates, 40, 3, 1000 + run), seededRandom(run), { draws: 499 });
      const wrong = ranks.some(({ best, worst }, item) => {
        const better = rates.filter((rate) => rate > (rates[item] as number)).length;
        const equal = rates.filter((rate) => rate === rates[item]).length;
        return best > better + 1 || worst < better + equal;
      });
      if (wrong) missed++;
    }
    expect(missed / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
  });
  it('every item is in its own set, and better groups hold better ranks', () => {
    const rates = fc.array(fc.double({ min: 0.05, max: 0.6, noNaN: true }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(rates, fc.nat(1000), (given, seed) => {
        const { ranks } = rankSets(drawn(given, 30, 2, seed), seededRandom(seed), { draws: 199 });
        for (const { best, worst, group } of ranks) {
          expect(best).toBeGreaterThanOrEqual(1);
          expect(worst).toBeGreaterThanOrEqual(best);
          expect(worst).toBeLessThanOrEqual(given.length);
          expect(group).toBeLessThanOrEqual(best);
        }
      }),
      { numRuns: 40 },
    );
  });
  it('refuses no items, ragged columns and unknown items', () => {
    expect(() =>
      rankSets({ values: [], clusters: [], direction: 'higher-is-better' }, seededRandom(1)),
    ).toThrow(RangeError);
    expect(() =>
      rankSets({ values: [[1]], clusters: [1, 2], direction: 'higher-is-better' }, seededRandom(1)),
    ).toThrow(RangeError);
    expect(() => rankSetsFromTests(2, [{ first: 0, second: 5, difference: 9, error: 0.1 }])).toThrow(
      RangeError,
    );
  });
});
