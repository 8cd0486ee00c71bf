/**
 * What the curves of a long series cost: 50 checkpoints of one training run under 20 tasks of 500 samples, with
 * simultaneous bands, fronts and a step to keep, and then drawn as the page draws them. The outcomes are collected and
 * cells computed beforehand, as every report does. Prints { computedMs, renderedMs, curves, bands, bytes } as JSON.
 */
import { fromDist } from './work.mjs';

const SAMPLES = 500;
const STEPS = 49;
const TASKS = 20;

const CHECKPOINTS = Array.from({ length: STEPS + 1 }, (_, index) => ({
  id: index === 0 ? 'sft' : `dpo-${10 * index}`,
  method: index === 0 ? 'sft' : 'dpo',
  parent: index === 0 ? null : 'sft',
  data: null,
  recipe: null,
  step: index === 0 ? null : 10 * index,
  seed: index === 0 ? null : 1,
  family: null,
  control: null,
  promptFormat: 'raw',
  identity: { digest: `d${index}`, facts: {} },
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

const BALANCED = { stratum: 'half', coefficients: () => ({ even: 0.5, odd: 0.5 }) };
/** Kinds of tasks: single samples, clusters of four, graded values, a contrast of strata; two metrics each. */
const KINDS = [
  { perCluster: 1, metrics: [metric('right'), metric('mass', { binary: false })] },
  { perCluster: 4, metrics: [metric('right'), metric('mass', { binary: false })] },
  { perCluster: 2, metrics: [metric('mass', { binary: false }), metric('right')] },
  { perCluster: 2, metrics: [metric('right', { fold: BALANCED }), metric('mass', { binary: false })] },
];

const INPUTS = Array.from({ length: TASKS }, (_, index) => {
  const { perCluster, metrics } = KINDS[index % KINDS.length];
  const dimension = index === 1 ? 'helpfulness' : `dimension-${index % 7}`;
  return {
    perCluster,
    specs: metrics,
    task: {
      task: `${dimension}/task-${index}@made:robust`,
      dimension,
      primary: index < 7,
      equivalence: null,
      version: 1,
      question: 'How fast is this?',
      source: 'made up',
      headline: metrics[0].key,
      samples: SAMPLES,
      clusters: Math.ceil(SAMPLES / perCluster),
      cluster: 'question',
      metrics: metrics.map(({ key, label, unit, range, direction, binary, counts }) => ({
        key,
        label,
        unit,
        range,
        direction,
        binary,
        counts,
      })),
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
  for (const [index, { task, perCluster }] of INPUTS.entries()) {
    for (let unit = 0; unit < SAMPLES; unit++) {
      // Each step moves a little further from the one before.
      let place = uniform(index, unit, 999);
      for (const [step, { id }] of CHECKPOINTS.entries()) {
        if (step > 0) place += 0.08 * (uniform(index, unit, step) - 0.47);
        const mass = Math.min(1, Math.max(0, place));
        yield {
          checkpoint: id,
          instrument: task.task,
          sample: `q${unit}`,
          cluster: `c${Math.floor(unit / perCluster)}`,
          strata: { half: unit % 4 < 2 ? 'even' : 'odd' },
          repeat: 0,
          outcome: { kind: 'scored', values: { right: mass > 0.5 ? 1 : 0, mass } },
          answers: [],
          content: null,
        };
      }
    }
  }
}

const { collectOutcomes } = await fromDist('results/outcomes/table.js');
const { cellOf } = await fromDist('results/cells.js');
const { makeSeries } = await fromDist('results/series/series.js');
const { seriesFigures } = await fromDist('results/report/charts/series/series-figures.js');
const { seriesSection } = await fromDist('results/report/html/series/section.js');

const ids = CHECKPOINTS.map(({ id }) => id);
const specs = new Map(INPUTS.map(({ task, specs: own }) => [task.task, own]));
const { instruments } = await collectOutcomes(outcomes(), ids, specs);
const inputs = INPUTS.map(({ task, specs: own }) => ({
  task,
  specs: own,
  table: instruments.get(task.task),
}));
const cells = inputs.flatMap(({ task, specs: own, table }) =>
  ids.flatMap((id) => own.map((spec) => cellOf(id, task.task, table, spec))),
);
const keep = inputs
  .slice(0, 3)
  .map(({ task, specs: [{ key }] }) => ({ task: task.task, metric: key, rule: 'fall-at-most', bound: 0.2 }));

let begun = performance.now();
const series = makeSeries({
  checkpoints: CHECKPOINTS,
  inputs,
  cells,
  allow: [],
  keep,
  seed: 1,
  isFixedSize: true,
});
const computedMs = performance.now() - begun;

const summary = {
  schemaVersion: 1,
  benchmark: 'bench',
  run: {
    id: 'bench',
    status: 'finished',
    aligntrust: '0',
    definitionDigest: '',
    seed: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
  },
  checkpoints: CHECKPOINTS,
  tasks: inputs.map(({ task }) => task),
  cells,
  effects: [],
  families: {
    alpha: 0.05,
    primary: { adjustment: 'holm', tests: 0 },
    exploratory: { adjustment: 'benjamini-hochberg', tests: 0 },
  },
  relations: { methods: [], pooled: [], agreements: [], tradeOffs: [], decompositions: [], noise: [] },
  alarms: [],
  series,
};
begun = performance.now();
const { markup } = seriesSection(summary, seriesFigures(summary));
const renderedMs = performance.now() - begun;

const { curves, fronts, kept } = series[0];
const bands = curves.filter(({ criticalValue }) => criticalValue !== null).length;
if (bands !== TASKS || fronts.length === 0 || kept === null) throw new Error('the series is not whole');
process.stdout.write(
  JSON.stringify({ computedMs, renderedMs, curves: curves.length, bands, bytes: Buffer.byteLength(markup) }),
);
