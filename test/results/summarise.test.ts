import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { seededRandom } from '../../core/random.ts';
import { renderJson } from '../../results/report/json.ts';
import { summarise } from '../../results/summarise.ts';
import type { Cell, Effect, Summary } from '../../results/summary.ts';
import { contrast } from '../../suites/scorers/contrasts.ts';
import type { Outcome } from '../../suites/task.ts';
import { bernoulli, checkpoint, input, metric, records, stream, task } from './support/synthetic.ts';

const NAME = 'truthfulness/mc1@small:robust';
const BASE = checkpoint('base');
const SFT = checkpoint('sft', { method: 'sft', parent: 'base' });

function record(
  id: string,
  unit: number,
  outcome: Outcome,
  rest: Partial<OutcomeRecord> = {},
): OutcomeRecord {
  return {
    checkpoint: id,
    instrument: NAME,
    sample: `q${unit}`,
    cluster: `c${unit}`,
    strata: {},
    repeat: 0,
    outcome,
    answers: [],
    content: null,
    ...rest,
  };
}

const scored = (value: number): Outcome => ({ kind: 'scored', values: { accuracy: value } });

function cell(summary: Summary, id: string): Cell {
  const found = summary.cells.find((each) => each.checkpoint === id);
  if (found === undefined) throw new Error(`no cell for ${id}`);
  return found;
}

function effect(summary: Summary, to = 'sft'): Effect {
  const found = summary.effects.find((each) => each.to === to);
  if (found === undefined) throw new Error(`no effect on ${to}`);
  return found;
}

describe('a worked example', () => {
  // Ten questions: the base has the first eight right, sft the last two alone and the third.
  const right = { base: [0, 1, 2, 3, 4, 5, 6, 7], sft: [2, 8, 9] };
  const outcomes = (['base', 'sft'] as const).flatMap((id) =>
    Array.from({ length: 10 }, (_, unit) => record(id, unit, scored(right[id].includes(unit) ? 1 : 0))),
  );
  const tasks = [task(NAME, { samples: 10 })];

  it('gives the numbers that one finds by hand', async () => {
    const summary = await summarise(input([BASE, SFT], tasks, outcomes));
    // Wilson for 8 of 10, from the formula: (0.8 + z²/20 ± z √(0.016 + z²/400)) / (1 + z²/10).
    expect(cell(summary, 'base')).toMatchObject({
      value: 0.8,
      low: expect.closeTo(0.49016, 4),
      high: expect.closeTo(0.94331, 4),
      interval: 'wilson',
      n: 10,
      clusters: 10,
    });
    // Nine discordant pairs, two gained and seven lost: 2 · (1 + 9 + 36) / 2⁹.
    expect(effect(summary)).toMatchObject({
      kind: 'stage',
      delta: -0.5,
      p: expect.closeTo(92 / 512, 12),
      pAdjusted: expect.closeTo(92 / 512, 12),
      test: 'mcnemar-exact',
      family: 'primary',
      gained: 2,
      lost: 7,
      n: 10,
      verdict: 'no detectable change',
    });
    // Mean −.5; Σ(d+.5)² = 6.5; standard error √(6.5/9/10).
    expect(effect(summary).error).toBeCloseTo(Math.sqrt(6.5 / 90), 12);
    // Tango's interval: at either end the score, with the fitted share q of losses, is z.
    for (const end of [effect(summary).low, effect(summary).high]) {
      const d = end as number;
      const [b, c] = [-9 + 25 * d, -7 * d * (1 - d)];
      const q = (Math.sqrt(b * b - 80 * c) - b) / 40;
      expect(Math.abs(-5 - 10 * d) / Math.sqrt(10 * (2 * q + d * (1 - d)))).toBeCloseTo(1.959964, 5);
    }
  });

  it('flips whole clusters when a cluster holds several samples', async () => {
    const paired = Array.from({ length: 24 }, (_, unit) => [
      record('base', unit, scored(0), { cluster: `c${unit % 12}` }),
      record('sft', unit, scored(unit % 12 < 11 ? 1 : 0), { cluster: `c${unit % 12}` }),
    ]).flat();
    const summary = await summarise(input([BASE, SFT], [task(NAME, { samples: 24 })], paired));
    // Eleven clusters of +2, one of 0: both all-equal patterns out of 2¹¹ are as extreme.
    expect(effect(summary)).toMatchObject({
      test: 'cluster-sign-flip-exact',
      p: expect.closeTo(2 / 2 ** 11, 12),
      clusters: 12,
      verdict: 'improved',
    });
    expect(cell(summary, 'sft').interval).toBe('wilson');
  });

  it('turns the verdict with the direction of the metric', async () => {
    const worse = Array.from({ length: 40 }, (_, unit) => [
      record('base', unit, scored(0)),
      record('sft', unit, scored(unit < 20 ? 1 : 0)),
    ]).flat();
    const lower = [metric('accuracy', { direction: 'lower-is-better' })];
    const up = await summarise(input([BASE, SFT], [task(NAME, { samples: 40 })], worse));
    const down = await summarise(input([BASE, SFT], [task(NAME, { samples: 40, metrics: lower })], worse));
    expect(effect(up)).toMatchObject({ delta: 0.5, verdict: 'improved', gained: 20, lost: 0 });
    expect(effect(down)).toMatchObject({ delta: 0.5, verdict: 'worsened', gained: 0, lost: 20 });
  });
});

describe('answers without a score', () => {
  const refused: Outcome = { kind: 'unscored', reason: 'refused' };
  const outcomes = Array.from({ length: 20 }, (_, unit) => [
    record('base', unit, scored(unit < 10 ? 1 : 0)),
    record('sft', unit, unit < 8 ? refused : scored(unit < 10 ? 1 : 0)),
  ]).flat();

  it('leave the comparison when the metric does not count them', async () => {
    const summary = await summarise(input([BASE, SFT], [task(NAME, { samples: 20 })], outcomes));
    expect(cell(summary, 'sft')).toMatchObject({ n: 12, value: expect.closeTo(2 / 12, 12) });
    expect(cell(summary, 'sft').rates).toMatchObject({ refused: 0.4, scored: 0.6 });
    expect(effect(summary)).toMatchObject({ n: 12, droppedFrom: 0, droppedTo: 8, delta: 0 });
  });

  it('are valued as the metric says, and the value without them stands beside', async () => {
    const metrics = [metric('accuracy', { counts: { refused: 0 } })];
    const summary = await summarise(input([BASE, SFT], [task(NAME, { samples: 20, metrics })], outcomes));
    expect(cell(summary, 'sft')).toMatchObject({ n: 20, value: 0.1 });
    expect(cell(summary, 'sft').valueScoredOnly).toBeCloseTo(2 / 12, 12);
    expect(effect(summary)).toMatchObject({ n: 20, droppedTo: 0, delta: expect.closeTo(-0.4, 12), lost: 8 });
  });

  it('never become 0 or each other: seven shares that sum to 1', async () => {
    const kinds: Outcome[] = [
      scored(1),
      refused,
      { kind: 'unscored', reason: 'empty' },
      { kind: 'unscored', reason: 'truncated' },
      { kind: 'unscored', reason: 'unparsed' },
      { kind: 'failed', error: { code: 'timeout', message: '' } },
      { kind: 'skipped', missing: 'cannot score' },
      scored(1),
    ];
    const one = kinds.map((outcome, unit) => record('base', unit, outcome));
    const { rates, value, n } = cell(await summarise(input([BASE], [task(NAME)], one)), 'base');
    expect(rates).toEqual({
      scored: 0.25,
      refused: 0.125,
      empty: 0.125,
      truncated: 0.125,
      unparsed: 0.125,
      failed: 0.125,
      skipped: 0.125,
    });
    expect([value, n]).toEqual([1, 2]);
  });

  it('give a cell without a value, with the reason, and an effect that says so too', async () => {
    const none = Array.from({ length: 12 }, (_, unit) => [
      record('base', unit, { kind: 'skipped', missing: 'cannot score' }),
      record('sft', unit, scored(1)),
    ]).flat();
    const summary = await summarise(input([BASE, SFT], [task(NAME)], none));
    expect(cell(summary, 'base')).toMatchObject({
      value: null,
      low: null,
      n: 0,
      reason: 'skipped: cannot score',
    });
    expect(effect(summary)).toMatchObject({
      delta: null,
      p: null,
      test: null,
      pAdjusted: null,
      verdict: 'not comparable',
      reason: 'no sample has a value on both sides; base: skipped: cannot score',
    });
  });
});

describe('a metric that the data cannot give', () => {
  it('says so, and not that answers could not be scored', async () => {
    const outcomes = Array.from({ length: 12 }, (_, unit) => record('base', unit, scored(1)));
    const metrics = [metric('accuracy'), metric('gap')];
    const { cells } = await summarise(input([BASE], [task(NAME, { metrics })], outcomes));
    expect(cells.find((one) => one.metric === 'gap')).toMatchObject({
      value: null,
      reason: 'not measured on this data',
    });
  });
});

describe('a contrast that no cluster moves', () => {
  it('has no interval, because one without width would claim certainty', async () => {
    const fold = contrast('side', { safe: 0.5, unsafe: 0.5 });
    const outcomes = Array.from({ length: 40 }, (_, unit) =>
      record('base', unit, scored(unit % 2), { strata: { side: unit % 2 === 0 ? 'safe' : 'unsafe' } }),
    );
    const tasks = [task(NAME, { metrics: [metric('accuracy', { fold })] })];
    expect(cell(await summarise(input([BASE], tasks, outcomes)), 'base')).toMatchObject({
      value: 0.5,
      low: null,
      high: null,
      reason: 'no cluster moves the value: there is no spread to speak from',
    });
  });
});

describe('a metric that speaks of some strata', () => {
  it('has its value, its n and its effect from these alone, counted reasons included', async () => {
    const metrics = [metric('accuracy', { within: { kind: ['wrong'] }, counts: { refused: 1 } })];
    const strata = (unit: number) => ({ kind: unit % 2 === 0 ? 'wrong' : 'fine' });
    const outcomes = Array.from({ length: 80 }, (_, unit) => [
      record('base', unit, scored(0), { strata: strata(unit) }),
      record('sft', unit, unit < 40 ? { kind: 'unscored', reason: 'refused' } : scored(0), {
        strata: strata(unit),
      }),
    ]).flat();
    const summary = await summarise(input([BASE, SFT], [task(NAME, { metrics })], outcomes));
    expect(cell(summary, 'base')).toMatchObject({ value: 0, n: 40, clusters: 40 });
    expect(cell(summary, 'sft')).toMatchObject({ value: 0.5, valueScoredOnly: 0, n: 40 });
    expect(effect(summary)).toMatchObject({ delta: 0.5, n: 40, gained: 20, droppedFrom: 0, droppedTo: 0 });
  });
});

describe('clusters', () => {
  it('under ten: the difference is shown, without interval, test or verdict', async () => {
    const outcomes = Array.from({ length: 90 }, (_, unit) => [
      record('base', unit, scored(0), { cluster: `c${unit % 9}` }),
      record('sft', unit, scored(1), { cluster: `c${unit % 9}` }),
    ]).flat();
    expect(effect(await summarise(input([BASE, SFT], [task(NAME)], outcomes)))).toMatchObject({
      delta: 1,
      low: null,
      high: null,
      p: null,
      verdict: 'not comparable',
      reason: 'too few clusters for an interval: 9, at least 10 are needed',
    });
  });

  it('repeats of a sample stay in its cluster', async () => {
    const outcomes = Array.from({ length: 20 }, (_, unit) =>
      [0, 1].flatMap((repeat) => [
        record('base', unit, scored(0), { repeat }),
        record('sft', unit, scored(unit < 12 ? 1 : 0), { repeat }),
      ]),
    ).flat();
    const found = effect(await summarise(input([BASE, SFT], [task(NAME)], outcomes)));
    expect(found).toMatchObject({ n: 40, clusters: 20, test: 'cluster-sign-flip-exact' });
    expect(found.p).toBeCloseTo(2 / 2 ** 12, 12);
  });

  it('equal values of a proportion keep an interval that is not a point', async () => {
    const outcomes = Array.from({ length: 40 }, (_, unit) =>
      record('base', unit, scored(1), { cluster: `c${unit % 20}` }),
    );
    const { low, high, interval } = cell(await summarise(input([BASE], [task(NAME)], outcomes)), 'base');
    expect(interval).toBe('wilson');
    expect(high).toBe(1);
    // Wilson for 20 of 20 clusters.
    expect(low).toBeCloseTo(0.8389, 4);
  });
});

describe('outcomes in any order', () => {
  const checkpoints = [BASE, SFT, checkpoint('dpo', { method: 'dpo', parent: 'sft' })];
  const metrics = [
    metric('accuracy'),
    metric('nats', { unit: 'nats', binary: false, range: [Number.NEGATIVE_INFINITY, 0] }),
  ];
  const tasks = [
    task(NAME, { samples: 60, perCluster: 3, metrics }),
    task('bias/x@y:paper', { samples: 30, metrics }),
  ];
  const outcomes = tasks.flatMap((each) =>
    records(
      checkpoints,
      [each],
      (_, latent, noise) => {
        const { kind, values } = bernoulli(0.5, latent, noise) as Outcome & { kind: 'scored' };
        return { kind, values: { ...values, nats: -latent - noise() / 3 } };
      },
      each.facts.samples / each.facts.clusters,
    ),
  );

  it('give the same bytes', async () => {
    const first = renderJson(await summarise(input(checkpoints, tasks, outcomes)));
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const shuffled = seededRandom(seed).shuffled(outcomes);
        expect(renderJson(await summarise(input(checkpoints, tasks, shuffled)))).toBe(first);
      }),
      { numRuns: 8 },
    );
  });

  it('a failure gives way to the answer of a second try, whichever comes first', async () => {
    const failed: Outcome = { kind: 'failed', error: { code: 'timeout', message: '' } };
    const last = outcomes.at(-1) as OutcomeRecord;
    const again = { ...last, outcome: failed, content: null };
    const plain = renderJson(await summarise(input(checkpoints, tasks, outcomes)));
    expect(renderJson(await summarise(input(checkpoints, tasks, [again, ...outcomes])))).toBe(plain);
    expect(renderJson(await summarise(input(checkpoints, tasks, [...outcomes, again])))).toBe(plain);
  });

  it('that contradict each other are refused, with the sample and the way out', async () => {
    const last = outcomes.at(-1) as OutcomeRecord;
    const other: OutcomeRecord = { ...last, outcome: { kind: 'unscored', reason: 'empty' } };
    const elsewhere: OutcomeRecord = { ...last, cluster: 'another' };
    for (const bad of [other, elsewhere]) {
      await expect(summarise(input(checkpoints, tasks, [...outcomes, bad]))).rejects.toMatchObject({
        name: 'UserError',
        exitCode: 3,
        message: expect.stringContaining(`sample ${last.sample} (repeat 0) of bias/x@y:paper`),
      });
    }
  });

  it('of strangers are left out and reported', async () => {
    const stranger = { ...(outcomes[0] as OutcomeRecord), checkpoint: 'nobody' };
    const summary = await summarise({
      ...input(checkpoints, tasks, []),
      outcomes: stream([...outcomes, stranger]),
    });
    expect(summary.alarms.map(({ kind }) => kind)).toContain('unknown-outcomes');
  });
});

describe('chance', () => {
  it('is the mean of the samples’ own chance where each has one, and makes no effect of its own', async () => {
    const metrics = [
      metric('accuracy', { chance: 'per-sample' }),
      metric('accuracy_chance', { binary: false }),
    ];
    const outcomes = Array.from({ length: 20 }, (_, unit) =>
      ['base', 'sft'].map((id) =>
        record(id, unit, {
          kind: 'scored',
          values: { accuracy: 1, accuracy_chance: unit % 2 === 0 ? 0.25 : 0.5 },
        }),
      ),
    ).flat();
    const summary = await summarise(input([BASE, SFT], [task(NAME, { metrics })], outcomes));
    expect(cell(summary, 'base').chance).toBe(0.375);
    expect(summary.effects.map((each) => each.metric)).toEqual(['accuracy']);
  });
});
