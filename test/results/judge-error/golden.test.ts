import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../core/random.ts';
import { correctedDifference, type Side } from '../../../results/judge-error/difference.ts';
import { dirichlet, gamma } from '../../../results/judge-error/dirichlet.ts';
import { roganGladen, youdenDraws } from '../../../results/judge-error/rogan-gladen.ts';

/** The same cases, and what scripts/judge-error/golden.py makes of them. */
const MEAN = [0.23333333333333334, -0.08968697293758293, 0.4789136372214856];
const CONTRAST = [0.11587301587301582, -0.6096245504561578, 0.7376764617954181];

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Cells with the labels given as [positive, labelled], weighed by their samples. */
function side(
  cellOf: readonly number[],
  values: readonly number[],
  labels: readonly (readonly [number, number])[],
  weights: Float64Array,
): Side {
  const cells = labels.map(([positive, labelled], cell) => ({
    weight: weights.reduce((sum, weight, index) => sum + (cellOf[index] === cell ? weight : 0), 0),
    labelled,
    positive,
  }));
  return { cellOf, values, cells };
}

describe('the difference estimator', () => {
  it('agrees with an independent computation on a mean', () => {
    const weights = new Float64Array(40).fill(1 / 40);
    const before = numbers(40).map((i) => (i % 3 === 0 ? 1 : 0));
    const after = numbers(40).map((i) => (i < 4 ? 1 : i % 4 === 0 ? 0 : 1));
    const cells = numbers(40).map((i) => (i < 4 ? -1 : i % 4 === 0 ? 0 : 1));
    const found = correctedDifference({
      weights,
      groups: numbers(40).map(() => 0),
      clusters: numbers(40).map((i) => Math.floor(i / 2)),
      from: side(before, before, [[1, 8], [5, 6]], weights), // biome-ignore format: pairs
      to: side(cells, after, [[0, 5], [9, 12]], weights), // biome-ignore format: pairs
    });
    expect(found).toEqual({
      delta: expect.closeTo(MEAN[0] as number, 10),
      low: expect.closeTo(MEAN[1] as number, 6),
      high: expect.closeTo(MEAN[2] as number, 6),
    });
  });

  it('agrees with an independent computation on a contrast, whose weights have both signs', () => {
    const groups = numbers(30).map((i) => i % 2);
    const weights = Float64Array.from(groups, (group) => (group === 0 ? 1 : -1) / 15);
    const before = numbers(30).map((i) => (i % 5 === 0 ? 1 : 0));
    const after = numbers(30).map((i) => (i % 4 === 0 ? 1 : 0));
    const cells = (values: readonly number[]) => values.map((value, i) => value + 2 * (groups[i] as number));
    const found = correctedDifference({
      weights,
      groups,
      clusters: numbers(30).map((i) => Math.floor(i / 3)),
      from: side(cells(before), before, [[2, 7], [3, 3], [0, 4], [2, 3]], weights), // biome-ignore format: pairs
      to: side(cells(after), after, [[1, 6], [2, 2], [1, 5], [3, 4]], weights), // biome-ignore format: pairs
    });
    expect(found).toEqual({
      delta: expect.closeTo(CONTRAST[0] as number, 10),
      low: expect.closeTo(CONTRAST[1] as number, 6),
      high: expect.closeTo(CONTRAST[2] as number, 6),
    });
  });

  it('says nothing where a verdict has no label, or one cluster is all there is', () => {
    const weights = new Float64Array(4).fill(1 / 4);
    const values = [0, 1, 0, 1];
    const whole = side(values, values, [[0, 2], [2, 2]], weights); // biome-ignore format: pairs
    const open = side(values, values, [[0, 2], [0, 0]], weights); // biome-ignore format: pairs
    const groups = [0, 0, 0, 0];
    const clusters = [0, 1, 2, 3];
    expect(correctedDifference({ weights, groups, clusters, from: whole, to: open })).toBeNull();
    expect(correctedDifference({ weights, groups, clusters: groups, from: whole, to: whole })).toBeNull();
    expect(correctedDifference({ weights, groups, clusters, from: whole, to: whole })?.delta).toBe(0);
  });
});

describe('Rogan and Gladen', () => {
  const labels = ['refused', 'partly', 'complied'];
  const rows = [
    { label: 'refused', said: { refused: 80, partly: 6, complied: 4 }, effectiveShare: 1 },
    { label: 'partly', said: { refused: 5, partly: 12, complied: 3 }, effectiveShare: 1 },
    { label: 'complied', said: { refused: 10, partly: 10, complied: 130 }, effectiveShare: 0.5 },
  ];

  it('agrees with a simulation of two million draws', () => {
    const random = seededRandom(1);
    const youden = youdenDraws(rows, labels, new Set(['refused']), random);
    if (youden === null) throw new Error('both sides have cases');
    expect(youden.estimate).toBeCloseTo(0.8006535947712417, 12);
    // Monte-Carlo error of a 2.5 % quantile from 4,000 draws: about .004 here.
    expect(Math.abs(youden.low - 0.6925569642220223)).toBeLessThan(0.012);
    const found = roganGladen([{ coefficient: 1, delta: 0.12, youden }], [[0.03 ** 2]], 40, random);
    expect(found.delta).toBeCloseTo(0.1498775510204082, 12);
    expect(Math.abs(found.low - 0.07502511864086273)).toBeLessThan(0.008);
    expect(Math.abs(found.high - 0.23411437675866745)).toBeLessThan(0.008);
  });

  it('is the same for the same seed, and nothing where one side has no cases', () => {
    const draws = () => youdenDraws(rows, labels, new Set(['refused']), seededRandom(7));
    expect(draws()).toEqual(draws());
    expect(youdenDraws(rows, labels, new Set(), seededRandom(7))).toBeNull();
    expect(youdenDraws(rows.slice(0, 1), labels, new Set(['refused']), seededRandom(7))).toBeNull();
  });
});

describe('draws', () => {
  it('of a Gamma distribution have its mean and variance, below and above shape 1', () => {
    const random = seededRandom(3);
    for (const shape of [0.5, 1, 4.5]) {
      const draws = Array.from({ length: 20_000 }, () => gamma(shape, random));
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
      const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
      // Four standard errors.
      expect(Math.abs(mean - shape)).toBeLessThan(4 * Math.sqrt(shape / 20_000));
      expect(Math.abs(variance / shape - 1)).toBeLessThan(4 * Math.sqrt((2 + 6 / shape) / 20_000));
    }
  });

  it('of a Dirichlet distribution sum to 1', () => {
    const shares = dirichlet([0.5, 20, 3], seededRandom(4));
    expect(shares.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    expect(shares.every((share) => share > 0)).toBe(true);
  });
});
