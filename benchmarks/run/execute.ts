import type { ContinuationScore } from '../../adapters/model.ts';
import type { Random } from '../../core/random.ts';
import type { Ask, Sample } from '../../suites/task.ts';
import type { Definition } from '../definition/definition.ts';
import type { Journal } from '../journal/journal.ts';
import type { OutcomeWriter } from '../journal/outcomes.ts';
import type { OutcomeRecord } from '../journal/records.ts';
import { isDurable } from '../journal/request-key.ts';
import { Asker, type Station } from './asker.ts';
import { type Addressee, sampleSeed } from './build-request.ts';
import type { Gap } from './capabilities.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { type Answered, type Evaluation, evaluateSample } from './evaluate-sample.ts';
import { inParallel } from './in-parallel.ts';
import { Lane, type LaneLimits } from './lane.ts';
import type { LanePace } from './pace.ts';
import type { PreparedModel, PreparedModels } from './preflight.ts';
import type { PreparedTask } from './prepare-tasks.ts';
import type { Progress } from './progress.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { Stopped, type StopSwitch } from './stop.ts';
import { inWaves, type StoppingRule } from './waves.ts';

export interface ExecuteInput {
  readonly runId: string;
  readonly definition: Pick<Definition, 'settings'>;
  readonly tasks: readonly Pick<PreparedTask, 'instrument' | 'task' | 'samples'>[];
  readonly models: Pick<PreparedModels, 'checkpoints' | 'roles'>;
  readonly gaps: readonly Gap[];
  readonly journal: Journal;
  readonly outcomes: Pick<OutcomeWriter, 'append'>;
  readonly progress: Progress;
  readonly stop: StopSwitch;
  readonly policy: RetryPolicy;
  readonly random: Random;
  /** Stops an instrument for all checkpoints together; without one, every sample is asked. */
  readonly rule?: StoppingRule;
  readonly onFingerprint: (station: Station, fingerprint: string) => void;
  readonly onCircuitOpen: (station: Station, reason: string) => void;
  /** What a checkpoint scored, asked now or found in the journal. */
  readonly onScores?: (checkpoint: string, scores: readonly ContinuationScore[]) => void;
  /** Which repeats are asked; all that the settings name, from 0, when absent. */
  readonly repeats?: { readonly first: number; readonly count: number };
}

/** So many final failures in a row mean that the checkpoint, not the question, is broken. */
const BREAKER_LIMIT = 20;
/** At least so many samples under way beyond the slots: some wait for their next attempt, some for the disk. */
const LEAST_SPARE_SAMPLES = 8;

/**
 * Asks every sample of every instrument of every checkpoint. Lanes work side by side; within a lane the work goes
 * checkpoint by checkpoint, so that a server which holds one model at a time swaps as rarely as possible.
 * Memory is bounded by the number of samples under way. When the run is told to stop, what was answered before is
 * still read, so that the outcomes of a stopped run are as complete as its answers.
 */
export async function execute(input: ExecuteInput): Promise<void> {
  const stations = new Stations(input);
  const asker = new Asker({
    journal: input.journal,
    progress: input.progress,
    stop: input.stop,
    maxRequests: input.definition.settings.maxRequests ?? Number.POSITIVE_INFINITY,
    maxCost: input.definition.settings.maxCost ?? Number.POSITIVE_INFINITY,
    onFingerprint: input.onFingerprint,
    onCircuitOpen: input.onCircuitOpen,
  });
  const lanes = [...stations.byLane()].map(([lane, group]) => ({
    group,
    pace: input.progress.pace(lane, group.length),
  }));
  const askAll = async (tasks: ExecuteInput['tasks']): Promise<void> => {
    const asking = lanes.map(async ({ group, pace }) => {
      for (const station of group) await askCheckpoint(station, asker, stations, { ...input, tasks, pace });
    });
    for (const lane of await Promise.allSettled(asking)) if (lane.status === 'rejected') throw lane.reason;
  };
  if (input.rule === undefined) await askAll(input.tasks);
  else await inWaves(input.tasks, input.definition.settings.seed, input.rule, askAll);
}

async function askCheckpoint(
  { station, width }: CheckpointStation,
  asker: Asker,
  stations: Stations,
  input: ExecuteInput & { readonly pace: LanePace },
): Promise<void> {
  const jobs = untilAborted(jobsOf(station.addressee.id, input), input.stop);
  await inParallel(jobs, width, (job) => work(job).catch(giveUp));

  async function work({ prepared, sample, repeat, gap }: Job): Promise<void> {
    const evaluation =
      gap === undefined
        ? await evaluateSample(prepared.task, sample, (ask) => answer(ask, sample, repeat))
        : skipped(gap);
    const record = outcomeRecord(station.addressee.id, prepared.instrument, sample, repeat, evaluation);
    await input.outcomes.append(record);
    input.rule?.observe(record);
    input.progress.samplesDone++;
    if (gap === undefined) input.pace.done(prepared.instrument);
    else input.pace.skipped(prepared.instrument);
  }

  /** A sample that was stopped is left to the next sitting; anything else ends the run, once the rest is saved. */
  function giveUp(error: unknown): void {
    if (Stopped.is(error)) return;
    input.stop.drain('broken');
    throw error;
  }

  async function answer(ask: Ask, sample: Sample, repeat: number): Promise<Answered> {
    const to = ask.role === 'checkpoint' ? station : stations.role(ask.role);
    const seed = sampleSeed(input.definition.settings.seed, sample.id, repeat);
    const answered = await asker.answer(ask, to, seed, repeat);
    const { result } = answered;
    if (ask.role === 'checkpoint' && result.status === 'answered' && result.answer.verb === 'score')
      input.onScores?.(station.addressee.id, result.answer.scores);
    return answered;
  }
}

function* untilAborted<T>(jobs: Iterable<T>, stop: StopSwitch): Generator<T> {
  for (const job of jobs) {
    if (stop.aborting.aborted || stop.reason === 'broken') return;
    yield job;
  }
}

interface Job {
  readonly prepared: ExecuteInput['tasks'][number];
  readonly sample: Sample;
  readonly repeat: number;
  readonly gap: Gap | undefined;
}

function* jobsOf(checkpoint: string, input: ExecuteInput): Generator<Job> {
  const { tasks, gaps, definition } = input;
  const { first, count } = input.repeats ?? { first: 0, count: definition.settings.repeats };
  for (const prepared of tasks) {
    const gap = gaps.find((one) => one.checkpoint === checkpoint && one.instrument === prepared.instrument);
    for (const sample of prepared.samples()) {
      for (let repeat = first; repeat < first + count; repeat++) yield { prepared, sample, repeat, gap };
    }
  }
}

/** What comes of a sample that its checkpoint cannot be asked. */
export function skipped({ missing }: Gap): Evaluation {
  return { outcome: { kind: 'skipped', missing }, keys: [], content: null };
}

/** The line of outcomes.jsonl for one evaluated sample. */
export function outcomeRecord(
  checkpoint: string,
  instrument: string,
  sample: Sample,
  repeat: number,
  { outcome, keys, content }: Evaluation,
): OutcomeRecord {
  const { id, cluster, strata } = sample;
  return { checkpoint, instrument, sample: id, cluster, strata, repeat, outcome, answers: keys, content };
}

interface CheckpointStation {
  readonly station: Station;
  /** Samples under way at once. */
  readonly width: number;
}

/** The live models with their queues: one lane a rate-limit key, one breaker a model. */
class Stations {
  readonly #lanes = new Map<string, Lane>();
  readonly #checkpoints: readonly CheckpointStation[];
  readonly #roles: ReadonlyMap<string, Station>;

  constructor(input: ExecuteInput) {
    this.#checkpoints = [...input.models.checkpoints.values()].map((prepared) => {
      const slots = concurrencyOf(prepared);
      return { station: this.#station(prepared, input), width: slots + Math.max(slots, LEAST_SPARE_SAMPLES) };
    });
    this.#roles = new Map(
      [...input.models.roles].map(([role, prepared]) => [role, this.#station(prepared, input)]),
    );
  }

  byLane(): Map<Lane, CheckpointStation[]> {
    const groups = new Map<Lane, CheckpointStation[]>();
    for (const one of this.#checkpoints) {
      const group = groups.get(one.station.lane);
      if (group === undefined) groups.set(one.station.lane, [one]);
      else group.push(one);
    }
    return groups;
  }

  role(role: string): Station {
    const station = this.#roles.get(role);
    if (station === undefined) throw new Error(`no model plays the role ${role}`);
    return station;
  }

  #station(prepared: PreparedModel, input: ExecuteInput): Station {
    return {
      addressee: addresseeOf(prepared, input.runId),
      model: prepared.model,
      lane: this.#lane(prepared, input),
      breaker: new CircuitBreaker(BREAKER_LIMIT),
      timeoutMs: prepared.definition.limits.timeoutSeconds * 1000,
      ...(prepared.definition.price === undefined ? {} : { price: prepared.definition.price }),
    };
  }

  #lane(prepared: PreparedModel, { models, stop, policy, random, progress }: ExecuteInput): Lane {
    const key = prepared.model.rateLimitKey;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const all = [...models.checkpoints.values(), ...models.roles.values()];
    const limits = strictestLimits(all.filter(({ model }) => model.rateLimitKey === key));
    const lane = new Lane(limits, { stop, policy, random });
    this.#lanes.set(key, lane);
    progress.watch(lane);
    return lane;
  }
}

/** What holds for a server that several models share: the smallest of their limits. */
function strictestLimits(sharing: readonly PreparedModel[]): LaneLimits {
  const smallest = (name: 'requestsPerMinute' | 'tokensPerMinute') => {
    const limits = sharing.flatMap(({ definition }) => definition.limits[name] ?? []);
    return limits.length === 0 ? {} : { [name]: Math.min(...limits) };
  };
  return {
    concurrency: Math.min(...sharing.map(concurrencyOf)),
    ...smallest('requestsPerMinute'),
    ...smallest('tokensPerMinute'),
  };
}

export function concurrencyOf({ definition, model }: PreparedModel): number {
  return Math.max(1, Math.min(definition.limits.concurrency ?? model.maxConcurrency, model.maxConcurrency));
}

/** What requests and keys depend on, from a prepared model. */
export function addresseeOf(
  { definition, identity, facts }: Omit<PreparedModel, 'model' | 'msPerRequest'>,
  runId: string,
): Addressee {
  return {
    id: definition.id,
    promptFormat: definition.promptFormat,
    identityDigest: facts.identityDigest,
    ...(definition.system === undefined ? {} : { system: definition.system }),
    ...(identity.template === undefined ? {} : { templateDigest: identity.template }),
    ...(facts.scoreMethod === undefined ? {} : { scoreMethod: facts.scoreMethod }),
    ...('control' in definition && definition.control !== undefined ? { control: definition.id } : {}),
    ...(isDurable(identity) ? {} : { run: runId }),
  };
}
