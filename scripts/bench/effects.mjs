/**
 * What the effects of a large run cost: 12 checkpoints × 20 tasks × 2,000 samples, made up outcome by outcome and
 * streamed through `summarise`, with every test, interval and relation of a report. Beside it a bare pass over the same
 * outcomes. Prints { bareMs, wallMs, maxRssBytes, outcomes, effects } as JSON; MODE `large` is 200,000 outcomes of few
 * tasks instead, for the memory of a long run.
 */
import { fromDist } from './work.mjs';

const SHAPES = {
  effects: { tasks: 20, samples: 2000 },
  large: { tasks: 4, samples: 4167 },
};
const { tasks: taskCount, samples } = SHAPES[process.argv[2] ?? 'effects'];

const CHECKPOINTS = [
  ['base', 'none', null],
  ...['sft', 'sft-s2', 'sft-s3'].map((id, seed) => [id, 'sft', 'base', seed]),
  ...['dpo', 'dpo-s2', 'dpo-s3'].map((id, seed) => [id, 'dpo', 'sft', seed]),
  ...['ppo', 'ppo-s2', 'ppo-s3'].map((id, seed) => [id, 'ppo', 'sft', seed]),
  ['kto', 'kto', 'sft'],
  ['sft-copy', 'sft', 'sft', 0, 'copy'],
].map(([id, method, parent, seed = null, control = null]) => ({
  id,
  method,
  parent,
  data: null,
  recipe: null,
  step: null,
  seed,
  family: null,
  control,
  promptFormat: 'raw',
  identity: { digest: id, facts: { weights: control === null ? id : parent } },
}));

const metric = (key, rest) => ({
  key,
  label: key,
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: true,
  chance: null,
  counts: {},
  fold: 'mean',
  ...rest,
});

/** A statistic that is no mean: swapped and recomputed as a whole. */
const distanceFromHalf = (values) =>
  values.length === 0
    ? null
    : Math.abs(values.reduce((sum, { value }) => sum + value, 0) / values.length - 0.5);

/** Kinds of tasks: single samples, clusters of four, graded values, a contrast of strata, a statistic that is no mean. */
const BALANCED = { stratum: 'half', coefficients: () => ({ even: 0.5, odd: 0.5 }) };
const KINDS = [
  { perCluster: 1, metrics: [metric('right'), metric('mass', { binary: false })] },
  {
    perCluster: 4,
    metrics: [metric('right', { counts: { refused: 0 } }), metric('mass', { binary: false })],
  },
  { perCluster: 2, metrics: [metric('mass', { binary: false, range: [0, 1] }), metric('right')] },
  { perCluster: 2, metrics: [metric('right', { fold: BALANCED }), metric('mass', { binary: false })] },
  { perCluster: 2, metrics: [metric('right'), metric('mass', { binary: false, fold: distanceFromHalf })] },
];

const TASKS = Array.from({ length: taskCount }, (_, index) => {
  const { perCluster, metrics } = KINDS[index % KINDS.length];
  return {
    perCluster,
    metrics,
    facts: {
      task: `dimension-${index % 7}/task-${index}@made:robust`,
      dimension: `dimension-${index % 7}`,
      version: 1,
      question: 'How fast is this?',
      source: 'made up',
      headline: metrics[0].key,
      samples,
      clusters: Math.ceil(samples / perCluster),
      cluster: 'question',
    },
  };
});

/** A number in [0, 1) from three small ones (a 32-bit finaliser). */
function uniform(a, b, c) {
  let hash = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b) ^ Math.imul(c + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

async function* outcomes() {
  for (const [number, { id, control, parent }] of CHECKPOINTS.entries()) {
    const speaker = control === null ? number : CHECKPOINTS.findIndex((one) => one.id === parent);
    for (const [index, { facts, perCluster }] of TASKS.entries()) {
      for (let unit = 0; unit < samples; unit++) {
        const ease = uniform(index, unit, 99);
        const own = uniform(index, unit, speaker);
        const mass = Math.min(1, Math.max(0, 0.6 * ease + 0.4 * own + speaker / 100));
        const isRefused = own > 0.97;
        yield {
          checkpoint: id,
          instrument: facts.task,
          sample: `q${unit}`,
          cluster: `c${Math.floor(unit / perCluster)}`,
          strata: { half: unit % 4 < 2 ? 'even' : 'odd' },
          repeat: 0,
          outcome: isRefused
            ? { kind: 'unscored', reason: 'refused' }
            : { kind: 'scored', values: { right: mass > 0.5 ? 1 : 0, mass } },
          answers: [`${id} ${index} ${unit}`],
          content: Math.floor(own * 2 ** 52)
            .toString(16)
            .padStart(13, '0'),
        };
      }
    }
  }
}

const { summarise } = await fromDist('results/summarise.js');
let begun = performance.now();
let count = 0;
for await (const { sample } of outcomes()) if (sample.length > 0) count++;
const bareMs = performance.now() - begun;
begun = performance.now();
const { effects, relations } = await summarise({
  run: {
    id: 'bench',
    status: 'finished',
    aligntrust: '0',
    definitionDigest: '',
    seed: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
  },
  benchmark: 'bench',
  checkpoints: CHECKPOINTS,
  tasks: TASKS,
  outcomes: outcomes(),
  runnerAlarms: [],
  seed: 1,
});
const wallMs = performance.now() - begun;
if (relations.methods.length === 0) throw new Error('no method was compared over its seeds');
process.stdout.write(
  JSON.stringify({
    bareMs,
    wallMs,
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
    outcomes: count,
    effects: effects.length,
  }),
);
