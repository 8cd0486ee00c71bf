import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { sha256 } from '../../../core/digest.ts';
import { EXIT, UserError } from '../../../core/errors.ts';
import { comparisonSchema } from '../../../results/compare/comparison.schema.ts';
import { compareRuns as join, type RunComparison } from '../../../results/compare/comparison.ts';
import {
  comparisonAgainCsv,
  comparisonEffectsCsv,
  comparisonValuesCsv,
} from '../../../results/compare/csv.ts';
import { type Asked, joinInstruments } from '../../../results/compare/join.ts';
import { renderComparisonLatex } from '../../../results/compare/latex.ts';
import { renderComparisonMarkdown } from '../../../results/compare/markdown.ts';
import type { RunInput } from '../../../results/compare/run-input.ts';
import { renderComparisonTerminal } from '../../../results/compare/terminal.ts';
import { displayWidth } from '../../../results/report/text.ts';
import { type SummaryTaskInput, summarise } from '../../../results/summarise.ts';
import type { RunFacts, SummaryCheckpoint } from '../../../results/summary.ts';
import { bernoulli, checkpoint, input, metric, RUN, records, stream, task } from '../support/synthetic.ts';
import { HOSTILE } from './hostile.ts';

const TRUTH = 'truthfulness/mc1@x:robust';
const BIAS = 'bias/pairs@y:robust';

function asked(instrument: string, rest: Partial<Asked> = {}): Asked {
  const [, name = '', dataset = '', preset = ''] = /^(.*)@(.*):(.*)$/.exec(instrument) ?? [];
  return {
    instrument,
    task: name,
    dataset,
    preset,
    version: 1,
    present: 1,
    samples: 60,
    samplesDigest: 'same',
    dataDigest: 'data',
    repeats: 1,
    conditions: {},
    ...rest,
  };
}

interface RunShape {
  readonly run?: Partial<RunFacts>;
  readonly asked?: Partial<Asked>;
  readonly instruments?: readonly string[];
  readonly allow?: RunInput['allow'];
  readonly outcomes?: () => AsyncIterable<OutcomeRecord>;
}

function tasksOf(names: readonly string[]): SummaryTaskInput[] {
  return names.map((name) => task(name, { samples: 60 }));
}

/** How well each model of these tests does; equal ids with equal weights answer equally. */
const RATES: Readonly<Record<string, number>> = { base: 0.5, sft: 0.6, dpo: 0.85, kto: 0.4 };

function answersOf(checkpoints: readonly SummaryCheckpoint[], names: readonly string[]): OutcomeRecord[] {
  return records(checkpoints, tasksOf(names), (place, latent, noise) =>
    bernoulli(RATES[place.checkpoint] ?? 0.5, latent, noise),
  );
}

function runOf(label: string, checkpoints: readonly SummaryCheckpoint[], shape: RunShape = {}): RunInput {
  const { instruments = [TRUTH, BIAS] } = shape;
  const outcomes = answersOf(checkpoints, instruments);
  return {
    label,
    benchmark: `bench ${label}`,
    run: { ...RUN, id: `run-${label}`, ...shape.run },
    checkpoints,
    asked: instruments.map((name) => asked(name, shape.asked)),
    taskOf: async (instrument) => task(instrument, { samples: 60 }),
    allow: shape.allow ?? [],
    outcomes: shape.outcomes ?? (() => stream(outcomes)),
  };
}

const base = checkpoint('base');
const sft = checkpoint('sft', { method: 'sft', parent: 'base' });
const dpo = checkpoint('dpo', { method: 'dpo', parent: 'base' });
const kto = checkpoint('kto', { method: 'kto', parent: 'base' });

const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile<unknown>(
  comparisonSchema,
);

/** Every comparison of these tests is one by the published schema. */
async function compareRuns(...args: Parameters<typeof join>): Promise<RunComparison> {
  const comparison = await join(...args);
  validate(JSON.parse(JSON.stringify(comparison)));
  expect(validate.errors ?? []).toEqual([]);
  return comparison;
}

function effectIn({ effects }: RunComparison, to: string, instrument: string) {
  const effect = effects.find((each) => each.to === to && each.task === instrument);
  if (effect === undefined) throw new Error(`no effect of ${to} under ${instrument}`);
  return effect;
}

describe('which instruments join', () => {
  const reasons = (change: Partial<Asked>): readonly string[] =>
    joinInstruments([
      { label: 'A', asked: [asked(TRUTH)] },
      { label: 'B', asked: [asked(TRUTH, change)] },
    ]).notJoined.map(({ why }) => why);

  it.each([
    [{ version: 2 }, 'task version: 1 in A, 2 in B'],
    [{ dataDigest: 'other' }, 'data: data in A, other in B'],
    [{ repeats: 3 }, 'repeats of each sample: 1 in A, 3 in B'],
    [{ conditions: { judge: 'abc' } }, 'judge: none in A, abc in B'],
  ])('%j keeps them apart, and says so', (change, expected) => {
    expect(reasons(change)).toEqual([expected]);
  });

  it.each([
    [{ version: 2 }, 'rescore'],
    [{ dataDigest: 'other' }, '--new'],
    [{ repeats: 3 }, '`repeats`'],
    [{ conditions: { judge: 'abc' } }, 'same judge'],
    [{ conditions: { 'stopping rule': 'effect-width<0.1 of x' } }, 'without --until'],
    [{ conditions: { 'form of a raw prompt': 'plain' } }, 'one definition'],
    [{ present: 2 }, 'rescore'],
  ])('%j has a remedy', (change, remedy) => {
    const { notJoined } = joinInstruments([
      { label: 'A', asked: [asked(TRUTH, 'present' in change ? change : {})] },
      { label: 'B', asked: [asked(TRUTH, change)] },
    ]);
    expect(notJoined[0]?.fix).toContain(remedy);
  });

  it('another number of samples keeps nothing apart', () => {
    const { joined } = joinInstruments([
      { label: 'A', asked: [asked(TRUTH)] },
      { label: 'B', asked: [asked(TRUTH, { samples: 40, samplesDigest: 'other' })] },
    ]);
    expect(joined).toEqual([{ instrument: TRUTH, runs: ['A', 'B'], paired: [] }]);
  });

  it('another preset or dataset is another instrument', () => {
    const { joined, notJoined } = joinInstruments([
      { label: 'A', asked: [asked(TRUTH)] },
      { label: 'B', asked: [asked('truthfulness/mc1@x:paper')] },
    ]);
    expect(joined).toEqual([]);
    expect(notJoined[0]).toEqual({
      instrument: TRUTH,
      why: 'B asked truthfulness/mc1@x:paper: another preset, so another instrument',
      conflict: true,
      fix: expect.stringContaining('preset in both definitions'),
    });
  });

  it('an instrument that one run alone asked is no conflict', () => {
    const { notJoined } = joinInstruments([
      { label: 'A', asked: [asked(TRUTH), asked(BIAS)] },
      { label: 'B', asked: [asked(TRUTH)] },
    ]);
    expect(notJoined).toEqual([{ instrument: BIAS, why: 'only A asked it', conflict: false, fix: null }]);
  });

  it('as many other samples stand side by side, unpaired', () => {
    const { joined } = joinInstruments([
      { label: 'A', asked: [asked(TRUTH)] },
      { label: 'B', asked: [asked(TRUTH, { samplesDigest: 'other' })] },
      { label: 'C', asked: [asked(TRUTH)] },
    ]);
    expect(joined).toEqual([{ instrument: TRUTH, runs: ['A', 'B', 'C'], paired: ['A', 'C'] }]);
  });

  it('an outcome read with an older task has to be read again', () => {
    const { notJoined } = joinInstruments([
      { label: 'A', asked: [asked(TRUTH, { present: 2 })] },
      { label: 'B', asked: [asked(TRUTH, { present: 2 })] },
    ]);
    expect(notJoined[0]?.why).toContain('was read with version 1 of the task and this is version 2');
    expect(notJoined[0]?.fix).toContain('`aligntrust rescore RUN`');
  });
});

describe('a comparison of runs', () => {
  it('pairs checkpoints of different runs exactly as one run would have', async () => {
    const comparison = await compareRuns([runOf('A', [base, dpo]), runOf('B', [kto])], 'A/dpo');
    const together = await summarise(
      input([dpo, { ...kto, parent: 'dpo' }], tasksOf([TRUTH, BIAS]), answersOf([dpo, kto], [TRUTH, BIAS])),
    );
    for (const instrument of [TRUTH, BIAS]) {
      const across = effectIn(comparison, 'B/kto', instrument);
      const within = together.effects.find(
        ({ kind, to, task: name }) => kind === 'stage' && to === 'kto' && name === instrument,
      );
      expect(across.delta).toBe(within?.delta);
      expect([across.low, across.high, across.p, across.pAdjusted, across.n]).toEqual([
        within?.low,
        within?.high,
        within?.p,
        within?.pAdjusted,
        within?.n,
      ]);
      expect(across.verdict).toBe('worsened');
    }
  });

  it('repeats what each stage changed, as the run by itself has it', async () => {
    const comparison = await compareRuns([runOf('A', [base, dpo]), runOf('B', [base, kto])]);
    const alone = await summarise(
      input([base, kto], tasksOf([TRUTH, BIAS]), answersOf([base, kto], [TRUTH, BIAS])),
    );
    const within = alone.effects.filter(({ kind }) => kind === 'stage');
    expect(
      comparison.stages.filter(({ to }) => to === 'B/kto').map(({ delta, low, high }) => [delta, low, high]),
    ).toEqual(within.map(({ delta, low, high }) => [delta, low, high]));
    const text = renderComparisonTerminal(comparison, { width: 100, colour: false });
    const interval = '(±\\d+\\.\\d|\\[[^\\]]+\\])';
    expect(text).toMatch(new RegExp(`A/base → dpo +\\+\\d+\\.\\d ${interval} better`));
    expect(text).toMatch(
      new RegExp(`B/base → kto +\\+\\d+\\.\\d ${interval} better +−\\d+\\.\\d ${interval} worse`),
    );
  });

  it('shows the same checkpoint twice, marked, as a repeat and not as a test', async () => {
    const renamed = { ...sft, id: 'sft-again' };
    const outcomes = answersOf([sft], [TRUTH, BIAS]).map((record) => ({
      ...record,
      checkpoint: 'sft-again',
    }));
    const comparison = await compareRuns([
      runOf('A', [base, sft]),
      runOf('B', [renamed], { outcomes: () => stream(outcomes) }),
    ]);
    const again = comparison.checkpoints.find(({ name }) => name === 'B/sft-again');
    expect(again?.sameAs).toEqual({ name: 'A/sft', proven: true });
    expect(again?.against).toEqual({ name: 'A/sft', sameWeights: true });
    const effect = effectIn(comparison, 'B/sft-again', TRUTH);
    expect([effect.kind, effect.family, effect.delta, effect.gained + effect.lost]).toEqual([
      'control',
      'none',
      0,
      0,
    ]);
    const text = renderComparisonTerminal(comparison, { width: 100, colour: false });
    expect(text).toContain('B/sft-again = A/sft');
    expect(text).toContain('Equal on every sample of every instrument: B/sft-again and A/sft.');
  });

  it('marks an unfinished run and prints the rest', async () => {
    const comparison = await compareRuns([
      runOf('A', [base]),
      runOf('B', [dpo], { run: { status: 'interrupted' } }),
    ]);
    const text = renderComparisonTerminal(comparison, { width: 100, colour: false });
    expect(text).toContain('INCOMPLETE (interrupted)');
    expect(text).toContain('B/dpo INCOMPLETE');
    expect(renderComparisonMarkdown(comparison)).toContain('INCOMPLETE');
  });

  it('keeps what can be read when the outcomes of a run are damaged', async () => {
    async function* damaged(): AsyncGenerator<OutcomeRecord> {
      yield* answersOf([dpo], [TRUTH]).slice(0, 5);
      throw new UserError({ where: 'outcomes.jsonl:6', message: 'is damaged' }, EXIT.environment);
    }
    const comparison = await compareRuns([
      runOf('A', [base]),
      runOf('B', [dpo], { outcomes: damaged }),
      runOf('C', [{ ...kto, id: 'base', method: 'kto' }]),
    ]);
    expect(comparison.runs.map(({ problem }) => problem)).toEqual([
      null,
      'outcomes.jsonl:6: is damaged',
      null,
    ]);
    expect(comparison.cells.some(({ checkpoint: name }) => name.startsWith('B/'))).toBe(false);
    expect(comparison.cells.filter(({ checkpoint: name }) => name.startsWith('C/')).length).toBeGreaterThan(
      0,
    );
    expect(renderComparisonTerminal(comparison, { width: 100, colour: false })).toContain('NOT READ');
  });

  it('refuses when nothing can be joined: one problem, with every reason and what to do', async () => {
    const other = runOf('B', [dpo], { asked: { version: 2 } });
    const refused = compareRuns([runOf('A', [base]), other]);
    await expect(refused).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(
        /mc1.*task version: 1 in A, 2 in B[\s\S]*pairs.*task version: 1 in A, 2 in B/,
      ),
      problems: [{ fix: expect.stringContaining('rescore') }],
    });
  });

  it('refuses to hold anything against a checkpoint that is not there', async () => {
    await expect(compareRuns([runOf('A', [base]), runOf('B', [dpo])], 'A/bose')).rejects.toThrow(
      'A/base, B/dpo',
    );
  });

  it('never compares across another engine', async () => {
    const elsewhere = checkpoint('dpo', { method: 'dpo', parent: 'base' }, { engine: 'vllm 0.9.1' });
    const comparison = await compareRuns([runOf('A', [base]), runOf('B', [elsewhere])], 'A/base');
    const effect = effectIn(comparison, 'B/dpo', TRUTH);
    expect(effect.verdict).toBe('not comparable');
    expect(effect.reason).toContain('engine');
  });

  it('unless the definitions of all runs allow it, and then it names the difference', async () => {
    const elsewhere = checkpoint('dpo', { method: 'dpo', parent: 'base' }, { engine: 'vllm 0.9.1' });
    const allow = ['engine'] as const;
    const both = await compareRuns(
      [runOf('A', [base], { allow }), runOf('B', [elsewhere], { allow })],
      'A/base',
    );
    expect(effectIn(both, 'B/dpo', TRUTH).confounds).toEqual(['engine']);
    expect(effectIn(both, 'B/dpo', TRUTH).verdict).toBe('improved');
    const one = await compareRuns([runOf('A', [base], { allow }), runOf('B', [elsewhere])], 'A/base');
    expect(effectIn(one, 'B/dpo', TRUTH).verdict).toBe('not comparable');
  });

  it('keeps to the width of the terminal', async () => {
    const long = { ...checkpoint('a-checkpoint-with-a-very-long-name-indeed-step-3000'), method: 'dpo' };
    const comparison = await compareRuns([runOf('A', [base, dpo, long]), runOf('B', [sft, dpo, long, kto])]);
    for (const width of [60, 72, 100]) {
      const text = renderComparisonTerminal(comparison, { width, colour: false });
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});

describe('runs that differ in how many samples they asked', () => {
  /** A run that asked the samples from `start` up to `end` of 60. */
  function part(
    label: string,
    checkpoints: readonly SummaryCheckpoint[],
    start: number,
    end: number,
  ): RunInput {
    const outcomes = answersOf(checkpoints, [TRUTH, BIAS]).filter(({ sample }) => {
      const place = Number(sample.slice(1));
      return place >= start && place < end;
    });
    const run = runOf(label, checkpoints, {
      asked: { samples: end - start, samplesDigest: `${start} ${end}` },
      outcomes: () => stream(outcomes),
    });
    return {
      ...run,
      taskOf: async (instrument) => task(instrument, { samples: end - start }),
    };
  }

  it('are paired on the samples that they share, as runs of those alone would be', async () => {
    const comparison = await compareRuns([part('A', [base, dpo], 0, 60), part('B', [kto], 0, 40)], 'A/dpo');
    const alone = await compareRuns([part('A', [base, dpo], 0, 40), part('B', [kto], 0, 40)], 'A/dpo');
    expect(comparison.effects).toEqual(alone.effects);
    const effect = effectIn(comparison, 'B/kto', TRUTH);
    expect([effect.n, effect.droppedFrom, effect.droppedTo]).toEqual([40, 0, 0]);
    expect(comparison.tasks.map(({ sizes, paired, shared }) => [sizes, paired, shared])).toEqual([
      [[60, 40], ['A', 'B'], 40],
      [[60, 40], ['A', 'B'], 40],
    ]);
    expect(comparison.cells.find(({ checkpoint: name }) => name === 'A/dpo')?.n).toBe(60);
    const text = renderComparisonTerminal(comparison, { width: 200, colour: false });
    expect(text).toContain(
      `${TRUTH}, ${BIAS}: of the samples that were asked (A 60, B 40) all of these runs share 40`,
    );
    expect(text).toMatch(/B\/kto +.*n 40/);
  });

  it('stand side by side where they merely overlap, and it says so', async () => {
    const comparison = await compareRuns([part('A', [base, dpo], 0, 40), part('B', [base, kto], 10, 60)]);
    expect(comparison.effects).toEqual([]);
    expect(comparison.tasks[0]).toMatchObject({
      runs: ['A', 'B'],
      sizes: [40, 50],
      paired: [],
      shared: null,
    });
    expect(comparison.stages.map(({ to, n }) => [to, n])).toContainEqual(['B/kto', 50]);
    const text = renderComparisonTerminal(comparison, { width: 200, colour: false });
    expect(text).toContain('B asked other samples than A');
  });

  it('are paired in a chain, and a run that only overlaps stays out', async () => {
    const comparison = await compareRuns([
      part('A', [base, dpo], 0, 60),
      part('B', [base, dpo], 20, 60),
      part('C', [base, dpo], 0, 40),
      part('D', [base, dpo], 30, 50),
    ]);
    expect(comparison.tasks[0]).toMatchObject({ paired: ['A', 'B', 'D'], shared: 20 });
    const effects = comparison.effects.filter(({ task: name }) => name === TRUTH);
    expect(new Set(effects.map(({ n }) => n))).toEqual(new Set([20]));
    expect(effects.some(({ from, to }) => `${from} ${to}`.includes('C/'))).toBe(false);
  });
});

describe('whether a stage did the same again', () => {
  const againOf = ({ again }: RunComparison, child: string, instrument: string) =>
    again.find(({ again: later, task: name }) => later.to === child && name === instrument);

  it('says on which side both effects lie and whether the intervals overlap', async () => {
    // The same stage of another training, which answers as `kto` does and so gets worse instead of better.
    const other = checkpoint('dpo', { method: 'dpo', parent: 'base' }, { weights: 'another training' });
    const worse = answersOf([base, kto], [TRUTH, BIAS]).map((record) =>
      record.checkpoint === 'kto' ? { ...record, checkpoint: 'dpo' } : record,
    );
    const comparison = await compareRuns([
      runOf('A', [base, dpo]),
      runOf('B', [base, dpo]),
      runOf('C', [base, other], { outcomes: () => stream(worse) }),
    ]);
    const same = againOf(comparison, 'B/dpo', TRUTH);
    const delta = comparison.stages.find(({ to, task: name }) => to === 'A/dpo' && name === TRUTH)?.delta;
    expect(delta).toBeGreaterThan(0);
    expect(same).toEqual({
      first: { from: 'A/base', to: 'A/dpo', delta },
      again: { from: 'B/base', to: 'B/dpo', delta },
      task: TRUTH,
      metric: 'accuracy',
      sameSign: true,
      overlap: true,
      sameWeights: true,
      sharedSamples: true,
    });
    for (const instrument of [TRUTH, BIAS]) {
      const [a, c] = ['A/dpo', 'C/dpo'].map((to) =>
        comparison.stages.find((stage) => stage.to === to && stage.task === instrument),
      );
      const again = againOf(comparison, 'C/dpo', instrument);
      expect(again?.sameSign).toBe(Math.sign(a?.delta ?? 0) === Math.sign(c?.delta ?? 0));
      expect(again?.overlap).toBe((c?.high ?? 0) >= (a?.low ?? 0) && (c?.low ?? 0) <= (a?.high ?? 0));
      expect(again?.sameWeights).toBe(false);
    }
    expect(againOf(comparison, 'C/dpo', BIAS)).toMatchObject({ sameSign: false, overlap: false });
    const text = renderComparisonTerminal(comparison, { width: 160, colour: false });
    expect(text).toContain('Did each stage do the same again?');
    expect(text).toMatch(/A\/base → dpo, B\/base → dpo +same side, overlap +same side, overlap/);
    expect(text).toMatch(/A\/base → dpo, C\/base → dpo .*OTHER SIDE, APART/);
    expect(text).toContain('The same weights as before, so no second training: B/base → dpo.');
    expect(text).toContain('a description, no test');
    expect(renderComparisonMarkdown(comparison)).toContain('Did each stage do the same again?');
    expect(renderComparisonLatex(comparison)).toContain('tab:aligntrust-compare-again');
    expect(comparisonAgainCsv(comparison).split('\r\n')[1]).toBe(
      `A/base,A/dpo,${delta},B/base,B/dpo,${delta},${TRUTH},accuracy,true,true,true,true`,
    );
  });

  it('says that a stage changed nothing in either run', async () => {
    const still = answersOf([base, sft], [TRUTH]).map((record) => ({
      ...record,
      outcome: { kind: 'scored' as const, values: { accuracy: 1 } },
    }));
    const shape = { instruments: [TRUTH], outcomes: () => stream(still) };
    const comparison = await compareRuns([runOf('A', [base, sft], shape), runOf('B', [base, sft], shape)]);
    expect(againOf(comparison, 'B/sft', TRUTH)).toMatchObject({ sameSign: true, again: { delta: 0 } });
    const text = renderComparisonTerminal(comparison, { width: 100, colour: false });
    expect(text).toMatch(/A\/base → sft, B\/base → sft +no change in both/);
    expect(text).toContain('1 of 1 lie on the same side');
  });

  it('holds no stage against one that begins elsewhere', async () => {
    const late = checkpoint('dpo', { method: 'dpo', parent: 'sft' });
    const comparison = await compareRuns([runOf('A', [base, dpo]), runOf('B', [sft, late])]);
    expect(comparison.again).toEqual([]);
    expect(renderComparisonTerminal(comparison, { width: 100, colour: false })).not.toContain('again?');
  });
});

describe('the published schema of a comparison', () => {
  it('refuses a field that it does not know, a missing one, and a word that is none of its own', async () => {
    const sound = await join([runOf('A', [base, sft]), runOf('B', [dpo])]);
    const isOne = (change: object): boolean =>
      validate(JSON.parse(JSON.stringify({ ...sound, ...change }))) as boolean;
    expect(isOne({})).toBe(true);
    expect(isOne({ surprise: 1 })).toBe(false);
    expect(isOne({ families: undefined })).toBe(false);
    expect(isOne({ runs: sound.runs.map((run) => ({ ...run, status: 'done' })) })).toBe(false);
    expect(isOne({ stages: sound.stages.map((stage) => ({ ...stage, verdict: 'improved' })) })).toBe(false);
    expect(isOne({ tasks: sound.tasks.map((each) => ({ ...each, paired: undefined })) })).toBe(false);
  });
});

describe('hostile names in a comparison', () => {
  const rename = (id: string, index: number): SummaryCheckpoint =>
    checkpoint(id, { method: id, parent: null }, { weights: `w${index}` });

  it('stay text in every format', async () => {
    const members = HOSTILE.map(rename);
    const run = { id: HOSTILE.join(' ') };
    const comparison = await compareRuns([
      { ...runOf('A', members, { run }), benchmark: HOSTILE.join(' ') },
      runOf(
        'B',
        members.map((one) => ({ ...one, identity: { ...one.identity, facts: {} } })),
      ),
    ]);
    const markdown = renderComparisonMarkdown(comparison);
    expect(markdown.replaceAll('\n', '')).not.toMatch(/<script|(?<!\\)\]\(http|[\p{Cc}\p{Cf}]/u);
    const terminal = renderComparisonTerminal(comparison, { width: 90, colour: false });
    expect(terminal.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
    expect(renderComparisonLatex(comparison)).toMatch(/^[\n -~]*$/);
    for (const text of [comparisonValuesCsv(comparison), comparisonEffectsCsv(comparison)]) {
      for (const field of text.split(/\r\n|,/)) expect(field).not.toMatch(/^"?[=+@\t]|^"?-(?!\d)/);
    }
  });
});

describe('factors of preference between runs', () => {
  const LEVELS = 'profile/levels@z:robust';
  const FACTORS = ['length', 'apology'].map((key) =>
    metric(key, { direction: 'neutral', unit: 'score', range: [0, 1], label: `pull of ${key}` }),
  );

  function factorTask(): SummaryTaskInput {
    const made = task(LEVELS, { samples: 60, metrics: FACTORS });
    return { ...made, facts: { ...made.facts, family: 'profile', primary: false } };
  }

  /** Apology moves as far as the rates are apart; of length two samples change places. */
  function profileRun(label: string, rate: number, more: readonly string[] = []): RunInput {
    const own = checkpoint('base', {}, { weights: sha256(label) });
    const outcomes = [
      ...records([own], [factorTask()], ({ unit }) => ({
        kind: 'scored',
        values: {
          length: unit < 2 && label === 'B' ? 1 - unit : unit % 2,
          apology: unit / 60 < rate ? 1 : 0,
        },
      })),
      ...answersOf([own], more),
    ];
    return {
      ...runOf(label, [own], { instruments: [LEVELS, ...more] }),
      taskOf: async (name) => (name === LEVELS ? factorTask() : task(name, { samples: 60 })),
      outcomes: () => stream(outcomes),
    };
  }

  it('are no headline and have no better side; those that moved are columns with their names', async () => {
    const comparison = await compareRuns([profileRun('A', 0.2), profileRun('B', 0.9)]);
    expect(comparison.shown).toEqual([{ task: LEVELS, metric: 'apology' }]);
    expect(effectsOf(comparison)).toEqual([
      ['length', 'profile'],
      ['apology', 'profile'],
    ]);
    const texts = [
      renderComparisonTerminal(comparison, { width: 120, colour: false }),
      renderComparisonMarkdown(comparison),
      renderComparisonLatex(comparison),
    ];
    for (const text of texts) {
      expect(text).toContain('pull of apology');
      expect(text).not.toContain('pull of length');
      expect(text).toContain('neither way is better');
      expect(text).not.toMatch(/(lower|higher) better/);
      expect(text).toMatch(/1 of 2/);
    }
  });

  it('say by which correction they hold, with the p that is printed', async () => {
    const comparison = await compareRuns([profileRun('A', 0.2), profileRun('B', 0.9)]);
    const text = renderComparisonTerminal(comparison, { width: 120, colour: false });
    expect(text).toContain('p by Holm over 2 tests of factors');
    expect(text).not.toContain('p not corrected');
    const both = await compareRuns([profileRun('A', 0.2, [TRUTH]), profileRun('B', 0.9, [TRUTH])]);
    expect(both.shown.map(({ task: name }) => name)).toEqual([LEVELS, TRUTH]);
  });

  it('that did not move are counted, not called unpaired', async () => {
    const comparison = await compareRuns([profileRun('A', 0.5), profileRun('B', 0.52)]);
    expect(comparison.shown).toEqual([]);
    const text = renderComparisonTerminal(comparison, { width: 120, colour: false });
    expect(text).toContain('no factor moved');
    expect(text).toContain('0 of 2');
    expect(text).not.toContain('could be paired');
  });

  it('are no headline in tables of values', async () => {
    const csv = comparisonValuesCsv(await compareRuns([profileRun('A', 0.2), profileRun('B', 0.9)]));
    expect(csv).not.toMatch(/,true,score,neutral/);
    expect(csv).toMatch(/,false,score,neutral/);
  });

  function effectsOf({ effects }: RunComparison): (string | undefined)[][] {
    return effects.map(({ metric: key, family }) => [key, family]);
  }
});
