import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { seededRandom } from '../../../core/random.ts';
import { bridgeOf, MINIMUM_BRIDGE_FAMILIES } from '../../../results/profile/bridge.ts';
import { collectProfile } from '../../../results/profile/collect.ts';
import type { ProfileSummary } from '../../../results/profile/profile-summary.ts';
import { kendallTauB } from '../../../results/statistics/correlation.ts';
import type { Effect } from '../../../results/summary.ts';
import { checkpoint, EVALUATION, factor, GENERATION, record, streamed, summaryOf } from './records.ts';

/** Two factors a group at most: the second of `size` must never enter a correlation. */
const FACTORS = [
  factor('length', 'size'),
  factor('chars', 'size'),
  factor('grade', 'readability'),
  factor('formal', 'register'),
  factor('overlap', 'focus'),
  factor('covered', 'coverage'),
  factor('backed', 'support'),
];
const CHECKPOINTS = [
  checkpoint('sft', { method: 'sft' }),
  checkpoint('dpo', { method: 'dpo', parent: 'sft' }),
];
const KEYS = FACTORS.map(({ key }) => key);
const PROMPTS = 40;

/** A rater that weighs the factors' differences. */
type Weights = readonly number[];
const PEOPLE: Weights = [1, 1, 0.2, 0.8, 0.5, 0.4, 1.5];
const WEIGHTS: Readonly<Record<string, Weights>> = {
  sft: [1, 1, 0.2, 0.8, 0.5, 0.4, 1.4],
  dpo: [4, 1, 0.2, 2.5, 0.1, -0.4, 0.1],
};

function records(): OutcomeRecord[] {
  const random = seededRandom(5);
  const noise = (): number => random.next() + random.next() + random.next() - 1.5;
  const all: OutcomeRecord[] = [];
  const sign = (weights: Weights, differences: readonly number[]): number =>
    Math.sign(
      weights.reduce((sum, weight, index) => sum + weight * (differences[index] as number), noise() / 2),
    );
  for (let prompt = 0; prompt < PROMPTS; prompt++) {
    for (let pair = 0; pair < 2; pair++) {
      const values = KEYS.map(() => [noise(), noise()] as const);
      // Characters follow words.
      values[1] = values[0] as readonly [number, number];
      const differences = values.map(([a, b]) => a - b);
      const human = sign(PEOPLE, differences);
      for (const { id } of CHECKPOINTS) {
        const isTied = random.next() < (id === 'dpo' ? 0.2 : 0.1);
        all.push(
          record(id, EVALUATION, `p${prompt}-${pair}`, `q${prompt}`, {
            setting: 'evaluation',
            status: isTied ? 'position_inconsistent' : 'ok',
            preference: isTied ? 0 : sign(WEIGHTS[id] as Weights, differences),
            human,
            factors: Object.fromEntries(KEYS.map((key, index) => [key, values[index] as readonly number[]])),
          }),
        );
      }
    }
    for (const { id } of CHECKPOINTS) {
      const written = KEYS.map((_, index) =>
        [1, 2, 3, 4, 5].map(
          (score) => score * ((WEIGHTS[id] as Weights)[6 - index] as number) * 0.2 + noise(),
        ),
      );
      all.push(
        record(id, GENERATION, `q${prompt}`, `q${prompt}`, {
          setting: 'generation',
          scores: [1, 2, 3, 4, 5],
          factors: Object.fromEntries(KEYS.map((key, index) => [key, written[index] as readonly number[]])),
        }),
      );
    }
  }
  return all;
}

const summary: ProfileSummary = await summaryOf(records(), {
  factors: FACTORS,
  checkpoints: CHECKPOINTS,
  draws: 400,
});
const tau = (task: string, name: string, key: string): number =>
  summary.tables
    .find((table) => table.task === task && table.rater.name === name)
    ?.scores.find(({ factor: own }) => own === key)?.tau14 ?? Number.NaN;

describe('alignment and gaps', () => {
  it('compare each checkpoint with people in both settings, and its settings with each other', () => {
    const shown = summary.alignments.map(({ one, other }) =>
      [one.rater.name, one.setting, other.rater.name, other.setting].join(' '),
    );
    expect(shown).toEqual([
      'sft evaluation human human',
      'dpo evaluation human human',
      'sft generation human human',
      'dpo generation human human',
      'sft evaluation sft generation',
      'dpo evaluation dpo generation',
    ]);
  });

  it('take one factor a group, and equal the correlation of the scores', () => {
    const over = ['length', 'grade', 'formal', 'overlap', 'covered', 'backed'];
    const [sft, dpo] = summary.alignments;
    expect(sft?.over).toEqual(over);
    const scores = (name: string): number[] => over.map((key) => tau(EVALUATION, name, key));
    expect(sft?.tauB?.value).toBe(kendallTauB(scores('sft'), scores('human')).value);
    expect(sft?.tauB?.value ?? 0).toBeGreaterThan(dpo?.tauB?.value ?? 1);
    for (const measure of [sft?.rho, sft?.tauB, sft?.r]) {
      expect(measure?.low ?? Number.NaN).toBeLessThanOrEqual(measure?.value ?? Number.NaN);
      expect(measure?.p ?? 1).toBeLessThanOrEqual(1);
    }
  });

  it('state the gap by factor and in alignment', () => {
    const gap = summary.gaps.find(({ checkpoint: id }) => id === 'dpo');
    const of = (key: string) => gap?.differences.find(({ factor: own }) => own === key);
    expect(of('length')?.difference).toBe(
      tau(EVALUATION, 'dpo', 'length') - tau(GENERATION, 'dpo', 'length'),
    );
    expect(of('length')?.low ?? Number.NaN).toBeGreaterThan(0);
    const [high, low] = [1, 3].map((index) => summary.alignments[index]?.tauB?.value ?? Number.NaN);
    expect(gap?.alignment?.value).toBeCloseTo((high ?? Number.NaN) - (low ?? Number.NaN), 14);
    expect(gap?.alignment?.low ?? Number.NaN).toBeLessThan(gap?.alignment?.value ?? Number.NaN);
  });
});

describe('shifts from parent to child', () => {
  const shift = summary.shifts.find(({ task }) => task === EVALUATION);

  it('are differences of all pairs, beside those decided on both sides, with both rates of inconsistency', () => {
    expect(shift).toMatchObject({ from: 'sft', to: 'dpo', method: 'dpo', setting: 'evaluation' });
    const length = shift?.factors.find(({ factor: key }) => key === 'length');
    expect(length?.all.difference).toBe(tau(EVALUATION, 'dpo', 'length') - tau(EVALUATION, 'sft', 'length'));
    const backed = shift?.factors.find(({ factor: key }) => key === 'backed');
    expect(backed?.all.high ?? Number.NaN).toBeLessThan(0);
    expect(backed?.paired.high ?? Number.NaN).toBeLessThan(0);
    const rows = records().flatMap(({ instrument, checkpoint: id, sample, outcome }) =>
      instrument === EVALUATION && outcome.kind === 'scored'
        ? [
            {
              id,
              sample,
              detail: outcome.detail as unknown as { preference: number; factors: { length: number[] } },
            },
          ]
        : [],
    );
    const values = (id: string): Map<string, number> =>
      new Map(
        rows
          .filter((row) => row.id === id && row.detail.preference !== 0)
          .map(({ sample, detail: { preference, factors } }) => [
            sample,
            preference * Math.sign((factors.length[0] as number) - (factors.length[1] as number)),
          ]),
      );
    const [before, after] = [values('sft'), values('dpo')];
    const both = [...before.keys()].filter((sample) => after.has(sample));
    const sum = both.reduce(
      (total, sample) => total + (after.get(sample) ?? 0) - (before.get(sample) ?? 0),
      0,
    );
    expect(length?.paired.pairs).toBe(both.length);
    expect(length?.paired.difference).toBeCloseTo(sum / both.length, 12);
    expect(both.length).toBeLessThan(rows.length / 2);
    expect(shift?.inconsistentTo ?? 0).toBeGreaterThan(shift?.inconsistentFrom ?? 1);
  });

  it('of written responses rest on the prompts that both answered', async () => {
    const fewer = records().filter(
      ({ instrument, checkpoint: id, sample }) =>
        instrument !== GENERATION || id !== 'sft' || sample !== 'q0',
    );
    const { shifts, agreements } = await summaryOf(fewer, { factors: FACTORS, checkpoints: CHECKPOINTS });
    const written = shifts.find(({ task }) => task === GENERATION)?.factors[0];
    expect(written?.paired.pairs).toBe((PROMPTS - 1) * 10);
    expect(written?.paired.difference).not.toBe(written?.all.difference);
    expect(agreements.map(({ one, other }) => `${one.name} ${other.name}`)).toEqual([
      'sft human',
      'dpo human',
      'dpo sft',
    ]);
  });
});

describe('the model with length as control', () => {
  it('leaves other measures of size out, and finds the planted signs', () => {
    const table = summary.tables.find(({ rater, task }) => rater.name === 'dpo' && task === EVALUATION);
    const found = new Map(table?.model?.coefficients.map((one) => [one.factor, one]));
    expect([...found.keys()]).toEqual(['length', 'grade', 'formal', 'overlap', 'covered', 'backed']);
    expect(found.get('length')?.coefficient ?? 0).toBeGreaterThan(2 * (found.get('length')?.error ?? 1));
    expect(found.get('formal')?.coefficient ?? 0).toBeGreaterThan(2 * (found.get('formal')?.error ?? 1));
  });
});

describe('the bridge from factors to trust', () => {
  const TRUST = 'truthfulness/mc1@questions:robust';
  const effect = (family: string, index: number, rest: Partial<Effect>): Effect => ({
    kind: 'stage',
    dimension: 'profile',
    task: EVALUATION,
    metric: 'length',
    direction: 'neutral',
    method: 'dpo',
    from: `${family}-sft`,
    to: `${family}-dpo`,
    delta: index / 10,
    low: 0,
    high: 1,
    p: 0.5,
    test: null,
    family: 'profile',
    pAdjusted: 1,
    verdict: 'no detectable change',
    reason: null,
    n: 10,
    clusters: 10,
    droppedFrom: 0,
    droppedTo: 0,
    gained: 0,
    lost: 0,
    detectable: null,
    main: true,
    seeds: 1,
    seedSpread: null,
    effectSpread: null,
    withinSeedNoise: null,
    simultaneous: null,
    missingBounds: null,
    missingDiffers: false,
    equivalence: null,
    confounds: [],
    judge: null,
    ...rest,
  });
  const world = (families: number) => {
    const names = Array.from({ length: families }, (_, index) => `f${index}`);
    const checkpoints = names.flatMap((name) => [
      checkpoint(`${name}-base`),
      checkpoint(`${name}-sft`, { method: 'sft', parent: `${name}-base` }),
      checkpoint(`${name}-dpo`, { method: 'dpo', parent: `${name}-sft` }),
      checkpoint(`${name}-dpo-b`, { method: 'dpo', parent: `${name}-sft` }),
    ]);
    const effects = names.flatMap((name, index) => {
      const trust = {
        dimension: 'truthfulness',
        task: TRUST,
        metric: 'mc1',
        family: 'primary',
        delta: -(index ** 2) / 100,
      } as const;
      const sibling = { to: `${name}-dpo-b` } as const;
      return [
        effect(name, index, {}),
        effect(name, index, trust),
        effect(name, index, { ...sibling, delta: 0 }),
        effect(name, index, { ...trust, ...sibling, delta: 0 }),
        effect(name, index, { kind: 'total', delta: 9 }),
        effect(name, index, { ...trust, family: 'exploratory', metric: 'other' }),
      ];
    });
    return { checkpoints, effects };
  };

  it('lists factors beside trust for every stage, and correlates nothing under eight families', () => {
    const { checkpoints, effects } = world(MINIMUM_BRIDGE_FAMILIES - 1);
    const bridge = bridgeOf(effects, checkpoints, () => false);
    expect(bridge.lineages).toHaveLength(2 * 7);
    expect(bridge.lineages[0]).toMatchObject({
      from: 'f0-sft',
      to: 'f0-dpo',
      method: 'dpo',
      family: 'f0-base',
      coupled: [],
    });
    expect(bridge.lineages[0]?.factors.map(({ metric }) => metric)).toEqual(['length']);
    expect(bridge.lineages[0]?.trust.map(({ metric }) => metric)).toEqual(['mc1']);
    expect(bridge.correlations).toEqual([]);
    expect(bridge.reason).toMatch(/^7 independent base families.* at least 8/);
  });

  it('takes one point a family, the first, from eight on', () => {
    const { checkpoints, effects } = world(MINIMUM_BRIDGE_FAMILIES);
    const bridge = bridgeOf(effects, checkpoints, (one, other) => one === EVALUATION && other === TRUST);
    expect(bridge.reason).toBeNull();
    expect(bridge.correlations).toEqual([
      {
        methods: 'sft → dpo',
        factorTask: EVALUATION,
        factor: 'length',
        trustTask: TRUST,
        trust: 'mc1',
        families: 8,
        tauB: expect.closeTo(-1, 12),
        p: expect.closeTo(2 / 40320, 12),
        coupled: true,
      },
    ]);
    expect(bridge.lineages[0]?.coupled).toEqual([{ factorTask: EVALUATION, trustTask: TRUST }]);
  });

  it('finds what was read from the same answers', async () => {
    const key = (index: number): string => index.toString(16).padStart(64, '0').split('').reverse().join('');
    const own = (instrument: string, answers: readonly string[]) =>
      record('sft', instrument, answers.join(), 'q', { setting: 'levels' }, { answers });
    const collected = await collectProfile(
      streamed([
        own(EVALUATION, [key(1), key(2)]),
        own(EVALUATION, [key(3)]),
        own('a', [key(9), key(3)]),
        own('b', [key(4), key(5)]),
      ]),
      { instruments: [EVALUATION], checkpoints: ['sft'], factors: ['length'], lengthFactor: 'length' },
    );
    expect(['a', 'b', 'c'].map((other) => collected.keys.share(EVALUATION, other))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
