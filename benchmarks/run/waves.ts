import { inSeededOrder } from '../../core/seeded-order.ts';
import type { Sample } from '../../suites/task.ts';
import type { OutcomeRecord } from '../journal/records.ts';
import type { PreparedTask } from './prepare-tasks.ts';
import type { Progress } from './progress.ts';

/** Decides from outcomes alone which instruments need no further samples. */
export interface StoppingRule {
  observe(record: OutcomeRecord): void;
  settled(): Promise<ReadonlySet<string>>;
}

export type WavedTask = Pick<PreparedTask, 'instrument' | 'task' | 'samples'>;

/** Samples of a task's first wave, and of every further one as a share of what was asked before. */
const FIRST_WAVE = 48;
const GROWTH = 0.25;

/**
 * Asks in waves of whole clusters, in one seeded order that all checkpoints share, until the rule has settled every
 * instrument or nothing is left. All checkpoints finish a wave before the rule looks, so both sides of every effect
 * stop at the same sample. A resumed run takes the same waves and is served what it knows, so it stops where it stopped.
 */
export async function inWaves<T extends WavedTask>(
  tasks: readonly T[],
  seed: number,
  rule: StoppingRule,
  askWave: (tasks: readonly T[]) => Promise<void>,
): Promise<void> {
  const queues = tasks.map((task) => new ClusterQueue(task, seed));
  for (;;) {
    const settled = await rule.settled();
    const open = queues.filter((queue) => !queue.isEmpty && !settled.has(queue.task.instrument));
    if (open.length === 0) return;
    await askWave(open.map((queue) => queue.nextWave()));
  }
}

/** How a run under a rule ended, in words. */
export async function ruleText(
  until: string,
  rule: StoppingRule,
  { samplesDone, samplesTotal }: Pick<Progress, 'samplesDone' | 'samplesTotal'>,
  tasks: readonly Pick<PreparedTask, 'instrument'>[],
): Promise<string> {
  const settled = await rule.settled();
  const open = tasks.map(({ instrument }) => instrument).filter((instrument) => !settled.has(instrument));
  const left = open.length === 0 ? '' : `; ${open.join(', ')} did not reach it with all samples asked`;
  return `stopped by rule ${until} after ${samplesDone.toLocaleString('en')} of ${samplesTotal.toLocaleString('en')} samples${left}`;
}

/** The samples of a task, cluster by cluster in seeded order. */
class ClusterQueue<T extends WavedTask> {
  readonly task: T;
  readonly #order: readonly string[];
  readonly #sizes = new Map<string, number>();
  #next = 0;
  #asked = 0;

  constructor(task: T, seed: number) {
    this.task = task;
    for (const { cluster } of task.samples()) this.#sizes.set(cluster, (this.#sizes.get(cluster) ?? 0) + 1);
    this.#order = inSeededOrder(this.#sizes.keys(), seed);
  }

  get isEmpty(): boolean {
    return this.#next === this.#order.length;
  }

  nextWave(): T {
    const target = this.#asked + Math.max(FIRST_WAVE, this.#asked * GROWTH);
    const wave = new Set<string>();
    while (!this.isEmpty && this.#asked < target) {
      const cluster = this.#order[this.#next++] as string;
      wave.add(cluster);
      this.#asked += this.#sizes.get(cluster) ?? 0;
    }
    const { samples } = this.task;
    return { ...this.task, samples: () => within(samples(), wave) };
  }
}

function* within(samples: Iterable<Sample>, clusters: ReadonlySet<string>): Generator<Sample> {
  for (const sample of samples) if (clusters.has(sample.cluster)) yield sample;
}
