import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../../core/errors.ts';
import type { Ask, Sample } from '../../suites/task.ts';
import type { CheckpointDefinition, Definition, RoleDefinition } from '../definition/definition.ts';
import { ANSWERS_FILE, Journal } from '../journal/journal.ts';
import { lockRun } from '../journal/lock.ts';
import { NOISE_FILE, OUTCOMES_FILE, readOutcomes } from '../journal/outcomes.ts';
import type { Manifest, OutcomeRecord } from '../journal/records.ts';
import { requestKey } from '../journal/request-key.ts';
import { readManifest, writeManifest } from '../journal/run-folder.ts';
import { whereBroken } from '../journal/where-broken.ts';
import { type Addressee, buildRequest, sampleSeed } from './build-request.ts';
import { type CapableModels, findGaps } from './capabilities.ts';
import { isUnanswered, NOT_ANSWERED_ERROR } from './earlier-outcomes.ts';
import { type Answered, evaluateSample } from './evaluate-sample.ts';
import { addresseeOf, outcomeRecord, skipped } from './execute.ts';
import { type PreparedTask, prepareTasks, type TaskContext } from './prepare-tasks.ts';
import { lostAnswers, type Reading, type Reread, readAnew } from './read-anew.ts';

export interface RescoreResult {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly samples: number;
  /** Samples without an answer in the journal. */
  readonly unanswered: number;
  /** Samples whose outcome is another one than before; null where there were no readable outcomes. */
  readonly changed: number | null;
}

/** The definition as the manifest recorded it. Relative paths of datasets start at `folder`. */
export function recordedDefinition(manifest: Manifest, folder: string): Definition {
  const recorded = manifest.definition as unknown as Omit<Definition, 'folder' | 'digest'>;
  return { ...recorded, folder, digest: manifest.definitionDigest };
}

/** Who was asked under each checkpoint id and role, as the manifest recorded it. */
export function recordedAddressees(manifest: Manifest, definition: Definition): Map<string, Addressee> {
  const roles = Object.entries(definition.roles).map(([role, one]) => [`role:${role}`, one] as const);
  const checkpoints = definition.checkpoints.map((one) => [one.id, one] as const);
  return new Map([...checkpoints, ...roles].map(([id, one]) => [id, recordedAddressee(manifest, id, one)]));
}

function recordedAddressee(
  manifest: Manifest,
  id: string,
  definition: CheckpointDefinition | RoleDefinition,
): Addressee {
  const facts = manifest.models[id];
  if (facts === undefined)
    throw new UserError(`the manifest of ${manifest.run} does not know ${id}`, EXIT.environment);
  return addresseeOf({ definition, identity: facts.identity, facts }, manifest.run);
}

function recordedCapabilities(manifest: Manifest, definition: Definition): CapableModels {
  const recorded = (id: string, one: RoleDefinition) => {
    const facts = manifest.models[id];
    return facts === undefined ? [] : [{ definition: one, facts }];
  };
  return {
    checkpoints: new Map(
      definition.checkpoints.flatMap((one) => recorded(one.id, one).map((model) => [one.id, model])),
    ),
    roles: new Map(
      Object.entries(definition.roles).flatMap(([role, one]) =>
        recorded(`role:${role}`, one).map((model) => [role, model]),
      ),
    ),
  };
}

/**
 * Reads the outcomes of a run again from its answers, for example after a task's reader was mended. Asks nothing:
 * what failed stays failed, and what a checkpoint could not be asked stays skipped. An outcome whose answer is lost is
 * worth more than none: where there is one, everything stays as it was.
 *
 * @throws UserError (exit code 3) when the run or its data cannot be read, or an outcome would be lost.
 */
export async function rescore(
  folder: string,
  dataFolder: string,
  context: TaskContext,
): Promise<RescoreResult> {
  const manifest = await readManifest(folder);
  const definition = recordedDefinition(manifest, dataFolder);
  const tasks = await prepareTasks(definition, context);
  const lock = await lockRun(folder);
  try {
    const journal = await Journal.open(folder, 'readonly');
    try {
      const input = { folder, manifest, definition, tasks, journal };
      const found = await rewriteAll(input);
      if (found.unanswered > 0) {
        const places = whereBroken(journal, join(folder, ANSWERS_FILE));
        if (places !== '') context.notify(places);
      }
      return { folder, manifest: await recordVersions(folder, manifest, tasks), ...found };
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/** Outcomes now read by another version of their task are said to be: whoever summarises them refuses any other. */
async function recordVersions(
  folder: string,
  manifest: Manifest,
  tasks: readonly PreparedTask[],
): Promise<Manifest> {
  const isRecorded = ({ instrument, facts }: PreparedTask) =>
    manifest.tasks[instrument]?.version === facts.version;
  if (tasks.every(isRecorded)) return manifest;
  const present = tasks.map(({ instrument, facts }) => [instrument, facts] as const);
  const updated = { ...manifest, tasks: { ...manifest.tasks, ...Object.fromEntries(present) } };
  await writeManifest(folder, updated);
  return updated;
}

/**
 * The outcomes that the answers of a run give, read again and written nowhere. The run is not locked: nothing of it is
 * changed.
 *
 * @throws UserError (exit code 3) when the run or its data cannot be read.
 */
export async function* rereadOutcomes(
  folder: string,
  dataFolder: string,
  context: TaskContext,
): AsyncGenerator<OutcomeRecord> {
  const manifest = await readManifest(folder);
  const definition = recordedDefinition(manifest, dataFolder);
  const tasks = await prepareTasks(definition, context);
  const journal = await Journal.open(folder, 'readonly');
  try {
    const input = { manifest, definition, tasks, journal };
    for await (const { record, isLeftOut } of recordsAgain(input)) if (isLeftOut !== true) yield record;
  } finally {
    await journal.close();
  }
}

interface ReadAgainInput {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly definition: Definition;
  readonly tasks: readonly PreparedTask[];
  readonly journal: Journal;
}

/** Both files of outcomes are replaced, or neither. */
async function rewriteAll(
  input: ReadAgainInput,
): Promise<Pick<RescoreResult, 'samples' | 'unanswered' | 'changed'>> {
  const { folder, journal } = input;
  const readings: Reading[] = [];
  try {
    const main = await readAnew(folder, OUTCOMES_FILE, recordsAgain(input));
    readings.push(main);
    const noise = await noiseAnew(input);
    if (noise !== undefined) readings.push(noise);
    const lost = readings.reduce((sum, reading) => sum + reading.lost, 0);
    if (lost > 0) throw lostAnswers(folder, journal, lost);
    for (const { writer } of readings) await writer.finish();
    const { samples, unanswered, changed } = main;
    return { samples, unanswered, changed };
  } catch (error) {
    for (const { writer } of readings) await writer.discard().catch(() => {});
    throw error;
  }
}

/** Every sample's outcome as its recorded answers give it. */
async function* recordsAgain({
  manifest,
  definition,
  tasks,
  journal,
}: Omit<ReadAgainInput, 'folder'>): AsyncGenerator<Reread> {
  const addressees = recordedAddressees(manifest, definition);
  const gaps = findGaps(tasks, recordedCapabilities(manifest, definition));
  for (const { checkpoint, prepared, sample, repeat } of everySample(definition, tasks)) {
    const answer = (ask: Ask) =>
      recordedAnswer(journal, ask, addressees, checkpoint, definition, sample, repeat);
    const { instrument } = prepared;
    const gap = gaps.find((one) => one.checkpoint === checkpoint && one.instrument === instrument);
    const evaluation = gap === undefined ? await evaluateSample(prepared.task, sample, answer) : skipped(gap);
    const record = outcomeRecord(checkpoint, instrument, sample, repeat, evaluation);
    yield { record, isLeftOut: definition.settings.until !== undefined && isUnanswered(record) };
  }
}

/** Samples that were asked a second time; undefined where there are none, and where their file is damaged: it stays as it is. */
async function noiseAnew(input: ReadAgainInput): Promise<Reading | undefined> {
  const { folder } = input;
  if (!existsSync(join(folder, NOISE_FILE))) return undefined;
  try {
    return await readAnew(folder, NOISE_FILE, noiseAgain(input));
  } catch (error) {
    if (UserError.is(error)) return undefined;
    throw error;
  }
}

async function* noiseAgain({
  folder,
  manifest,
  definition,
  tasks,
  journal,
}: ReadAgainInput): AsyncGenerator<Reread> {
  const addressees = recordedAddressees(manifest, definition);
  const samples = new Map(
    tasks.map((prepared) => [
      prepared.instrument,
      new Map(Array.from(prepared.samples(), (one) => [one.id, one])),
    ]),
  );
  for await (const { checkpoint, instrument, sample: id, repeat } of readOutcomes(folder, NOISE_FILE)) {
    const prepared = tasks.find((one) => one.instrument === instrument);
    const sample = samples.get(instrument)?.get(id);
    if (prepared === undefined || sample === undefined) continue;
    const evaluation = await evaluateSample(prepared.task, sample, (ask) =>
      recordedAnswer(journal, ask, addressees, checkpoint, definition, sample, repeat),
    );
    yield { record: outcomeRecord(checkpoint, instrument, sample, repeat, evaluation) };
  }
}

export interface PlacedSample {
  readonly checkpoint: string;
  readonly prepared: PreparedTask;
  readonly sample: Sample;
  readonly repeat: number;
}

/** Every sample of every instrument, checkpoint and repeat, in the order of the definition. */
export function* everySample(
  definition: Definition,
  tasks: readonly PreparedTask[],
): Generator<PlacedSample> {
  for (const { id } of definition.checkpoints) {
    for (const prepared of tasks) {
      for (const sample of prepared.samples()) {
        for (let repeat = 0; repeat < definition.settings.repeats; repeat++) {
          yield { checkpoint: id, prepared, sample, repeat };
        }
      }
    }
  }
}

async function recordedAnswer(
  journal: Journal,
  ask: Ask,
  addressees: ReadonlyMap<string, Addressee>,
  checkpoint: string,
  definition: Definition,
  sample: Sample,
  repeat: number,
): Promise<Answered> {
  const to = addressees.get(ask.role === 'checkpoint' ? checkpoint : `role:${ask.role}`);
  if (to === undefined) return missing('');
  const { fields } = buildRequest(ask, to, sampleSeed(definition.settings.seed, sample.id, repeat), repeat);
  const key = requestKey(fields);
  const record = (await journal.get(key)) ?? (await journal.lastFailure(key));
  return record === undefined ? missing(key) : { key, result: record.result };
}

function missing(key: string): Answered {
  return { key, result: { status: 'failed', error: NOT_ANSWERED_ERROR } };
}
