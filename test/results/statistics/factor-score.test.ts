import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kendallTauB, pearson, spearman } from '../../../results/statistics/correlation.ts';
import * as kernel from '../../../results/statistics/factor-score.ts';
import { countPairs, factorRanks, type PairCounts } from '../../../results/statistics/factor-score.ts';
import { wilsonInterval } from '../../../results/statistics/proportion.ts';
import { EXAMPLE_A, printed } from './factor-examples.ts';

const { tau10, tau13, tau14, tauA, tauB, tau23, accEq, relevance, signP } = kernel;
const SCORES = { tau10, tau13, tau14, tauB, tauA, tau23, accEq, relevance };
const all = (counts: PairCounts): Record<string, number | null> =>
  Object.fromEntries(Object.entries(SCORES).map(([name, score]) => [name, score(counts)]));

const sign = fc.constantFrom(1, 0, -1, Number.NaN);
const pairs = fc.array(fc.tuple(sign, sign), { maxLength: 60 });
const counted = (given: readonly (readonly [number, number])[]): PairCounts =>
  countPairs(
    given.map(([preference]) => preference),
    given.map(([, factor]) => factor),
  );

describe('factor scores: worked example A', () => {
  it.each(EXAMPLE_A.rows)(
    '$rater $factor',
    ({ rater, factor, counts: [C, D, Tf, Tp, Tb], printed: expected }) => {
      const counts = countPairs(EXAMPLE_A.preferences[rater], EXAMPLE_A.signs[factor]);
      expect(counts).toEqual({ C, D, Tf, Tp, Tb, missing: 0 });
      const order = [tau10, tau13, tau14, tauB, tauA, tau23, accEq, signP];
      expect(order.map((score) => printed(score(counts)))).toEqual(expected);
    },
  );
  it('takes its signs from the values', () => {
    for (const factor of ['length', 'facts', 'halluc'] as const) {
      expect(EXAMPLE_A.values[factor].map(([a, b]) => Math.sign(a - b))).toEqual(EXAMPLE_A.signs[factor]);
    }
  });
  it('splits tau14 into direction and applicability: human length is (1/3)(6/7)', () => {
    const counts = countPairs(EXAMPLE_A.preferences.human, EXAMPLE_A.signs.length);
    expect(tau13(counts)).toBe(1 / 3);
    expect(relevance(counts)).toBe(6 / 7);
    expect(tau14(counts)).toBe(2 / 7);
  });
  it('is not the tau_b over pairs of pairs', () => {
    const trap = { length: '.263158', facts: '.300376', halluc: '-.46169' };
    for (const factor of ['length', 'facts', 'halluc'] as const) {
      const other = kendallTauB(EXAMPLE_A.preferences.human, EXAMPLE_A.signs[factor]).value;
      expect(printed(other)).toBe(trap[factor]);
      expect(tauB(countPairs(EXAMPLE_A.preferences.human, EXAMPLE_A.signs[factor]))).not.toBeCloseTo(
        other ?? Number.NaN,
        2,
      );
    }
  });
  it('has the Wilson interval of 4 of 6', () => {
    const { low, high } = wilsonInterval(4, 6);
    expect([printed(low), printed(high)]).toEqual(['.299993', '.903229']);
  });
});

describe('factor scores: worked example B, generation', () => {
  const countsOf = (values: readonly number[]): PairCounts => {
    const [preference, factor]: [number[], number[]] = [[], []];
    for (const [j, value] of values.entries()) {
      for (let i = 0; i < j; i++) {
        preference.push(-1);
        factor.push(Math.sign((values[i] as number) - value));
      }
    }
    return countPairs(preference, factor);
  };
  const [first, second] = [
    [40, 55, 55, 90, 80],
    [70, 60, 65, 65, 50],
  ] as const;

  it('of both prompts', () => {
    const [one, other] = [countsOf(first), countsOf(second)];
    expect(one).toEqual({ C: 8, D: 1, Tf: 1, Tp: 0, Tb: 0, missing: 0 });
    expect([tau14, tau13, tauB].map((score) => printed(score(one)))).toEqual(['.7', '.777778', '.737865']);
    expect(other).toEqual({ C: 2, D: 7, Tf: 1, Tp: 0, Tb: 0, missing: 0 });
    expect([tau14, tauB].map((score) => printed(score(other)))).toEqual(['-.5', '-.527046']);
    expect(tauB(one)).toBeCloseTo(kendallTauB([1, 2, 3, 4, 5], first).value ?? Number.NaN, 14);
    expect(tauB(other)).toBeCloseTo(kendallTauB([1, 2, 3, 4, 5], second).value ?? Number.NaN, 14);
  });
  it('pooled is the mean of both', () => {
    const [one, other] = [countsOf(first), countsOf(second)];
    const pooled = { ...one, C: one.C + other.C, D: one.D + other.D, Tf: one.Tf + other.Tf };
    expect(tau14(pooled)).toBe(0.1);
  });
});

describe('factor scores: worked example C, alignment', () => {
  const human = [0.42, 0.31, 0.25, -0.18, 0.05, 0.1];
  const generation = [0.12, 0.55, 0.2, -0.18, 0.05, -0.02];
  const evaluation = [0.45, 0.38, 0.25, -0.2, 0.02, 0.02];
  const three = (other: readonly number[]): string[] =>
    [spearman, kendallTauB, pearson].map((correlation) => printed(correlation(human, other).value));

  it('ranks', () => {
    expect(factorRanks(human)).toEqual([1, 2, 3, 6, 5, 4]);
    expect(factorRanks(generation)).toEqual([3, 1, 2, 6, 4, 5]);
    expect(factorRanks(evaluation)).toEqual([1, 2, 3, 6, 4.5, 4.5]);
    expect(factorRanks([0.1, null, 0.3])).toEqual([2, null, 1]);
  });
  it('correlations', () => {
    expect(three(generation)).toEqual(['.771429', '.6', '.716476']);
    expect(three(evaluation)).toEqual(['.985611', '.966092', '.986055']);
    const [low, high] = [generation, evaluation].map(
      (other) => kendallTauB(human, other).value ?? Number.NaN,
    );
    expect(printed((high ?? Number.NaN) - (low ?? Number.NaN))).toBe('.366092');
  });
  it('of a constant vector are null', () => {
    expect(three([1, 1, 1, 1, 1, 1])).toEqual(['null', 'null', 'null']);
  });
});

describe('factor scores: edge cases', () => {
  it('all ties of the factor', () => {
    const scores = all(countPairs([1, -1, 1], [0, 0, 0]));
    expect(scores).toMatchObject({ tau14: 0, tauA: 0, tau10: -1, tau13: null, tauB: null });
  });
  it('all ties of the preference', () => {
    const scores = all(countPairs([0, 0, 0, 0], [1, -1, 0, 1]));
    expect(scores).toMatchObject({ tau10: null, tau13: null, tau14: null, tauB: null, tauA: 0, accEq: 0.25 });
  });
  it('empty input', () => {
    expect(new Set(Object.values(all(countPairs([], []))))).toEqual(new Set([null]));
    expect(signP(countPairs([], []))).toBeNull();
    expect(factorRanks([])).toEqual([]);
  });
  it('refuses unequal lengths', () => {
    expect(() => countPairs([1], [])).toThrow(RangeError);
  });
  it('negated human length has tau10 −.428571', () => {
    const negated = EXAMPLE_A.preferences.human.map((value) => -value);
    expect(printed(tau10(countPairs(negated, EXAMPLE_A.signs.length)))).toBe('-.428571');
  });
});

describe('factor scores: properties', () => {
  it('swapping both responses of any pairs leaves every score unchanged', () => {
    fc.assert(
      fc.property(pairs, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (given, swapped) => {
        const mirrored = given.map(([p, f], index) =>
          swapped[index] ? ([-p, -f] as const) : ([p, f] as const),
        );
        expect(all(counted(mirrored))).toEqual(all(counted(given)));
      }),
    );
  });
  it('negating all preferences negates tau13, tau14, tau_a and tau_b, swaps C and D, and keeps the ties', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const before = counted(given);
        const after = counted(given.map(([p, f]) => [-p, f]));
        expect(after).toEqual({ ...before, C: before.D, D: before.C });
        for (const score of [tau13, tau14, tauA, tauB]) {
          const value = score(before);
          expect(score(after)).toBe(value === null || value === 0 ? value : -value);
        }
        expect(relevance(after)).toBe(relevance(before));
      }),
    );
  });
  it('duplicating the pairs leaves all scores unchanged', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const [once, twice] = [all(counted(given)), all(counted([...given, ...given]))];
        for (const [name, value] of Object.entries(once)) {
          expect(twice[name]).toEqual(value === null ? null : expect.closeTo(value, 14));
        }
      }),
    );
  });
  it('missing values are counted, not tied', () => {
    fc.assert(
      fc.property(pairs, fc.nat({ max: 20 }), (given, more) => {
        const added = Array.from({ length: more }, (_, index): [number, number] =>
          index % 2 === 0 ? [1, Number.NaN] : [Number.NaN, 0],
        );
        const before = counted(given);
        expect(counted([...given, ...added])).toEqual({ ...before, missing: before.missing + more });
      }),
    );
  });
  it('is finite and within ±1, or null, and tau14 is tau13 × relevance', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const counts = counted(given);
        for (const value of Object.values(all(counts))) {
          if (value === null) continue;
          expect(Number.isFinite(value)).toBe(true);
          expect(Object.is(value, -0)).toBe(false);
          expect(Math.abs(value)).toBeLessThanOrEqual(1);
        }
        const [direction, share] = [tau13(counts), relevance(counts)];
        if (direction !== null && share !== null) {
          expect(tau14(counts)).toBeCloseTo(direction * share, 12);
        }
        expect(counts.C + counts.D + counts.Tf + counts.Tp + counts.Tb + counts.missing).toBe(given.length);
      }),
    );
  });
});
