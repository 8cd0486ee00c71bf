import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { EXIT, UserError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { seededRandom } from '../../core/random.ts';
import type { Definition } from '../definition/definition.ts';
import { seriesNotes } from '../definition/series-notes.ts';
import { Journal } from '../journal/journal.ts';
import { lockRun } from '../journal/lock.ts';
import { OutcomeWriter } from '../journal/outcomes.ts';
import type { Manifest, RunStatus } from '../journal/records.ts';
import { listRuns, makeRunFolder, readManifest, writeManifest } from '../journal/run-folder.ts';
import { AlarmWatch } from './alarms.ts';
import { changedSettings, underDefinition } from './analysis-changes.ts';
import { findGaps, type Gap, unforeseen } from './capabilities.ts';
import { execute } from './execute.ts';
import { type HeadlineSize, headlineSizes } from './headline-size.ts';
import { buildManifest, runFingerprint } from './manifest.ts';
import { type AskingInput, askAgain, samplesAskedAgain, secondAskings } from './noise-floor.ts';
import { type PreparedModels, prepareModels } from './preflight.ts';
import { type PreparedTask, prepareTasks } from './prepare-tasks.ts';
import { Progress } from './progress.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.ts';
import { refuseMixedSeries } from './series-members.ts';
import type { StopReason, StopSwitch } from './stop.ts';
import { ruleText, type StoppingRule } from './waves.ts';

export interface RunOptions {
  /** The folder that holds the runs. */
  readonly runs: string;
  /** Start anew although an equal run exists. */
  readonly fresh?: boolean;
  /** Leave out what a checkpoint cannot be asked, instead of refusing to start. */
  readonly skipMissing?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: StopSwitch;
  readonly policy?: RetryPolicy;
  /** Makes what judges the definition's `until`; required where it has one. */
  readonly stoppingRule?: (tasks: readonly PreparedTask[]) => StoppingRule;
  readonly listener?: RunListener;
}

/** What a terminal wants to hear. */
export interface RunListener {
  readonly notify?: (line: string) => void;
  readonly prepared?: (facts: PreparedFacts) => void | Promise<void>;
  readonly started?: (progress: Progress, folder: string) => void;
}

export interface PreparedFacts {
  readonly checkpoints: number;
  readonly instruments: number;
  readonly samples: number;
  readonly gaps: readonly Gap[];
  /** How many samples each headline will rest on. */
  readonly headlines: readonly HeadlineSize[];
}

export interface RunResult {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly status: RunStatus;
  /** Requests answered by a model in this sitting, and those that earlier answers served. */
  readonly asked: number;
  readonly served: number;
}

export const STATUS_FILE = 'status.json';
/** A timer of more milliseconds would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Executes a benchmark: data, preflight, asking, reading. An equal run that was begun before is resumed: what was
 * answered is served, what failed is asked again.
 *
 * @throws UserError with exit code 3 for whatever data, models or the run folder refuse.
 */
export async function runBenchmark(definition: Definition, options: RunOptions): Promise<RunResult> {
  const { tasks, models } = await prepare(definition, options);
  try {
    const gaps = findGaps(tasks, models);
    const refused = unforeseen(gaps);
    if (refused.length > 0 && options.skipMissing !== true) throw gapError(refused);
    refuseMixedSeries(definition, tasks, models, gaps);
    await options.listener?.prepared?.(preparedFacts(definition, tasks, gaps));
    const folder = await openRun(definition, tasks, models, options);
    const lock = await lockRun(folder);
    try {
      return await ask({ definition, tasks, models, gaps, folder, options });
    } finally {
      await lock.release();
    }
  } finally {
    await models.close();
  }
}

/** Data and models, unless somebody interrupts before anything was asked. */
async function prepare(
  definition: Definition,
  { env, listener, stop }: RunOptions,
): Promise<{ tasks: PreparedTask[]; models: PreparedModels }> {
  const context = { env, notify: listener?.notify ?? (() => {}), signal: stop.draining };
  try {
    for (const note of seriesNotes(definition.checkpoints)) context.notify(`note: ${note}`);
    const tasks = await prepareTasks(definition, context);
    return { tasks, models: await prepareModels(definition, context) };
  } catch (error) {
    if (!stop.draining.aborted) throw error;
    throw new UserError('interrupted before anything was asked', EXIT.interrupted, error);
  }
}

/** All gaps at once, with the way on. */
export function gapError(gaps: readonly Gap[]): UserError {
  return new UserError(
    gaps.map(({ checkpoint, instrument, missing }) => ({
      field: `${checkpoint} × ${instrument}`,
      message: missing,
      fix: '--skip-missing leaves it out; `aligntrust list` shows tasks that need less.',
    })),
    EXIT.environment,
  );
}

function preparedFacts(
  definition: Definition,
  tasks: readonly PreparedTask[],
  gaps: readonly Gap[],
): PreparedFacts {
  const perCheckpoint = tasks.reduce((sum, { facts }) => sum + facts.samples, 0);
  return {
    checkpoints: definition.checkpoints.length,
    instruments: tasks.length,
    samples: perCheckpoint * definition.checkpoints.length * definition.settings.repeats,
    gaps,
    headlines: headlineSizes(definition, tasks),
  };
}

async function openRun(
  definition: Definition,
  tasks: readonly PreparedTask[],
  models: PreparedModels,
  { runs, fresh, listener }: RunOptions,
): Promise<string> {
  await makeRunFolder(runs);
  const fingerprint = runFingerprint(definition, tasks, models);
  const onDamaged = (folder: string) =>
    listener?.notify?.(
      `${folder}: its manifest.json is damaged, so this run cannot be resumed and is passed over`,
    );
  const known = fresh === true ? [] : await listRuns(runs, onDamaged);
  const earlier = known.find((run) => run.manifest.fingerprint === fingerprint);
  if (earlier !== undefined) return earlier.folder;
  const date = new Date().toISOString().slice(0, 10);
  const id = `${date}-${definition.benchmark}-${randomBytes(3).toString('hex')}`;
  const folder = join(runs, id);
  await makeRunFolder(folder);
  const manifest: Manifest = {
    ...(await buildManifest(id, definition, tasks, models)),
    definitionFolder: relative(folder, definition.folder),
  };
  await writeManifest(folder, manifest);
  return folder;
}

/** The manifest under which this sitting goes on; written where its definition changes how answers are analysed. */
async function settleAnalysis(
  { folder, definition, tasks, options }: AskInput,
  answers: number,
): Promise<Manifest> {
  const before = await readManifest(folder);
  const at = new Date().toISOString();
  const manifest = underDefinition(before, { definition, tasks, answers, at });
  if (manifest === before) return manifest;
  await writeManifest(folder, manifest);
  const changes = (manifest.analysisChanges ?? []).slice(before.analysisChanges?.length ?? 0);
  options.listener?.notify?.(
    `the definition changes how a run that has begun is analysed (${changedSettings(changes)}): no answer is asked again, and reports say so`,
  );
  return manifest;
}

interface AskInput {
  readonly definition: Definition;
  readonly tasks: readonly PreparedTask[];
  readonly models: PreparedModels;
  readonly gaps: readonly Gap[];
  readonly folder: string;
  readonly options: RunOptions;
}

async function ask(input: AskInput): Promise<RunResult> {
  const { definition, tasks, models, gaps, folder, options } = input;
  const journal = await Journal.open(folder);
  const manifest = await settleAnalysis(input, journal.recordsBefore);
  const outcomes = await OutcomeWriter.open(folder);
  const progress = new Progress();
  const { until } = definition.settings;
  const rule = stoppingRule(definition, tasks, options);
  // Which samples are asked is known at the end only, so none can be asked a second time.
  const again = rule === undefined ? secondAskings(definition, tasks, models) : [];
  progress.samplesTotal = preparedFacts(definition, tasks, gaps).samples + samplesAskedAgain(again);
  progress.samplesPerCheckpoint = new Map(
    tasks.map(({ instrument, facts }) => [instrument, facts.samples * definition.settings.repeats]),
  );
  const watch = new AlarmWatch(journal.damaged);
  const timer = deadline(definition.settings.maxMinutes, options.stop);
  const status = (word: RunStatus['status'], reason: string | null): RunStatus => ({
    schemaVersion: 1,
    status: word,
    reason,
    updatedAt: new Date().toISOString(),
    asked: journal.recordsBefore + progress.asked,
    alarms: watch.alarms(),
  });
  try {
    await writeStatus(folder, status('running', null));
    options.listener?.started?.(progress, folder);
    const asking: AskingInput = {
      runId: manifest.run,
      definition,
      tasks,
      models,
      gaps,
      journal,
      progress,
      stop: options.stop,
      policy: options.policy ?? DEFAULT_RETRY_POLICY,
      random: seededRandom(definition.settings.seed),
      onFingerprint: ({ addressee }, fingerprint) => watch.fingerprint(addressee.id, fingerprint),
      onCircuitOpen: ({ addressee }, reason) => watch.circuitOpen(addressee.id, reason),
      onScores: (checkpoint, scores) => watch.scores(checkpoint, scores),
    };
    await execute({ ...asking, outcomes, ...(rule === undefined ? {} : { rule }) });
    if (options.stop.reason === undefined) await askAgain(folder, again, asking);
  } catch (error) {
    await outcomes.discard().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
    await journal.close();
  }
  await outcomes.finish();
  const { reason } = options.stop;
  const ruled = rule === undefined ? null : await ruleText(until ?? '', rule, progress, tasks);
  const final = status(statusWord(reason), reason ?? ruled);
  await writeStatus(folder, final);
  return { folder, manifest, status: final, asked: progress.asked, served: progress.served };
}

function stoppingRule(
  { settings }: Definition,
  tasks: readonly PreparedTask[],
  { stoppingRule: make }: RunOptions,
): StoppingRule | undefined {
  if (settings.until === undefined) return undefined;
  if (make === undefined) throw new Error('a definition with "until" needs somebody who can judge it');
  return make(tasks);
}

function statusWord(reason: StopReason | undefined): RunStatus['status'] {
  if (reason === undefined) return 'finished';
  return reason === 'interrupted' ? 'interrupted' : 'stopped';
}

function deadline(minutes: number | undefined, stop: StopSwitch): NodeJS.Timeout | undefined {
  if (minutes === undefined) return undefined;
  return setTimeout(() => stop.drain('max-minutes'), Math.min(minutes * 60_000, LONGEST_TIMER_MS));
}

export async function writeStatus(folder: string, status: RunStatus): Promise<void> {
  await writeFileAtomic(join(folder, STATUS_FILE), `${JSON.stringify(status, undefined, 2)}\n`, 'derived');
}

/** The status of a run folder; undefined when it was never written or is damaged: nothing depends on it. */
export async function readStatus(folder: string): Promise<RunStatus | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, STATUS_FILE), 'utf8'));
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStatus(value: unknown): value is RunStatus {
  if (typeof value !== 'object' || value === null) return false;
  const { schemaVersion, status, alarms } = value as Partial<RunStatus>;
  return schemaVersion === 1 && typeof status === 'string' && Array.isArray(alarms);
}
