import { describe, expect, it } from '@jest/globals';
import {
  jeffreysLogOdds,
  rotatedOptions,
  statedPreference,
  withoutPrior,
} from '../../../suites/dynamics/measures/stated-preference.ts';

const logs = (...shares: readonly number[]): number[] => shares.map(Math.log);

describe('A or B with swap', () => {
  it('worked example: one order alone would say that the chosen answer is preferred', () => {
    const found = statedPreference({
      chosenFirst: { a: Math.log(0.6), b: Math.log(0.3) },
      chosenSecond: { a: Math.log(0.7), b: Math.log(0.2) },
    });
    expect(found.debiased.toFixed(6)).toBe('-0.279808');
    expect(found.positionBias.toFixed(6)).toBe('0.972955');
    expect(found.probability.toFixed(6)).toBe('0.430501');
  });

  it('NaN is refused', () => {
    const sound = { a: -1, b: -1 };
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => statedPreference({ chosenFirst: sound, chosenSecond: { a: bad, b: -1 } })).toThrow(
        RangeError,
      );
    }
  });
});

describe('wins of sampled texts', () => {
  it('are finite at both ends and antisymmetric', () => {
    expect(jeffreysLogOdds(0, 4)).toBeCloseTo(Math.log(0.5 / 4.5), 12);
    expect(jeffreysLogOdds(4, 4)).toBeCloseTo(-jeffreysLogOdds(0, 4), 12);
    expect(jeffreysLogOdds(1.5, 3)).toBe(0);
    expect(jeffreysLogOdds(0, 0)).toBe(0);
  });

  it('more wins than texts, and NaN, are refused', () => {
    for (const [wins, n] of [
      [5, 4],
      [-1, 4],
      [Number.NaN, 4],
      [1, Number.NaN],
      [0.3, 4],
    ] as const) {
      expect(() => jeffreysLogOdds(wins, n)).toThrow('wins');
    }
  });
});

describe('cyclic permutation of three options', () => {
  const [content, prior] = [
    [0.5, 0.3, 0.2],
    [0.5, 0.3, 0.2],
  ];
  const rows = [0, 1, 2].map((rotation) => {
    const products = prior.map((share, place) => share * (content[(place + rotation) % 3] ?? Number.NaN));
    const total = products.reduce((sum, product) => sum + product, 0);
    return products.map((product) => product / total);
  });

  it('worked example: what is observed', () => {
    expect(rows.map((row) => row.map((share) => share.toFixed(6)))).toEqual([
      ['0.657895', '0.236842', '0.105263'],
      ['0.483871', '0.193548', '0.322581'],
      ['0.322581', '0.483871', '0.193548'],
    ]);
  });

  it('worked example: contents and prior are found again', () => {
    const found = rotatedOptions(rows.map((row) => logs(...row)));
    for (const [i, share] of content.entries()) {
      expect(found?.contents[i]).toBeCloseTo(share, 12);
      expect(found?.prior[i]).toBeCloseTo(prior[i] ?? Number.NaN, 12);
      expect(withoutPrior(logs(...(rows[0] ?? [])), prior)[i]).toBeCloseTo(share, 12);
    }
  });

  it('tells places from contents where they differ', () => {
    const skewed = [0.7, 0.2, 0.1];
    const asked = [0, 1, 2].map((rotation) =>
      skewed.map((share, place) => Math.log(share * (content[(place + rotation) % 3] ?? Number.NaN))),
    );
    const found = rotatedOptions(asked);
    expect(found?.contents[0]).toBeCloseTo(0.5, 12);
    expect(found?.prior[0]).toBeCloseTo(0.7, 12);
  });

  it('nothing gives null; rows that do not fit and NaN are refused', () => {
    expect(rotatedOptions([])).toBeNull();
    expect(() => rotatedOptions([[-1, -1], [-1]])).toThrow('rotations');
    expect(() => rotatedOptions([[Number.NaN]])).toThrow(RangeError);
    expect(() => withoutPrior([-1, -1], [1])).toThrow('priors');
    expect(() => withoutPrior([-1, -1], [1, 0])).toThrow(RangeError);
  });
});
