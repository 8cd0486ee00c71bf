import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { runBenchmark } from '../../benchmarks/run/run-benchmark.ts';
import { StopSwitch } from '../../benchmarks/run/stop.ts';
import type { JsonObject } from '../../core/json.ts';
import { temporaryFolders } from '../fixtures/folders.ts';
import { statementsOf } from '../fixtures/zoo-statements.ts';
import { describeWith, zooCheckpoint } from './support/installed.ts';
import { startLlamaServer, startOllama } from './support/servers.ts';

const SAMPLES = 6;
/** In nats a token, as of the zoo across engines everywhere (agreement.test.ts). */
const TOLERANCE = 0.05;
/** Of greedy answers: near ties flip by rounding. */
const SAME_TEXT = 0.75;

/** What is compared of each instrument, how many log-probabilities are in it, and what it needs. */
interface Compared {
  readonly task: string;
  readonly dataset: 'zoo-profile' | 'statements';
  /** Metrics in nats. */
  readonly nats: readonly string[];
  /** Metrics read off greedy text. */
  readonly text: readonly string[];
  readonly needs: 'text' | 'score' | 'states';
}

const INSTRUMENTS: readonly Compared[] = [
  {
    task: 'pairs',
    dataset: 'zoo-profile',
    nats: ['margin', 'chosen_shift', 'rejected_shift'],
    text: [],
    needs: 'score',
  },
  { task: 'dpo-loss', dataset: 'zoo-profile', nats: ['dpo_loss'], text: [], needs: 'score' },
  {
    task: 'behaviour',
    dataset: 'statements',
    nats: ['matching_log_odds', 'yes_log_odds'],
    text: [],
    needs: 'score',
  },
  {
    task: 'behaviour-first-token',
    dataset: 'statements',
    nats: ['matching_log_odds', 'yes_log_odds'],
    text: [],
    needs: 'text',
  },
  { task: 'behaviour-text', dataset: 'statements', nats: [], text: ['yes', 'agreement'], needs: 'text' },
  {
    task: 'stated',
    dataset: 'zoo-profile',
    nats: ['debiased', 'position_bias'],
    text: [],
    needs: 'text',
  },
  { task: 'stated-text', dataset: 'zoo-profile', nats: [], text: ['win'], needs: 'text' },
  // A share of two options moves by at most a quarter of what its log-odds move by.
  { task: 'options', dataset: 'zoo-profile', nats: ['preferred', 'prior_a'], text: [], needs: 'text' },
  // Every engine draws its own answers, so that only what holds of any draw is compared.
  { task: 'kl', dataset: 'zoo-profile', nats: [], text: [], needs: 'score' },
  { task: 'states', dataset: 'statements', nats: [], text: [], needs: 'states' },
  { task: 'ches', dataset: 'zoo-profile', nats: [], text: [], needs: 'states' },
];

type Models = Readonly<Record<'sft' | 'dpo', JsonObject>>;

describeWith(['ollama', 'python', 'zoo'], 'every instrument of learning dynamics in three engines', () => {
  const folder = temporaryFolders();
  const stops: (() => Promise<void>)[] = [];
  const engines = new Map<string, readonly OutcomeRecord[]>();

  const outcomesOf = async (models: Models): Promise<readonly OutcomeRecord[]> => {
    const place = await folder();
    await writeFile(join(place, 'statements.jsonl'), statementsOf(SAMPLES));
    const definition = await definitionFromText(
      JSON.stringify({
        benchmark: 'dynamics',
        defaults: { promptFormat: 'raw' },
        checkpoints: [
          { id: 'sft', ...models.sft, alignment: { method: 'sft' } },
          { id: 'dpo', ...models.dpo, alignment: { method: 'dpo', parent: 'sft', step: 48, beta: 0.1 } },
        ],
        roles: { reference: 'sft' },
        tasks: INSTRUMENTS.map(({ task, dataset }) => ({
          task: `dynamics/${task}`,
          dataset,
          limit: SAMPLES,
          ...(dataset === 'statements' ? { path: 'statements.jsonl', form: 'dialogue' } : {}),
        })),
        settings: { seed: 1 },
      }),
      { file: 'dynamics.json', folder: place },
    );
    const options = { runs: await folder(), skipMissing: true, env: {}, stop: new StopSwitch() };
    const { folder: run } = await runBenchmark(definition, options);
    const outcomes: OutcomeRecord[] = [];
    for await (const outcome of readOutcomes(run)) outcomes.push(outcome);
    return outcomes;
  };

  beforeAll(async () => {
    const names = ['sft', 'dpo'] as const;
    engines.set(
      'in process',
      await outcomesOf({
        sft: { adapter: 'gguf', model: zooCheckpoint('sft') },
        dpo: { adapter: 'gguf', model: zooCheckpoint('dpo') },
      }),
    );
    const servers = await Promise.all(
      names.map((name) => startLlamaServer(zooCheckpoint(name), ['--exact'])),
    );
    stops.push(...servers.map((server) => () => server.stop()));
    const [sft, dpo] = servers.map(({ model, baseURL }) => ({
      adapter: 'openai',
      model,
      options: { baseURL },
    }));
    engines.set("llama.cpp's server", await outcomesOf({ sft: sft ?? {}, dpo: dpo ?? {} }));
    const ollama = await startOllama({ OLLAMA_FLASH_ATTENTION: '0' });
    stops.push(() => ollama.stop());
    for (const name of names)
      await ollama.create(name, `FROM ${zooCheckpoint(name)}\nPARAMETER num_thread 1\n`);
    const options = { baseURL: ollama.baseURL, numThread: 1, numCtx: 512 };
    const [own, tuned] = names.map((model) => ({ adapter: 'ollama', model, options }));
    engines.set('Ollama', await outcomesOf({ sft: own ?? {}, dpo: tuned ?? {} }));
  }, 600_000);

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  const of = (engine: string, task: string, checkpoint: string) =>
    (engines.get(engine) ?? [])
      .filter((one) => one.checkpoint === checkpoint && one.instrument.startsWith(`dynamics/${task}@`))
      .sort((a, b) => a.sample.localeCompare(b.sample))
      .map(({ outcome }) => outcome);
  const valuesOf = (engine: string, task: string, checkpoint: string) =>
    of(engine, task, checkpoint).map((outcome) => {
      if (outcome.kind !== 'scored') throw new Error(`${task} in ${engine}: ${JSON.stringify(outcome)}`);
      return outcome;
    });

  /** Log-probabilities that a value sums up: of pairs the tokens of both answers under both models. */
  const tokensIn = (detail: unknown): number => {
    const tokens = (detail as { readonly tokens?: unknown } | undefined)?.tokens;
    if (typeof tokens !== 'object' || tokens === null) return 2;
    const { chosen, rejected } = tokens as { readonly chosen: number; readonly rejected: number };
    return 2 * (chosen + rejected);
  };

  it.each(
    INSTRUMENTS.filter(({ needs }) => needs !== 'states').flatMap(({ needs, ...one }) =>
      ["llama.cpp's server", ...(needs === 'score' ? [] : ['Ollama'])].map(
        (engine) => [one.task, engine, one] as const,
      ),
    ),
  )('dynamics/%s says in %s what it says in process', (task, engine, { nats, text }) => {
    const differences: number[] = [];
    const same: boolean[] = [];
    for (const checkpoint of ['sft', 'dpo']) {
      const [ours, theirs] = [valuesOf('in process', task, checkpoint), valuesOf(engine, task, checkpoint)];
      expect([ours.length, theirs.length]).toEqual([SAMPLES, SAMPLES]);
      for (const [index, { values, detail }] of ours.entries()) {
        const other = theirs[index]?.values ?? {};
        for (const key of nats) {
          const difference = Math.abs((values[key] ?? Number.NaN) - (other[key] ?? Number.NaN));
          expect(difference).toBeLessThanOrEqual(TOLERANCE * tokensIn(detail));
          differences.push(difference);
        }
        for (const key of text) same.push(values[key] === other[key]);
      }
    }
    const mean = differences.reduce((sum, one) => sum + one, 0) / Math.max(1, differences.length);
    const equal = same.filter(Boolean).length;
    process.stderr.write(
      `agreement dynamics/${task}, in process and ${engine}: ${differences.length} values, |difference| mean ${mean.toFixed(5)}, ` +
        `max ${Math.max(0, ...differences).toFixed(5)}; ${equal} of ${same.length} texts alike\n`,
    );
    if (same.length > 0) expect(equal / same.length).toBeGreaterThanOrEqual(SAME_TEXT);
  });

  it.each([
    ...INSTRUMENTS.filter(({ needs }) => needs === 'score').map(
      ({ task }) => [task, 'Ollama', 'cannot score'] as const,
    ),
    ['ches', 'Ollama', 'no hidden states'],
    ['ches', "llama.cpp's server", 'cannot embed'],
    ['states', "llama.cpp's server", 'cannot embed'],
  ])('dynamics/%s is left out of %s, with the reason', (task, engine, reason) => {
    const outcomes = of(engine, task, 'dpo');
    expect(outcomes).toHaveLength(SAMPLES);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ kind: 'skipped', missing: expect.stringContaining(reason) });
  });

  it.each(INSTRUMENTS.map(({ task }) => task))(
    'dynamics/%s has a value in process for every sample',
    (task) => {
      for (const checkpoint of ['sft', 'dpo'])
        expect(valuesOf('in process', task, checkpoint)).toHaveLength(SAMPLES);
    },
  );

  it('hidden states that Ollama gives have length 1, which their norm shows', () => {
    const norms = (engine: string) =>
      valuesOf(engine, 'states', 'dpo').map(({ values }) => values['norm'] ?? 0);
    for (const norm of norms('Ollama')) expect(norm).toBeCloseTo(1, 4);
    for (const norm of norms('in process')) expect(norm).toBeGreaterThan(1.1);
  });

  it.each(['in process', "llama.cpp's server"])(
    'in %s margins and KL of the reference are exactly 0, and its loss is ln 2',
    (engine) => {
      for (const { values } of valuesOf(engine, 'pairs', 'sft'))
        expect(Math.abs(values['margin'] ?? 1)).toBe(0);
      for (const { values } of valuesOf(engine, 'dpo-loss', 'sft'))
        expect(values['dpo_loss']).toBeCloseTo(Math.LN2, 14);
      for (const { values } of valuesOf(engine, 'kl', 'sft')) {
        expect(Math.abs(values['kl_k1'] ?? 1)).toBe(0);
        expect(values['kl_k3_per_token']).toBe(0);
      }
      const moved = valuesOf(engine, 'kl', 'dpo').map(({ values }) => values['kl_k2'] ?? 0);
      expect(Math.min(...moved)).toBeGreaterThan(0);
    },
  );
});
