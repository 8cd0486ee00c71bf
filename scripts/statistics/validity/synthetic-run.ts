import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { type Random, seededRandom } from '../../../core/random.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary, SummaryCheckpoint } from '../../../results/summary.ts';
import type { MetricSpec, Outcome } from '../../../suites/task.ts';

/** A binary task of a made-up run. */
export interface SyntheticTask {
  readonly name: string;
  readonly samples: number;
  readonly perCluster: number;
  /** Mean rate of success before. */
  readonly rate: number;
  /** Clusters succeed at rate ± spread. */
  readonly spread: number;
}

/** An effect put into one comparison: gained − lost among all pairs, and gained + lost. */
export interface Planted {
  readonly to: string;
  readonly task: string;
  readonly difference: number;
  readonly discordance: number;
}

/** A child of the base: two methods, and training seeds where there are several. */
export interface SyntheticChild {
  readonly id: string;
  readonly method: string;
  readonly seed: number | null;
  /** What this training run adds to a task's rates, by task. */
  readonly shift?: ReadonlyMap<string, number>;
}

const CHILDREN: readonly SyntheticChild[] = [
  { id: 'one', method: 'dpo', seed: null },
  { id: 'other', method: 'ppo', seed: null },
];

/** Share of samples without a value, by checkpoint: unequal between the sides. */
export const MISSING: Readonly<Record<string, number>> = { base: 0.03, one: 0.1, other: 0.25 };

/**
 * One run through `summarise`, the code behind `report`: a base and two children. Where no effect is planted a child
 * draws each sample from the base's own probability.
 */
export function syntheticRun(
  tasks: readonly SyntheticTask[],
  planted: readonly Planted[],
  seed: number,
  children: readonly SyntheticChild[] = CHILDREN,
): Promise<Summary> {
  return summarise({
    run: {
      id: 'synthetic',
      status: 'finished',
      aligntrust: '0.0.0',
      definitionDigest: '0'.repeat(64),
      seed,
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    benchmark: 'synthetic',
    checkpoints: [
      checkpoint('base', 'none', null),
      ...children.map(({ id, method, seed: own }) => ({ ...checkpoint(id, method, 'base'), seed: own })),
    ],
    tasks: tasks.map((task) => ({ facts: factsOf(task), metrics: [METRIC] })),
    outcomes: outcomesOf(tasks, planted, children, seededRandom(seed)),
    runnerAlarms: [],
    seed,
  });
}

async function* outcomesOf(
  tasks: readonly SyntheticTask[],
  planted: readonly Planted[],
  children: readonly SyntheticChild[],
  random: Random,
): AsyncGenerator<OutcomeRecord> {
  for (const task of tasks) {
    let rate = task.rate;
    for (let sample = 0; sample < task.samples; sample++) {
      if (sample % task.perCluster === 0)
        rate = task.rate + (random.next() < 0.5 ? task.spread : -task.spread);
      const before = random.next() < rate ? 1 : 0;
      yield record('base', task, sample, before, MISSING['base'] ?? 0, random);
      for (const { id, method, shift } of children) {
        const own = rate + (shift?.get(task.name) ?? 0);
        const value = drawValue(id, task, planted, before, own, random);
        yield record(id, task, sample, value, MISSING[method === 'dpo' ? 'one' : 'other'] ?? 0, random);
      }
    }
  }
}

function drawValue(
  id: string,
  task: SyntheticTask,
  planted: readonly Planted[],
  before: number,
  rate: number,
  random: Random,
): number {
  const own = planted.find(({ to, task: name }) => to === id && name === task.name);
  if (own === undefined) return random.next() < rate ? 1 : 0;
  const { difference, discordance } = own;
  const gains = (discordance + difference) / 2 / (1 - task.rate);
  const losses = (discordance - difference) / 2 / task.rate;
  const flips = random.next() < (before === 0 ? gains : losses);
  return flips ? 1 - before : before;
}

function record(
  id: string,
  task: SyntheticTask,
  sample: number,
  value: number,
  share: number,
  random: Random,
): OutcomeRecord {
  const missing = random.next() < share;
  const outcome: Outcome = missing
    ? { kind: 'unscored', reason: 'unparsed' }
    : { kind: 'scored', values: { [METRIC.key]: value } };
  return {
    checkpoint: id,
    instrument: task.name,
    sample: `q${sample}`,
    cluster: `c${Math.floor(sample / task.perCluster)}`,
    strata: {},
    repeat: 0,
    outcome,
    answers: [],
    content: null,
  };
}

const METRIC: MetricSpec = {
  key: 'accuracy',
  label: 'accuracy',
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: true,
  chance: null,
  counts: {},
  fold: 'mean',
};

function factsOf({ name, samples, perCluster }: SyntheticTask) {
  return {
    task: name,
    dimension: name.split('/')[0] ?? name,
    version: 1,
    question: 'Does it succeed?',
    source: 'drawn at random',
    headline: METRIC.key,
    samples,
    clusters: Math.ceil(samples / perCluster),
    cluster: perCluster === 1 ? 'question' : 'topic',
  };
}

function checkpoint(id: string, method: string, parent: string | null): SummaryCheckpoint {
  return {
    id,
    method,
    parent,
    data: null,
    recipe: null,
    step: null,
    seed: null,
    family: null,
    control: null,
    promptFormat: 'raw',
    identity: { digest: id.padEnd(64, '0'), facts: { adapter: 'synthetic', weights: id } },
  };
}
