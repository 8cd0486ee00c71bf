import { describe, expect, it } from '@jest/globals';
import { benjaminiHochberg, holm } from '../../../results/statistics/adjust.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Effect, Summary, SummaryCheckpoint } from '../../../results/summary.ts';
import type { FoldedSample, Outcome } from '../../../suites/task.ts';
import { bernoulli, checkpoint, input, metric, records, type TaskShape, task } from '../support/synthetic.ts';

const LINEAGE = [
  checkpoint('base'),
  checkpoint('sft', { method: 'sft', parent: 'base', seed: 1 }),
  checkpoint('sft-s2', { method: 'sft', parent: 'base', seed: 2 }),
  checkpoint('sft-s3', { method: 'sft', parent: 'base', seed: 3 }),
  checkpoint('dpo', { method: 'dpo', parent: 'sft', seed: 1 }),
  checkpoint('ppo', { method: 'ppo', parent: 'sft', seed: 1 }),
  checkpoint('sft-copy', { method: 'sft', parent: 'sft', control: 'copy' }),
];
const RATES: Readonly<Record<string, number>> = {
  base: 0.4,
  sft: 0.55,
  'sft-s2': 0.45,
  'sft-s3': 0.6,
  dpo: 0.85,
  ppo: 0.56,
};

async function summarised(
  checkpoints: readonly SummaryCheckpoint[],
  shape: TaskShape = {},
  keys: readonly string[] = ['accuracy'],
): Promise<Summary> {
  const tasks = [task('truthfulness/mc1@x:robust', { samples: 300, ...shape })];
  const outcomes = records(
    checkpoints,
    tasks,
    (place, latent, noise) => bernoulli(RATES[place.checkpoint] ?? 0.5, latent, noise, keys),
    shape.perCluster ?? 1,
  );
  return summarise(input(checkpoints, tasks, outcomes));
}

function find({ effects }: Summary, kind: Effect['kind'], to: string): Effect {
  const found = effects.find((effect) => effect.kind === kind && effect.to === to);
  if (found === undefined) throw new Error(`no ${kind} effect on ${to}`);
  return found;
}

describe('families', () => {
  it('Holm over the headline metrics of stages, Benjamini-Hochberg over the rest, nothing over controls', async () => {
    const metrics = [metric('accuracy'), metric('extra')];
    const summary = await summarised(LINEAGE, { metrics }, ['accuracy', 'extra']);
    const { effects, families, relations } = summary;
    // What the overview shows: SFT by its mean over three seeds, DPO and PPO by their one run.
    const primary = [...relations.methods, ...effects].filter(({ family }) => family === 'primary');
    expect(primary.map(({ kind, to, metric: key }) => `${kind} ${to} ${key}`)).toEqual([
      'stage sft accuracy',
      'stage dpo accuracy',
      'stage ppo accuracy',
    ]);
    expect(relations.methods.filter(({ family }) => family === 'primary')).toHaveLength(1);
    expect(primary.map(({ pAdjusted }) => pAdjusted)).toEqual(holm(primary.map(({ p }) => p ?? Number.NaN)));
    // The runs behind the mean, and everything else.
    const others = [...relations.methods, ...effects].filter(({ family }) => family === 'exploratory');
    expect(others.filter(({ to, kind }) => kind === 'stage' && to.startsWith('sft'))).toHaveLength(2 * 3);
    expect(others.map(({ pAdjusted }) => pAdjusted)).toEqual(
      benjaminiHochberg(others.map(({ p }) => p ?? Number.NaN)),
    );
    expect(families).toEqual({
      alpha: 0.05,
      primary: { adjustment: 'holm', tests: 3 },
      exploratory: { adjustment: 'benjamini-hochberg', tests: others.length },
    });
    expect(find(summary, 'control', 'sft-copy')).toMatchObject({
      family: 'none',
      pAdjusted: null,
      p: 1,
      delta: 0,
      gained: 0,
      lost: 0,
      // Tango's interval where none of 300 pairs differs: z² / (n + z²).
      low: expect.closeTo(-3.841459 / 303.841459, 6),
      high: expect.closeTo(3.841459 / 303.841459, 6),
      reason: null,
      verdict: 'no detectable change',
    });
  });
  it('finds the planted truth: dpo improved, ppo did not', async () => {
    const summary = await summarised(LINEAGE);
    expect(find(summary, 'stage', 'dpo')).toMatchObject({ verdict: 'improved', main: true });
    expect(find(summary, 'stage', 'ppo').verdict).toBe('no detectable change');
    expect(find(summary, 'method', 'ppo')).toMatchObject({
      from: 'dpo',
      verdict: 'worsened',
      family: 'exploratory',
    });
  });
  it('does not test what it does not compare, so that it costs the others nothing', async () => {
    const other = LINEAGE.map((each) =>
      each.id === 'ppo'
        ? checkpoint('ppo', { method: 'ppo', parent: 'sft', seed: 1 }, { engine: 'vllm 1' })
        : each,
    );
    expect((await summarised(other)).families.primary.tests).toBe(2);
  });
});

describe('seed twins', () => {
  it('say what a training seed is worth: the largest difference of their values, and of their effects', async () => {
    const summary = await summarised(LINEAGE);
    const values = ['sft', 'sft-s2', 'sft-s3'].map(
      (id) => summary.cells.find(({ checkpoint: own }) => own === id)?.value ?? Number.NaN,
    );
    const stage = find(summary, 'stage', 'sft');
    expect(stage.seeds).toBe(3);
    expect(stage.seedSpread).toBeCloseTo(Math.max(...values) - Math.min(...values), 12);
    expect(stage.effectSpread).toBeCloseTo(stage.seedSpread ?? Number.NaN, 12);
    expect(stage.withinSeedNoise).toBe(Math.abs(stage.delta ?? 0) <= (stage.seedSpread ?? 0));
    expect(find(summary, 'stage', 'sft-s2')).toMatchObject({ main: false, seedSpread: stage.seedSpread });
    expect(find(summary, 'stage', 'dpo')).toMatchObject({
      seeds: 1,
      seedSpread: null,
      withinSeedNoise: null,
    });
  });
  it.each([
    { rate: 0.55, twin: 0.4, within: true },
    { rate: 0.55, twin: 0.5, within: true },
    { rate: 0.55, twin: 0.6, within: true },
    { rate: 0.7, twin: 0.6, within: false },
  ])(
    'from .5 to $rate, with a twin at $twin: within seed noise is $within',
    async ({ rate, twin, within }) => {
      const rates: Readonly<Record<string, number>> = { base: 0.5, sft: rate, 'sft-s2': twin };
      const tasks = [task('truthfulness/mc1@x:robust', { samples: 200 })];
      const outcomes = records(LINEAGE.slice(0, 3), tasks, (place) => ({
        kind: 'scored',
        values: { accuracy: place.unit < Math.round(200 * (rates[place.checkpoint] ?? 0)) ? 1 : 0 },
      }));
      const stage = find(await summarise(input(LINEAGE.slice(0, 3), tasks, outcomes)), 'stage', 'sft');
      expect(stage.delta).toBeCloseTo(rate - 0.5, 12);
      expect(stage.withinSeedNoise).toBe(within);
    },
  );
});

describe('what must not be compared', () => {
  it.each([
    ['the prompt format', { promptFormat: 'chat' as const }, {}, 'prompt format (raw against chat)'],
    ['the engine', {}, { engine: 'vllm 1' }, 'engine (llama.cpp b9999 against vllm 1)'],
    ['the scoring method', {}, { scoreMethod: 'echo' }, 'scoring method (none against echo)'],
    ['the quantisation', {}, { notes: { quantisation: 'Q4_1' } }, 'quantisation (none against Q4_1)'],
    ['the system prompt', {}, { system: 'be nice' }, 'system prompt'],
  ])('says when %s differs', async (_, alignment, facts, words) => {
    const chat = { template: 'abc' };
    const sft = checkpoint(
      'sft',
      { method: 'sft', parent: 'base', ...alignment },
      { ...('promptFormat' in alignment ? chat : {}), ...facts },
    );
    expect(find(await summarised([checkpoint('base'), sft]), 'stage', 'sft')).toMatchObject({
      verdict: 'not comparable',
      reason: `the sides also differ in ${words}`,
      p: null,
      pAdjusted: null,
      delta: expect.any(Number),
    });
  });
  it('does not mind templates when both are asked in raw text', async () => {
    const sft = checkpoint('sft', { method: 'sft', parent: 'base' }, { template: 'abc' });
    expect(find(await summarised([checkpoint('base'), sft]), 'stage', 'sft').reason).toBeNull();
  });
});

describe('metrics that are not means', () => {
  const asMean = (samples: readonly FoldedSample[]): number =>
    samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
  const pair = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
  const few = (place: { unit: number }, base: boolean): Outcome => ({
    kind: 'scored',
    values: { accuracy: base ? 0.5 : 0.5 + (place.unit % 5) / 10 - (place.unit % 3) / 20 },
  });

  it('give what a mean gives when the fold is a mean: same difference, same exact p, same interval', async () => {
    const outcomes = (tasks: Parameters<typeof records>[1]) =>
      records(pair, tasks, (place) => few(place, place.checkpoint === 'base'), 1);
    const shape = { samples: 16, metrics: [metric('accuracy', { binary: false })] };
    const folded = { samples: 16, metrics: [metric('accuracy', { binary: false, fold: asMean })] };
    const [mean, fold] = await Promise.all(
      [shape, folded].map(async (each) => {
        const tasks = [task('bias/gap@x:robust', each)];
        return find(await summarise(input(pair, tasks, outcomes(tasks))), 'stage', 'sft');
      }),
    );
    expect(fold?.delta).toBeCloseTo(mean?.delta ?? Number.NaN, 12);
    expect(fold?.p).toBeCloseTo(mean?.p ?? Number.NaN, 12);
    expect(fold?.low).toBeCloseTo(mean?.low ?? Number.NaN, 9);
    expect(fold?.test).toBe('cluster-sign-flip-exact');
  });

  it('recompute a gap between strata, and report none where it is not defined', async () => {
    const gap = (samples: readonly FoldedSample[]): number | null => {
      const sides = ['a', 'b'].map((name) => samples.filter(({ strata }) => strata['group'] === name));
      const [a, b] = sides.map(asMean);
      return sides.every(({ length }) => length > 0) ? (a ?? 0) - (b ?? 0) : null;
    };
    const tasks = [task('bias/gap@x:robust', { samples: 24, metrics: [metric('accuracy', { fold: gap })] })];
    const plain = records(pair, tasks, (place) => ({
      kind: 'scored',
      values: { accuracy: place.checkpoint === 'sft' && place.unit % 2 === 0 ? 1 : 0 },
    }));
    const grouped = plain.map((each, index) => ({ ...each, strata: { group: index % 2 === 0 ? 'a' : 'b' } }));
    const summary = await summarise(input(pair, tasks, grouped));
    expect(find(summary, 'stage', 'sft')).toMatchObject({
      delta: 1,
      p: expect.closeTo(2 / 2 ** 12, 12),
      verdict: 'improved',
    });
    const single = await summarise(input(pair, tasks, plain));
    expect(find(single, 'stage', 'sft')).toMatchObject({
      delta: null,
      verdict: 'not comparable',
      reason: expect.stringContaining('no'),
    });
    expect(single.cells[0]).toMatchObject({
      value: null,
      reason: 'the metric is not defined on these samples',
    });
  });
});

describe('the design effect of a mean', () => {
  it('is the variance over clusters against that of independent samples', async () => {
    const [alone, copied] = await Promise.all([summarised(LINEAGE), summarised(LINEAGE, { perCluster: 3 })]);
    expect(find(alone, 'stage', 'dpo').designEffect).toBeCloseTo(1, 12);
    const { designEffect, error, n, gained, lost, delta } = find(copied, 'stage', 'dpo');
    const variance = ((gained + lost) / n - (delta ?? 0) ** 2) / (n - 1);
    expect(designEffect).toBeCloseTo((error ?? 0) ** 2 / variance, 10);
    expect(designEffect).toBeGreaterThan(1);
    // Nothing differs: no variance to compare.
    expect(find(alone, 'control', 'sft-copy').designEffect).toBeNull();
  });
});
