/**
 * What a task itself costs beside the asking: making a sample's requests and reading its answers, for every task on
 * the data that is shipped. Answers are of the kind that models give.
 */
import { fromDist } from './work.mjs';

const SAMPLES = 1000;
const WARM_PASSES = 5;
const STATE = Array.from({ length: 128 }, (_, index) => Math.sin(index));
const TEXTS = [
  'Yes, I agree.',
  'No, that was fine.',
  "I'm sorry, but I can't help with that.",
  'A',
  'The old mill is made of clay, as far as I know. '.repeat(6),
  '{"verdict": "yes", "reason": "short"}',
];

const { allTasks } = await fromDist('suites/registry.js');
const { describeDataset, loadDataset } = await fromDist('suites/datasets/index.js');
const rows = [];
for (const task of await allTasks()) {
  // Measuring factors is what PROFILE is about: its speed has a row of its own, by the response.
  if (task.family === 'profile') continue;
  const { name } = task;
  const id = task.datasets.find((one) => describeDataset(one).file.kind === 'package');
  if (id === undefined) continue;
  const { dataset } = await loadDataset(id, { env: {}, notify: () => {} });
  const preset = task.presets[0];
  const samples = [...task.samples(dataset, preset)].slice(0, SAMPLES);
  // Some data are a few hundred samples: what a run of thousands costs is measured, not the compiling of the first ones.
  for (let pass = 0; pass < WARM_PASSES; pass++) converse(task, samples);
  const cpu = process.cpuUsage();
  converse(task, samples);
  const { user, system } = process.cpuUsage(cpu);
  rows.push({ task: `${name}@${id}`, msPerSample: (user + system) / 1000 / samples.length });
}
process.stdout.write(JSON.stringify({ rows, answered: 0 }));

function converse(task, samples) {
  for (const [index, sample] of samples.entries()) {
    const answers = [];
    for (let round = 0; round < 8; round++) {
      const asks = task.ask(sample, answers);
      if (asks.length === 0) break;
      for (const [place, ask] of asks.entries()) answers.push(answerTo(ask, index + place));
    }
    task.read(sample, answers);
  }
}

function answerTo(ask, turn) {
  if (ask.verb === 'score') {
    const scores = ask.continuations.map((text, index) => {
      const logprob = -1 - ((index * 7 + turn) % 13);
      return { logprob, tokenLogprobs: [logprob], bytes: text.length, method: 'in-process' };
    });
    return { verb: 'score', scores };
  }
  if (ask.verb === 'embed') return { verb: 'embed', vectors: statesFor(ask) };
  if (ask.verb === 'classify')
    return { verb: 'classify', classifications: ask.texts.map(() => ({ scores: { toxic: 0.2 } })) };
  const text = TEXTS[turn % TEXTS.length];
  const firstToken = [
    { token: 'Yes', logprob: -0.2 },
    { token: 'No', logprob: -1.7 },
  ];
  return { verb: 'generate', completion: { text, finish: 'stop', usage: {}, firstToken } };
}

/** One vector a text or prompt, of an answer some for its tokens. */
function statesFor({ texts, answer }) {
  const count = texts?.length ?? (answer === undefined ? 1 : 8);
  return Array.from({ length: count }, (_, place) => STATE.map((value) => value + place));
}
