import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  earlyAccuracy,
  startOfTraining,
  susceptibility,
} from '../../../results/statistics/dynamics-theory.ts';
import { dot, minus } from '../../../results/statistics/states.ts';
import { distinguishability } from '../../../results/statistics/states-distinguishability.ts';
import { priorityLevels } from '../../../results/statistics/states-priority.ts';
import { dpoLoss } from '../../../suites/dynamics/measures/preference.ts';
import { average, BETA, type Item, LastLayer, logSoftmax } from '../../suites/dynamics/last-layer.ts';
import { golden, Points } from '../../suites/dynamics/points.ts';

const [RATE, STEPS, WIDTH, ITEMS, TOKENS] = [0.5, 400, 16, 1000, 6];
const ANSWERS = { yes: 2, no: 4 };

const norm = (gradient: readonly Float64Array[]): number =>
  Math.sqrt(gradient.reduce((sum, row) => sum + dot(row, row), 0));
const statesOf = (items: readonly Item[], side: 1 | -1) =>
  items.filter((item) => item.side === side).map(({ state }) => state);

/** A last layer of random weights. */
const fresh = (): LastLayer => new LastLayer(new Points(7).matrix(TOKENS, WIDTH), ANSWERS);

/** Gaussian classes of unit covariance whose measured D is exactly the one given. */
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
 * The table of the formulas: D of its points, gradient norm, accuracy after 400 steps; and Φ(D/2) at the distance of the
 * distributions that the points were drawn from, which is what its last column holds.
 */
const TABLE = [
  { distance: '1.0015', gradientNorm: '0.035407', accuracy: '0.687', phi: '0.691' },
  { distance: '2.0012', gradientNorm: '0.070752', accuracy: '0.843', phi: '0.841' },
  { distance: '3.9503', gradientNorm: '0.139663', accuracy: '0.977', phi: '0.977' },
  { distance: '7.9741', gradientNorm: '0.281926', accuracy: '1.000', phi: '1.000' },
];

/** NumPy's points behind the table, with the W₀ they were trained from (scripts/dynamics/golden.py). */
function tableOf(place: number): { items: Item[]; start: Float64Array[] } {
  const bytes = readFileSync(new URL('../../suites/dynamics/fixtures/table-points.f32', import.meta.url));
  const rows = Array.from({ length: ITEMS + TOKENS }, (_, row) =>
    Float64Array.from({ length: WIDTH }, (__, k) =>
      bytes.readFloatLE(4 * ((place * (ITEMS + TOKENS) + row) * WIDTH + k)),
    ),
  );
  const items = rows.slice(0, ITEMS).map((state, i): Item => ({ state, side: i < ITEMS / 2 ? 1 : -1 }));
  return { items, start: rows.slice(ITEMS) };
}

const table = golden.simulations.map((expected, place) => ({ expected, place, row: TABLE[place] }));

describe.each(table)(
  'last-layer DPO on classes drawn $expected.drawnFrom apart',
  ({ expected, place, row }) => {
    const { items, start } = tableOf(place);
    const model = new LastLayer(start, ANSWERS);
    const first = model.gradient(items);
    const lossBefore = model.loss(items);
    for (let step = 0; step < STEPS; step++) model.step(step === 0 ? first : model.gradient(items), RATE);
    const margins = items.map((item) => model.margin(item));
    const found = distinguishability({ positive: statesOf(items, 1), negative: statesOf(items, -1) });
    const share = (holds: (item: Item) => boolean): number =>
      average(items.map((item) => (holds(item) ? 1 : 0)));

    it('has D, gradient norm and accuracy of the table, digit for digit', () => {
      expect({
        distance: found?.raw.toFixed(4),
        gradientNorm: norm(first).toFixed(6),
        accuracy: share((item) => model.prefers(item)).toFixed(3),
        phi: earlyAccuracy(expected.drawnFrom, 1)?.toFixed(3),
      }).toEqual(row);
    });

    it('starts at ln 2 with the gradient norm of the formula', () => {
      expect(lossBefore).toBeCloseTo(Math.LN2, 12);
      expect(norm(first)).toBeCloseTo(startOfTraining(expected.distance, BETA).gradientNorm, 12);
      expect(norm(first)).toBeCloseTo(expected.gradientNorm, 12);
    });

    it('ends where an independent simulation of the same points ends', () => {
      expect(found?.raw).toBeCloseTo(expected.distance, 10);
      expect(average(margins)).toBeCloseTo(expected.meanMargin, 8);
      expect(average(margins.map(dpoLoss))).toBeCloseTo(expected.loss, 8);
      expect(average(margins.map((margin) => (margin > 0 ? 1 : 0)))).toBeCloseTo(expected.rewardAccuracy, 12);
      expect(share((item) => model.prefers(item))).toBeCloseTo(expected.accuracy, 12);
    });

    it('reaches the accuracy of Gaussian classes with the measured distance and spread, but for sampling', () => {
      const { raw = Number.NaN, spreadAlong } = found ?? {};
      const predicted = earlyAccuracy(raw, spreadAlong ?? Number.NaN) ?? Number.NaN;
      const error = Math.sqrt((predicted * (1 - predicted)) / ITEMS);
      expect(Math.abs(expected.rewardAccuracy - predicted)).toBeLessThan(3 * error + 1 / ITEMS);
    });

    it('moves no other token', () => {
      for (const other of [0, 1, 3, 5]) expect(model.weights[other]).toEqual(model.reference[other]);
    });
  },
);

describe('the start of training', () => {
  const items = gaussianItems(5, 3);
  const time = 1e-3;
  const model = fresh();
  const gradient = model.gradient(items);
  const before = items.map(({ state }) => logSoftmax(model.weights, state));
  model.step(gradient, time);

  it('the gradient has rank one: Yes and No move oppositely', () => {
    const [yes, no] = [
      gradient[ANSWERS.yes] ?? new Float64Array(),
      gradient[ANSWERS.no] ?? new Float64Array(),
    ];
    expect(yes).toHaveLength(WIDTH);
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
      const gap = (logs: ArrayLike<number>): number =>
        (logs[ANSWERS.yes] ?? Number.NaN) - (logs[ANSWERS.no] ?? Number.NaN);
      const expected = ((time * BETA) / 2) * dot(found?.delta ?? [], state);
      expect(gap(after) - gap(before[i] ?? [])).toBeCloseTo(expected, 9);
    }
  });

  it('flipped labels start as fast', () => {
    const flipped = items.map(({ state, side }): Item => ({ state, side: side === 1 ? -1 : 1 }));
    expect(norm(fresh().gradient(flipped))).toBeCloseTo(norm(gradient), 14);
  });

  it('in a mixture each behaviour grows at β²/4 δ̄ᵀδ_i, one against the mixture gets worse', () => {
    const behaviours = [gaussianItems(61, 4), gaussianItems(62, 1, 1), gaussianItems(63, -1)];
    const deltas = behaviours.map((one) => meanDifference(one));
    const priority = priorityLevels(deltas);
    const mixed = fresh();
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
