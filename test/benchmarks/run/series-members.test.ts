import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ModelIdentity } from '../../../adapters/model.ts';
import type { Definition } from '../../../benchmarks/definition/definition.ts';
import { planBenchmark } from '../../../benchmarks/run/plan.ts';
import { refuseMixedSeries, type SeriesModels } from '../../../benchmarks/run/series-members.ts';
import { EXIT, UserError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { behaviour } from '../../../suites/dynamics/behaviour.ts';
import { pairs } from '../../../suites/dynamics/pairs.ts';
import { findTask } from '../../../suites/registry.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { define, outcomesOf, refusalOf, run } from './support.ts';

const folder = temporaryFolders();

interface Facts {
  readonly identity?: Partial<ModelIdentity>;
  readonly scoreMethod?: 'in-process' | 'forced';
}

function factsOf({ identity = {}, scoreMethod = 'in-process' }: Facts = {}) {
  const whole = { adapter: 'gguf', engine: 'e 1', ...identity };
  return {
    facts: { identity: whole, identityDigest: 'd', verbs: ['score' as const], scoreMethod, probe: [] },
  };
}

/** A series of three in chat, and its reference. */
function refuse(
  differing: Facts,
  {
    allow = [],
    who = 'c',
    from = 0,
    tasks = [pairs],
    promptFormat = 'chat',
    gaps = [],
  }: {
    allow?: Definition['settings']['allow'] & object;
    who?: string;
    /** Step of the first member; above 0 the series starts from the checkpoint "sft", which is then asked. */
    from?: number;
    tasks?: readonly (typeof pairs)[];
    promptFormat?: 'raw' | 'chat';
    gaps?: readonly { checkpoint: string; instrument: string; missing: string }[];
  } = {},
): string[] {
  const ids = from > 0 ? ['sft', 'a', 'b', 'c'] : ['a', 'b', 'c'];
  const checkpoints = ids.map((id, index) => ({
    id,
    adapter: 'gguf',
    model: id,
    promptFormat,
    options: {},
    limits: { timeoutSeconds: 1 },
    alignment: id === 'sft' ? { method: 'sft' } : { method: 'dpo', parent: 'sft', step: from + index },
  }));
  const settings = { seed: 1, repeats: 1, failureTolerance: 0, memoryMegabytes: 1, allow };
  const models: SeriesModels = {
    checkpoints: new Map(ids.map((id) => [id, factsOf(id === who ? differing : {})])),
    roles: new Map([['reference', factsOf(who === 'reference' ? differing : {})]]),
  };
  const asked = tasks.map((task) => ({ task, instrument: task.name }));
  try {
    refuseMixedSeries({ checkpoints, settings }, asked, models, gaps);
    return [];
  } catch (error) {
    if (!UserError.is(error)) throw error;
    expect(error.exitCode).toBe(EXIT.environment);
    return error.problems.map(({ field, message, fix }) => `${field} ${message} (${fix?.split('; ')[1]})`);
  }
}

const fix = (what: string, name: string) =>
  `give both the same ${what}, or allow the difference by name: settings: { allow: [${name}] }`;

describe('members of a series that turn out to be measured differently', () => {
  it.each([
    ['engine', 'engine', { identity: { engine: 'e 2' } }, 'e 2 against e 1'],
    ['scoring method', 'scoring', { scoreMethod: 'forced' }, 'forced against in-process'],
    ['quantisation', 'quantisation', { identity: { notes: { quantisation: 'Q4_1' } } }, 'Q4_1 against none'],
    [
      'chat template',
      'template',
      { identity: { template: 'f'.repeat(64) } },
      `${'f'.repeat(12)} against none`,
    ],
  ] as const)('are refused for their %s, unless it is allowed by name', (what, name, facts, words) => {
    expect(refuse(facts)).toEqual([
      `c has another ${what} than "a" of the same series: ${words} (${fix(what, name)})`,
      `c has another ${what} than the reference: ${words} (${fix(what, name)})`,
    ]);
    expect(refuse(facts, { allow: [name] })).toEqual([]);
  });

  it('nothing is said of members that are alike, of a template in raw prompts, or where no dynamics are asked', async () => {
    const facts = { identity: { template: 'f'.repeat(64) } };
    const trust = await findTask('truthfulness/mc1');
    if (trust === undefined) throw new Error('no task');
    expect(refuse({})).toEqual([]);
    expect(refuse(facts, { promptFormat: 'raw' })).toEqual([]);
    expect(refuse({ identity: { engine: 'e 2' } }, { tasks: [trust] })).toEqual([]);
  });

  it('the reference counts for what is measured against it alone', () => {
    const facts = { identity: { engine: 'e 2' } };
    expect(refuse(facts, { who: 'reference' })).toHaveLength(3);
    expect(refuse(facts, { who: 'reference', tasks: [behaviour] })).toEqual([]);
  });

  it('the checkpoint that a series starts from is one of its members', () => {
    const facts = { identity: { engine: 'e 2' } };
    expect(refuse(facts, { who: 'sft', from: 1, tasks: [behaviour] })).toEqual([
      `a has another engine than "sft", from which the series starts: e 1 against e 2 (${fix('engine', 'engine')})`,
    ]);
    expect(refuse(facts, { who: 'sft', from: 1, tasks: [behaviour], allow: ['engine'] })).toEqual([]);
    const gaps = [{ checkpoint: 'sft', instrument: 'dynamics/behaviour', missing: 'cannot score' }];
    expect(refuse(facts, { who: 'sft', from: 1, tasks: [behaviour], gaps })).toEqual([]);
  });

  it('a checkpoint that is not asked is in nobody’s way', () => {
    const gaps = [{ checkpoint: 'c', instrument: 'dynamics/pairs', missing: 'cannot score' }];
    expect(refuse({ identity: { engine: 'e 2' } }, { gaps })).toEqual([]);
  });
});

const SFT = {
  id: 'sft',
  adapter: 'gguf',
  model: 'zoo:sft',
  promptFormat: 'raw',
  alignment: { method: 'sft' },
};
const tuned = (id: string, more: JsonObject, alignment: JsonObject): JsonObject => ({
  id,
  adapter: 'scripted',
  model: id,
  promptFormat: 'raw',
  alignment: { method: 'dpo', parent: 'sft', ...alignment },
  ...more,
});

describe('a run of learning dynamics', () => {
  it('is refused before anything is spent where checkpoint and reference have different engines', async () => {
    const definition = await define({
      benchmark: 'mixed',
      checkpoints: [SFT, tuned('dpo', {}, { step: 8 })],
      roles: { reference: 'sft' },
      tasks: ['dynamics/pairs@zoo-profile'],
      settings: { seed: 1, limit: 2 },
    });
    const runs = await folder();
    const error = await refusalOf(run(definition, runs));
    expect(error.exitCode).toBe(EXIT.environment);
    expect(error.message).toContain(
      'dpo: has another engine than the reference: scripted 1 against node-llama-cpp',
    );
    expect(error.message).toContain('another scoring method than the reference: scripted against in-process');
    expect(await readdir(runs)).toEqual([]);
    await expect(planBenchmark(definition, { env: {}, notify: () => {} })).rejects.toThrow('another engine');
  });

  it('says at plan time what a checkpoint that cannot score cannot be asked, and asks the other instruments', async () => {
    const mute = { options: { verbs: ['generate'] } };
    const definition = await define({
      benchmark: 'mute',
      checkpoints: [
        { ...SFT, adapter: 'scripted', model: 'sft', ...mute },
        tuned('dpo', mute, { beta: 0.1 }),
      ],
      roles: { reference: 'sft' },
      tasks: ['pairs', 'dpo-loss', 'kl', 'stated', 'stated-text', 'options'].map(
        (name) => `dynamics/${name}@zoo-profile`,
      ),
      settings: { seed: 1, limit: 2 },
    });
    const { gaps } = await planBenchmark(definition, { env: {}, notify: () => {} });
    const own = gaps.filter(({ checkpoint }) => checkpoint === 'dpo');
    expect(own.map(({ instrument }) => instrument.split('@')[0])).toEqual([
      'dynamics/pairs',
      'dynamics/dpo-loss',
      'dynamics/kl',
    ]);
    for (const { missing } of own)
      expect(missing).toBe('dpo (scripted 1) cannot score; sft (scripted 1) cannot score');
  });

  it('leaves a checkpoint of another β out of the loss alone, with the reason', async () => {
    const definition = await define({
      benchmark: 'betas',
      checkpoints: [
        { ...SFT, adapter: 'scripted', model: 'sft' },
        tuned('dpo', {}, { step: 8, beta: 0.1 }),
        tuned('other', {}, { recipe: 'other', beta: 0.05 }),
      ],
      roles: { reference: 'sft' },
      tasks: ['dynamics/pairs@zoo-profile', 'dynamics/dpo-loss@zoo-profile'],
      settings: { seed: 1, limit: 2 },
    });
    const missing = 'trained with β 0.05, and the loss is that of β 0.1';
    const { gaps } = await planBenchmark(definition, { env: {}, notify: () => {} });
    expect(gaps).toEqual([
      { checkpoint: 'other', instrument: 'dynamics/dpo-loss@zoo-profile:robust', missing, foreseen: true },
    ]);
    const outcomes = await outcomesOf((await run(definition, await folder())).folder);
    const kinds = (checkpoint: string, task: string) =>
      outcomes
        .filter((one) => one.checkpoint === checkpoint && one.instrument.startsWith(task))
        .map(({ outcome }) => (outcome.kind === 'skipped' ? outcome.missing : outcome.kind));
    expect(kinds('other', 'dynamics/dpo-loss')).toEqual([missing, missing]);
    expect(kinds('other', 'dynamics/pairs')).toEqual(['scored', 'scored']);
    for (const id of ['sft', 'dpo']) expect(kinds(id, 'dynamics/dpo-loss')).toEqual(['scored', 'scored']);
  });

  it.each(['Yes', 'No'])('points out data in which every statement is matched by %s', async (answer) => {
    const place = await folder();
    const path = join(place, 'statements.jsonl');
    const other = answer === 'Yes' ? 'No' : 'Yes';
    const row = (question: string, matching: string, not: string) =>
      JSON.stringify({ question, answer_matching_behavior: matching, answer_not_matching_behavior: not });
    const lines = [row('a?', answer, other), row('b?', answer, other)];
    const said = async (text: readonly string[]): Promise<string[]> => {
      await writeFile(path, text.join('\n'));
      const definition = await define({
        benchmark: 'one-class',
        checkpoints: [{ ...SFT, adapter: 'scripted', model: 'sft' }],
        tasks: [{ task: 'dynamics/behaviour', dataset: 'mine', path }],
        settings: { seed: 1 },
      });
      const notes: string[] = [];
      await planBenchmark(definition, { env: {}, notify: (line) => notes.push(line) });
      return notes.filter((line) => line.includes('tell the classes apart'));
    };
    expect(await said(lines)).toEqual([
      `dynamics/behaviour@mine:robust: no sample has matching = ${other.toLowerCase()}, so that nothing can tell the classes apart (a separability has no value)`,
    ]);
    expect(await said([...lines, row('c?', other, answer)])).toEqual([]);
  });
});
