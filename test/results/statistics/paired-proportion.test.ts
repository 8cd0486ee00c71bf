import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { equivalenceOfMean, equivalenceOfPairs } from '../../../results/statistics/equivalence.ts';
import { mcnemarExact, mcnemarMidP, signTest } from '../../../results/statistics/mcnemar.ts';
import {
  newcombeInterval,
  type PairedCounts,
  riskDifference,
  tangoInterval,
  tangoScore,
} from '../../../results/statistics/paired-proportion.ts';
import { clopperPearsonInterval } from '../../../results/statistics/proportion.ts';
import { golden } from './golden.ts';

const counted = ([both, gained, lost, neither]: readonly [number, number, number, number]): PairedCounts => ({
  both,
  gained,
  lost,
  neither,
});

const count = fc.integer({ min: 0, max: 60 });
const anyCounts = fc
  .record({ both: count, gained: count, lost: count, neither: count })
  .filter(({ both, gained, lost, neither }) => both + gained + lost + neither > 0);
const turned = ({ both, gained, lost, neither }: PairedCounts): PairedCounts => ({
  both,
  gained: lost,
  lost: gained,
  neither,
});

describe('Clopper-Pearson', () => {
  it.each(golden.clopperPearson)('$successes of $n at $confidence equals statsmodels', (row) => {
    const { low, high } = clopperPearsonInterval(row.successes, row.n, row.confidence);
    expect(low).toBeCloseTo(row.low, 12);
    expect(high).toBeCloseTo(row.high, 12);
  });
  it('refuses what is no proportion', () => {
    expect(() => clopperPearsonInterval(-1, 2)).toThrow(RangeError);
  });
});

describe('paired difference', () => {
  it.each(golden.newcombe)('Newcombe of $counts equals the same method in Python', (row) => {
    const { low, high } = newcombeInterval(counted(row.counts));
    expect(low).toBeCloseTo(row.low, 12);
    expect(high).toBeCloseTo(row.high, 12);
  });
  it.each(golden.tango)('Tango of $counts equals a numerical restricted likelihood', (row) => {
    const { low, high } = tangoInterval(counted(row.counts));
    expect(low).toBeCloseTo(row.low, 6);
    expect(high).toBeCloseTo(row.high, 6);
  });
  it('equals published intervals', () => {
    // Fagerland, Lydersen & Laake 2014, Statistics in Medicine 33:2850-2875, table V: Bentur 2009 and Cavo 2012.
    const bentur = counted([1, 1, 7, 12]);
    expect(newcombeInterval(bentur)).toEqual({
      low: expect.closeTo(-0.507, 3),
      high: expect.closeTo(-0.026, 3),
    });
    expect(tangoInterval(bentur)).toEqual({
      low: expect.closeTo(-0.517, 3),
      high: expect.closeTo(-0.026, 3),
    });
    const cavo = newcombeInterval(counted([59, 6, 16, 80]));
    expect(cavo).toEqual({ low: expect.closeTo(-0.1186, 4), high: expect.closeTo(-0.0046, 4) });
  });
  it('has Tango’s closed form when every pair agrees: z²/(n + z²) to both sides', () => {
    const z2 = 1.959963984540054 ** 2;
    const { low, high } = tangoInterval(counted([7, 0, 0, 13]));
    expect(high).toBeCloseTo(z2 / (20 + z2), 9);
    expect(low).toBeCloseTo(-z2 / (20 + z2), 9);
  });
  it('turns its sign with the sides, holds the difference and stays within −1 and 1', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        for (const method of [newcombeInterval, tangoInterval]) {
          const [one, other] = [method(counts), method(turned(counts))];
          expect(one.low).toBeCloseTo(-other.high, 9);
          expect(one.high).toBeCloseTo(-other.low, 9);
          expect(one.low).toBeGreaterThanOrEqual(-1);
          expect(one.high).toBeLessThanOrEqual(1);
          expect(one.low).toBeLessThanOrEqual(riskDifference(counts) + 1e-9);
          expect(one.high).toBeGreaterThanOrEqual(riskDifference(counts) - 1e-9);
        }
      }),
    );
  });
  it('Tango’s score falls as the assumed difference rises, and is McNemar’s z at 0', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const scores = [-0.9, -0.5, -0.1, 0, 0.1, 0.5, 0.9].map((each) => tangoScore(counts, each));
        for (const [index, score] of scores.slice(1).entries()) {
          expect(score).toBeLessThanOrEqual((scores[index] as number) + 1e-9);
        }
        const { gained, lost } = counts;
        if (gained + lost > 0) {
          expect(tangoScore(counts, 0)).toBeCloseTo((gained - lost) / Math.sqrt(gained + lost), 9);
        }
      }),
    );
  });
  it('refuses no pairs', () => {
    expect(() => riskDifference(counted([0, 0, 0, 0]))).toThrow(RangeError);
    expect(() => tangoInterval(counted([5, -1, 0, 0]))).toThrow(RangeError);
  });
});

describe('tests against a fair coin', () => {
  it.each(golden.coinTests)('$gained against $lost equals SciPy', ({ gained, lost, exact, midP }) => {
    expect(mcnemarExact(gained, lost)).toBeCloseTo(exact, 12);
    expect(mcnemarMidP(gained, lost)).toBeCloseTo(midP, 12);
  });
  it('counts ties apart', () => {
    const result = signTest([1, 0.2, -3, 0, 0, 5]);
    expect(result).toEqual({ p: mcnemarExact(3, 1), positive: 3, negative: 1, ties: 2 });
    expect(mcnemarMidP(0, 0)).toBe(1);
  });
});

describe('equivalence', () => {
  it.each(golden.equivalence.map((row, index) => ({ ...row, index })))(
    'case $index equals statsmodels’ two one-sided tests',
    ({ values, margin, p, low, high }) => {
      const result = equivalenceOfMean(values, [...values.keys()], margin);
      expect(result.p).toBeCloseTo(p, 10);
      expect(result.low).toBeCloseTo(low, 10);
      expect(result.high).toBeCloseTo(high, 10);
      expect(result.equivalent).toBe(p <= 0.05);
    },
  );
  it('is shown exactly when the 90 % interval lies within the margin', () => {
    const value = fc.integer({ min: -30, max: 30 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 12, maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (values, margin) => {
          const result = equivalenceOfMean(values, [...values.keys()], margin);
          if (result.p === null || result.low === null || result.high === null) return;
          if (Math.abs(result.p - 0.05) < 1e-9) return;
          expect(result.equivalent).toBe(result.low > -margin && result.high < margin);
        },
      ),
    );
  });
  it('is never claimed from few clusters or without spread, and pairs that agree show it from enough pairs', () => {
    expect(equivalenceOfMean([0, 0.1, 0], [1, 2, 3], 0.5)).toMatchObject({ p: null, equivalent: false });
    expect(equivalenceOfMean(Array(40).fill(0), [...Array(40).keys()], 0.5)).toMatchObject({ p: null });
    // −√(n δ / (1 − δ)) against the 5 % point: 52 pairs for a margin of .05, not 51.
    expect(equivalenceOfPairs(counted([30, 0, 0, 22]), 0.05).equivalent).toBe(true);
    expect(equivalenceOfPairs(counted([30, 0, 0, 21]), 0.05).equivalent).toBe(false);
    expect(() => equivalenceOfPairs(counted([1, 1, 1, 1]), 1)).toThrow(RangeError);
    expect(() => equivalenceOfMean([1, 2], [1, 2], 0)).toThrow(RangeError);
  });
});
