import { describe, expect, it } from '@jest/globals';
import { clusteredMean } from '../../../results/statistics/mean.ts';
import { wilsonInterval } from '../../../results/statistics/proportion.ts';
import {
  betaFreeMargin,
  displacement,
  dpoLoss,
  impliedRewards,
  meanDisplacement,
  type PairScores,
  preference,
  preferenceAccuracy,
  preferencePerUnit,
  rewardMargin,
  rewardPreference,
} from '../../../suites/dynamics/measures/preference.ts';

/** Worked example 3.1 of the formulas: five pairs, β = .1. */
const BETA = 0.1;
const pairs = (chosen: readonly number[], rejected: readonly number[]): PairScores[] =>
  chosen.map((value, i) => ({ chosen: value, rejected: rejected[i] ?? Number.NaN }));
const checkpoint = pairs([-12, -30, -8.5, -20, -15], [-14, -28, -8.5, -26, -11]);
const reference = pairs([-13, -29, -9, -20, -19], [-13.5, -29.5, -9, -24, -12]);
const tokens = pairs([4, 10, 3, 6, 5], [5, 9, 3, 9, 4]);
const referenceOf = (i: number): PairScores => reference[i] ?? { chosen: Number.NaN, rejected: Number.NaN };
const lengthsOf = (i: number): PairScores => tokens[i] ?? { chosen: Number.NaN, rejected: Number.NaN };
const margins = checkpoint.map((pair, i) => rewardMargin(pair, referenceOf(i), BETA));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('five pairs worked by hand', () => {
  it('rewards of the chosen and the rejected answers', () => {
    const rewards = checkpoint.map((pair, i) => impliedRewards(pair, referenceOf(i), BETA));
    const round = (value: number): number => Number(value.toFixed(12)) + 0;
    expect(rewards.map(({ chosen }) => round(chosen))).toEqual([0.1, -0.1, 0.05, 0, 0.4]);
    expect(rewards.map(({ rejected }) => round(rejected))).toEqual([-0.05, 0.15, 0.05, -0.2, 0.1]);
  });

  it('margins, their mean, deviation and standard error, and the β-free form', () => {
    expect(margins.map((value) => Number(value.toFixed(12)))).toEqual([0.15, -0.25, 0, 0.2, 0.3]);
    const { mean, error } = clusteredMean(margins, [0, 1, 2, 3, 4]);
    expect(mean).toBeCloseTo(0.08, 12);
    expect((error ?? 0) * Math.sqrt(5)).toBeCloseTo(0.213892, 6);
    expect(error).toBeCloseTo(0.095656, 6);
    expect(sum(checkpoint.map((pair, i) => betaFreeMargin(pair, referenceOf(i)))) / 5).toBeCloseTo(0.8, 12);
  });

  it('losses', () => {
    const losses = margins.map(dpoLoss);
    expect(losses.map((loss) => loss.toFixed(6))).toEqual([
      '0.620957',
      '0.825939',
      '0.693147',
      '0.598139',
      '0.554355',
    ]);
    expect(sum(losses) / 5).toBeCloseTo(0.658508, 6);
  });

  it('reward accuracy and preference accuracy, strict and with ties as halves', () => {
    expect(preferenceAccuracy(margins.map(rewardPreference))).toEqual({
      strict: 0.6,
      halfTies: 0.7,
      ties: 1,
      n: 5,
    });
    expect(preferenceAccuracy(checkpoint.map(preference))).toEqual({
      strict: 0.4,
      halfTies: 0.5,
      ties: 1,
      n: 5,
    });
    const { low, high } = wilsonInterval(3, 5);
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.2307', '0.8824']);
  });

  it('preference accuracy per token', () => {
    const found = preferenceAccuracy(checkpoint.map((pair, i) => preferencePerUnit(pair, lengthsOf(i))));
    expect(found?.strict).toBeCloseTo(0.2, 12);
    expect(found?.halfTies).toBeCloseTo(0.3, 12);
  });

  it('displacement of chosen and rejected', () => {
    const found = meanDisplacement(checkpoint.map((pair, i) => displacement(pair, referenceOf(i))));
    expect(found?.chosen).toBeCloseTo(0.9, 12);
    expect(found?.rejected).toBeCloseTo(0.1, 12);
    expect(found?.displaced).toBe(false);
  });
});

describe('at the reference', () => {
  it('every margin is exactly 0 and the loss ln 2, for numbers of any kind', () => {
    for (const pair of [...reference, { chosen: -0.1 - 0.2, rejected: -1e7 / 3 }]) {
      expect(rewardMargin(pair, pair, 0.3)).toBe(0);
      expect(dpoLoss(0)).toBe(Math.LN2);
    }
  });

  it('reward accuracy is 0 when strict and a half with ties', () => {
    const found = preferenceAccuracy(reference.map((pair) => rewardPreference(rewardMargin(pair, pair, 1))));
    expect(found).toEqual({ strict: 0, halfTies: 0.5, ties: 5, n: 5 });
  });
});

describe('displacement', () => {
  const shifted = (chosen: number, rejected: number) => meanDisplacement([{ chosen, rejected }])?.displaced;

  it('is flagged where the margin rises while the chosen answer falls, and only there', () => {
    expect(shifted(-2, -5)).toBe(true);
    expect(shifted(2, -5)).toBe(false);
    expect(shifted(-5, -2)).toBe(false);
    expect(shifted(0, -1)).toBe(false);
  });
});

describe('edges', () => {
  it('margins far out neither overflow nor vanish', () => {
    expect(dpoLoss(-1e4)).toBe(1e4);
    expect(dpoLoss(40)).toBeCloseTo(Math.exp(-40), 25);
    expect(dpoLoss(1e4)).toBe(0);
  });

  it('nothing gives null', () => {
    expect(preferenceAccuracy([])).toBeNull();
    expect(meanDisplacement([])).toBeNull();
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])('%p is refused', (bad) => {
    const [broken, sound] = [
      { chosen: bad, rejected: -1 },
      { chosen: -1, rejected: -1 },
    ];
    expect(() => rewardMargin(broken, sound, 1)).toThrow(RangeError);
    expect(() => rewardMargin(sound, { chosen: -1, rejected: bad }, 1)).toThrow(RangeError);
    expect(() => preference(broken)).toThrow(RangeError);
    expect(() => preferencePerUnit(broken, { chosen: 1, rejected: 1 })).toThrow(RangeError);
    expect(() => dpoLoss(bad)).toThrow(RangeError);
    expect(() => rewardPreference(bad)).toThrow(RangeError);
    expect(() => meanDisplacement([broken])).toThrow(RangeError);
  });

  it('a β that is not over 0 and an answer without length are refused', () => {
    const pair = { chosen: -1, rejected: -2 };
    for (const beta of [0, -0.1, Number.NaN]) expect(() => rewardMargin(pair, pair, beta)).toThrow('beta');
    for (const length of [0, 1.5, Number.NaN]) {
      expect(() => preferencePerUnit(pair, { chosen: 1, rejected: length })).toThrow('length');
    }
  });
});
