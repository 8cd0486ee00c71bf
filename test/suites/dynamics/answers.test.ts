import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areaUnderCurve, separation } from '../../../results/statistics/dynamics-separation.ts';
import { answerOdds } from '../../../suites/dynamics/measures/answer-odds.ts';
import { klEstimates, klOfText } from '../../../suites/dynamics/measures/kl.ts';

const logs = (...shares: readonly number[]): number[] => shares.map(Math.log);

describe('log-odds gap of answer sets', () => {
  it('sums surface forms, with its mass (worked example)', () => {
    const found = answerOdds({ yes: logs(0.3, 0.1, 0.05), no: logs(0.2, 0.02) });
    expect(found.logOdds).toBeCloseTo(0.71562, 6);
    expect(found.mass).toBeCloseTo(0.67, 12);
    expect(found).toMatchObject({ low: found.logOdds, high: found.logOdds, censored: false });
  });

  it('an answer beyond the list is censored by the last entry (worked example)', () => {
    const hidden = { yes: 0, no: 1, floor: Math.log(0.004) };
    const found = answerOdds({ yes: logs(0.55), no: [] }, hidden);
    expect(found.low).toBeCloseTo(4.923624, 6);
    expect(found).toMatchObject({ logOdds: null, high: null, censored: true });
    const mirrored = answerOdds({ yes: [], no: logs(0.55) }, { yes: 1, no: 0, floor: Math.log(0.004) });
    expect(mirrored.high).toBeCloseTo(-4.923624, 6);
    expect(mirrored.low).toBeNull();
  });

  it('what hidden forms leave open holds the truth', () => {
    const full = answerOdds({ yes: logs(0.5, 0.01), no: logs(0.2, 0.004, 0.002) });
    const cut = answerOdds({ yes: logs(0.5, 0.01), no: logs(0.2) }, { yes: 0, no: 2, floor: Math.log(0.01) });
    expect(cut.low).toBeCloseTo(Math.log(0.51 / 0.22), 12);
    expect(cut.low ?? Number.NaN).toBeLessThan(full.logOdds ?? Number.NaN);
    expect(cut.high ?? Number.NaN).toBeGreaterThan(full.logOdds ?? Number.NaN);
    expect(cut.censored).toBe(false);
  });

  it('neither answer seen: nothing but a mass of 0', () => {
    expect(answerOdds({ yes: [], no: [] }, { yes: 2, no: 2, floor: -5 })).toEqual({
      logOdds: null,
      low: null,
      high: null,
      mass: 0,
      censored: true,
    });
  });

  it('refuses what is no log-probability, and an answer without a form', () => {
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY, 0.1]) {
      expect(() => answerOdds({ yes: [bad], no: [-1] })).toThrow(RangeError);
      expect(() => answerOdds({ yes: [-1], no: [] }, { yes: 0, no: 1, floor: bad })).toThrow(RangeError);
    }
    expect(() => answerOdds({ yes: [], no: [-1] })).toThrow('surface form');
    expect(() => answerOdds({ yes: [-1], no: [-1] }, { yes: -1, no: 0, floor: -1 })).toThrow('hidden');
  });

  it('stays finite where probabilities underflow', () => {
    expect(answerOdds({ yes: [-2000], no: [-2010, -2010] }).logOdds).toBeCloseTo(10 - Math.LN2, 10);
  });
});

describe('separation of two classes by one number', () => {
  const example = { positive: [1, 0.2, 2, -0.5], negative: [-1, 0.1, -2, -0.3] };

  it('worked example', () => {
    const found = separation(example);
    expect(found?.gap).toBeCloseTo(1.475, 12);
    expect(found?.pooledSd).toBeCloseTo(1.000625, 6);
    expect(found?.dPrime).toBeCloseTo(1.474079, 6);
    expect(found).toMatchObject({ auc: 0.875, accuracy: 0.75, nPositive: 4, nNegative: 4 });
  });

  it('a constant shift moves accuracy alone', () => {
    const shifted = separation({
      positive: example.positive.map((z) => z + 1.5),
      negative: example.negative.map((z) => z + 1.5),
    });
    expect(shifted).toMatchObject({ auc: 0.875, accuracy: 0.625 });
    expect(shifted?.dPrime).toBeCloseTo(1.474079, 6);
  });

  it('AUC is the share of pairs in order, ties a half', () => {
    const value = fc.integer({ min: -3, max: 3 });
    const values = fc.array(value, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, values, (positive, negative) => {
        const wins = positive.flatMap((a) => negative.map((b) => (Math.sign(a - b) + 1) / 2));
        const share = wins.reduce((total, win) => total + win, 0) / wins.length;
        expect(areaUnderCurve({ positive, negative })).toBeCloseTo(share, 12);
      }),
    );
  });

  it('a missing class gives null; no spread gives no d′; a single pair has no deviation', () => {
    expect(separation({ positive: [1, 2], negative: [] })).toBeNull();
    expect(separation({ positive: [], negative: [] })).toBeNull();
    expect(areaUnderCurve({ positive: [], negative: [1] })).toBeNull();
    expect(separation({ positive: [1, 1], negative: [0, 0] })).toMatchObject({
      gap: 1,
      pooledSd: 0,
      dPrime: null,
    });
    expect(separation({ positive: [1], negative: [0] })).toMatchObject({
      pooledSd: null,
      dPrime: null,
      auc: 1,
    });
  });

  it('a value of exactly 0 is half right', () => {
    expect(separation({ positive: [0], negative: [0] })).toMatchObject({ accuracy: 0.5, auc: 0.5 });
  });

  it('NaN is refused', () => {
    expect(() => separation({ positive: [Number.NaN], negative: [0] })).toThrow(RangeError);
    expect(() => separation({ positive: [0], negative: [Number.POSITIVE_INFINITY] })).toThrow(RangeError);
  });
});

describe('KL to the reference', () => {
  const [checkpoint, reference] = [
    [-5, -7, -6, -9],
    [-6, -6.5, -6, -11],
  ];

  it('worked example', () => {
    const found = klEstimates(checkpoint, reference);
    expect(found).toMatchObject({ k1: 0.625, k2: 0.65625 });
    expect(found?.k3).toBeCloseTo(0.412984, 6);
  });

  it('a text sums its tokens', () => {
    const found = klOfText(checkpoint, reference);
    expect(found).toMatchObject({ k1: 2.5, k2: 2.625 });
    expect(found.k3).toBeCloseTo(4 * 0.412984, 5);
    expect(klOfText([], [])).toEqual({ k1: 0, k2: 0, k3: 0 });
  });

  it('k1 and k3 are unbiased: over all draws weighted by their probability both give the KL', () => {
    const [p, q] = [
      [0.5, 0.3, 0.2],
      [0.2, 0.2, 0.6],
    ];
    const kl = p.reduce((total, share, i) => total + share * Math.log(share / (q[i] ?? 0)), 0);
    const mean = (key: 'k1' | 'k3'): number =>
      p.reduce((total, share, i) => {
        const found = klEstimates([Math.log(share)], [Math.log(q[i] ?? 0)]);
        return total + share * (found?.[key] ?? Number.NaN);
      }, 0);
    expect(mean('k1')).toBeCloseTo(kl, 12);
    expect(mean('k3')).toBeCloseTo(kl, 12);
  });

  it('is 0 against itself, null without draws, and null for a k3 that overflows', () => {
    expect(klEstimates([-1, -2], [-1, -2])).toEqual({ k1: 0, k2: 0, k3: 0 });
    expect(klEstimates([], [])).toBeNull();
    expect(klEstimates([-2000], [-1])).toEqual({ k1: -1999, k2: 1999 ** 2 / 2, k3: null });
  });

  it('refuses NaN and draws that do not match', () => {
    expect(() => klEstimates([Number.NaN], [-1])).toThrow(RangeError);
    expect(() => klEstimates([-1], [Number.NEGATIVE_INFINITY])).toThrow(RangeError);
    expect(() => klEstimates([], [-1])).toThrow('draws');
  });
});
