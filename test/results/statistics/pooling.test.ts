import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../core/random.ts';
import { normalQuantile } from '../../../results/statistics/distributions.ts';
import { jointCovariance } from '../../../results/statistics/joint-covariance.ts';
import { solveSymmetric } from '../../../results/statistics/matrix.ts';
import { clusteredMean } from '../../../results/statistics/mean.ts';
import {
  type MethodError,
  methodDetectable,
  methodEquivalenceP,
  methodP,
  methodReach,
} from '../../../results/statistics/method-error.ts';
import { poolRandomEffects } from '../../../results/statistics/pooling.ts';
import { methodEffectOverSeeds } from '../../../results/statistics/seed-variance.ts';
import { golden } from './golden.ts';

describe('random effects over base families', () => {
  it.each(golden.pooling)('$name: equals statsmodels', (row) => {
    const pooled = poolRandomEffects(row.effects);
    expect(pooled.reason).toBeNull();
    const keys = ['mean', 'error', 'low', 'high', 'predictionLow', 'predictionHigh', 'tau2', 'q'] as const;
    for (const key of keys) expect(pooled[key]).toBeCloseTo(row[key], 8);
  });
  it('equals what is published for the BCG trials', () => {
    // Viechtbauer's metafor on dat.bcg, log risk ratios, method "PM": tau² .3181, estimate −.7150.
    const bcg = golden.pooling.find(({ name }) => name === 'BCG');
    const pooled = poolRandomEffects(bcg?.effects ?? []);
    expect(pooled.tau2).toBeCloseTo(0.3181, 4);
    expect(pooled.mean).toBeCloseTo(-0.715, 4);
    expect(pooled.q).toBeCloseTo(152.233, 3);
  });
  it('uses the covariance of families that answered the same items', () => {
    const { estimates, covariance, ...expected } = golden.poolingJointly;
    const effects = estimates.map((estimate, i) => ({ estimate, variance: covariance[i]?.[i] ?? 0 }));
    const pooled = poolRandomEffects(effects, { covariance });
    for (const [key, value] of Object.entries(expected)) {
      expect(pooled[key as keyof typeof expected]).toBeCloseTo(value, 9);
    }
    const diagonal = covariance.map((row, i) => row.map((entry, j) => (i === j ? entry : 0)));
    expect(poolRandomEffects(effects, { covariance: diagonal })).toEqual(poolRandomEffects(effects));
  });
  it('is no narrower than a common effect, since the multiplier is floored at 1', () => {
    const effect = fc.record({
      estimate: fc.double({ min: -1, max: 1, noNaN: true }),
      variance: fc.double({ min: 0.0001, max: 0.1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(effect, { minLength: 3, maxLength: 8 }), (effects) => {
        const { error, tau2, low, predictionLow } = poolRandomEffects(effects);
        const common = 1 / effects.reduce((sum, { variance }) => sum + 1 / variance, 0);
        expect((error ?? 0) ** 2).toBeGreaterThanOrEqual(common * (1 - 1e-9));
        expect(tau2).toBeGreaterThanOrEqual(0);
        expect(predictionLow).toBeLessThanOrEqual(low ?? 0);
      }),
    );
  });
  it('does not pool under three families, and refuses what is no effect', () => {
    const effects = [
      { estimate: 0.1, variance: 0.01 },
      { estimate: 0.2, variance: 0.01 },
    ];
    expect(poolRandomEffects(effects)).toMatchObject({
      mean: null,
      low: null,
      predictionLow: null,
      tau2: null,
      reason: 'not pooled: 2 base families, at least 3 are needed',
    });
    expect(() => poolRandomEffects([{ estimate: 0.1, variance: 0 }])).toThrow(RangeError);
    const bad = [...effects, { estimate: 0, variance: 0.01 }];
    expect(() => poolRandomEffects(bad, { covariance: [[1]] })).toThrow(RangeError);
    const impossible = [
      [1, 2, 0],
      [2, 1, 0],
      [0, 0, 1],
    ];
    expect(() => poolRandomEffects(bad, { covariance: impossible })).toThrow(RangeError);
  });
});

describe('covariance of means over shared items', () => {
  it('equals statsmodels’ clustered sandwich, and its diagonal the clustered mean', () => {
    const { columns, clusters, covariance } = golden.jointCovariance;
    const found = jointCovariance(columns.map((values) => ({ values, clusters })));
    expect(found.map((row) => [...row])).toEqual(
      covariance.map((row) => row.map((entry) => expect.closeTo(entry, 12))),
    );
    for (const [index, values] of columns.entries()) {
      expect(found[index]?.[index]).toBeCloseTo((clusteredMean(values, clusters).error ?? 0) ** 2, 12);
    }
  });
  it('is 0 for columns without a common cluster', () => {
    const found = jointCovariance([
      { values: [1, 2, 4], clusters: [0, 1, 2] },
      { values: [3, 1, 2], clusters: [5, 6, 7] },
    ]);
    expect(found[0]?.[1]).toBe(0);
  });
  it('solves symmetric systems', () => {
    const matrix = [
      [4, 2, 1],
      [2, 5, 3],
      [1, 3, 6],
    ];
    const [solution] = solveSymmetric(matrix, [11, 21, 25]);
    expect([...(solution ?? [])]).toEqual([1, 2, 3].map((value) => expect.closeTo(value, 12)));
  });
});

describe('effect of a method over its seeds', () => {
  it.each(golden.seeds.map((row, index) => ({ ...row, index })))(
    'case $index equals statsmodels’ two-way analysis of variance',
    (row) => {
      const { differences } = row;
      const clusters = Array.from(differences[0] ?? [], (_, cluster) => cluster);
      const found = methodEffectOverSeeds({ differences, clusters });
      for (const key of ['mean', 'seedVariance', 'itemVariance', 'variance', 'low', 'high', 'p'] as const) {
        expect(found[key]).toBeCloseTo(row[key], 9);
      }
      expect(found.degreesOfFreedom).toBeCloseTo(row.degreesOfFreedom, 8);
      const { error, mean, variance } = found;
      if (error === null) throw new Error('there must be an interval');
      // At the level of 18 tests; two one-sided tests against 2; 80 % power.
      expect(methodReach(error, 0.05 / 18)).toBeCloseTo(row.simultaneous, 9);
      expect(methodEquivalenceP(error, mean, 2)).toBeCloseTo(row.equivalence, 9);
      expect(methodDetectable(error, variance, 0.05 / 18, 0.8) / row.detectable).toBeCloseTo(1, 4);
    },
  );
  it('p is the level at which the interval ends at 0, and a mean of 0 has p 1', () => {
    const variance = fc.double({ min: 1e-6, max: 1, noNaN: true });
    const parts = { seeds: variance, items: variance, share: fc.double({ min: 0, max: 1, noNaN: true }) };
    fc.assert(
      fc.property(fc.record(parts), fc.integer({ min: 2, max: 9 }), (each, seeds) => {
        const error: MethodError = {
          seeds: { variance: each.seeds, degreesOfFreedom: seeds },
          items: { variance: each.items, degreesOfFreedom: 40 },
          sharedItems: { variance: each.items * each.share, degreesOfFreedom: 40 },
        };
        for (const level of [0.5, 0.05, 0.001]) {
          expect(methodP(error, methodReach(error, level)) / level).toBeCloseTo(1, 7);
        }
        expect(methodP(error, 0)).toBe(1);
        expect(methodP(error, -1e6)).toBeGreaterThan(0);
      }),
    );
  });
  it('repeating every item within its cluster changes nothing', () => {
    const row = golden.seeds[0];
    const differences = row?.differences ?? [];
    const items = differences[0]?.length ?? 0;
    const clusters = Array.from({ length: items * 2 }, (_, index) => index >> 1);
    const doubled = differences.map((column) => column.flatMap((value) => [value, value]));
    expect(methodEffectOverSeeds({ differences: doubled, clusters }).variance).toBeCloseTo(
      row?.variance ?? 0,
      12,
    );
  });
  it('leaves out items that a seed lacks, for every seed, and says how many', () => {
    const clusters = Array.from({ length: 24 }, (_, index) => index >> 1);
    const random = seededRandom(4);
    const differences = [0, 1, 2].map(() => clusters.map(() => random.next()));
    const holed = differences.map((column, seed) =>
      column.map((value, item) => (item === seed * 5 ? Number.NaN : value)),
    );
    const kept = clusters.map((_, item) => item).filter((item) => ![0, 5, 10].includes(item));
    const expected = methodEffectOverSeeds({
      differences: differences.map((column) => kept.map((item) => column[item] as number)),
      clusters: kept.map((item) => clusters[item] as number),
    });
    expect(methodEffectOverSeeds({ differences: holed, clusters })).toEqual({ ...expected, dropped: 3 });
  });
  it('covers the truth at about the stated rate, with few seeds and shared items', () => {
    const random = seededRandom(11);
    const normal = (): number => normalQuantile(Math.max(1e-12, random.next()));
    const clusters = Array.from({ length: 40 }, (_, index) => index);
    let [covered, plain] = [0, 0];
    const draws = 1500;
    for (let draw = 0; draw < draws; draw++) {
      const shared = clusters.map(() => 0.4 * normal());
      const differences = [0, 1, 2, 3].map(() => {
        const own = 0.05 * normal();
        return shared.map((each) => each + own + 0.2 * normal());
      });
      const { low, high, perSeed, mean } = methodEffectOverSeeds({ differences, clusters });
      if ((low ?? 1) <= 0 && (high ?? -1) >= 0) covered++;
      // A t interval over the seed means alone forgets that all seeds share their items.
      const spread = Math.sqrt(perSeed.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 3 / 4);
      if (Math.abs(mean) <= 3.182 * spread) plain++;
    }
    expect(covered / draws).toBeGreaterThan(0.93);
    expect(covered / draws).toBeLessThan(0.98);
    expect(plain / draws).toBeLessThan(0.93);
  });
  it('gives no interval under three seeds, under ten clusters or without spread', () => {
    const clusters = Array.from({ length: 12 }, (_, index) => index);
    const column = clusters.map((index) => (index % 3) - 1);
    const two = methodEffectOverSeeds({ differences: [column, column.toReversed()], clusters });
    expect(two).toMatchObject({ low: null, p: null, reason: '2 training seeds: at least 3 are needed' });
    const few = [column, column, column].map((each) => each.slice(0, 9));
    expect(methodEffectOverSeeds({ differences: few, clusters: clusters.slice(0, 9) }).reason).toContain(
      'clusters',
    );
    const still = [0, 1, 2].map(() => clusters.map(() => 0.5));
    expect(methodEffectOverSeeds({ differences: still, clusters })).toMatchObject({ mean: 0.5, p: null });
    expect(() => methodEffectOverSeeds({ differences: [column], clusters })).toThrow(RangeError);
    expect(() => methodEffectOverSeeds({ differences: [column, [1]], clusters })).toThrow(RangeError);
  });
});
