import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALLOWABLE } from '../../../benchmarks/definition/definition.ts';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { CONFOUND_NAMES } from '../../../results/effects/comparable.ts';
import { renderMarkdown } from '../../../results/report/markdown.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import { type SummaryInput, summarise } from '../../../results/summarise.ts';
import type { Effect, MethodEffect, Summary, SummaryCheckpoint } from '../../../results/summary.ts';
import { contrast } from '../../../suites/scorers/contrasts.ts';
import type { MetricSpec, Outcome } from '../../../suites/task.ts';
import { checkpoint, input, metric, task } from '../support/synthetic.ts';

/** By NumPy and SciPy: scripts/statistics/golden_relations.py. */
const GOLDEN = JSON.parse(
  readFileSync(new URL('../../fixtures/results/relations.json', import.meta.url), 'utf8'),
) as {
  readonly overSeeds: {
    readonly perSeed: readonly number[];
    readonly mean: number;
    readonly interval: readonly [number, number];
    readonly p: number;
    readonly seedVariance: number;
    readonly itemVariance: number;
    readonly df: number;
    readonly detectable: number;
    readonly equivalence: number;
  };
  readonly one: {
    readonly mean: number;
    readonly pointwise: readonly [number, number];
    readonly simultaneous: readonly [number, number];
    readonly equivalence: number;
  };
  readonly stages: Readonly<
    Record<
      'first' | 'second' | 'total',
      { readonly delta: number; readonly interval: readonly [number, number] }
    >
  >;
  readonly families: {
    readonly means: readonly number[];
    readonly errors: readonly number[];
    readonly mean: number;
    readonly interval: readonly [number, number];
    readonly prediction: readonly [number, number];
    readonly tau2: number;
  };
};

const NAME = 'truthfulness/mc1@made:robust';
const ITEMS = 12;
const SCORE: MetricSpec = metric('score', { unit: 'score', range: [-9, 9], binary: false });

/** As in golden_relations.py. */
function madeValue(family: number, seed: number, item: number): number {
  const tenths = (7 * item + 3 * seed * seed + 5 * seed * item + 2 * family) % 11;
  return (tenths - 3 + family + ([0, 4, -1][seed] ?? 0)) / 10;
}

type ValueOf = (id: string, item: number) => number | Outcome;

function recordsOf(
  checkpoints: readonly SummaryCheckpoint[],
  valueAt: ValueOf,
  name = NAME,
  items = ITEMS,
): OutcomeRecord[] {
  return checkpoints.flatMap(({ id }) =>
    Array.from({ length: items }, (_, item): OutcomeRecord => {
      const value = valueAt(id, item);
      return {
        checkpoint: id,
        instrument: name,
        sample: `q${String(item).padStart(3, '0')}`,
        cluster: `c${item}`,
        strata: { half: item % 2 === 0 ? 'even' : 'odd' },
        repeat: 0,
        outcome: typeof value === 'number' ? { kind: 'scored', values: { score: value } } : value,
        answers: [],
        content: null,
      };
    }),
  );
}

async function summarised(
  checkpoints: readonly SummaryCheckpoint[],
  valueAt: ValueOf,
  rest: Partial<SummaryInput> & { readonly metric?: MetricSpec; readonly equivalence?: number } = {},
): Promise<Summary> {
  const { metric: spec = SCORE, equivalence, ...options } = rest;
  const made = task(NAME, { samples: ITEMS, metrics: [spec] });
  const tasks = [{ ...made, facts: { ...made.facts, equivalence: equivalence ?? null } }];
  return summarise(input(checkpoints, tasks, recordsOf(checkpoints, valueAt), options));
}

const BASE = checkpoint('base');
const TWINS = [0, 1, 2].map((seed) => checkpoint(`sft-${seed}`, { method: 'sft', parent: 'base', seed }));
const ofTwins = (id: string, item: number): number =>
  id === 'base' ? 0 : madeValue(0, Number(id.at(-1)), item);

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  return items[0] as T;
}

function near(found: { readonly low: number | null; readonly high: number | null } | null): number[] {
  return [found?.low ?? Number.NaN, found?.high ?? Number.NaN];
}

function closeTo(numbers: readonly number[]): number[] {
  return numbers.map((number) => expect.closeTo(number, 9) as unknown as number);
}

function stageTo(summary: Summary, to: string): Effect {
  return only(summary.effects.filter((effect) => effect.kind === 'stage' && effect.to === to));
}

describe('a method over its training seeds', () => {
  it('has the mean, the variances, the degrees of freedom, the interval and the p of the two-way table', async () => {
    const { overSeeds } = GOLDEN;
    const summary = await summarised([BASE, ...TWINS], ofTwins, { equivalence: 0.9 });
    const found = only(summary.relations.methods);
    expect(found).toMatchObject({
      kind: 'stage',
      method: 'sft',
      from: 'base',
      to: 'sft-0',
      n: ITEMS,
      clusters: ITEMS,
      family: 'primary',
      reason: null,
    });
    expect(found.seeds.map(({ to, seed }) => [to, seed])).toEqual([
      ['sft-0', 0],
      ['sft-1', 1],
      ['sft-2', 2],
    ]);
    expect(found.seeds.map(({ delta }) => delta)).toEqual(closeTo(overSeeds.perSeed));
    expect(found.mean).toBeCloseTo(overSeeds.mean, 12);
    expect(near(found)).toEqual(closeTo(overSeeds.interval));
    expect(found.p).toBeCloseTo(overSeeds.p, 9);
    expect(found.seedVariance).toBeCloseTo(overSeeds.seedVariance, 12);
    expect(found.seedVariance).toBeGreaterThan(0);
    expect(found.itemVariance).toBeCloseTo(overSeeds.itemVariance, 12);
    expect(found.degreesOfFreedom).toBeCloseTo(overSeeds.df, 9);
    // One test in its family: the adjusted p is the p, and the level is .05.
    expect(found.pAdjusted).toBe(found.p);
    expect(near(found.simultaneous)).toEqual(closeTo(overSeeds.interval));
    expect(found.detectable).toBeCloseTo(overSeeds.detectable, 4);
    expect(found.equivalence?.p).toBeCloseTo(overSeeds.equivalence, 9);
    expect(found.equivalence?.equivalent).toBe(overSeeds.equivalence <= 0.05);
  });

  it('is shown with two seeds and judged from three', async () => {
    const two = only((await summarised([BASE, ...TWINS.slice(0, 2)], ofTwins)).relations.methods);
    expect(two).toMatchObject({ low: null, high: null, p: null, verdict: 'not comparable' });
    expect(two.reason).toBe('2 training seeds: at least 3 are needed');
    expect((await summarised([BASE, ...TWINS.slice(0, 1)], ofTwins)).relations.methods).toEqual([]);
  });

  it('rests on the samples that have a value under every seed', async () => {
    const lacking: ValueOf = (id, item) =>
      id === 'sft-1' && item === 3 ? { kind: 'unscored', reason: 'refused' } : ofTwins(id, item);
    const found = only((await summarised([BASE, ...TWINS], lacking)).relations.methods);
    expect(found.n).toBe(ITEMS - 1);
    const own = [0, 1, 2].map(
      (seed) =>
        Array.from({ length: ITEMS }, (_, item) =>
          item === 3 ? 0 : madeValue(0, seed, item),
        ).reduce<number>((sum, value) => sum + value, 0) /
        (ITEMS - 1),
    );
    expect(found.seeds.map(({ delta }) => delta)).toEqual(closeTo(own));
    expect(found.mean).toBeCloseTo(
      (own as [number, number, number]).reduce((sum, each) => sum + each) / 3,
      12,
    );
  });

  it('speaks of a contrast through its pseudo-values: a constant weight of 1 gives the mean again', async () => {
    const constant = contrast('half', { even: 0.5, odd: 0.5 });
    const asContrast = await summarised([BASE, ...TWINS], ofTwins, { metric: { ...SCORE, fold: constant } });
    const found = only(asContrast.relations.methods);
    // Both halves hold six items, so the mean of their means is the mean.
    expect(found.mean).toBeCloseTo(GOLDEN.overSeeds.mean, 12);
    expect(found.seeds.map(({ delta }) => delta)).toEqual(closeTo(GOLDEN.overSeeds.perSeed));
    expect(found.n).toBe(ITEMS);
    expect((found.high ?? 0) - (found.low ?? 0)).toBeGreaterThan(0);
  });

  it('pairs methods seed by seed, among the exploratory tests', async () => {
    const others = [0, 1, 2].map((seed) =>
      checkpoint(`dpo-${seed}`, { method: 'dpo', parent: 'base', seed }),
    );
    const valueAt: ValueOf = (id, item) =>
      id.startsWith('dpo') ? 0.25 + ofTwins(id, item) : ofTwins(id, item);
    const summary = await summarised([BASE, ...TWINS, ...others], valueAt);
    const pair = only(summary.relations.methods.filter(({ kind }) => kind === 'method'));
    expect(pair).toMatchObject({ from: 'sft-0', to: 'dpo-0', family: 'exploratory' });
    for (const { delta } of pair.seeds) expect(delta).toBeCloseTo(0.25, 12);
    const stages = summary.relations.methods.filter(({ kind }) => kind === 'stage');
    expect(stages.map(({ family }) => family)).toEqual(['primary', 'primary']);
    // Holm over the two stages: the smaller p doubles.
    const ps = stages.map(({ p }) => p as number).sort((a, b) => a - b);
    const adjusted = stages.map(({ pAdjusted }) => pAdjusted as number).sort((a, b) => a - b);
    expect(adjusted[0]).toBeCloseTo(Math.min(1, 2 * (ps[0] as number)), 12);
    // Two intervals that hold together are wider than each alone; outside the primary family there is none.
    for (const { low, high, simultaneous } of stages) {
      expect((simultaneous?.high ?? 0) - (simultaneous?.low ?? 0)).toBeGreaterThan((high ?? 0) - (low ?? 0));
    }
    expect(pair.simultaneous).toBeNull();
  });

  it('speaks of a total as of a stage, over the seeds of its last stage', async () => {
    const sft = checkpoint('sft', { method: 'sft', parent: 'base' });
    const last = [0, 1, 2].map((seed) => checkpoint(`dpo-${seed}`, { method: 'dpo', parent: 'sft', seed }));
    const valueAt: ValueOf = (id, item) => (id === 'sft' ? item / 10 : ofTwins(id, item));
    const { overSeeds } = GOLDEN;
    const { relations } = await summarised([BASE, sft, ...last], valueAt);
    const total = only(relations.methods.filter(({ kind }) => kind === 'total'));
    expect(total).toMatchObject({
      method: 'dpo',
      from: 'base',
      to: 'dpo-0',
      family: 'exploratory',
      n: ITEMS,
    });
    expect(total.seeds.map(({ from, to }) => [from, to])).toEqual([
      ['base', 'dpo-0'],
      ['base', 'dpo-1'],
      ['base', 'dpo-2'],
    ]);
    // From the base these are the numbers of the worked example.
    expect(total.mean).toBeCloseTo(overSeeds.mean, 12);
    expect(total.seedVariance).toBeCloseTo(overSeeds.seedVariance, 12);
    expect(total.itemVariance).toBeCloseTo(overSeeds.itemVariance, 12);
    expect((total.high ?? 0) - (total.low ?? 0)).toBeGreaterThan(0);
    expect(total.verdict).not.toBe('not comparable');
  });

  describe('against another method', () => {
    const against = (seeds: readonly number[]): SummaryCheckpoint[] => [
      BASE,
      ...TWINS,
      ...seeds.map((seed) => checkpoint(`dpo-${seed}`, { method: 'dpo', parent: 'base', seed })),
    ];
    const valueAt: ValueOf = (id, item) =>
      id === 'base' ? 0 : madeValue(0, Number(id.at(-1)) % 3, item) + (id.startsWith('dpo') ? 0.25 : 0);
    const pairsIn = ({ relations }: Summary): MethodEffect[] =>
      relations.methods.filter(({ kind }) => kind === 'method');
    const unequal = ({ alarms }: Summary): string[] =>
      alarms.filter(({ kind }) => kind === 'unequal-seeds').map(({ message }) => message);

    it('pairs equal seeds, in whatever order they are declared', async () => {
      const summary = await summarised(against([2, 0, 1]), valueAt);
      const pair = only(pairsIn(summary));
      expect(pair.seeds.map(({ from, to }) => [from, to])).toEqual([
        ['sft-0', 'dpo-0'],
        ['sft-1', 'dpo-1'],
        ['sft-2', 'dpo-2'],
      ]);
      // It stands for the main checkpoints, which are those declared first.
      expect(pair).toMatchObject({ from: 'sft-0', to: 'dpo-2' });
      for (const { delta } of pair.seeds) expect(delta).toBeCloseTo(0.25, 12);
      expect(unequal(summary)).toEqual([]);
    });

    it('leaves out the seeds that one of them lacks', async () => {
      const summary = await summarised(against([5, 2, 1, 0]), valueAt);
      expect(only(pairsIn(summary)).seeds.map(({ seed }) => seed)).toEqual([0, 1, 2]);
      expect(unequal(summary)).toEqual([]);
    });

    it.each([
      { seeds: [3, 4, 5], equal: 0 },
      { seeds: [3, 1, 5], equal: 1 },
    ])('says nothing of methods with $equal equal seeds, and why', async ({ seeds, equal }) => {
      const summary = await summarised(against(seeds), valueAt);
      expect(pairsIn(summary)).toEqual([]);
      expect(only(unequal(summary))).toBe(
        `its training seeds are ${seeds.join(', ')}, those of sft-0 are 0, 1, 2: methods are compared over equal seeds, of which there are ${equal} and must be 3; between dpo-3 and sft-0 one training run stands for each method`,
      );
      expect(
        summary.effects
          .filter(({ kind, main }) => kind === 'method' && main)
          .map(({ from, to }) => [from, to]),
      ).toEqual([['sft-0', 'dpo-3']]);
    });
  });

  it('that moves no sample under any seed is no detectable change, without an interval of no width', async () => {
    const found = only(
      (await summarised([BASE, ...TWINS], () => 0.5, { equivalence: 0.9 })).relations.methods,
    );
    expect(found).toMatchObject({ mean: 0, low: null, p: 1, verdict: 'no detectable change' });
    // (1 − 0.9 / 18) ^ 12
    expect(found.equivalence?.p).toBeCloseTo(0.95 ** 12, 12);
    expect(found.equivalence?.equivalent).toBe(false);
  });

  it('is not judged when one of its seeds cannot be compared', async () => {
    const odd = TWINS.map((twin) =>
      twin.id === 'sft-2'
        ? checkpoint('sft-2', { method: 'sft', parent: 'base', seed: 2 }, { engine: 'vllm 1' })
        : twin,
    );
    const found: MethodEffect = only((await summarised([BASE, ...odd], ofTwins)).relations.methods);
    expect(found).toMatchObject({ verdict: 'not comparable', p: null, pAdjusted: null });
    expect(found.reason).toContain('engine');
  });
});

describe('one effect', () => {
  it('has a simultaneous interval over its family beside the pointwise one', async () => {
    // Three trainings that are no seed twins: three single runs, each a test of its own.
    const single = TWINS.map((twin) => ({ ...twin, recipe: twin.id }));
    const summary = await summarised([BASE, ...single], ofTwins);
    const stage = stageTo(summary, 'sft-0');
    expect(summary.families.primary.tests).toBe(3);
    expect(near(stage)).toEqual(closeTo(GOLDEN.one.pointwise));
    expect(near(stage.simultaneous)).toEqual(closeTo(GOLDEN.one.simultaneous));
    expect(
      summary.effects
        .filter(({ family }) => family !== 'primary')
        .every(({ simultaneous }) => simultaneous === null),
    ).toBe(true);
  });

  it('is equivalent when both one-sided tests say so, and never by its verdict alone', async () => {
    const within = stageTo(await summarised([BASE, ...TWINS], ofTwins, { equivalence: 0.9 }), 'sft-0');
    expect(within.verdict).toBe('no detectable change');
    expect(within.equivalence?.p).toBeCloseTo(GOLDEN.one.equivalence, 9);
    expect(within.equivalence).toMatchObject({ margin: 0.9, equivalent: true });
    const narrow = stageTo(await summarised([BASE, ...TWINS], ofTwins, { equivalence: 0.2 }), 'sft-0');
    expect(narrow.equivalence).toMatchObject({ margin: 0.2, equivalent: false });
    expect(stageTo(await summarised([BASE, ...TWINS], ofTwins), 'sft-0').equivalence).toBeNull();
  });
});

describe('stages as parts of a total', () => {
  const path = [
    BASE,
    checkpoint('sft', { method: 'sft', parent: 'base' }),
    checkpoint('ppo', { method: 'ppo', parent: 'sft' }),
  ];
  const along: ValueOf = (id, item) => (id === 'base' ? 0 : madeValue(0, id === 'sft' ? 0 : 1, item));

  it('add up, with intervals that hold together', async () => {
    const { stages } = GOLDEN;
    const found = only((await summarised(path, along)).relations.decompositions);
    expect(found).toMatchObject({ path: ['base', 'sft', 'ppo'], n: ITEMS, metric: 'score' });
    expect(found.parts.map(({ from, to }) => [from, to])).toEqual([
      ['base', 'sft'],
      ['sft', 'ppo'],
    ]);
    expect([...found.parts, found.total].map(({ delta }) => delta)).toEqual(
      closeTo([stages.first.delta, stages.second.delta, stages.total.delta]),
    );
    expect([...found.parts, found.total].map(near)).toEqual(
      [stages.first, stages.second, stages.total].map(({ interval }) => closeTo(interval)),
    );
    expect(found.parts.reduce((sum, { delta }) => sum + delta, 0)).toBeCloseTo(found.total.delta, 12);
  });

  it('add up on the samples valued at every checkpoint, also where each pair has more', async () => {
    const lacking: ValueOf = (id, item) =>
      (id === 'sft' && item === 1) || (id === 'ppo' && item === 2)
        ? { kind: 'unscored', reason: 'empty' }
        : along(id, item);
    const found = only((await summarised(path, lacking)).relations.decompositions);
    expect(found.n).toBe(ITEMS - 2);
    expect(found.parts.reduce((sum, { delta }) => sum + delta, 0)).toBeCloseTo(found.total.delta, 12);
  });

  it('are left out where a stage on the way must not be compared, or a damaged lineage turns in a circle', async () => {
    const other = [
      BASE,
      checkpoint('sft', { method: 'sft', parent: 'base' }, { engine: 'vllm 1' }),
      path[2] as SummaryCheckpoint,
    ];
    expect((await summarised(other, along)).relations.decompositions).toEqual([]);
    const circle = [
      checkpoint('a', { method: 'sft', parent: 'b' }),
      checkpoint('b', { method: 'dpo', parent: 'a' }),
      checkpoint('lost', { method: 'dpo', parent: 'nowhere' }),
    ];
    const summary = await summarised(circle, (_, item) => madeValue(0, 0, item));
    expect(summary.relations.decompositions).toEqual([]);
    expect(summary.cells).toHaveLength(3);
  });
});

describe('base families', () => {
  const NUMBERS: Readonly<Record<string, number>> = { llama: 0, qwen: 2, olmo: 5 };
  const lineages = Object.keys(NUMBERS).map((family) => [
    checkpoint(`${family}-base`, { family }),
    checkpoint(`${family}-dpo`, { method: 'dpo', parent: `${family}-base`, family }),
  ]);
  const valueAt: ValueOf = (id, item) => {
    const [family = '', role] = id.split('-');
    return role === 'base' ? 0 : madeValue(NUMBERS[family] ?? 0, 0, item);
  };

  it('are pooled from three on, with the errors they share from equal items', async () => {
    const { families } = GOLDEN;
    const found = only((await summarised(lineages.flat(), valueAt)).relations.pooled);
    expect(found.families.map(({ family }) => family)).toEqual(['llama', 'qwen', 'olmo']);
    expect(found.families.map(({ delta }) => delta)).toEqual(closeTo(families.means));
    expect(found.families.map(({ error }) => error ?? Number.NaN)).toEqual(closeTo(families.errors));
    expect(found.mean).toBeCloseTo(families.mean, 9);
    expect(found.tau2).toBeCloseTo(families.tau2, 9);
    expect(near(found)).toEqual(closeTo(families.interval));
    expect([found.predictionLow ?? 0, found.predictionHigh ?? 0]).toEqual(closeTo(families.prediction));
    expect(found.reason).toBeNull();
  });

  it('under three stand side by side, and one alone is nothing to pool', async () => {
    const two = only((await summarised(lineages.slice(0, 2).flat(), valueAt)).relations.pooled);
    expect(two.families).toHaveLength(2);
    expect(two).toMatchObject({ mean: null, low: null, predictionLow: null, tau2: null });
    expect(two.reason).toContain('at least 3');
    expect((await summarised(lineages.slice(0, 1).flat(), valueAt)).relations.pooled).toEqual([]);
  });

  it('give one effect each, the first of several variants', async () => {
    const variant = checkpoint('llama-dpo2', {
      method: 'dpo',
      parent: 'llama-base',
      family: 'llama',
      recipe: 'beta 1',
    });
    const found = only(
      (await summarised([...lineages.slice(0, 2).flat(), variant], valueAt)).relations.pooled,
    );
    expect(found.families.map(({ to }) => to)).toEqual(['llama-dpo', 'qwen-dpo']);
  });
});

describe('tasks and dimensions', () => {
  const NAMES = [
    'truthfulness/a@x:robust',
    'truthfulness/b@x:robust',
    'truthfulness/c@x:robust',
    'toxicity/d@x:robust',
  ];
  const lower = metric('score', {
    unit: 'score',
    range: [-9, 9],
    binary: false,
    direction: 'lower-is-better',
  });
  const checkpoints = [BASE, checkpoint('sft', { method: 'sft', parent: 'base' })];
  /** Shift of sft under each task; every sample moves, a little unevenly. */
  async function shifted(shifts: readonly number[], primary?: string): Promise<Summary> {
    const tasks = NAMES.map((name, index) => {
      const made = task(name, { samples: 30, metrics: [index === 1 || index === 3 ? lower : SCORE] });
      return name === primary ? { ...made, facts: { ...made.facts, primary: true } } : made;
    });
    const outcomes = NAMES.flatMap((name, index) =>
      recordsOf(
        checkpoints,
        (id, item) => (id === 'base' ? 0 : (shifts[index] ?? 0) + (item % 3) / 100),
        name,
        30,
      ),
    );
    return summarise(input(checkpoints, tasks, outcomes));
  }

  it('the first task of a dimension is its headline, unless another is marked, and it alone is primary', async () => {
    const primaries = (summary: Summary): string[] =>
      summary.tasks.filter(({ primary }) => primary).map(({ task: name }) => name);
    const first = await shifted([1, 1, 1, 1]);
    expect(primaries(first)).toEqual([NAMES[0], NAMES[3]]);
    expect(first.families.primary.tests).toBe(2);
    expect(first.families.exploratory.tests).toBe(2);
    expect(primaries(await shifted([1, 1, 1, 1], NAMES[2]))).toEqual([NAMES[2], NAMES[3]]);
  });

  it('agreement counts the side, better or worse, not the sign of the number', async () => {
    // Lower is better under b: −1 is better there, as +1 is under a.
    const { relations } = await shifted([1, -1, -1, 1]);
    expect(relations.agreements).toEqual([
      { from: 'base', to: 'sft', dimension: 'truthfulness', tasks: 3, sameSign: 2 },
      { from: 'base', to: 'sft', dimension: 'toxicity', tasks: 1, sameSign: 1 },
    ]);
  });

  it('a trade-off is a dimension that improved beside one that worsened', async () => {
    expect((await shifted([1, 1, 1, 1])).relations.tradeOffs).toEqual([
      { from: 'base', to: 'sft', improved: ['truthfulness'], worsened: ['toxicity'] },
    ]);
    expect((await shifted([1, 1, 1, -1])).relations.tradeOffs).toEqual([]);
  });
});

describe('several judges of one task', () => {
  it('no further judge stands for the dimension, whatever is known of the first one', async () => {
    const names = ['strict', 'other'].map((id) => `truthfulness/generate@made:robust+${id}`);
    const checkpoints = [BASE, checkpoint('sft', { method: 'sft', parent: 'base' })];
    const primaries = async (withheld: boolean): Promise<readonly boolean[]> => {
      const tasks = names.map((name, index) => ({
        ...task(name, { samples: ITEMS, metrics: [SCORE] }),
        ...(index === 0 && withheld ? { withheld: 'nobody measured it' } : {}),
        ...(index === 1 ? { beside: true as const } : {}),
      }));
      const outcomes = names.flatMap((name) => recordsOf(checkpoints, (id) => (id === 'sft' ? 1 : 0), name));
      return (await summarise(input(checkpoints, tasks, outcomes))).tasks.map(({ primary }) => primary);
    };
    expect(await primaries(false)).toEqual([true, false]);
    expect(await primaries(true)).toEqual([false, false]);
  });
});

describe('several prompts of one task', () => {
  const weights = (id: string) => ({ weights: id.padEnd(64, '0') });
  const checkpoints = [
    checkpoint('base', {}, weights('base')),
    checkpoint('sft', { method: 'sft', parent: 'base' }, weights('sft')),
    checkpoint('base+chat', { promptFormat: 'chat' }, weights('base')),
    checkpoint('sft+chat', { method: 'sft', parent: 'base+chat', promptFormat: 'chat' }, weights('sft')),
  ];
  const PROMPTS = [
    'truthfulness/mc1@made:paper',
    'truthfulness/mc1@made:robust',
    'truthfulness/mc2@made:paper',
  ];

  /** The shift of each instrument, in raw prompts and in chat. */
  function prompted(shifts: readonly (readonly [number, number])[], items = 30): Promise<Summary> {
    const outcomes = PROMPTS.flatMap((name, index) =>
      recordsOf(
        checkpoints,
        (id, item) => {
          if (id.startsWith('base')) return 0;
          return (shifts[index]?.[id.endsWith('chat') ? 1 : 0] ?? 0) + (item % 3) / 100;
        },
        name,
        items,
      ),
    );
    const tasks = PROMPTS.map((name) => task(name, { samples: items, metrics: [SCORE] }));
    return summarise(input(checkpoints, tasks, outcomes));
  }

  it('are counted over presets and formats, and are one task of the dimension', async () => {
    const { relations } = await prompted([
      [1, 1],
      [1, -1],
      [-1, -1],
    ]);
    expect(
      relations.readings?.map(({ over, task: name, compared, sameSign }) => [over, name, compared, sameSign]),
    ).toEqual([
      ['prompts', PROMPTS[0], 4, 3],
      ['prompts', PROMPTS[2], 2, 2],
    ]);
    expect(
      relations.readings?.[0]?.readings.map(({ task: name, to, delta }) => [name, to, Math.sign(delta ?? 0)]),
    ).toEqual([
      [PROMPTS[0], 'sft', 1],
      [PROMPTS[1], 'sft', 1],
      [PROMPTS[0], 'sft+chat', 1],
      [PROMPTS[1], 'sft+chat', -1],
    ]);
    expect(relations.agreements.map(({ to, tasks, sameSign }) => [to, tasks, sameSign])).toEqual([
      ['sft', 2, 1],
      ['sft+chat', 2, 1],
    ]);
  });

  it('leave out what could not be compared, and say nothing where nothing could', async () => {
    expect((await prompted([[1, 1]], 9)).relations.readings).toBeUndefined();
  });

  it('stand in the reports as k of N, and the cell says it too', async () => {
    const summary = await prompted([
      [1, 1],
      [1, -1],
      [1, 1],
    ]);
    const text = renderTerminal(summary, { width: 220, colour: false });
    expect(text).toContain(
      'base → sft, truthfulness/mc1@made: 3 of 4 prompts say better: paper raw +1.01 (better), robust raw +1.01 (better), paper chat +1.01 (better), robust chat −0.99 (worse)',
    );
    expect(text).toContain('3 of 4 prompts');
    expect(renderMarkdown(summary)).toContain('3 of 4 prompts say better');
  });
});

describe('what is missing', () => {
  const share = metric('score');
  const checkpoints = [BASE, checkpoint('sft', { method: 'sft', parent: 'base' })];
  /** Of 12: base all 1; sft 0 twice, without a value for `lacking` samples, else 1. */
  const missing =
    (lacking: number): ValueOf =>
    (id, item) => {
      if (id === 'base') return 1;
      if (item < lacking) return { kind: 'unscored', reason: 'refused' };
      return item >= 10 ? 0 : 1;
    };

  it('gives bounds: every missing value at the one end of the range, then at the other', async () => {
    const stage = stageTo(await summarised(checkpoints, missing(3), { metric: share }), 'sft');
    expect(stage).toMatchObject({ n: 9, droppedTo: 3, droppedFrom: 0 });
    expect(stage.delta).toBeCloseTo(-2 / 9, 12);
    // Two lost for sure and three unknown, of twelve.
    expect(near(stage.missingBounds)).toEqual(closeTo([-5 / 12, -2 / 12]));
  });

  it('differs between the sides when McNemar says so: 5 of none are p 1/16, 6 are 1/32', async () => {
    const five = stageTo(await summarised(checkpoints, missing(5), { metric: share }), 'sft');
    const six = stageTo(await summarised(checkpoints, missing(6), { metric: share }), 'sft');
    expect([five.missingDiffers, six.missingDiffers]).toEqual([false, true]);
  });

  it('has no bounds where nothing is missing or the range is open', async () => {
    const none = stageTo(await summarised(checkpoints, missing(0), { metric: share }), 'sft');
    expect(none).toMatchObject({ missingBounds: null, missingDiffers: false });
    const open = { ...share, range: [0, Number.POSITIVE_INFINITY] as const };
    expect(
      stageTo(await summarised(checkpoints, missing(3), { metric: open }), 'sft').missingBounds,
    ).toBeNull();
  });

  it('weighs a missing sample as the contrast does', async () => {
    // even − odd: a missing value of an even sample at 0 lowers, of an odd one raises. Items 0 and 2 are even, 1 is odd.
    const gap = contrast('half', { even: 1, odd: -1 });
    const spec = { ...share, range: [0, 1] as const, fold: gap };
    const stage = stageTo(await summarised(checkpoints, missing(3), { metric: spec }), 'sft');
    // Known: sft − base is −1 at 10 (even) and 11 (odd): together 0. Unknown: −1 to 0 at two even, one odd.
    expect(near(stage.missingBounds)).toEqual(closeTo([-2 / 6, 1 / 6]));
  });
});

describe('differences that the definition allows by name', () => {
  it('have the names that a definition may write', () => {
    expect(CONFOUND_NAMES).toEqual(ALLOWABLE);
  });

  const q4 = checkpoint(
    'sft',
    { method: 'sft', parent: 'base' },
    { notes: { quantisation: 'Q4_1' }, engine: 'vllm 1' },
  );
  const checkpoints = [BASE, q4];
  const valueAt: ValueOf = (id, item) => (id === 'base' ? 0 : madeValue(0, 0, item));

  it('are compared and named', async () => {
    const stage = stageTo(
      await summarised(checkpoints, valueAt, { allow: ['quantisation', 'engine'] }),
      'sft',
    );
    expect(stage).toMatchObject({ confounds: ['engine', 'quantisation'], verdict: 'no detectable change' });
    expect(stage.p).not.toBeNull();
  });

  it('leave the others forbidden', async () => {
    const stage = stageTo(await summarised(checkpoints, valueAt, { allow: ['quantisation'] }), 'sft');
    expect(stage).toMatchObject({ verdict: 'not comparable', confounds: ['quantisation'], p: null });
    expect(stage.reason).toBe('the sides also differ in engine (llama.cpp b9999 against vllm 1)');
  });
});
