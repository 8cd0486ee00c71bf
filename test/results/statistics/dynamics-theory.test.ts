import { describe, expect, it } from '@jest/globals';
import {
  earlyAccuracy,
  startOfTraining,
  susceptibility,
} from '../../../results/statistics/dynamics-theory.ts';
import { distinguishability } from '../../../suites/dynamics/measures/distinguishability.ts';
import { dpoLoss } from '../../../suites/dynamics/measures/preference.ts';
import { priorityLevels } from '../../../suites/dynamics/measures/priority.ts';
import { addTo, dot, minus } from '../../../suites/dynamics/measures/states.ts';
import { type Golden, golden, Points } from '../../suites/dynamics/points.ts';

const [BETA, RATE, STEPS, WIDTH, ITEMS] = [0.1, 0.5, 400, 16, 1000];
/** The unembedding has more rows than Yes (0) and No (1): the others must not move. */
const VOCABULARY = 4;
/** Looked up once: a global costs more than its call inside the sandbox of a test. */
const { exp, log } = Math;

interface Item {
  readonly state: Float64Array;
  /** +1 where Yes is preferred, −1 where No is. */
  readonly side: 1 | -1;
}

/** DPO on the last layer alone, with its softmax written out: nothing of the derivation is used. */
class LastLayer {
  readonly reference: readonly Float64Array[];
  readonly weights: Float64Array[];
  readonly #before = new WeakMap<Item, Float64Array>();

  constructor(seed = 7) {
    const points = new Points(seed);
    this.reference = points.matrix(VOCABULARY, WIDTH).map((row) => Float64Array.from(row));
    this.weights = this.reference.map((row) => row.slice());
  }

  margin(item: Item): number {
    return this.#marginFrom(item, logSoftmax(this.weights, item.state));
  }

  loss(items: readonly Item[]): number {
    return average(items.map((item) => dpoLoss(this.margin(item))));
  }

  /** ∇L, a row per token: −β σ(−m) (∂ ln p(chosen) − ∂ ln p(rejected)), each (one-hot − softmax) gᵀ. */
  gradient(items: readonly Item[]): Float64Array[] {
    const gradient = this.weights.map(() => new Float64Array(WIDTH));
    const logs = new Float64Array(VOCABULARY);
    for (const item of items) {
      logSoftmax(this.weights, item.state, logs);
      const push = BETA / (1 + exp(this.#marginFrom(item, logs))) / items.length;
      for (let row = 0; row < VOCABULARY; row++) {
        const share = exp(logs[row] as number);
        const pull = item.side * ((row === 0 ? 1 : 0) - share - ((row === 1 ? 1 : 0) - share));
        addTo(gradient[row] as Float64Array, item.state, -push * pull);
      }
    }
    return gradient;
  }

  step(gradient: readonly Float64Array[], rate: number): void {
    for (const [row, weights] of this.weights.entries()) addTo(weights, gradient[row] ?? [], -rate);
  }

  #marginFrom(item: Item, now: Float64Array): number {
    const before = this.#before.get(item) ?? logSoftmax(this.reference, item.state);
    this.#before.set(item, before);
    const gain = (row: number): number => (now[row] as number) - (before[row] as number);
    return BETA * (item.side === 1 ? gain(0) - gain(1) : gain(1) - gain(0));
  }
}

function logSoftmax(
  weights: readonly Float64Array[],
  state: Float64Array,
  logits = new Float64Array(VOCABULARY),
): Float64Array {
  let total = 0;
  for (let row = 0; row < VOCABULARY; row++) {
    logits[row] = dot(weights[row] as Float64Array, state);
    total += exp(logits[row] as number);
  }
  const normaliser = log(total);
  for (let row = 0; row < VOCABULARY; row++) logits[row] = (logits[row] as number) - normaliser;
  return logits;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const norm = (gradient: readonly Float64Array[]): number =>
  Math.sqrt(gradient.reduce((sum, row) => sum + dot(row, row), 0));
const statesOf = (items: readonly Item[], side: 1 | -1) =>
  items.filter((item) => item.side === side).map(({ state }) => state);

/** Gaussian classes of unit covariance whose measured D is exactly the one given, as in scripts/dynamics/golden.py. */
function gaussianItems(seed: number, distance: number, direction = 0): Item[] {
  const points = new Points(seed);
  return [
    ...centredItems(points, distance / 2, 1, direction),
    ...centredItems(points, -distance / 2, -1, direction),
  ];
}

function centredItems(points: Points, shift: number, side: 1 | -1, direction: number): Item[] {
  const rows = points.matrix(ITEMS / 2, WIDTH);
  const means = Array.from({ length: WIDTH }, (_, k) => average(rows.map((row) => row[k] ?? Number.NaN)));
  return rows.map((row) => ({
    side,
    state: Float64Array.from(row, (value, k) => value - (means[k] ?? 0) + (k === direction ? shift : 0)),
  }));
}

/**
 * The table of the formulas: the D of its points, gradient norm, accuracy after 400 steps; and Φ(D/2) at the distance
 * of the distributions that the points were drawn from, which is what its last column holds.
 */
const TABLE = [
  { distance: 1.0015, gradientNorm: 0.035407, accuracy: 0.687, drawnFrom: 1, phi: '0.691' },
  { distance: 2.0012, gradientNorm: 0.070752, accuracy: 0.843, drawnFrom: 2, phi: '0.841' },
  { distance: 3.9503, gradientNorm: 0.139663, accuracy: 0.977, drawnFrom: 4, phi: '0.977' },
  { distance: 7.9741, gradientNorm: 0.281926, accuracy: 1, drawnFrom: 8, phi: '1.000' },
];

describe.each(golden.simulations)(
  'last-layer DPO on classes $distance apart',
  (expected: Golden['simulations'][number]) => {
    const { distance, seed } = expected;
    const row = TABLE.find((one) => one.distance === distance);
    const items = gaussianItems(seed, distance);
    const model = new LastLayer();
    const first = model.gradient(items);
    const lossBefore = model.loss(items);
    for (let step = 0; step < STEPS; step++) model.step(step === 0 ? first : model.gradient(items), RATE);
    const margins = items.map((item) => model.margin(item));

    it('has the D that was set', () => {
      const found = distinguishability({ positive: statesOf(items, 1), negative: statesOf(items, -1) });
      expect(found?.raw).toBeCloseTo(distance, 10);
    });

    it('starts at ln 2 with the gradient norm of the table and of the formula', () => {
      expect(lossBefore).toBeCloseTo(Math.LN2, 12);
      // The table's D is rounded to four decimals: half a unit of them is 1.8e-6 of the norm.
      expect(Math.abs(norm(first) - (row?.gradientNorm ?? Number.NaN))).toBeLessThan(2.4e-6);
      expect(norm(first)).toBeCloseTo(startOfTraining(distance, BETA).gradientNorm, 12);
      expect(norm(first)).toBeCloseTo(expected.gradientNorm, 12);
    });

    it('ends where an independent simulation of the same points ends', () => {
      expect(average(margins)).toBeCloseTo(expected.meanMargin, 8);
      expect(average(margins.map(dpoLoss))).toBeCloseTo(expected.loss, 8);
      expect(average(margins.map((margin) => (margin > 0 ? 1 : 0)))).toBeCloseTo(expected.accuracy, 12);
    });

    it('reaches the accuracy of the table and of Gaussian classes, but for the draw of 1000 points', () => {
      const accuracy = average(margins.map((margin) => (margin > 0 ? 1 : 0)));
      const phi = earlyAccuracy(distance, 1) ?? Number.NaN;
      expect(earlyAccuracy(row?.drawnFrom ?? Number.NaN, 1)?.toFixed(3)).toBe(row?.phi);
      const error = Math.sqrt((phi * (1 - phi)) / ITEMS);
      expect(Math.abs(accuracy - phi)).toBeLessThan(3 * error + 1e-3);
      // Two draws differ by √2 of the error of one.
      expect(Math.abs(accuracy - (row?.accuracy ?? Number.NaN))).toBeLessThan(3 * Math.SQRT2 * error + 1e-3);
    });

    it('moves no other token', () => {
      for (const other of [2, 3]) expect(model.weights[other]).toEqual(model.reference[other]);
    });
  },
);

describe('the start of training', () => {
  const items = gaussianItems(5, 3);
  const time = 1e-3;
  const model = new LastLayer();
  const gradient = model.gradient(items);
  const before = items.map(({ state }) => logSoftmax(model.weights, state));
  model.step(gradient, time);

  it('the gradient has rank one: Yes and No move oppositely', () => {
    const [yes = new Float64Array(), no = new Float64Array()] = gradient;
    for (const [k, value] of yes.entries()) expect(value).toBeCloseTo(-(no[k] ?? Number.NaN), 15);
    expect(norm(gradient) ** 2).toBeCloseTo(2 * dot(yes, yes), 14);
  });

  it('loss falls at β²D²/8 and the margin grows at β²D²/4', () => {
    const { lossRate, marginRate } = startOfTraining(3, BETA);
    expect((model.loss(items) - Math.LN2) / time).toBeCloseTo(lossRate, 6);
    expect(average(items.map((item) => model.margin(item))) / time).toBeCloseTo(marginRate, 6);
  });

  it('the Yes-No gap shifts by (η β t / 2) δᵀg', () => {
    const found = distinguishability({ positive: statesOf(items, 1), negative: statesOf(items, -1) });
    for (const [i, { state }] of items.slice(0, 20).entries()) {
      const after = logSoftmax(model.weights, state);
      const gap = (logs: ArrayLike<number>): number => (logs[0] ?? Number.NaN) - (logs[1] ?? Number.NaN);
      const expected = ((time * BETA) / 2) * dot(found?.delta ?? [], state);
      expect(gap(after) - gap(before[i] ?? [])).toBeCloseTo(expected, 9);
    }
  });

  it('flipped labels start as fast', () => {
    const flipped = items.map(({ state, side }): Item => ({ state, side: side === 1 ? -1 : 1 }));
    expect(norm(new LastLayer().gradient(flipped))).toBeCloseTo(norm(gradient), 14);
  });

  it('in a mixture each behaviour grows at β²/4 δ̄ᵀδ_i, one against the mixture gets worse', () => {
    const behaviours = [gaussianItems(61, 4), gaussianItems(62, 1, 1), gaussianItems(63, -1)];
    const deltas = behaviours.map((one) => meanDifference(one));
    const priority = priorityLevels(deltas);
    const mixed = new LastLayer();
    mixed.step(mixed.gradient(behaviours.flat()), time);
    for (const [i, one] of behaviours.entries()) {
      const rate = average(one.map((item) => mixed.margin(item))) / time;
      const level = priority?.levels[i] ?? Number.NaN;
      expect(rate).toBeCloseTo((BETA ** 2 / 4) * level * (priority?.length ?? Number.NaN), 6);
    }
    expect(priority?.levels[2] ?? 0).toBeLessThan(0);
  });
});

function meanDifference(items: readonly Item[]): Float64Array {
  const mean = (side: 1 | -1): number[] =>
    Array.from({ length: WIDTH }, (_, k) =>
      average(statesOf(items, side).map((state) => state[k] ?? Number.NaN)),
    );
  return minus(mean(1), mean(-1));
}

describe('edges', () => {
  it('distance alone is not enough: twice the spread along δ is half the distance', () => {
    expect(earlyAccuracy(4, 2)).toBe(earlyAccuracy(2, 1));
    expect(earlyAccuracy(0, 1)).toBeCloseTo(0.5, 15);
    expect(earlyAccuracy(2, 0)).toBeNull();
  });

  it('susceptibility is the squared ratio; not defined without distance at the reference', () => {
    expect(susceptibility(6, 4)).toBe(2.25);
    expect(susceptibility(2, 2)).toBe(1);
    expect(susceptibility(2, 0)).toBeNull();
    expect(susceptibility(-1, 2)).toBeNull();
    expect(susceptibility(1e200, 1e-200)).toBeNull();
  });

  it('NaN is refused', () => {
    expect(() => startOfTraining(Number.NaN, 1)).toThrow(RangeError);
    expect(() => startOfTraining(1, 0)).toThrow('beta');
    expect(() => earlyAccuracy(1, Number.NaN)).toThrow(RangeError);
    expect(() => susceptibility(Number.NaN, 1)).toThrow(RangeError);
  });
});
