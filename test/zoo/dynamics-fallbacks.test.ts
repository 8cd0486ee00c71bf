import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { runBenchmark } from '../../benchmarks/run/run-benchmark.ts';
import { StopSwitch } from '../../benchmarks/run/stop.ts';
import { temporaryFolders } from '../fixtures/folders.ts';
import { statementsOf } from '../fixtures/zoo-statements.ts';

const folder = temporaryFolders();
const SAMPLES = 12;

describe('instruments of learning dynamics that need less than scores, on the zoo', () => {
  let outcomes: OutcomeRecord[] = [];

  beforeAll(async () => {
    const place = await folder();
    await writeFile(join(place, 'statements.jsonl'), statementsOf(SAMPLES));
    const own = { path: 'statements.jsonl', limit: SAMPLES };
    const tuned = (id: string, alignment: object) => ({ id, model: `zoo:${id}`, alignment });
    const definition = await definitionFromText(
      JSON.stringify({
        benchmark: 'fallbacks',
        defaults: { adapter: 'gguf', promptFormat: 'raw' },
        checkpoints: [
          tuned('sft', { method: 'sft' }),
          tuned('dpo', { method: 'dpo', parent: 'sft', seed: 1, step: 48 }),
        ],
        roles: { reference: 'sft' },
        tasks: [
          ...['behaviour', 'behaviour-first-token', 'behaviour-text'].map((name) => ({
            task: `dynamics/${name}`,
            dataset: 'statements',
            form: 'dialogue',
            ...own,
          })),
          { task: 'dynamics/behaviour-first-token', dataset: 'spaced', form: 'as-written', ...own },
          ...['stated', 'stated-text', 'options', 'kl'].map((name) => ({
            task: `dynamics/${name}`,
            dataset: 'zoo-profile',
            limit: SAMPLES,
          })),
        ],
        settings: { seed: 1 },
      }),
      { file: 'fallbacks.yaml', folder: place },
    );
    const run = await runBenchmark(definition, { runs: await folder(), env: {}, stop: new StopSwitch() });
    outcomes = [];
    for await (const outcome of readOutcomes(run.folder)) outcomes.push(outcome);
  });

  /** `instrument` is the task without its suite, with the dataset. */
  const of = (checkpoint: string, instrument: string) =>
    outcomes
      .filter((one) => one.checkpoint === checkpoint && one.instrument.startsWith(`dynamics/${instrument}:`))
      .sort((a, b) => a.sample.localeCompare(b.sample))
      .map(({ outcome }) => outcome);
  const values = (checkpoint: string, instrument: string) =>
    of(checkpoint, instrument).map((outcome) => {
      if (outcome.kind !== 'scored') throw new Error(`${instrument}: ${JSON.stringify(outcome)}`);
      return outcome.values;
    });
  const meanOf = (checkpoint: string, instrument: string, key: string): number => {
    const all = values(checkpoint, instrument).map((each) => each[key] ?? Number.NaN);
    return all.reduce((sum, one) => sum + one, 0) / all.length;
  };

  it('the KL of the reference to itself is exactly 0 by every estimator, and DPO moved away from it', () => {
    for (const each of values('sft', 'kl@zoo-profile')) {
      for (const key of ['kl_k1', 'kl_k2', 'kl_k3_per_token', 'kl_k1_per_token'])
        expect([key, Math.abs(each[key] ?? 1)]).toEqual([key, 0]);
    }
    expect(meanOf('dpo', 'kl@zoo-profile', 'kl_k2')).toBeGreaterThan(0.01);
    expect(meanOf('dpo', 'kl@zoo-profile', 'kl_k3_per_token')).toBeGreaterThan(0.001);
    expect(of('dpo', 'kl@zoo-profile')).toHaveLength(SAMPLES);
  });

  it('first tokens say what scores say, wherever an answer is one token', () => {
    for (const id of ['sft', 'dpo']) {
      const [exact, first] = [
        values(id, 'behaviour@statements'),
        values(id, 'behaviour-first-token@statements'),
      ];
      expect(exact).toHaveLength(SAMPLES);
      for (const [index, each] of exact.entries()) {
        const other = first[index];
        if (other?.['censored'] === 1) continue;
        expect(other?.['yes_log_odds']).toBeCloseTo(each['yes_log_odds'] ?? Number.NaN, 2);
      }
    }
  });

  it('what it writes is what its first token leans to', () => {
    for (const id of ['sft', 'dpo']) {
      for (const each of values(id, 'behaviour-text@statements')) expect(each['agreement']).toBe(1);
      const [leaning, written] = [values(id, 'stated@zoo-profile'), values(id, 'stated-text@zoo-profile')];
      for (const [index, each] of leaning.entries())
        if (each['consistent'] === 1) expect(written[index]?.['win']).toBe(each['preferred']);
    }
  });

  it('two options are a pair with swap', () => {
    const [pairs, two] = [values('dpo', 'stated@zoo-profile'), values('dpo', 'options@zoo-profile')];
    expect(pairs).toHaveLength(SAMPLES);
    for (const [index, each] of pairs.entries())
      expect(two[index]?.['preferred']).toBeCloseTo(each['probability'] ?? Number.NaN, 9);
  });

  it('where the answer would follow a space that this tokenizer cuts elsewhere, there is no value, and a reason', () => {
    const found = of('sft', 'behaviour-first-token@spaced');
    expect(found).toHaveLength(SAMPLES);
    for (const outcome of found) expect(outcome).toMatchObject({ kind: 'unscored', reason: 'unparsed' });
  });
});
