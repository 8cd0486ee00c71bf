import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../core/random.ts';
import { BettingSequence, type Step } from '../../../results/sequential/betting.ts';

const K = Array.from({ length: 200 }, (_, k) => k);

/** Values of scripts/sequential/golden.py, which shares nothing with the implementation but the paper. */
const GOLDEN = [
  {
    name: 'single samples',
    bounds: { reach: 1, largestCluster: 1, width: 0.2, clusters: 200 },
    steps: K.map((k) => ({ sum: k % 7 < 2 ? 1 : k % 7 === 3 ? -1 : 0, count: 1 })),
    at05: [0.0179191044, 0.2673058298],
    at001: [-0.0499939254, 0.3353455423],
    p: 0.0176732217,
  },
  {
    name: 'clusters of 1 to 4',
    bounds: { reach: 1, largestCluster: 4, width: 0.1, clusters: 5000 },
    steps: K.map((k) => ({
      sum: Math.min(1 + (k % 4), (k * 5) % 4) - (k % 3 === 0 ? 1 : 0),
      count: 1 + (k % 4),
    })),
    at05: [0.3896361653, 0.5346634182],
    at001: [0.3254327049, 0.5889133113],
    p: 9.105090145e-13,
  },
  {
    name: 'scores of a range of 4',
    bounds: { reach: 4, largestCluster: 1, width: 0.8, clusters: 250 },
    steps: K.map((k) => ({ sum: ((k * 37) % 9) - 4 - ((k * 37) % 9 === 8 ? 0.75 : 0), count: 1 })),
    at05: [-0.5589447834, 0.3932389282],
    at001: [-0.8479009503, 0.6810223407],
    p: 1,
  },
] as const;

describe('a confidence sequence by betting', () => {
  it.each(GOLDEN)('equals an independent implementation: $name', ({ bounds, steps, at05, at001, p }) => {
    const sequence = new BettingSequence(bounds);
    for (const step of steps) sequence.add(step);
    for (const [alpha, [low, high]] of [
      [0.05, at05],
      [0.001, at001],
    ] as const) {
      const interval = sequence.interval(alpha);
      expect(interval.low).toBeCloseTo(low, 8);
      expect(interval.high).toBeCloseTo(high, 8);
    }
    expect(sequence.p(0) / p).toBeCloseTo(1, 7);
  });

  it('has a p value that agrees with the interval at every level', () => {
    const sequence = new BettingSequence(GOLDEN[0].bounds);
    for (const step of GOLDEN[0].steps) sequence.add(step);
    const p = sequence.p(0);
    expect(sequence.interval(p * 1.001).low).toBeGreaterThan(0);
    expect(sequence.interval(p * 0.999).low).toBeLessThanOrEqual(0);
  });

  it('knows nothing before the first cluster, and refuses what is out of its bounds', () => {
    const sequence = new BettingSequence({ reach: 1, largestCluster: 2, width: 0.1, clusters: 9 });
    expect(sequence.interval(0.05)).toEqual({ low: -1, high: 1 });
    expect(sequence.p(0)).toBe(1);
    expect(() => sequence.add({ sum: 3, count: 2 })).toThrow(RangeError);
    expect(() => sequence.add({ sum: 0, count: 3 })).toThrow(RangeError);
    expect(
      () =>
        new BettingSequence({ reach: Number.POSITIVE_INFINITY, largestCluster: 1, width: 1, clusters: 9 }),
    ).toThrow(RangeError);
  });

  it('narrows towards the mean, whatever the extremes', () => {
    for (const value of [-1, 0, 1]) {
      const sequence = new BettingSequence({ reach: 1, largestCluster: 1, width: 0.1, clusters: 400 });
      for (let step = 0; step < 400; step++) sequence.add({ sum: value, count: 1 });
      const { low, high } = sequence.interval(0.05);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(high - low).toBeLessThan(0.1);
    }
  });
});

/** Clusters of 1 to 3 samples that share their difference in part; large clusters move more. */
function clusterOf(random: ReturnType<typeof seededRandom>, shift: number): Step {
  const count = 1 + random.integer(3);
  const shared = random.next();
  let sum = 0;
  for (let sample = 0; sample < count; sample++) {
    const draw = random.next() < 0.5 ? shared : random.next();
    const up = 0.1 + (shift * count) / 3;
    sum += draw < up ? 1 : draw > 0.9 ? -1 : 0;
  }
  return { sum, count };
}

/** Mean over samples that such clusters have: Σ count · shift · count ∕ 3, over Σ count, with counts of 1, 2 and 3. */
function trueMean(shift: number): number {
  return (shift * (1 + 4 + 9)) / 3 / (1 + 2 + 3);
}

/** The interval for a fixed n, 1.96 cluster-robust errors wide to each side, from running sums. */
class FixedInterval {
  #n = 0;
  #sum = 0;
  #squares = 0;
  #cross = 0;
  #sizes = 0;

  add({ sum, count }: Step): void {
    this.#n += count;
    this.#sum += sum;
    this.#squares += sum * sum;
    this.#cross += sum * count;
    this.#sizes += count * count;
  }

  holds(truth: number): boolean {
    const mean = this.#sum / this.#n;
    const squares = this.#squares - 2 * mean * this.#cross + mean * mean * this.#sizes;
    return Math.abs(mean - truth) <= (1.96 * Math.sqrt(squares)) / this.#n;
  }
}

describe('time-uniform coverage, measured', () => {
  const RUNS = 600;
  const CLUSTERS = 250;

  it.each([0, 0.2])('with a shift of %d: any of 47 looks misses in at most 5 % of runs', (shift) => {
    const random = seededRandom(20_261);
    const truth = trueMean(shift);
    let [missed, missedByFixed] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const sequence = new BettingSequence({ reach: 1, largestCluster: 3, width: 0.15, clusters: CLUSTERS });
      const fixed = new FixedInterval();
      let [out, outOfFixed] = [false, false];
      for (let cluster = 1; cluster <= CLUSTERS; cluster++) {
        const step = clusterOf(random, shift);
        sequence.add(step);
        fixed.add(step);
        if (cluster % 5 !== 0 || cluster < 20) continue;
        out ||= sequence.p(truth) < 0.05;
        outOfFixed ||= !fixed.holds(truth);
      }
      if (out) missed++;
      if (outOfFixed) missedByFixed++;
    }
    // The bound is .05 and the Monte-Carlo error of a rate of .05 is .0089 at 600 runs.
    const error = Math.sqrt((0.05 * 0.95) / RUNS);
    expect(missed / RUNS).toBeLessThanOrEqual(0.05 + 2.33 * error);
    // So it is no trick of the draw: an interval for a fixed n, looked at as often, misses far more.
    expect(missedByFixed / RUNS).toBeGreaterThan(0.15);
  });
});
