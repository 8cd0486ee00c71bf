import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clusteredProportion } from '../../../results/statistics/clustered-proportion.ts';
import { studentQuantile } from '../../../results/statistics/distributions.ts';
import { jackknifeInterval } from '../../../results/statistics/jackknife.ts';
import { clusteredMean } from '../../../results/statistics/mean.ts';
import { wilsonInterval } from '../../../results/statistics/proportion.ts';
import { golden } from './golden.ts';

describe('Wilson', () => {
  it.each(golden.wilson)('$successes of $n at $confidence equals statsmodels', (row) => {
    const { low, high } = wilsonInterval(row.successes, row.n, row.confidence);
    expect(low).toBeCloseTo(row.low, 13);
    expect(high).toBeCloseTo(row.high, 13);
  });
  it('mirrors when successes and failures change places, holds the share, and shrinks with n', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const successes = Math.round(share * n);
          const one = wilsonInterval(successes, n);
          const other = wilsonInterval(n - successes, n);
          expect(one.low).toBeCloseTo(1 - other.high, 12);
          expect(one.low).toBeLessThanOrEqual(successes / n);
          expect(one.high).toBeGreaterThanOrEqual(successes / n);
          const more = wilsonInterval(4 * successes, 4 * n);
          expect(more.high - more.low).toBeLessThan(one.high - one.low);
        },
      ),
    );
  });
  it('refuses what is no proportion', () => {
    expect(() => wilsonInterval(0, 0)).toThrow(RangeError);
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
  });
});

describe('clustered mean', () => {
  it.each(golden.clusteredMean.map((row, index) => ({ ...row, index })))(
    'case $index equals statsmodels',
    (row) => {
      const estimate = clusteredMean(row.values, row.clusters);
      for (const key of ['mean', 'error', 'low', 'high'] as const)
        expect(estimate[key]).toBeCloseTo(row[key], 11);
    },
  );
  it('is the t interval of a mean when every value is its own cluster', () => {
    const values = [0.2, 0.9, 0.4, 0.7, 0.1];
    const mean = 0.46;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4);
    const half = (studentQuantile(0.975, 4) * sd) / Math.sqrt(5);
    const estimate = clusteredMean(values, [0, 1, 2, 3, 4]);
    expect(estimate.high).toBeCloseTo(mean + half, 12);
    expect(estimate.low).toBeCloseTo(mean - half, 12);
  });
  it('does not depend on the order of the values or the names of the clusters', () => {
    const row = fc.record({
      value: fc.integer({ min: -64, max: 64 }),
      cluster: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), fc.integer(), (rows, rename) => {
        const one = clusteredMean(
          rows.map((each) => each.value),
          rows.map((each) => each.cluster),
        );
        const turned = rows.toReversed();
        const other = clusteredMean(
          turned.map((each) => each.value),
          turned.map((each) => rename - each.cluster),
        );
        expect(other.mean).toBe(one.mean);
        expect(other.error ?? -1).toBeCloseTo(one.error ?? -1, 9);
      }),
    );
  });
  it('turns its sign with the values, and has no interval from one cluster', () => {
    const up = clusteredMean([1, 2, 4], [0, 1, 1]);
    const down = clusteredMean([-1, -2, -4], [0, 1, 1]);
    expect(down.low).toBeCloseTo(-(up.high ?? 0), 12);
    expect(clusteredMean([1, 2], [5, 5])).toMatchObject({ mean: 1.5, low: null, high: null, clusters: 1 });
    expect(() => clusteredMean([], [])).toThrow(RangeError);
  });
});

describe('jackknife', () => {
  it('equals the same formula in numpy', () => {
    const { estimate, leftOut, error, low, high } = golden.jackknife;
    const result = jackknifeInterval(estimate, leftOut);
    expect(result.error).toBeCloseTo(error, 12);
    expect(result.low).toBeCloseTo(low, 11);
    expect(result.high).toBeCloseTo(high, 11);
  });
  it('equals the t interval when the statistic is a mean of independent values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 }), (values) => {
        const sum = values.reduce((total, value) => total + value, 0);
        const leftOut = values.map((value) => (sum - value) / (values.length - 1));
        const expected = clusteredMean(values, [...values.keys()]);
        const result = jackknifeInterval(sum / values.length, leftOut);
        expect(result.low).toBeCloseTo(expected.low ?? Number.NaN, 8);
        expect(result.high).toBeCloseTo(expected.high ?? Number.NaN, 8);
      }),
    );
  });
});

describe('clustered proportion', () => {
  it('is Wilson on the sample size that the clusters are worth', () => {
    // 11 clusters of 2 successes and one of 2 failures: CR1 variance 132/36 · 12/11 / 24², against (11/144)/23 of
    // independent samples, so 24 samples are worth 24 / 2.0909 = 11.478, and 10.1396 after (2.20099 / 2.06866)².
    const values = Array.from({ length: 24 }, (_, index) => (index % 12 < 11 ? 1 : 0));
    const found = clusteredProportion(
      values,
      values.map((_, index) => index % 12),
    );
    expect(found?.effectiveSize).toBeCloseTo(10.1396, 3);
    const expected = wilsonInterval((10.13956 * 11) / 12, 10.13956);
    expect(found?.low).toBeCloseTo(expected.low, 5);
    expect(found?.high).toBeCloseTo(expected.high, 5);
  });
  it('never counts more samples than there are, and clusters alone where every value is equal', () => {
    const row = fc.record({
      value: fc.integer({ min: 0, max: 1 }),
      cluster: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 3, maxLength: 60 }), (rows) => {
        const values = rows.map(({ value }) => value);
        const clusters = rows.map(({ cluster }) => cluster);
        const found = clusteredProportion(values, clusters);
        const groups = new Set(clusters).size;
        if (groups < 2) {
          expect(found).toBeNull();
          return;
        }
        const mean = values.reduce((sum: number, value) => sum + value, 0) / values.length;
        expect(found?.effectiveSize).toBeLessThanOrEqual(values.length + 1e-9);
        expect(found?.low).toBeLessThanOrEqual(mean + 1e-12);
        expect(found?.high).toBeGreaterThanOrEqual(mean - 1e-12);
        if (mean === 0 || mean === 1) expect(found?.effectiveSize).toBe(groups);
      }),
    );
  });
});
