import { digestOf } from '../../core/digest.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Ask, Role } from '../../suites/task.ts';
import type { Definition } from '../definition/definition.ts';
import { findGaps, type Gap } from './capabilities.ts';
import { followUps } from './follow-ups.ts';
import { type HeadlineSize, headlineSizes } from './headline-size.ts';
import { shareAskedAgain } from './noise-floor.ts';
import {
  type AskCount,
  basisOf,
  costOf,
  type MeasuredAnswers,
  minutesOf,
  type SharedAsks,
  type Spending,
  spendingOf,
  sum,
} from './plan-spending.ts';
import { type AskTally, NO_ASKS, type TokenBasis, tallied } from './plan-tokens.ts';
import { prepareModels } from './preflight.ts';
import { type PreparedTask, prepareTasks } from './prepare-tasks.ts';
import { refuseMixedSeries } from './series-members.ts';

/** What a benchmark would ask, before anything is spent. */
export interface Plan {
  readonly benchmark: string;
  readonly checkpoints: number;
  readonly tasks: readonly PlannedTask[];
  /**
   * First-round requests to all checkpoints and to what they share (a reference), identical ones of several tasks counted
   * once, the noise floor's included.
   */
  readonly requests: number;
  /** Requests that depend on answers (a judge, a classifier, a second question): estimated. */
  readonly followUps: number;
  readonly inputTokens: number;
  /** By an earlier run where one has measured it, at most otherwise. */
  readonly outputTokens: number;
  /** By the time of the probe's requests, or of an earlier run's, and the concurrency of each lane. */
  readonly minutes: number;
  /** In the currency of the prices; null when nothing has a price. */
  readonly cost: number | null;
  /** Who counted the input tokens. */
  readonly tokenBasis: readonly { readonly model: string; readonly basis: TokenBasis }[];
  readonly gaps: readonly Gap[];
}

/** Totals are over all checkpoints and roles. */
export interface PlannedTask {
  readonly instrument: string;
  readonly dimension: string;
  readonly samples: number;
  readonly clusters: number;
  /** Samples that the dataset holds without any limit. */
  readonly available: number;
  /** First-round requests of one checkpoint, identical ones counted once over all tasks (the first that asks them). */
  readonly requestsPerCheckpoint: number;
  /** First-round requests to other models, which all checkpoints share; 0 where that model is a checkpoint itself. */
  readonly sharedRequests: number;
  readonly followUps: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** They are those that decoding allows at most; false where an earlier run measured them. */
  readonly outputIsLimit: boolean;
  readonly minutes: number;
  readonly cost: number | null;
}

export interface PlanContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly notify: (line: string) => void;
  /**
   * By instrument. In-process models keep the probe's time: how long their answers took says how many of them shared the
   * cores.
   */
  readonly measured?: ReadonlyMap<string, MeasuredAnswers>;
  /** Told how many samples each headline will rest on. */
  readonly sized?: (headlines: readonly HeadlineSize[]) => void;
}

/** Loads the data, opens and probes every model, and counts. Nothing of the benchmark itself is asked. */
export async function planBenchmark(definition: Definition, context: PlanContext): Promise<Plan> {
  const tasks = await prepareTasks(definition, context);
  const headlines = headlineSizes(definition, tasks);
  context.sized?.(headlines);
  const { repeats, until } = definition.settings;
  const counts = countAsks(tasks, repeats).map((count, index) => {
    const again = until === undefined ? shareAskedAgain(definition, tasks[index] as PreparedTask) : 0;
    return again === 0 ? count : timesAsked(count, (repeats + again) / repeats);
  });
  const models = await prepareModels(definition, context);
  try {
    const gaps = findGaps(tasks, models);
    refuseMixedSeries(definition, tasks, models, gaps);
    const spendings: Spending[][] = [];
    for (const [index, count] of counts.entries()) {
      const measured = context.measured?.get(tasks[index]?.instrument ?? '');
      spendings.push(await spendingOf(count, models, measured));
    }
    const planned = tasks.map((task, index) =>
      plannedTask(task, headlines[index]?.dimension ?? task.task.dimension, counts[index], spendings[index]),
    );
    const all = spendings.flat();
    return {
      benchmark: definition.benchmark,
      checkpoints: definition.checkpoints.length,
      tasks: planned,
      requests:
        sum(planned, (one) => one.requestsPerCheckpoint) * definition.checkpoints.length +
        sum(planned, (one) => one.sharedRequests),
      followUps: sum(planned, (one) => one.followUps),
      inputTokens: sum(planned, (one) => one.inputTokens),
      outputTokens: sum(planned, (one) => one.outputTokens),
      minutes: minutesOf(all),
      cost: costOf(all),
      tokenBasis: basisOf(all),
      gaps,
    };
  } finally {
    await models.close();
  }
}

/** Later rounds are looked at for so many samples of a task and taken for all. */
const FOLLOWED_SAMPLES = 5;

function countAsks(tasks: readonly PreparedTask[], repeats: number): AskCount[] {
  const seen = new Set<string>();
  return tasks.map(({ task, samples, facts }) => {
    let first = NO_ASKS;
    const shared = new Map<Role, SharedAsks>();
    const later = new Map<Role, AskTally>();
    let followed = 0;
    for (const sample of samples()) {
      for (const ask of task.ask(sample, [])) {
        const digest = digestOf(ask as unknown as JsonValue);
        if (seen.has(digest)) continue;
        seen.add(digest);
        if (ask.role === 'checkpoint') first = tallied(first, ask, repeats);
        else {
          const isAsked = seen.has(digestOf({ ...ask, role: 'checkpoint' } as unknown as JsonValue));
          shared.set(ask.role, withShared(shared.get(ask.role), ask, isAsked ? 0 : repeats, repeats));
        }
      }
      if (followed >= FOLLOWED_SAMPLES) continue;
      followed++;
      for (const ask of followUps(task, sample))
        later.set(ask.role, tallied(later.get(ask.role) ?? NO_ASKS, ask, repeats));
    }
    const scale = followed === 0 ? 0 : facts.samples / followed;
    return { first, shared, later: new Map([...later].map(([role, tally]) => [role, scaled(tally, scale)])) };
  });
}

function withShared(
  { all, beyond }: SharedAsks = { all: NO_ASKS, beyond: NO_ASKS },
  ask: Ask,
  timesBeyond: number,
  times: number,
): SharedAsks {
  return { all: tallied(all, ask, times), beyond: tallied(beyond, ask, timesBeyond) };
}

function timesAsked({ first, shared, later }: AskCount, factor: number): AskCount {
  return {
    first: scaled(first, factor),
    shared: new Map(
      [...shared].map(([role, { all, beyond }]) => [
        role,
        { all: scaled(all, factor), beyond: scaled(beyond, factor) },
      ]),
    ),
    later: new Map([...later].map(([role, tally]) => [role, scaled(tally, factor)])),
  };
}

function scaled({ requests, characters, outputTokens, first }: AskTally, factor: number): AskTally {
  return {
    requests: Math.round(requests * factor),
    characters: Math.round(characters * factor),
    outputTokens: Math.round(outputTokens * factor),
    first,
  };
}

function plannedTask(
  { instrument, facts, available }: PreparedTask,
  dimension: string,
  count: AskCount | undefined,
  spent: readonly Spending[] = [],
): PlannedTask {
  const requestsPerCheckpoint = count?.first.requests ?? 0;
  const requestsIn = (wanted: Spending['round']): number =>
    sum(spent, ({ round, requests }) => (round === wanted ? requests : 0));
  return {
    instrument,
    dimension,
    samples: facts.samples,
    clusters: facts.clusters,
    available,
    requestsPerCheckpoint,
    sharedRequests: requestsIn('shared'),
    followUps: requestsIn('later'),
    inputTokens: sum(spent, (one) => one.inputTokens),
    outputTokens: sum(spent, (one) => one.outputTokens),
    outputIsLimit: spent.some(({ isLimit }) => isLimit),
    minutes: minutesOf(spent),
    cost: costOf(spent),
  };
}
