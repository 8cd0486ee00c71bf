import { availableParallelism } from 'node:os';
import { digestOf } from '../../core/digest.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Role } from '../../suites/task.ts';
import type { Definition } from '../definition/definition.ts';
import { findGaps, type Gap } from './capabilities.ts';
import { concurrencyOf } from './execute.ts';
import { followUps } from './follow-ups.ts';
import { type HeadlineSize, headlineSizes } from './headline-size.ts';
import { shareAskedAgain } from './noise-floor.ts';
import { type AskTally, inputTokens, NO_ASKS, type TokenBasis, tallied } from './plan-tokens.ts';
import { type PreparedModel, type PreparedModels, prepareModels } from './preflight.ts';
import { type PreparedTask, prepareTasks } from './prepare-tasks.ts';

/** What a benchmark would ask, before anything is spent. */
export interface Plan {
  readonly benchmark: string;
  readonly checkpoints: number;
  readonly tasks: readonly PlannedTask[];
  /** First-round requests to all checkpoints, identical ones of several tasks counted once, the noise floor's included. */
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
  readonly followUps: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** They are those that decoding allows at most; false where an earlier run measured them. */
  readonly outputIsLimit: boolean;
  readonly minutes: number;
  readonly cost: number | null;
}

/** What an earlier run's checkpoints took for one answer to an instrument, on average. */
export interface MeasuredAnswers {
  readonly ms: number;
  /** Null where nothing was generated, or the server did not count. */
  readonly outputTokens: number | null;
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
  const { repeats } = definition.settings;
  const counts = countAsks(tasks, repeats).map((count, index) => {
    const again = shareAskedAgain(definition, tasks[index] as PreparedTask);
    return again === 0 ? count : timesAsked(count, (repeats + again) / repeats);
  });
  const models = await prepareModels(definition, context);
  try {
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
      requests: sum(planned, (one) => one.requestsPerCheckpoint) * definition.checkpoints.length,
      followUps: sum(planned, (one) => one.followUps),
      inputTokens: sum(planned, (one) => one.inputTokens),
      outputTokens: sum(planned, (one) => one.outputTokens),
      minutes: minutesOf(all),
      cost: costOf(all),
      tokenBasis: basisOf(all),
      gaps: findGaps(tasks, models),
    };
  } finally {
    await models.close();
  }
}

interface AskCount {
  /** Asked of every checkpoint. */
  readonly first: AskTally;
  /** Asked in later rounds for one checkpoint, by whom it is asked. */
  readonly later: ReadonlyMap<Role, AskTally>;
}

/** Later rounds are looked at for so many samples of a task and taken for all. */
const FOLLOWED_SAMPLES = 5;

function countAsks(tasks: readonly PreparedTask[], repeats: number): AskCount[] {
  const seen = new Set<string>();
  return tasks.map(({ task, samples, facts }) => {
    let first = NO_ASKS;
    const later = new Map<Role, AskTally>();
    let followed = 0;
    for (const sample of samples()) {
      for (const ask of task.ask(sample, [])) {
        const digest = digestOf(ask as unknown as JsonValue);
        if (seen.has(digest)) continue;
        seen.add(digest);
        first = tallied(first, ask, repeats);
      }
      if (followed >= FOLLOWED_SAMPLES) continue;
      followed++;
      for (const ask of followUps(task, sample))
        later.set(ask.role, tallied(later.get(ask.role) ?? NO_ASKS, ask, repeats));
    }
    const scale = followed === 0 ? 0 : facts.samples / followed;
    return { first, later: new Map([...later].map(([role, tally]) => [role, scaled(tally, scale)])) };
  });
}

function timesAsked({ first, later }: AskCount, factor: number): AskCount {
  return {
    first: scaled(first, factor),
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

/** What one task asks of one model. */
interface Spending {
  readonly prepared: PreparedModel;
  readonly msPerRequest: number;
  /** Output tokens are those that decoding allows, not those that an earlier run had. */
  readonly isLimit: boolean;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly basis: TokenBasis;
}

async function spendingOf(
  { first, later }: AskCount,
  models: PreparedModels,
  measured: MeasuredAnswers | undefined,
): Promise<Spending[]> {
  const checkpoints = [...models.checkpoints.values()];
  const work = checkpoints.map((prepared) => ({ prepared, tally: first }));
  for (const [role, tally] of later) {
    const ofRole = role === 'checkpoint' ? undefined : models.roles.get(role);
    for (const checkpoint of checkpoints) {
      const prepared = role === 'checkpoint' ? checkpoint : ofRole;
      if (prepared !== undefined) work.push({ prepared, tally });
    }
  }
  const spent: Spending[] = [];
  for (const { prepared, tally } of work) {
    const { tokens, basis } = await inputTokens(tally, prepared);
    const { requests } = tally;
    const known = tally === first ? measured : undefined;
    const length = known?.outputTokens ?? null;
    spent.push({
      prepared,
      msPerRequest:
        prepared.model.inProcess === true ? prepared.msPerRequest : (known?.ms ?? prepared.msPerRequest),
      isLimit: length === null && tally.outputTokens > 0,
      requests,
      inputTokens: tokens,
      outputTokens: length === null ? tally.outputTokens : Math.ceil(requests * length),
      basis,
    });
  }
  return spent;
}

function plannedTask(
  { instrument, facts, available }: PreparedTask,
  dimension: string,
  count: AskCount | undefined,
  spent: readonly Spending[] = [],
): PlannedTask {
  const requestsPerCheckpoint = count?.first.requests ?? 0;
  const models = new Set(spent.map(({ prepared }) => prepared));
  const checkpoints = [...models].filter(({ definition }) => 'alignment' in definition).length;
  return {
    instrument,
    dimension,
    samples: facts.samples,
    clusters: facts.clusters,
    available,
    requestsPerCheckpoint,
    followUps: sum(spent, ({ requests }) => requests) - requestsPerCheckpoint * checkpoints,
    inputTokens: sum(spent, (one) => one.inputTokens),
    outputTokens: sum(spent, (one) => one.outputTokens),
    outputIsLimit: spent.some(({ isLimit }) => isLimit),
    minutes: minutesOf(spent),
    cost: costOf(spent),
  };
}

/** Lanes work side by side; within a lane its models share the slots, and in process all of them share the cores. */
function minutesOf(spent: readonly Spending[]): number {
  const perLane = new Map<string, number>();
  let here = 0;
  for (const { prepared, requests, msPerRequest } of spent) {
    const { model, definition } = prepared;
    const byRate = (requests * 60_000) / (definition.limits.requestsPerMinute ?? Number.POSITIVE_INFINITY);
    const ms = Math.max(byRate, (requests * msPerRequest) / concurrencyOf(prepared));
    perLane.set(model.rateLimitKey, (perLane.get(model.rateLimitKey) ?? 0) + ms);
    if (model.inProcess === true) here += requests * msPerRequest;
  }
  return Math.max(here / availableParallelism(), ...perLane.values()) / 60_000;
}

function costOf(spent: readonly Spending[]): number | null {
  const priced = spent.flatMap((one) => {
    const { price } = one.prepared.definition;
    return price === undefined
      ? []
      : [(one.inputTokens * price.promptPerMillion + one.outputTokens * price.completionPerMillion) / 1e6];
  });
  return priced.length === 0 ? null : sum(priced, (cost) => cost);
}

/** One entry a model; by characters as soon as one of its tasks was. */
function basisOf(spent: readonly Spending[]): Plan['tokenBasis'] {
  const byModel = new Map<string, TokenBasis>();
  for (const { prepared, basis, requests } of spent) {
    if (requests === 0) continue;
    const { id } = prepared.definition;
    byModel.set(id, byModel.get(id) === 'characters' ? 'characters' : basis);
  }
  return [...byModel].map(([model, basis]) => ({ model, basis }));
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
