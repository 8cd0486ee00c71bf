import { describe, expect, it } from '@jest/globals';
import { type StateClasses, screenStates } from '../../../results/statistics/states.ts';
import { distinguishability } from '../../../results/statistics/states-distinguishability.ts';
import { heldOutSeparability, leaveOneOut } from '../../../results/statistics/states-held-out.ts';
import { mahalanobisDistance } from '../../../results/statistics/states-mahalanobis.ts';
import { priorityGap, priorityLevels } from '../../../results/statistics/states-priority.ts';
import { silhouette } from '../../../results/statistics/states-silhouette.ts';
import { spectralNorm } from '../../../results/statistics/states-spectral-norm.ts';
import { ches, chesPositions } from '../../../suites/dynamics/measures/ches.ts';
import { type Golden, golden, Points } from './points.ts';

/** Worked example of the formulas: hidden states of two numbers. */
const example: StateClasses = {
  positive: [
    [1, 0],
    [2, 1],
    [1, 1],
    [2, 0],
  ],
  negative: [
    [-1, 0],
    [0, 1],
    [-1, 1],
    [0, 0],
  ],
};

function classesOf({ seed, nPositive, nNegative, width, shift }: Golden['states'][number]): StateClasses {
  const points = new Points(seed);
  const scaled = (rows: number): number[][] =>
    points.matrix(rows, width).map((row) => row.map((value, k) => value * (1 + (k % 3))));
  const [positive, negative] = [scaled(nPositive), scaled(nNegative)];
  for (const row of positive) row[0] = (row[0] ?? Number.NaN) + shift;
  return { positive, negative };
}

const threeFolds = ({ positive, negative }: StateClasses) => ({
  positive: positive.map((_, i) => i % 3),
  negative: negative.map((_, i) => i % 3),
});
const pairedFolds = ({ positive, negative }: StateClasses) => ({
  positive: positive.map((_, i) => i),
  negative: negative.map((_, i) => i),
});
const MEASURES = [distinguishability, mahalanobisDistance, silhouette];

describe('eight states worked by hand', () => {
  it('distinguishability with its spread', () => {
    const found = distinguishability(example);
    expect(found).toMatchObject({ raw: 2, clipped: false, delta: Float64Array.of(2, 0) });
    expect(found?.debiasedSquare).toBeCloseTo(3.666667, 6);
    expect(found?.concentration).toBeCloseTo(0.333333, 6);
    expect(found?.trace).toBeCloseTo(0.666667, 6);
    expect(found?.dPrimeAlong).toBeCloseTo(3.464102, 6);
  });

  it('separability', () => {
    const distance = mahalanobisDistance(example);
    expect(distance?.dPrime).toBeCloseTo(3.464102, 6);
    expect(distance?.shrinkage).toBe(0);
    expect(silhouette(example)).toBeCloseTo(0.438843, 6);
    expect(heldOutSeparability(example, leaveOneOut(example))).toEqual({ auc: 1, pairs: 16 });
  });

  it('flipped labels change no distance', () => {
    const flipped = { positive: example.negative, negative: example.positive };
    expect(distinguishability(flipped)).toMatchObject({ raw: 2, delta: Float64Array.of(-2, 0) });
    expect(mahalanobisDistance(flipped)?.dPrime).toBeCloseTo(3.464102, 6);
  });
});

describe('values of an independent implementation', () => {
  it.each(golden.states)('$nPositive and $nNegative states of $width numbers', (values) => {
    const classes = classesOf(values);
    const found = distinguishability(classes);
    expect(found?.raw).toBeCloseTo(values.raw, 9);
    expect(found?.debiasedSquare).toBeCloseTo(values.debiasedSquare, 9);
    expect(found?.clipped).toBe(values.debiasedSquare < 0);
    expect(found?.concentration).toBeCloseTo(values.concentration, 9);
    expect(found?.trace).toBeCloseTo(values.trace, 9);
    expect(found?.spreadAlong).toBeCloseTo(values.spreadAlong, 9);
    const distance = mahalanobisDistance(classes);
    expect(distance?.shrinkage).toBeCloseTo(values.shrinkage, 9);
    expect(distance?.dPrime).toBeCloseTo(values.dPrime, 8);
    expect(silhouette(classes)).toBeCloseTo(values.silhouette, 9);
    for (const [folds, expected] of [
      [leaveOneOut(classes), values.leaveOneOut],
      [threeFolds(classes), values.threeFolds],
    ] as const) {
      const heldOut = heldOutSeparability(classes, folds);
      expect(heldOut?.auc).toBeCloseTo(expected.auc, 12);
      expect(heldOut?.pairs).toBe(expected.pairs);
    }
  });

  it('cover singular covariances and a debiased square below 0', () => {
    expect(golden.states.filter(({ shrinkage }) => shrinkage > 0).length).toBeGreaterThanOrEqual(2);
    expect(golden.states.some(({ debiasedSquare }) => debiasedSquare < 0)).toBe(true);
  });

  it.each(golden.ches)('CHES of $chosen and $rejected positions', (values) => {
    const points = new Points(values.seed);
    const chosen = points.matrix(values.chosen, values.width);
    const found = ches(chosen, points.matrix(values.rejected, values.width));
    expect(found?.raw).toBeCloseTo(values.raw, 9);
    expect(found?.perToken).toBeCloseTo(values.perToken, 9);
  });
});

describe('what cannot be told apart', () => {
  const noise = (seed: number): StateClasses => {
    const points = new Points(seed);
    return { positive: points.matrix(20, 100), negative: points.matrix(20, 100) };
  };

  it.each([
    { each: 5, width: 128, apart: 0, draws: 1500 },
    { each: 10, width: 896, apart: 0, draws: 500 },
    { each: 20, width: 896, apart: 0, draws: 200 },
    { each: 14, width: 128, apart: 20, draws: 1500 },
  ])('noise is at chance held out: $each a class, $width numbers, humps $apart from the middle', (design) => {
    const points = new Points(7);
    const pool = points.matrix(200, design.width);
    for (const [i, row] of pool.entries()) row[0] = (row[0] ?? 0) + (i % 2 === 0 ? -1 : 1) * design.apart;
    const aucs = Array.from({ length: design.draws }, () => {
      const drawn = pool
        .map((row) => ({ row, key: points.normal() }))
        .sort((one, other) => one.key - other.key)
        .map(({ row }) => row);
      const classes = {
        positive: drawn.slice(0, design.each),
        negative: drawn.slice(design.each, 2 * design.each),
      };
      return heldOutSeparability(classes, leaveOneOut(classes))?.auc ?? Number.NaN;
    });
    const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
  });

  it('noise wider than its number looks far apart in sample', () => {
    expect(distinguishability(noise(100))?.raw ?? 0).toBeGreaterThan(2);
  });

  it('noise in pairs of one cluster, and in few clusters, is at chance too', () => {
    for (const foldsOf of [pairedFolds, threeFolds]) {
      const points = new Points(11);
      const aucs = Array.from({ length: 600 }, () => {
        const classes = { positive: points.matrix(9, 30), negative: points.matrix(9, 30) };
        return heldOutSeparability(classes, foldsOf(classes))?.auc ?? Number.NaN;
      });
      const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
    }
  });

  it('equal states tie, wherever they lie; a fold that holds a whole class leaves nothing to project on', () => {
    const far = [1e3 + 0.1, -1e3 + 0.7];
    const same = { positive: [far, far, far], negative: [far, far] };
    expect(heldOutSeparability(same, leaveOneOut(same))).toEqual({ auc: 0.5, pairs: 6 });
    expect(heldOutSeparability(example, { positive: [0, 0, 0, 0], negative: [1, 2, 3, 4] })).toBeNull();
  });

  it('the debiased square of noise is 0 on average', () => {
    const squares = Array.from(
      { length: 60 },
      (_, i) => distinguishability(noise(200 + i))?.debiasedSquare ?? 99,
    );
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    // Standard deviation of one: about √(2 · 100) · 2/20.
    expect(Math.abs(mean)).toBeLessThan((4 * Math.sqrt(200) * 0.1) / Math.sqrt(60));
    expect(squares.some((square) => square < 0)).toBe(true);
  });

  it('below 0 the debiased distance is 0 and flagged', () => {
    const same = { positive: [[1], [-1]], negative: [[1], [-1]] };
    expect(distinguishability(same)).toMatchObject({
      raw: 0,
      debiasedSquare: -2,
      debiased: 0,
      clipped: true,
      spreadAlong: null,
      dPrimeAlong: null,
    });
  });
});

describe('edges of hidden states', () => {
  it('a missing class, or one too small for its covariance, gives null', () => {
    for (const measure of MEASURES) {
      expect(measure({ positive: [[1], [2]], negative: [] })).toBeNull();
      expect(measure({ positive: [], negative: [] })).toBeNull();
    }
    expect(distinguishability({ positive: [[1], [2]], negative: [[0]] })).toBeNull();
    const lone = { positive: [[1], [2]], negative: [[0]] };
    expect(heldOutSeparability(lone, leaveOneOut(lone))).toBeNull();
    expect(heldOutSeparability({ positive: [], negative: [] }, { positive: [], negative: [] })).toBeNull();
  });

  it('no spread: no d′, and no number that is not one', () => {
    const points = { positive: [[1], [1]], negative: [[0], [0]] };
    expect(mahalanobisDistance(points)).toBeNull();
    expect(distinguishability(points)).toMatchObject({
      concentration: 0,
      trace: 0,
      spreadAlong: 0,
      dPrimeAlong: null,
    });
    expect(silhouette({ positive: [[1], [1]], negative: [[1], [1]] })).toBe(0);
  });

  it('states that lie in a line are shrunk although few are wide', () => {
    const line = {
      positive: [
        [1, 1],
        [2, 2],
        [4, 4],
      ],
      negative: [
        [0, 0],
        [1, 1],
        [-1, -1],
      ],
    };
    const found = mahalanobisDistance(line);
    expect(found?.shrinkage ?? 0).toBeGreaterThan(0);
    expect(Number.isFinite(found?.dPrime)).toBe(true);
  });

  it('NaN, unequal widths and no width are refused', () => {
    for (const bad of [[[Number.NaN, 1]], [[1]], [[Number.POSITIVE_INFINITY, 0]]]) {
      const classes = {
        positive: [
          [1, 2],
          [1, 3],
        ],
        negative: [[0, 0], ...bad],
      };
      for (const measure of MEASURES) expect(() => measure(classes)).toThrow(RangeError);
      expect(() => heldOutSeparability(classes, leaveOneOut(classes))).toThrow(RangeError);
      expect(() => ches([[1, 2]], bad)).toThrow(RangeError);
      expect(() => priorityLevels([[1, 2], ...bad])).toThrow(RangeError);
    }
    expect(() => silhouette({ positive: [[], []], negative: [[]] })).toThrow('no number');
  });

  it('folds that do not match are refused', () => {
    expect(() => heldOutSeparability(example, { positive: [0], negative: [1] })).toThrow('folds');
  });

  it('broken vectors are named, and normalised ones found out', () => {
    expect(
      screenStates([
        [3, 4],
        [0, 0],
        [Number.NaN, 1],
        [1, Number.POSITIVE_INFINITY],
      ]),
    ).toEqual({
      usable: [0],
      notFinite: [2, 3],
      allZero: [1],
      normalised: false,
    });
    expect(
      screenStates([
        [0.6, 0.8],
        [1, 0],
        [0, 0],
      ]).normalised,
    ).toBe(true);
    expect(screenStates([]).normalised).toBe(false);
  });
});

describe('largest eigenvalue', () => {
  it('of axes whose rows cancel in every pattern of signs', () => {
    const rows = [
      [3, 0.1],
      [-3, 0.1],
      [-3, -0.1],
      [3, -0.1],
    ];
    expect(spectralNorm(rows, 4)).toBeCloseTo(9, 10);
    expect(spectralNorm([[0, 0]], 1)).toBe(0);
  });

  it('of two that are nearly equal', () => {
    expect(
      spectralNorm(
        [
          [1, 0],
          [0, 1 + 1e-9],
        ],
        1,
      ),
    ).toBeCloseTo((1 + 1e-9) ** 2, 11);
  });
});

describe('priority in a mixture', () => {
  it('worked example', () => {
    const found = priorityLevels([
      [3, 0],
      [1, 1],
    ]);
    expect(found?.levels.map((level) => level.toFixed(6))).toEqual(['2.910428', '1.212678']);
    expect(priorityGap([3, 0], [1, 1])?.toFixed(6)).toBe('0.565916');
    expect(priorityGap([1, 1], [3, 0])?.toFixed(6)).toBe('-0.565916');
  });

  it('a behaviour against the mixture gets worse first', () => {
    expect(
      priorityLevels([
        [3, 0],
        [-1, 0],
      ])?.levels,
    ).toEqual([3, -1]);
  });

  it('directions that cancel, and none, give null', () => {
    expect(priorityLevels([])).toBeNull();
    expect(
      priorityLevels([
        [1, 0],
        [-1, 0],
      ]),
    ).toBeNull();
    expect(priorityGap([1, 0], [-1, 0])).toBeNull();
  });
});

describe('CHES', () => {
  it('by hand: equal answers have none, opposite ones a negative one', () => {
    expect(
      ches(
        [
          [1, 0],
          [0, 2],
        ],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    ).toEqual({ raw: 0, perToken: 0 });
    // A = (1, 2), B = (−1, −2): −5 − 5; means halve both.
    expect(
      ches(
        [
          [1, 0],
          [0, 2],
        ],
        [[-1, -2]],
      ),
    ).toEqual({ raw: -10, perToken: -2.5 - 1.25 });
    expect(ches([], [[1]])).toBeNull();
  });

  it('positions: from the last token of the prompt, without the last of the answer', () => {
    expect(chesPositions(4, 7)).toEqual({ from: 3, below: 6 });
    expect(() => chesPositions(4, 4)).toThrow('no token');
    expect(() => chesPositions(0, 4)).toThrow(RangeError);
  });
});
