import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition, TaskSelection } from '../benchmarks/definition/definition.ts';
import { isBesideHeadline } from '../benchmarks/definition/judges.ts';
import { NOISE_FILE, readOutcomes } from '../benchmarks/journal/outcomes.ts';
import type { Manifest, RunStatus } from '../benchmarks/journal/records.ts';
import { readManifest } from '../benchmarks/journal/run-folder.ts';
import { recordedDefinition } from '../benchmarks/run/rescore.ts';
import { readStatus } from '../benchmarks/run/run-benchmark.ts';
import { digestOf } from '../core/digest.ts';
import { EXIT, UserError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { analysisChangeAlarms } from '../results/alarms/analysis-changes.ts';
import { oneClassAlarms } from '../results/alarms/dynamics.ts';
import { equalJudgesAlarms, type NamedJudge } from '../results/alarms/equal-judges.ts';
import { type JudgedCheckpoint, ownJudgeAlarms } from '../results/alarms/own-judge.ts';
import { judgeCorrections } from '../results/judge-error/correct.ts';
import { noiseFloors } from '../results/noise/floor.ts';
import type { SequentialDesign } from '../results/sequential/rule.ts';
import { type SummaryTaskInput, summarise } from '../results/summarise.ts';
import type { Alarm, NoiseFloor, RunFacts, Summary, SummaryCheckpoint } from '../results/summary.ts';
import { findTask } from '../suites/registry.ts';
import { dynamicsReader } from './dynamics-reader.ts';
import { factorReader } from './factor-reader.ts';
import { keepConstraints, keepNote } from './keep-option.ts';
import { readEvidence } from './label/evidence.ts';
import { uncalibratedJudges } from './label/uncalibrated.ts';
import { sequentialDesign } from './sequential-design.ts';

/**
 * Makes the summary of a run folder from its manifest and outcomes; streams, whatever the size.
 *
 * @param withFactors whether to add what the details of outcomes say of factors of preference; published outcomes have
 *   no details
 * @param keep constraints of the command line on the step to keep, as written; they take the place of the definition's
 */
export async function summariseRun(
  folder: string,
  withFactors = true,
  keep: readonly string[] = [],
): Promise<Summary> {
  const manifest = await readManifest(folder);
  const status = await readStatus(folder);
  const definition = recordedDefinition(manifest, folder);
  const constraints = await keepConstraints(definition, keep);
  const withheld = await uncalibratedJudges(folder, definition, manifest);
  const tasks = await Promise.all(
    definition.tasks.map(async (selection) => {
      const reason = withheld.get(selection.instrument);
      return {
        ...(await taskFacts(selection, manifest)),
        ...(reason === undefined ? {} : { withheld: reason }),
        ...(isBesideHeadline(selection, definition) ? { beside: true as const } : {}),
      };
    }),
  );
  const sequential = sequentialDesign(definition, manifest);
  const factors = withFactors ? await factorReader(definition, tasks) : undefined;
  const dynamics = withFactors ? await dynamicsReader(definition, tasks) : undefined;
  const read = factors?.tap(readOutcomes(folder)) ?? readOutcomes(folder);
  const summary = await summarise({
    benchmark: definition.benchmark,
    run: runFacts(manifest, status, definition),
    checkpoints: definition.checkpoints.map((checkpoint) => checkpointFacts(checkpoint, manifest)),
    tasks,
    outcomes: dynamics?.tap(read) ?? read,
    runnerAlarms: [
      ...equalJudgesAlarms(judgesOf(definition, manifest)),
      ...ownJudgeAlarms(judgesOf(definition, manifest), identitiesOf(definition, manifest)),
      ...analysisChangeAlarms(
        manifest.analysisChanges ?? [],
        tasks.flatMap(({ facts, metrics: [headline] }) =>
          headline === undefined ? [] : [{ task: facts.task, headline }],
        ),
      ),
      ...(status?.alarms ?? []).map(
        ({ kind, checkpoint, message }): Alarm => ({ kind, checkpoint, task: null, message }),
      ),
      ...(sequential === undefined ? [] : [stoppedNote(sequential, status)]),
      ...keepNote(definition, constraints),
      ...[...withheld].map(
        ([task, message]): Alarm => ({ kind: 'judge-not-calibrated', checkpoint: null, task, message }),
      ),
    ],
    ...(sequential === undefined ? {} : { sequential }),
    seed: definition.settings.seed,
    allow: definition.settings.allow ?? [],
    keep: constraints,
    noise: await noiseOf(folder, definition, tasks),
    judge: judgeCorrections(await readEvidence(folder, definition, manifest), definition.settings.seed),
  });
  const learned = dynamics?.dynamicsOf(summary);
  return {
    ...summary,
    ...(factors === undefined ? {} : { profile: factors.profileOf(summary) }),
    ...(learned === undefined
      ? {}
      : { dynamics: learned, alarms: [...oneClassAlarms(learned), ...summary.alarms] }),
  };
}

function identitiesOf({ checkpoints }: Definition, { models }: Manifest): JudgedCheckpoint[] {
  return checkpoints.flatMap(({ id }) => {
    const identityDigest = models[id]?.identityDigest;
    return identityDigest === undefined ? [] : [{ id, identityDigest }];
  });
}

function judgesOf({ roles }: Definition, { models }: Manifest): NamedJudge[] {
  return Object.entries(roles)
    .filter(([role]) => role === 'judge' || role.startsWith('judge+'))
    .map(([role, { id, promptFormat, system = null }]) => ({
      id,
      promptFormat,
      system,
      identityDigest: models[`role:${role}`]?.identityDigest ?? id,
    }));
}

/** How the run came to its number of samples, and what that means for its numbers. */
function stoppedNote({ rule }: SequentialDesign, status: RunStatus | undefined): Alarm {
  const how = (status?.status === 'finished' ? status.reason : null) ?? `asked under the rule ${rule}`;
  const message = `${how}. Intervals and verdicts of its effects are confidence sequences, valid whenever one stops; intervals of single cells are for a fixed number of samples (docs/sequential.md)`;
  return { kind: 'stopped-by-rule', level: 'note', checkpoint: null, task: null, message };
}

/** In the order of the definition; empty where nothing was asked a second time. */
async function noiseOf(
  folder: string,
  { checkpoints, tasks: selections }: Definition,
  tasks: readonly SummaryTaskInput[],
): Promise<NoiseFloor[]> {
  if (!existsSync(join(folder, NOISE_FILE))) return [];
  const headlines = new Map(
    tasks.flatMap(({ facts, metrics: [headline] }) =>
      headline === undefined ? [] : [[facts.task, headline] as const],
    ),
  );
  const found = await noiseFloors(readOutcomes(folder, NOISE_FILE), () => readOutcomes(folder), headlines);
  return selections.flatMap(({ instrument }) =>
    checkpoints.flatMap(({ id }) =>
      found.filter(({ checkpoint, task }) => checkpoint === id && task === instrument),
    ),
  );
}

/** What is known of the run itself. */
export function runFacts(
  manifest: Manifest,
  status: RunStatus | undefined,
  { settings }: Definition,
): RunFacts {
  const word = status?.status ?? 'interrupted';
  return {
    id: manifest.run,
    // A run that still says so while nobody holds it was killed.
    status: word === 'running' ? 'interrupted' : word,
    aligntrust: manifest.versions.aligntrust,
    definitionDigest: manifest.definitionDigest,
    seed: settings.seed,
    createdAt: manifest.createdAt,
  };
}

/** A checkpoint as a summary knows it; before a run, nothing is known of who will answer. */
export function checkpointFacts(
  checkpoint: Definition['checkpoints'][number],
  manifest: Pick<Manifest, 'models'>,
): SummaryCheckpoint {
  const { id, alignment, control, promptFormat, system, options } = checkpoint;
  const facts = manifest.models[id];
  return {
    id,
    method: alignment.method,
    parent: alignment.parent ?? null,
    step: alignment.step ?? null,
    seed: alignment.seed ?? null,
    data: alignment.data ?? null,
    recipe: alignment.recipe ?? null,
    family: alignment.family ?? null,
    ...(alignment.beta === undefined ? {} : { beta: alignment.beta }),
    control: control ?? null,
    promptFormat,
    identity: {
      digest: facts?.identityDigest ?? '',
      facts: {
        ...facts?.identity,
        scoreMethod: facts?.scoreMethod ?? null,
        system: system ?? null,
        ...(options['extraBody'] === undefined ? {} : { decoding: digestOf(options['extraBody']) }),
      } as unknown as JsonObject,
    },
  };
}

/**
 * One instrument as a summary knows it.
 *
 * @throws UserError (exit code 3) when it was read with another version of its task.
 */
export async function taskFacts(
  { task: name, instrument, dimension, headline, equivalence }: TaskSelection,
  manifest: Manifest,
): Promise<SummaryTaskInput> {
  const task = await findTask(name);
  const recorded = manifest.tasks[instrument];
  if (task === undefined || recorded === undefined) {
    throw new UserError(
      { field: instrument, message: 'this version of aligntrust does not know the task' },
      EXIT.environment,
    );
  }
  if (task.version !== recorded.version) {
    throw new UserError(
      {
        field: instrument,
        message: `was read with version ${recorded.version} of the task; this is version ${task.version}`,
        fix: '`aligntrust rescore` reads the outcomes again with the present version.',
      },
      EXIT.environment,
    );
  }
  const facts = {
    task: instrument,
    dimension: dimension ?? task.dimension,
    ...(task.family === undefined ? {} : { family: task.family }),
    ...(headline === undefined ? {} : { primary: headline }),
    equivalence: equivalence ?? null,
    version: task.version,
    question: task.question,
    source: task.source,
    headline: task.headline.key,
    samples: recorded.samples,
    clusters: recorded.clusters,
    cluster: task.cluster,
  };
  return { facts, metrics: task.metrics };
}
