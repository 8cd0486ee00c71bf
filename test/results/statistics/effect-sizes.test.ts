import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kendallTauB, midRanks, spearman } from '../../../results/statistics/correlation.ts';
import {
  observedDesignEffect,
  plannedDesignEffect,
  requiredPairs,
  requiredPairsForMean,
  smallestDetectableDifference,
  smallestDetectableMean,
} from '../../../results/statistics/detectable.ts';
import { betaQuantile, incompleteBeta, normalUpperTail } from '../../../results/statistics/distributions.ts';
import {
  hedgesCorrection,
  hedgesG,
  pairedOddsRatio,
  standardisedChange,
} from '../../../results/statistics/standardised.ts';
import { golden, relativeError } from './golden.ts';

describe('tails and quantiles', () => {
  it.each(golden.normalUpperTail)('P(Z > $x) equals SciPy', ({ x, value }) => {
    expect(relativeError(normalUpperTail(x), value)).toBeLessThan(1e-12);
  });
  it.each(golden.betaQuantile)('beta quantile at $p with $a and $b equals SciPy', ({ p, a, b, value }) => {
    expect(relativeError(betaQuantile(p, a, b), value)).toBeLessThan(1e-11);
    expect(incompleteBeta(value, a, b)).toBeCloseTo(p, 11);
  });
  it('refuses what is no distribution', () => {
    expect(() => betaQuantile(0.5, 0, 1)).toThrow(RangeError);
    expect(() => betaQuantile(0, 1, 1)).toThrow(RangeError);
  });
});

describe('standardised effects', () => {
  const { corrections, one, other, change } = golden.effectSizes;
  it.each(corrections)(
    'the correction with $degrees degrees of freedom equals SciPy',
    ({ degrees, value }) => {
      expect(hedgesCorrection(degrees)).toBeCloseTo(value, 12);
    },
  );
  it('equal the same formulas in numpy', () => {
    expect(hedgesG(one, other)).toBeCloseTo(golden.effectSizes.hedgesG, 12);
    const { value, low, high } = standardisedChange(change.differences, change.clusters);
    expect([value, low, high]).toEqual(
      [change.value, change.low, change.high].map((each) => expect.closeTo(each, 10)),
    );
  });
  it('need spread and clusters', () => {
    expect(standardisedChange([1, 1, 1], [1, 2, 3])).toMatchObject({ value: null, low: null });
    const few = standardisedChange([1, 2, 3, 5], [1, 2, 3, 4]);
    expect(few.value).toBeCloseTo((hedgesCorrection(3) * 2.75) / 1.707825, 5);
    expect(few).toMatchObject({ low: null, reason: expect.stringContaining('clusters') });
    expect(hedgesG([1, 1], [1, 1])).toBeNull();
    expect(() => hedgesG([1], [1, 2])).toThrow(RangeError);
  });
  it('paired odds ratio: gained over lost with its exact interval', () => {
    const ratio = pairedOddsRatio(20, 10);
    expect(ratio?.value).toBe(2);
    // p in (.4719, .8271) for 20 of 30 (Clopper-Pearson): odds .894 to 4.78.
    expect(ratio?.low).toBeCloseTo(0.8936, 3);
    expect(ratio?.high).toBeCloseTo(4.785, 2);
    expect(pairedOddsRatio(3, 0)).toMatchObject({
      value: Number.POSITIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
    expect(pairedOddsRatio(0, 0)).toBeNull();
  });
});

describe('required n', () => {
  it.each(golden.required)(
    'for $difference at discordance $discordance equals a search',
    ({ n, ...design }) => {
      expect(requiredPairs(design)).toBe(n);
    },
  );
  it('is the smallest n whose detectable difference is small enough', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (discordance, part, designEffect) => {
          const difference = discordance * part;
          const n = requiredPairs({ difference, discordance, designEffect }) ?? Number.NaN;
          const found = smallestDetectableDifference({ n, discordance, designEffect }) ?? 9;
          expect(found).toBeLessThanOrEqual(difference * (1 + 1e-9));
          const fewer = smallestDetectableDifference({ n: n - 1, discordance, designEffect });
          if (fewer !== null) expect(fewer).toBeGreaterThan(difference * (1 - 1e-9));
          const mean = { difference, deviation: discordance, designEffect };
          const pairs = requiredPairsForMean(mean);
          expect(smallestDetectableMean({ ...mean, n: pairs })).toBeLessThanOrEqual(difference * (1 + 1e-9));
          if (pairs > 1) {
            expect(smallestDetectableMean({ ...mean, n: pairs - 1 })).toBeGreaterThan(
              difference * (1 - 1e-9),
            );
          }
        },
      ),
    );
  });
  it('is the textbook 32 for half a standard deviation, and null for what cannot be', () => {
    expect(requiredPairsForMean({ difference: 0.5, deviation: 1 })).toBe(32);
    expect(requiredPairs({ difference: 0.4, discordance: 0.3 })).toBeNull();
    expect(() => requiredPairs({ difference: 0, discordance: 0.3 })).toThrow(RangeError);
    expect(() => smallestDetectableMean({ n: 0, deviation: 1 })).toThrow(RangeError);
  });
  it('design effects: copies count once, and the plan follows Kish', () => {
    const values = Array.from({ length: 40 }, (_, index) => Math.sin(index));
    const copied = values.flatMap((value) => [value, value, value]);
    const clusters = copied.map((_, index) => Math.floor(index / 3));
    expect(observedDesignEffect(values, [...values.keys()])).toBeCloseTo(1, 12);
    // 3, but for n − 1 in both variances.
    expect(observedDesignEffect(copied, clusters)).toBeCloseTo((3 * 119) / 117, 10);
    expect(observedDesignEffect([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(plannedDesignEffect([4, 4, 4], 0.2)).toBeCloseTo(1.6, 12);
    expect(plannedDesignEffect([1, 1, 1], 0.9)).toBe(1);
  });
});

describe('correlation', () => {
  it.each(golden.correlations.map((row, index) => ({ ...row, index })))(
    'case $index equals SciPy',
    ({ x, y, tau, tauP, exact, rho, rhoP }) => {
      const [kendall, rank] = [kendallTauB(x, y), spearman(x, y)];
      expect(kendall.value).toBeCloseTo(tau, 12);
      expect(kendall.p).toBeCloseTo(tauP, 10);
      expect(kendall.exact).toBe(exact);
      expect(rank.value).toBeCloseTo(rho, 12);
      expect(rank.p).toBeCloseTo(rhoP, 10);
    },
  );
  it('is ±1 for the same and the opposite order, null for a constant', () => {
    const x = [3, 1, 4, 1.5, 9, 2, 6];
    for (const measure of [kendallTauB, spearman]) {
      expect(measure(x, x).value).toBeCloseTo(1, 12);
      expect(
        measure(
          x,
          x.map((value) => -value),
        ).value,
      ).toBeCloseTo(-1, 12);
      expect(
        measure(
          x,
          x.map(() => 1),
        ).value,
      ).toBeNull();
      expect(() => measure([1], [1])).toThrow(RangeError);
    }
    // Both orders of three: 2 of 6 permutations are as extreme.
    expect(kendallTauB([1, 2, 3], [1, 2, 3]).p).toBeCloseTo(1 / 3, 12);
    expect([...midRanks([5, 1, 5, 2])]).toEqual([3.5, 1, 3.5, 2]);
  });
});
