import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../core/random.ts';
import { mcnemarExact } from '../../../results/statistics/mcnemar.ts';
import { DRAWS, EXACT_CLUSTERS, SignPatterns, signFlipTest } from '../../../results/statistics/sign-flip.ts';
import { swapTest } from '../../../results/statistics/swap-test.ts';
import { golden, relativeError } from './golden.ts';

const patterns = (seed = 1): SignPatterns => new SignPatterns(seededRandom(seed));

const isSwapped = (swapped: Uint32Array, cluster: number): boolean =>
  (((swapped[cluster >>> 5] as number) >>> (cluster & 31)) & 1) === 1;

const repeated = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

describe('sign-flip test', () => {
  it.each(golden.signFlipExact)('equals SciPy’s exact permutation test: $sums', ({ sums, p }) => {
    expect(signFlipTest(sums, patterns())).toEqual({ p: expect.closeTo(p, 12), exact: true });
  });
  it.each(golden.signFlipLarge.map((row) => ({ ...row, groups: row.sums.length })))(
    'is within Monte-Carlo error of the exact law over $groups clusters',
    ({ sums, p }) => {
      const result = signFlipTest(sums, patterns(7));
      const error = Math.sqrt((p * (1 - p)) / DRAWS);
      expect(result.exact).toBe(false);
      expect(Math.abs(result.p - p)).toBeLessThan(4 * error + 1 / DRAWS);
    },
  );
  it('counts only clusters that differ towards the 2^16 patterns', () => {
    const sums = [...repeated(1, EXACT_CLUSTERS), ...repeated(0, 500)];
    expect(signFlipTest(sums, patterns())).toEqual({ p: 2 / 2 ** 16, exact: true });
    expect(signFlipTest([...sums, 1], patterns())).toEqual({ p: 1 / (DRAWS + 1), exact: false });
  });
  it('finds nothing where nothing differs', () => {
    expect(signFlipTest([0, 0, 0], patterns())).toEqual({ p: 1, exact: true });
    expect(signFlipTest([], patterns())).toEqual({ p: 1, exact: true });
  });
  it('depends neither on the order of the clusters nor on which side comes first', () => {
    const sum = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -3, max: 3, noNaN: true }));
    fc.assert(
      fc.property(fc.array(sum, { maxLength: 24 }), (sums) => {
        const { p } = signFlipTest(sums, patterns());
        expect(signFlipTest(sums.toReversed(), patterns()).p).toBe(p);
        expect(
          signFlipTest(
            sums.map((each) => -each),
            patterns(),
          ).p,
        ).toBe(p);
      }),
    );
  });
  it('never gives 0, is 1 at most, and is smallest when all clusters agree', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 22 }),
        fc.nat(),
        (sizes, pick) => {
          const agreeing = signFlipTest(sizes, patterns()).p;
          const one = pick % sizes.length;
          const mixed = signFlipTest(
            sizes.map((size, index) => (index === one ? -size : size)),
            patterns(),
          ).p;
          expect(agreeing).toBeGreaterThan(0);
          expect(mixed).toBeGreaterThanOrEqual(agreeing);
          expect(mixed).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
  it('keeps its level: under the null it rejects at 5 % no more often than Monte-Carlo error allows', () => {
    const random = seededRandom(99);
    const shared = patterns(3);
    let rejected = 0;
    const runs = 1000;
    for (let run = 0; run < runs; run++) {
      const sums = Array.from({ length: 40 }, () => (random.next() < 0.5 ? -1 : 1) * random.next());
      if (signFlipTest(sums, shared).p <= 0.05) rejected++;
    }
    expect(rejected / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    expect(rejected / runs).toBeGreaterThan(0.03);
  });
});

describe('swap test', () => {
  it.each([6, 16, 23])('equals the sign-flip test when the statistic is a mean (%i clusters)', (clusters) => {
    const random = seededRandom(clusters);
    const sums = Array.from({ length: clusters }, () => random.integer(9) - 3 || 1);
    const difference = (swapped: Uint32Array): number =>
      sums.reduce((total, sum, cluster) => total + (isSwapped(swapped, cluster) ? -sum : sum), 0);
    const swap = swapTest(clusters, difference, patterns(5), { exceedances: Number.POSITIVE_INFINITY });
    const flip = signFlipTest(sums, patterns(5));
    expect(swap.exact).toBe(flip.exact);
    const error = flip.exact ? 1e-12 : 5 * Math.sqrt((flip.p * (1 - flip.p)) / DRAWS);
    expect(Math.abs(swap.p - flip.p)).toBeLessThanOrEqual(error);
  });
  it('counts a resample without a value as extreme', () => {
    const result = swapTest(3, (swapped) => (isSwapped(swapped, 0) ? null : 1), patterns());
    expect(result).toEqual({ p: 1, exact: true });
  });
});

describe('swap test that may end early', () => {
  const CLUSTERS = 40;
  /** Between sides of one value a cluster, under a statistic that is no mean: the sum of squares around the mean. */
  const difference = (from: readonly number[], to: readonly number[]) => {
    const spread = (values: readonly number[]): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    return (swapped: Uint32Array): number =>
      spread(to.map((value, cluster) => (isSwapped(swapped, cluster) ? (from[cluster] as number) : value))) -
      spread(from.map((value, cluster) => (isSwapped(swapped, cluster) ? (to[cluster] as number) : value)));
  };

  it('ends at the last exceedance that it waits for, and p is their share of the draws so far', () => {
    let calls = 0;
    // The first call sees the observed difference; then every fourth draw is extreme.
    const { p } = swapTest(CLUSTERS, () => (calls++ % 4 === 0 ? 1 : 0), patterns(), { exceedances: 20 });
    expect(p).toBe(20 / 80);
    expect(calls).toBe(1 + 80);
  });
  it('takes every draw where there are fewer, and counts the observed one among them', () => {
    let calls = 0;
    const seldom = (): number => (calls++ % 1000 === 0 ? 1 : 0);
    expect(swapTest(CLUSTERS, seldom, patterns(), { exceedances: 20 }).p).toBe(11 / (DRAWS + 1));
    expect(calls).toBe(1 + DRAWS);
    calls = 0;
    expect(swapTest(CLUSTERS, seldom, patterns(), { draws: 500 }).p).toBe(1 / 501);
    expect(calls).toBe(1 + 500);
  });
  it('can fall to 1 in 10,001, which a primary family of 500 tests still resolves', () => {
    const to = Array.from({ length: CLUSTERS }, (_, cluster) => (cluster % 2 === 0 ? 10 : -10));
    const from = to.map((value) => value / 10);
    const { p, exact } = swapTest(CLUSTERS, difference(from, to), patterns());
    expect({ p, exact }).toEqual({ p: 1 / (DRAWS + 1), exact: false });
    expect(p * 500).toBeLessThan(0.05);
  });
  it('says the same each time, and the same with the sides exchanged', () => {
    const random = seededRandom(8);
    const [from, to] = [0, 1].map(() => Array.from({ length: CLUSTERS }, () => random.next())) as [
      number[],
      number[],
    ];
    const { p } = swapTest(CLUSTERS, difference(from, to), patterns(3));
    expect(swapTest(CLUSTERS, difference(from, to), patterns(3)).p).toBe(p);
    expect(swapTest(CLUSTERS, difference(to, from), patterns(3)).p).toBe(p);
  });
  it('uses bits of its own clusters alone', () => {
    const seen: number[] = [];
    swapTest(CLUSTERS, (swapped) => seen.push(swapped[1] as number), patterns(), { draws: 50 });
    expect(Math.max(...seen)).toBeLessThan(2 ** (CLUSTERS - 32));
    expect(Math.max(...seen)).toBeGreaterThan(0);
  });

  // Besag & Clifford (1991): P(p ≤ u) = u wherever p can be u, if no two draws are equal; never more.
  it('has a uniform p under the null, at every value that it can have', () => {
    const random = seededRandom(1991);
    const [runs, limits] = [20_000, { exceedances: 5, draws: 99 }];
    const shared = patterns();
    const found = Array.from(
      { length: runs },
      () => swapTest(CLUSTERS, () => random.next(), shared, limits).p,
    );
    for (const u of [1 / 100, 3 / 100, 5 / 100, 5 / 80, 5 / 50, 5 / 20, 5 / 10, 5 / 6, 1]) {
      const share = found.filter((p) => p <= u + 1e-12).length / runs;
      expect(Math.abs(share - u)).toBeLessThanOrEqual(4 * Math.sqrt((u * (1 - u)) / runs));
    }
  });
  it('keeps its level on whole clusters that are exchangeable', () => {
    const random = seededRandom(41);
    const runs = 1500;
    const found = Array.from({ length: runs }, (_, run) => {
      const sides = Array.from({ length: CLUSTERS }, () => {
        const ease = random.next() ** 2;
        return [ease + 0.3 * random.next(), ease + 0.3 * random.next()] as const;
      });
      const [from, to] = [sides.map(([before]) => before), sides.map(([, after]) => after)];
      const own = new SignPatterns(seededRandom(run), 999);
      return swapTest(CLUSTERS, difference(from, to), own, { exceedances: 20 }).p;
    });
    for (const u of [0.01, 0.05, 0.2, 0.5]) {
      const share = found.filter((p) => p <= u).length / runs;
      expect(share).toBeLessThanOrEqual(u + 3 * Math.sqrt((u * (1 - u)) / runs));
      expect(share).toBeGreaterThanOrEqual(u - 4 * Math.sqrt((u * (1 - u)) / runs));
    }
  });
});

describe('exact McNemar', () => {
  it.each(golden.mcnemarExact)('$gained gained, $lost lost equals statsmodels', ({ gained, lost, p }) => {
    expect(relativeError(mcnemarExact(gained, lost), p)).toBeLessThan(1e-11);
  });
  it('equals the sign-flip test on single binary samples, is symmetric, and never underflows to 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), (gained, lost) => {
        const sums = [...repeated(1, gained), ...repeated(-1, lost)];
        expect(mcnemarExact(gained, lost)).toBeCloseTo(signFlipTest(sums, patterns()).p, 12);
        expect(mcnemarExact(lost, gained)).toBe(mcnemarExact(gained, lost));
      }),
    );
    expect(mcnemarExact(5000, 0)).toBeGreaterThan(0);
  });
});
