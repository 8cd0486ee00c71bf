import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../core/random.ts';
import { bootstrapMean, bootstrapQuantile } from '../../../results/statistics/bootstrap.ts';
import { bcaInterval, percentileInterval } from '../../../results/statistics/bootstrap-intervals.ts';
import { clusteredQuantile } from '../../../results/statistics/clustered-quantile.ts';
import { clusteredMean } from '../../../results/statistics/mean.ts';
import { golden } from './golden.ts';

const { values, estimate, leftOut, drawn, percentile, bca, quantiles } = golden.resampling;
const each = (n: number): number[] => Array.from({ length: n }, (_, index) => index);

describe('bootstrap', () => {
  it('turns SciPy’s draws into SciPy’s intervals', () => {
    const sorted = Float64Array.from(drawn);
    const plain = percentileInterval(sorted);
    expect([plain.low, plain.high]).toEqual(percentile.map((bound) => expect.closeTo(bound, 12)));
    const moved = bcaInterval(estimate, sorted, leftOut);
    expect([moved?.low, moved?.high]).toEqual(bca.map((bound) => expect.closeTo(bound, 10)));
  });
  it('draws about what SciPy draws', () => {
    const width = (bca[1] - bca[0]) / 10;
    const own = bootstrapMean(values, each(values.length), seededRandom(1), { draws: 20_000 });
    expect(own.estimate).toBeCloseTo(estimate, 12);
    expect(Math.abs((own.low ?? 0) - bca[0])).toBeLessThan(width);
    expect(Math.abs((own.high ?? 0) - bca[1])).toBeLessThan(width);
  });
  it('resamples whole clusters: copies of a value add nothing', () => {
    const copied = values.flatMap((value) => [value, value, value]);
    const clusters = copied.map((_, index) => Math.floor(index / 3));
    const [one, many] = [
      bootstrapMean(values, each(values.length), seededRandom(3)),
      bootstrapMean(copied, clusters, seededRandom(3)),
    ];
    expect(many.low).toBeCloseTo(one.low ?? 0, 10);
    expect(many.high).toBeCloseTo(one.high ?? 0, 10);
    const median = bootstrapQuantile(copied, clusters, 0.5, seededRandom(3));
    const single = bootstrapQuantile(values, each(values.length), 0.5, seededRandom(3));
    expect([median.low, median.high]).toEqual([single.low, single.high]);
  });
  it('agrees with the clustered t interval on many clusters', () => {
    const random = seededRandom(9);
    const clusters = each(600).map((index) => Math.floor(index / 3));
    const shared = each(200).map(() => random.next());
    const data = clusters.map((cluster) => (shared[cluster] as number) + random.next());
    const expected = clusteredMean(data, clusters);
    const result = bootstrapMean(data, clusters, seededRandom(2), { method: 'percentile', draws: 5000 });
    const width = (expected.high ?? 0) - (expected.low ?? 0);
    expect(Math.abs((result.low ?? 0) - (expected.low ?? 0))).toBeLessThan(width / 15);
    expect(Math.abs((result.high ?? 0) - (expected.high ?? 0))).toBeLessThan(width / 15);
  });
  it('is the same for the same seed and another for another', () => {
    const run = (seed: number) => bootstrapMean(values, each(values.length), seededRandom(seed));
    expect(run(5)).toEqual(run(5));
    expect(run(5).low).not.toBe(run(6).low);
  });
  it.each([
    ['nine clusters', each(90).map((index) => index * index), each(90).map((index) => index % 9), 'clusters'],
    ['nine events', each(200).map((index) => (index < 9 ? 1 : 0)), each(200), 'events'],
    ['nine non-events', each(200).map((index) => (index < 9 ? 0 : 1)), each(200), 'events'],
    ['no spread', Array<number>(50).fill(0.3), each(50), 'spread'],
  ])('refuses %s, with the reason', (_, data, clusters, why) => {
    expect(bootstrapMean(data, clusters, seededRandom(1))).toMatchObject({
      low: null,
      high: null,
      reason: expect.stringContaining(why),
    });
  });
  it('resamples a proportion from ten events on', () => {
    const data = each(200).map((index) => (index < 10 ? 1 : 0));
    expect(bootstrapMean(data, each(200), seededRandom(1)).reason).toBeNull();
  });
  it('refuses a quantile with too little beyond it', () => {
    expect(bootstrapQuantile(values, each(values.length), 0.9, seededRandom(1)).reason).toContain('beyond');
    expect(() => bootstrapQuantile(values, each(values.length), 1, seededRandom(1))).toThrow(RangeError);
  });
});

describe('quantile', () => {
  it.each(quantiles)('at $share of the first $n equals numpy', ({ share, n, value }) => {
    expect(clusteredQuantile(values.slice(0, n), each(n), share).estimate).toBeCloseTo(value, 12);
  });
  it('of a resample, or without a cluster, is that of the values written out', () => {
    const row = fc.record({
      value: fc.integer({ min: 0, max: 9 }),
      cluster: fc.integer({ min: 0, max: 4 }),
      times: fc.nat(3),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 2, maxLength: 40 }),
        fc.constantFrom(0.1, 0.25, 0.5, 0.8),
        (rows, share) => {
          const data = rows.map(({ value }) => value);
          const clusters = rows.map(({ cluster }) => cluster);
          const names = [...new Set(clusters)];
          const sample = clusteredQuantile(data, clusters, share);
          const written = (parts: readonly number[]): number =>
            clusteredQuantile(parts, each(parts.length), share).estimate;
          const times = Uint32Array.from(
            names,
            (_, index) => (rows[index]?.times ?? 0) + (index === 0 ? 1 : 0),
          );
          const repeated = data.flatMap((value, index) =>
            Array<number>(times[names.indexOf(clusters[index] as number)] as number).fill(value),
          );
          expect(sample.resampled(times)).toBe(written(repeated));
          if (names.length < 2) return;
          const left = names.map((name) => written(data.filter((_, index) => clusters[index] !== name)));
          expect([...sample.leftOut()]).toEqual(left);
        },
      ),
    );
  });
});
