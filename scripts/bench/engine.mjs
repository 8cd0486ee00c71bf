/**
 * Scoring without aligntrust: node-llama-cpp alone on the same questions, by the shortest code that gives the same
 * numbers. `once` evaluates what all choices of a question share a single time, `each` with every choice.
 */
import { join } from 'node:path';
import { getLlama } from 'node-llama-cpp';
import { defineScoring, fromDist, ROOT } from './work.mjs';

const { count, mode, pairs } = JSON.parse(process.argv[2]);
const questions = [];
for await (const question of scored(await defineScoring({ count, pairs }))) questions.push(question);

const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false });
// The settings under which aligntrust measures: full precision, one thread.
const model = await llama.loadModel({
  modelPath: join(ROOT, 'zoo/checkpoints/sft.gguf'),
  gpuLayers: 0,
  defaultContextFlashAttention: false,
  experimentalDefaultContextKvCacheKeyType: 'F32',
  experimentalDefaultContextKvCacheValueType: 'F32',
});
const context = await model.createContext({ contextSize: 257, batchSize: 257, threads: 1, sequences: 1 });
const sequence = context.getSequence();
const bos = model.tokens.shouldPrependBosToken ? [model.tokens.bos] : [];
const tokenize = (text) => [...bos, ...model.tokenize(text, false)];
const WANTED = { generateNext: { probabilities: true, options: { temperature: 0 } } };
let evaluated = 0;
const sums = [];

const begun = performance.now();
for (const { prompt, continuations } of questions) {
  const candidates = continuations.map((text) => tokenize(prompt + text));
  const before = tokenize(prompt).length;
  const shared = mode === 'once' ? commonLength(candidates) : 0;
  await sequence.clearHistory();
  const head = await evaluate(candidates[0].slice(0, shared), 0, before);
  for (const tokens of candidates) {
    const tail = await evaluate(tokens.slice(shared, -1), shared, before);
    const next = [...head, ...tail].slice(before - 1);
    sums.push(next.reduce((sum, map, index) => sum + Math.log(map.get(tokens[before + index])), 0));
    await sequence.eraseContextTokenRanges([{ start: shared, end: sequence.nextTokenIndex }]);
  }
}
const wallMs = performance.now() - begun;
await llama.dispose();
process.stdout.write(
  JSON.stringify({ wallMs, evaluated, answered: questions.length, total: sums.reduce((a, b) => a + b, 0) }),
);

/** Evaluates tokens that begin at `start`; the distributions after those that a choice is read from. */
async function evaluate(tokens, start, before) {
  if (tokens.length === 0) return [];
  evaluated += tokens.length;
  const input = tokens.map((token, index) => (start + index >= before - 1 ? [token, WANTED] : token));
  const results = await sequence.controlledEvaluate(input);
  return tokens.map((_, index) => results[index]?.next.probabilities);
}

function commonLength(candidates) {
  const shortest = Math.min(...candidates.map((tokens) => tokens.length)) - 1;
  let length = 0;
  while (length < shortest && candidates.every((tokens) => tokens[length] === candidates[0][length]))
    length++;
  return length;
}

async function* scored(definition) {
  const { prepareTasks } = await fromDist('benchmarks/run/prepare-tasks.js');
  for (const { task, samples } of await prepareTasks(definition, { env: {}, notify: () => {} })) {
    for (const sample of samples()) {
      const [ask] = task.ask(sample, []);
      yield { prompt: ask.prompt.raw, continuations: ask.continuations.map((text) => ask.delimiter + text) };
    }
  }
}
