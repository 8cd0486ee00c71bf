import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { runBenchmark } from '../../benchmarks/run/run-benchmark.ts';
import { StopSwitch } from '../../benchmarks/run/stop.ts';
import type { JsonObject } from '../../core/json.ts';
import { CATALOGUE } from '../../suites/datasets/catalogue/index.ts';
import { allTasks } from '../../suites/registry.ts';
import type { Task } from '../../suites/task.ts';
import { temporaryFolders } from '../fixtures/folders.ts';
import { describeWith, installed } from './support/installed.ts';
import { localPaths } from './support/local-data.ts';
import {
  type RunningLlamaServer,
  type RunningOllama,
  startLlamaServer,
  startOllama,
} from './support/servers.ts';

/** Five short draws a prompt as published, twenty-five by default. */
const FEWER_DRAWS = new Set([
  'toxicity/continuation',
  'toxicity/continuation-classifier',
  'toxicity/continuation-judge',
]);
/**
 * Five responses, each in at least two replies of this little judge, which does not stop before a thousand tokens: many
 * minutes a sample. Both halves are asked without it: the responses by profile/generation, the judge by evaluation-judge.
 */
const TOO_LONG = new Set(['profile/generation-judge']);
/** Texts take this model seconds on one thread, and both servers answer. */
const samplesOf = (task: Task): number => (task.needs.includes('generate') ? 1 : 2);
const shipped = new Set(CATALOGUE.flatMap(({ id, file }) => (file.kind === 'package' ? [id] : [])));
const folder = temporaryFolders();

const tasks = await allTasks();

/** Every task of a suite, with the first of its datasets that is at hand. */
function selections(): { readonly task: Task; readonly written: JsonObject }[] {
  const paths = localPaths();
  return tasks.flatMap((task) => {
    const { name } = task;
    if (name.startsWith('custom/') || TOO_LONG.has(name)) return [];
    // Responses of five hundred tokens take this model half a minute each; those of the zoo's world are short.
    const known = (id: string): boolean => task.family !== 'profile' && paths.has(id);
    const dataset = task.datasets.find(known) ?? task.datasets.find((id) => shipped.has(id));
    if (dataset === undefined) throw new Error(`no copy of any dataset of ${name}`);
    const path = shipped.has(dataset) ? undefined : paths.get(dataset);
    const preset = FEWER_DRAWS.has(name) ? { preset: 'paper' } : {};
    const samples = samplesOf(task);
    const written = {
      task: name,
      dataset,
      limit: samples,
      ...(task.beta === undefined ? {} : { beta: 0.1 }),
      ...preset,
      ...(path === undefined ? {} : { path }),
    };
    return [{ task, written }];
  });
}

describeWith(['ollama', 'python', 'smollm'], 'every task on an instruction model behind real servers', () => {
  let ollama: RunningOllama;
  let llama: RunningLlamaServer;
  let outcomes: OutcomeRecord[] = [];

  beforeAll(async () => {
    llama = await startLlamaServer(installed.smollm, ['--ctx', '4096', '--parallel', '2']);
    ollama = await startOllama();
    await ollama.create('smollm', `FROM ${installed.smollm}\nPARAMETER num_thread 1\n`);
    const server = { adapter: 'openai', model: llama.model, options: { baseURL: llama.baseURL } };
    const definition = await definitionFromText(
      JSON.stringify({
        benchmark: 'tasks',
        defaults: { promptFormat: 'chat' },
        checkpoints: [
          { id: 'llama', ...server, alignment: { method: 'sft' } },
          {
            id: 'ollama',
            adapter: 'ollama',
            model: 'smollm',
            options: { baseURL: ollama.baseURL },
            alignment: { method: 'sft' },
          },
        ],
        roles: {
          judge: { id: 'judge', promptFormat: 'chat', ...server },
          reference: { id: 'reference', promptFormat: 'chat', ...server },
          classifier: {
            id: 'classifier',
            promptFormat: 'raw',
            adapter: 'scripted',
            model: 'classifier',
            options: { verbs: ['classify'] },
          },
        },
        tasks: selections().map(({ written }) => written),
        settings: { seed: 1 },
      }),
      { file: 'tasks.json', folder: '/' },
    );
    const result = await runBenchmark(definition, {
      runs: await folder(),
      skipMissing: true,
      env: {},
      stop: new StopSwitch(),
    });
    outcomes = [];
    for await (const outcome of readOutcomes(result.folder)) outcomes.push(outcome);
  }, 900_000);

  afterAll(async () => {
    await llama?.stop();
    await ollama?.stop();
  });

  it.each(
    selections().flatMap(({ task }) => [
      [task.name, 'llama', task],
      [task.name, 'ollama', task],
    ]) as [string, string, Task][],
  )('%s on %s', (name, checkpoint, task) => {
    const own = outcomes.filter(
      (one) => one.checkpoint === checkpoint && one.instrument.startsWith(`${name}@`),
    );
    expect(own).toHaveLength(samplesOf(task));
    // Ollama has no way to score a given text, and neither server gives hidden states; that is said, and nothing is made up.
    const isSkipped =
      task.needs.includes('embed') || (checkpoint === 'ollama' && task.needs.includes('score'));
    for (const { outcome, sample } of own) {
      const shown = `${sample}: ${JSON.stringify(outcome).slice(0, 300)}`;
      if (isSkipped) expect(shown).toContain('"skipped"');
      else expect(shown).toMatch(/"kind":"(scored|unscored)"/);
    }
  });
});
