import { describe, expect, it } from '@jest/globals';
import { studentQuantile } from '../../../results/statistics/distributions.ts';
import { correlationsOf, levelOfMultiplier, MaxT } from '../../../results/statistics/max-t.ts';

const walk = (steps: number): number[][] =>
  Array.from({ length: steps }, (_, i) =>
    Array.from({ length: steps }, (__, j) => Math.sqrt((Math.min(i, j) + 1) / (Math.max(i, j) + 1))),
  );
const equal = (steps: number, r: number): number[][] =>
  Array.from({ length: steps }, (_, i) => Array.from({ length: steps }, (__, j) => (i === j ? 1 : r)));

/** Errors are known with so many degrees of freedom. */
const KNOWN = 1e7;
const SEEDS = [1, 2, 3, 4, 5, 6];
/** One quantile of twenty thousand draws errs by .012 where errors are known and by .022 with nine degrees. */
const NEAR = 0.02;
/** The cube root of chi-square is a little beside the truth with few degrees. */
const NEAR_FEW = 0.04;

function meanQuantile(correlations: readonly number[][], df: number): number {
  return SEEDS.reduce((sum, seed) => sum + new MaxT(seed).quantile(correlations, df), 0) / SEEDS.length;
}

describe('the quantile of max |t|', () => {
  // Written by scripts/statistics/golden_series.py: SciPy's multivariate normal distribution over a rectangle.
  it.each([
    ['a walk of 2', walk(2), 2.1783],
    ['a walk of 6', walk(6), 2.4532],
    ['a walk of 12', walk(12), 2.588],
    ['6 at .5', equal(6, 0.5), 2.567],
  ])('of %s is that of the normal distribution where errors are known', (_, correlations, golden) => {
    expect(Math.abs(meanQuantile(correlations, KNOWN) - golden)).toBeLessThan(NEAR);
  });

  // The same script: two million draws of estimates and of the diagonals of Wishart matrices.
  it.each([
    ['a walk of 6, 9 degrees', walk(6), 9, 3.1055],
    ['a walk of 6, 29 degrees', walk(6), 29, 2.6267],
    ['a walk of 12, 19 degrees', walk(12), 19, 2.9136],
    ['6 at .5, 9 degrees', equal(6, 0.5), 9, 3.2805],
  ])('of %s is that of estimates over errors of their own', (_, correlations, df, golden) => {
    expect(Math.abs(meanQuantile(correlations, df) - golden)).toBeLessThan(NEAR_FEW);
  });

  // The same script, by the closed form for independent estimates.
  it.each([
    [2, 9, 2.6772],
    [6, 19, 2.9342],
    [20, 99, 3.0947],
  ])('of %i independent ones with %i degrees is Šidák’s', (tests, df, golden) => {
    expect(Math.abs(meanQuantile(equal(tests, 0), df) - golden)).toBeLessThan(NEAR_FEW);
  });

  it('is above that of one error for all estimates, which would be too bold', () => {
    // SciPy's multivariate t.
    expect(meanQuantile(walk(6), 9)).toBeGreaterThan(2.9504 + NEAR_FEW);
  });

  it('is exactly Student’s for one estimate, and for several that repeat or mirror it', () => {
    const single = studentQuantile(0.975, 11);
    expect(new MaxT(1).quantile([[1]], 11)).toBe(single);
    expect(new MaxT(1).quantile(equal(4, 1), 11)).toBe(single);
    expect(
      new MaxT(1).quantile(
        [
          [1, -1],
          [-1, 1],
        ],
        11,
      ),
    ).toBe(single);
  });

  it('lies between Student’s and Bonferroni’s, whatever the correlations are', () => {
    for (const correlations of [walk(8), equal(8, 0), equal(8, 0.999), equal(40, 0)]) {
      const found = new MaxT(3).quantile(correlations, 14);
      expect(found).toBeGreaterThanOrEqual(studentQuantile(0.975, 14));
      expect(found).toBeLessThanOrEqual(studentQuantile(1 - 0.025 / correlations.length, 14));
    }
  });

  it('takes more estimates than clusters', () => {
    const contributions = Array.from({ length: 30 }, (_, step) =>
      Array.from(
        { length: 11 },
        (__, cluster) => Math.sin(7 * cluster + 1) * step + Math.cos(3 * cluster * step),
      ),
    ).slice(1);
    const found = new MaxT(1).quantile(correlationsOf(contributions), 10);
    expect(found).toBeGreaterThan(studentQuantile(0.975, 10));
    expect(found).toBeLessThan(studentQuantile(1 - 0.025 / 29, 10));
  });

  it('is the same whatever was asked before', () => {
    const [fresh, used] = [new MaxT(1), new MaxT(1)];
    used.quantile(walk(30), 50);
    used.quantile(equal(5, 0.2), 50);
    expect(used.quantile(walk(6), 20)).toBe(fresh.quantile(walk(6), 20));
    expect(new MaxT(2).quantile(walk(6), 20)).not.toBe(fresh.quantile(walk(6), 20));
  });
});

describe('the level of a multiplier', () => {
  it('is the one whose Student’s t interval has it', () => {
    expect(levelOfMultiplier(studentQuantile(0.975, 20), 20)).toBeCloseTo(0.05, 10);
  });
});

describe('correlations of contributions', () => {
  it('are those of Pearson', () => {
    const [[, r] = []] = correlationsOf([
      [1, 2, 3, 4],
      [1, 3, 2, 4],
    ]);
    expect(r).toBeCloseTo(0.8, 12);
  });
});
