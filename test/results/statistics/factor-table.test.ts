import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../core/random.ts';
import { holm } from '../../../results/statistics/adjust.ts';
import { percentileInterval } from '../../../results/statistics/bootstrap-intervals.ts';
import { raterAgreement } from '../../../results/statistics/factor-agreement.ts';
import { alignScores } from '../../../results/statistics/factor-alignment.ts';
import {
  PromptResamples,
  replicateInterval,
  subtracted,
} from '../../../results/statistics/factor-bootstrap.ts';
import { type FactorPairs, tallyFactor, UNRATED } from '../../../results/statistics/factor-pairs.ts';
import { countPairs, tau14 } from '../../../results/statistics/factor-score.ts';
import { scoreFactors } from '../../../results/statistics/factor-table.ts';
import { mcnemarExact } from '../../../results/statistics/mcnemar.ts';
import { wilsonInterval } from '../../../results/statistics/proportion.ts';
import { SignPatterns, signFlipTest } from '../../../results/statistics/sign-flip.ts';
import { EXAMPLE_A, mulberry32, printed } from './factor-examples.ts';

const FACTORS = ['length', 'facts', 'halluc'] as const;
const example: FactorPairs = {
  prompts: Uint32Array.from(EXAMPLE_A.clusters),
  differences: FACTORS.map((factor) => Float64Array.from(EXAMPLE_A.values[factor].map(([a, b]) => a - b))),
  lengthMatched: Uint8Array.from(
    EXAMPLE_A.values.length.map(([a, b]) => (Math.abs(a - b) / (a + b + 1) <= 0.05 ? 1 : 0)),
  ),
};
const { human, model } = EXAMPLE_A.preferences;
const tools = (prompts: number, draws = 500) => ({
  resamples: new PromptResamples(prompts, seededRandom(7), draws),
  patterns: new SignPatterns(seededRandom(8)),
});

describe('resampling whole prompts', () => {
  it('draws as the worked example does', () => {
    const random = mulberry32(42);
    expect([random.next(), random.next(), random.next()]).toEqual([
      0.6011037519201636, 0.44829055899754167, 0.8524657934904099,
    ]);
  });

  it('gives the intervals of worked example A', () => {
    const resamples = new PromptResamples(4, mulberry32(42), 1000);
    const replicates = (preference: readonly number[], factor: number): Float64Array =>
      resamples.replicates(tallyFactor(example, factor, preference, 4).term);
    const interval = (values: Float64Array): string[] => {
      const { low, high } = percentileInterval(values.toSorted());
      return [low, high].map((end) => String(Number(end.toFixed(7))));
    };
    expect(interval(replicates(human, 0))).toEqual(['-0.625', '1']);
    expect(interval(replicates(human, 1))).toEqual(['-0.3333333', '0.8571429']);
    expect(interval(replicates(human, 2))).toEqual(['-0.8571429', '0']);
    const difference = subtracted(replicates(model, 0), replicates(human, 0));
    expect(interval(difference)).toEqual(['0', '1.5']);
    expect(difference.some(Number.isNaN)).toBe(false);
    const scores = [model, human].map((preference) => tau14(tallyFactor(example, 0, preference, 4).counts));
    expect(printed((scores[0] ?? 0) - (scores[1] ?? 0))).toBe('.571429');
  });

  it('refuses four prompts, and more than a tenth of undefined replicates', () => {
    const values = Float64Array.from({ length: 100 }, (_, index) => (index < 11 ? Number.NaN : index));
    expect(replicateInterval(values, 4)).toMatchObject({
      low: null,
      high: null,
      reason: expect.stringMatching(/few prompts.*4/),
    });
    expect(replicateInterval(values, 5)).toMatchObject({
      low: null,
      undefinedReplicates: 11,
      reason: expect.stringMatching(/11 of 100/),
    });
    expect(replicateInterval(values.fill(3, 0, 1), 5)).toMatchObject({
      reason: null,
      undefinedReplicates: 10,
    });
  });

  it('deals many prompts into groups of nearly equal size, and loses nothing', () => {
    const resamples = new PromptResamples(1000, seededRandom(1), 50, 64);
    expect(resamples.groups).toBe(64);
    const sizes = resamples.grouped(new Float64Array(1000).fill(1));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1000);
    expect(new Set(sizes)).toEqual(new Set([15, 16]));
    const other = new PromptResamples(1000, seededRandom(1), 50, 64);
    const byPrompt = Float64Array.from({ length: 1000 }, (_, index) => index);
    expect(other.grouped(byPrompt)).toEqual(resamples.grouped(byPrompt));
  });

  it('of groups is as wide as of prompts', () => {
    const random = seededRandom(3);
    const n = 1200;
    const numerators = Float64Array.from({ length: n }, () => (random.next() < 0.6 ? 1 : -1));
    const term = { numerators, denominators: new Float64Array(n).fill(1) };
    const widths = [n, 300].map((groups) => {
      const { low, high } = replicateInterval(
        new PromptResamples(n, seededRandom(4), 2000, groups).replicates(term),
        n,
      );
      return (high ?? Number.NaN) - (low ?? Number.NaN);
    });
    const expected = 2 * 1.96 * Math.sqrt((1 - 0.2 ** 2) / n);
    for (const width of widths) expect(Math.abs(width / expected - 1)).toBeLessThan(0.1);
  });
});

describe('the factor scores of a rater', () => {
  it('counts as the kernel does', () => {
    const value = fc.option(fc.integer({ min: -2, max: 2 }), { nil: Number.NaN });
    const pair = fc.tuple(fc.constantFrom(1, 0, -1, UNRATED), value, fc.nat({ max: 5 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), (given) => {
        const rated = given.filter(([preference]) => preference !== UNRATED);
        const { counts, term, prompts } = tallyFactor(
          {
            prompts: Uint32Array.from(given, ([, , prompt]) => prompt),
            differences: [Float64Array.from(given, ([, difference]) => difference)],
            lengthMatched: new Uint8Array(given.length),
          },
          0,
          given.map(([preference]) => preference),
          6,
        );
        const signs = rated.map(([, difference]) => Math.sign(difference));
        expect(counts).toEqual(
          countPairs(
            rated.map(([preference]) => preference),
            signs,
          ),
        );
        const sum = (values: Float64Array): number => values.reduce((all, each) => all + each, 0);
        expect(sum(term.numerators)).toBe(counts.C - counts.D);
        expect(sum(term.denominators)).toBe(counts.C + counts.D + counts.Tf);
        expect(prompts).toBe(term.denominators.filter((size) => size > 0).length);
      }),
    );
  });

  it('states everything of the worked example', () => {
    const { scores } = scoreFactors(example, human, 4, tools(4));
    expect(scores.map((score) => printed(score.tau14))).toEqual(['.285714', '.285714', '-.428571']);
    expect(scores.map(({ rank }) => rank)).toEqual([1.5, 1.5, 3]);
    expect(tallyFactor(example, 0, human, 4).term.numerators).toEqual(Float64Array.from([1, -2, 2, 1]));
    for (const [factor, score] of scores.entries()) {
      const { numerators } = tallyFactor(example, factor, human, 4).term;
      expect(score.p).toBe(signFlipTest(numerators, new SignPatterns(seededRandom(8))).p);
      expect(score.test).toBe('prompt-sign-flip-exact');
      expect(score.low).toBeNull();
      expect(score.reason).toMatch(/too few prompts/);
      expect(score.prompts).toBe(4);
    }
    expect(scores.map(({ pAdjusted }) => pAdjusted)).toEqual(holm(scores.map(({ p }) => p ?? Number.NaN)));
    expect(scores[0]?.meanAbsDifference).toBe((20 + 0 + 40 + 30 + 45 + 30 + 25 + 50) / 8);
    // Only 55/55 is about equally long; nobody's factor decides it.
    expect(scores[0]?.lengthMatched).toMatchObject({ tau14: 0, pairs: 1 });
    expect(scores[2]?.lengthMatched).toMatchObject({ tau14: -1, pairs: 1 });
  });

  it('uses the exact sign test where each prompt gives one pair', () => {
    const n = 20;
    const pairs: FactorPairs = {
      prompts: Uint32Array.from({ length: n }, (_, index) => index),
      differences: [Float64Array.from({ length: n }, (_, index) => (index < 15 ? 1 : index < 18 ? -1 : 0))],
      lengthMatched: new Uint8Array(n),
    };
    const [score] = scoreFactors(pairs, new Int8Array(n).fill(1), n, tools(n)).scores;
    expect(score).toMatchObject({ test: 'sign-exact', p: mcnemarExact(15, 3), tau14: 0.6, reason: null });
    expect(score?.lengthMatched.reason).toBe('no rated pair');
  });

  it('has a reason and no number where a factor is missing or the rater decides nothing', () => {
    const pairs: FactorPairs = {
      prompts: Uint32Array.from([0, 1]),
      differences: [Float64Array.from([Number.NaN, Number.NaN]), Float64Array.from([1, 2])],
      lengthMatched: Uint8Array.from([1, 1]),
    };
    const { scores, replicates } = scoreFactors(pairs, [0, 0], 2, tools(2));
    expect(scores[0]).toMatchObject({
      tau14: null,
      p: null,
      pAdjusted: null,
      rank: null,
      missing: 2,
      meanAbsDifference: null,
    });
    expect(scores[0]?.reason).toBe('no rated pair has the factor');
    expect(scores[1]?.reason).toBe('the rater decided no pair that has the factor');
    expect(replicates).toEqual([null, null]);
    expect(JSON.stringify(scores)).not.toMatch(/NaN/);
  });

  it('is blind to which response comes first, and mirrors with the preference', () => {
    const value = fc.option(fc.integer({ min: -2, max: 2 }), { nil: Number.NaN });
    const pair = fc.tuple(fc.constantFrom(1, 0, -1, UNRATED), value, fc.nat({ max: 7 }), fc.boolean());
    const shared = tools(8, 200);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 40 }), (given) => {
        const table = (turn: (swap: boolean) => number): FactorPairs => ({
          prompts: Uint32Array.from(given, ([, , prompt]) => prompt),
          differences: [Float64Array.from(given, ([, difference, , swap]) => difference * turn(swap))],
          lengthMatched: new Uint8Array(given.length),
        });
        const said = (turn: (swap: boolean) => number): number[] =>
          given.map(([preference, , , swap]) => (preference === UNRATED ? UNRATED : preference * turn(swap)));
        const as = (swap: boolean): number => (swap ? -1 : 1);
        const plain = scoreFactors(
          table(() => 1),
          said(() => 1),
          8,
          shared,
        );
        const swapped = scoreFactors(table(as), said(as), 8, shared);
        expect(swapped.scores).toEqual(plain.scores);
        const [before, after] = [
          plain.scores[0],
          scoreFactors(
            table(() => 1),
            said(() => -1),
            8,
            shared,
          ).scores[0],
        ];
        expect(after?.tau14).toBe(
          before?.tau14 === null || before?.tau14 === 0 ? before.tau14 : -(before?.tau14 ?? 0),
        );
        expect(after?.p).toBe(before?.p);
        if (before?.low !== null) expect(after?.high).toBeCloseTo(-(before?.low ?? Number.NaN), 12);
      }),
      { numRuns: 60 },
    );
  });

  it('duplicated pairs of the same prompts change neither scores, nor intervals, nor p of flipped prompts', () => {
    const doubled: FactorPairs = {
      prompts: Uint32Array.from([...example.prompts, ...example.prompts]),
      differences: example.differences.map((column) => Float64Array.from([...column, ...column])),
      lengthMatched: Uint8Array.from([...example.lengthMatched, ...example.lengthMatched]),
    };
    const [once, double] = [
      scoreFactors(example, human, 4, tools(4)),
      scoreFactors(doubled, [...human, ...human], 4, tools(4)),
    ];
    for (const [factor, score] of once.scores.entries()) {
      const { tau14: t14, p, rank, relevance, meanAbsDifference } = double.scores[factor] ?? score;
      expect({ t14, p, rank, relevance, meanAbsDifference }).toEqual({
        t14: score.tau14,
        p: score.p,
        rank: score.rank,
        relevance: score.relevance,
        meanAbsDifference: score.meanAbsDifference,
      });
      expect(double.replicates[factor]).toEqual(once.replicates[factor]);
    }
  });
});

describe('alignment of two raters', () => {
  const vector = (scores: readonly number[]) => ({
    scores,
    replicates: scores.map((score, factor) =>
      Float64Array.from({ length: 200 }, (_, draw) => score + (((draw * (factor + 3)) % 7) - 3) / 1000),
    ),
  });
  const one = [0.42, 0.31, 0.25, -0.18, 0.05, 0.1];
  const generation = [0.12, 0.55, 0.2, -0.18, 0.05, -0.02];

  it('is that of worked example C, with exact p', () => {
    const found = alignScores(vector(one), vector(generation), 20);
    expect([found?.rho, found?.tauB, found?.r].map((each) => printed(each?.value ?? null))).toEqual([
      '.771429',
      '.6',
      '.716476',
    ]);
    // SciPy: kendalltau(method='exact') .1361111; spearman over all 720 orders .1027778.
    expect(found?.tauB.p).toBeCloseTo(0.1361111111111111, 12);
    expect(found?.rho.p).toBeCloseTo(74 / 720, 12);
    expect(found?.tauB.low).not.toBeNull();
  });
  it.each([
    [5, 1],
    [6, 13 / 15],
    [7, 15 / 21],
    [8, 18 / 28],
  ])('%p factors need |τ| ≥ %p for p ≤ .05', (n, least) => {
    const ascending = Array.from({ length: n }, (_, index) => index);
    const inversions = Math.round(((1 - least) / 2) * ((n * (n - 1)) / 2));
    const p = (count: number): number => {
      const order = [...ascending];
      // `count` neighbour swaps that each add one inversion.
      let left = count;
      for (let pass = 0; left > 0; pass++) {
        for (let place = 0; place < n - 1 - pass && left > 0; place++, left--) {
          [order[place], order[place + 1]] = [order[place + 1] as number, order[place] as number];
        }
      }
      return alignScores(vector(ascending), vector(order), 20)?.tauB.p ?? Number.NaN;
    };
    expect(p(inversions)).toBeLessThanOrEqual(0.05);
    expect(p(inversions + 1)).toBeGreaterThan(0.05);
  });
  it('is refused under five factors, and null for equal scores', () => {
    expect(alignScores(vector(one.slice(0, 4)), vector(generation.slice(0, 4)), 20)).toBeNull();
    const flat = alignScores(vector(one), vector([1, 1, 1, 1, 1, 1]), 20);
    expect(flat?.tauB).toMatchObject({
      value: null,
      p: null,
      low: null,
      reason: 'all scores of one rater are equal',
    });
  });
});

describe('agreement of two raters', () => {
  it('is that of worked example A', () => {
    const own = EXAMPLE_A.clusters.map((_, index) => index);
    const found = raterAgreement(human, model, own);
    expect(found).toMatchObject({
      pairs: 8,
      decided: 6,
      equal: 3,
      agreement: 0.5,
      exact: 0.375,
      tiesOne: 0.125,
      tiesOther: 0.125,
    });
    expect(found).toMatchObject(wilsonInterval(3, 6));
  });
  it('is no number where nothing is decided or rated', () => {
    expect(raterAgreement([0, UNRATED], [1, 1], [0, 1])).toMatchObject({
      pairs: 1,
      decided: 0,
      agreement: null,
      low: null,
      exact: 0,
    });
    expect(raterAgreement([UNRATED], [1], [0])).toMatchObject({ pairs: 0, exact: null, tiesOne: null });
  });
  it('is wider where prompts give several pairs that agree together', () => {
    const n = 200;
    const one = new Int8Array(n).fill(1);
    const other = Int8Array.from({ length: n }, (_, index) => (Math.floor(index / 10) % 2 === 0 ? 1 : -1));
    const width = (prompts: readonly number[]): number => {
      const { low, high } = raterAgreement(one, other, prompts);
      return (high ?? Number.NaN) - (low ?? Number.NaN);
    };
    const [alone, grouped] = [1, 10].map((size) =>
      width([...one.keys()].map((index) => Math.floor(index / size))),
    );
    expect(grouped).toBeGreaterThan(2 * (alone ?? Number.NaN));
  });
});
