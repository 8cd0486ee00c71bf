/** The work of the benchmark: a definition of one checkpoint on the embedded items, and the bodies that it leads to. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const fromDist = (path) => import(join(ROOT, 'dist', path));

/** At most this many different samples; more are asked as repeats, each with a key and a seed of its own. */
const SAMPLES = 500;

/** The file of a benchmark of `count` samples at `slots` requests at once. */
export function writtenWork({ origin, latency, count, slots }) {
  const limit = Math.min(SAMPLES, count);
  return {
    benchmark: 'bench',
    checkpoints: [
      {
        id: 'bench',
        adapter: 'openai',
        model: 'bench',
        promptFormat: 'raw',
        options: { baseURL: `${origin}/${latency}/v1`, dialect: 'none', connections: slots },
        alignment: { method: 'none' },
      },
    ],
    tasks: [{ task: 'truthfulness/mc-generate', dataset: 'zoo-truth' }],
    settings: { seed: 1, limit, repeats: count / limit },
  };
}

export function defineWork(work) {
  return define(writtenWork(work));
}

/**
 * Scoring in process: the main tuned checkpoint of the zoo on the first questions, or on both answers of preference pairs.
 * It is then its own reference, so that every pair is measured once.
 */
export function defineScoring({ count, pairs = false }) {
  return define({
    benchmark: 'bench',
    checkpoints: [
      { id: 'sft', adapter: 'gguf', model: 'zoo:sft', promptFormat: 'raw', alignment: { method: 'none' } },
    ],
    ...(pairs ? { roles: { reference: 'sft' } } : {}),
    tasks: [
      pairs
        ? { task: 'dynamics/pairs', dataset: 'zoo-profile' }
        : { task: 'truthfulness/mc1', dataset: 'zoo-truth' },
    ],
    settings: { seed: 1, limit: count },
  });
}

async function define(written) {
  const { definitionFromText } = await fromDist('benchmarks/definition/load.js');
  return definitionFromText(JSON.stringify(written), { file: 'bench.json', folder: ROOT });
}

/** The bodies of the same requests, in the same order, for the bare loop. */
export async function* bodies(definition) {
  const { prepareTasks } = await fromDist('benchmarks/run/prepare-tasks.js');
  const { sampleSeed } = await fromDist('benchmarks/run/build-request.js');
  const tasks = await prepareTasks(definition, { env: {}, notify: () => {} });
  for (const { task, samples } of tasks) {
    for (const sample of samples()) {
      const [ask] = task.ask(sample, []);
      const { maxTokens, temperature, stop } = ask.decoding;
      for (let repeat = 0; repeat < definition.settings.repeats; repeat++) {
        yield JSON.stringify({
          model: 'bench',
          max_tokens: maxTokens,
          temperature,
          top_p: 1,
          seed: sampleSeed(1, sample.id, repeat),
          stop,
          prompt: ask.prompt.raw,
        });
      }
    }
  }
}
