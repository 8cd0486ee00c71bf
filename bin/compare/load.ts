import type { Definition, TaskSelection } from '../../benchmarks/definition/definition.ts';
import { playedBy } from '../../benchmarks/definition/judges.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { recordedDefinition } from '../../benchmarks/run/rescore.ts';
import { readStatus } from '../../benchmarks/run/run-benchmark.ts';
import type { Asked } from '../../results/compare/join.ts';
import type { RunInput } from '../../results/compare/run-input.ts';
import { findTask } from '../../suites/registry.ts';
import type { Task } from '../../suites/task.ts';
import { checkpointFacts, runFacts, taskFacts } from '../summarise-run.ts';

/**
 * A run folder as a comparison takes it; its outcomes are read later.
 *
 * @throws UserError (exit code 3) when the folder is not a run.
 */
export async function loadRun(folder: string, label: string): Promise<RunInput> {
  const manifest = await readManifest(folder);
  const definition = recordedDefinition(manifest, folder);
  const asked: Asked[] = [];
  for (const selection of definition.tasks) {
    const one = askedOf(selection, definition, manifest, await findTask(selection.task));
    if (one !== undefined) asked.push(one);
  }
  return {
    label,
    benchmark: definition.benchmark,
    run: runFacts(manifest, await readStatus(folder), definition),
    checkpoints: definition.checkpoints.map((checkpoint) => checkpointFacts(checkpoint, manifest)),
    asked,
    taskOf: async (instrument) => {
      const selection = definition.tasks.find((each) => each.instrument === instrument);
      if (selection === undefined) throw new Error(`${manifest.run} has no ${instrument}`);
      return taskFacts(selection, manifest);
    },
    allow: definition.settings.allow ?? [],
    outcomes: () => readOutcomes(folder),
  };
}

/** Undefined for an instrument that the run prepared nothing for. */
function askedOf(
  selection: TaskSelection,
  definition: Definition,
  manifest: Manifest,
  task: Task | undefined,
): Asked | undefined {
  const { task: name, instrument, dataset, preset, form, dimension } = selection;
  const { settings } = definition;
  const recorded = manifest.tasks[instrument];
  if (recorded === undefined) return undefined;
  return {
    instrument,
    task: name,
    dataset,
    preset,
    version: recorded.version,
    present: task?.version ?? null,
    samples: recorded.samples,
    samplesDigest: recorded.samplesDigest,
    dataDigest: manifest.datasets[dataset]?.sha256 ?? null,
    repeats: settings.repeats,
    conditions: {
      ...(form === undefined ? {} : { 'form of a raw prompt': form }),
      ...(dimension === undefined ? {} : { dimension }),
      ...scorersOf(task, selection, definition, manifest),
      // Which samples it asked hung on what they showed, so that no fixed-n effect may rest on them: never joined.
      ...(settings.until === undefined ? {} : { 'stopping rule': `${settings.until} of ${manifest.run}` }),
    },
  };
}

/** Who judged or classified, by digest: scores of another judge are another measurement. */
function scorersOf(
  task: Task | undefined,
  selection: TaskSelection,
  definition: Definition,
  { models }: Manifest,
): Record<string, string> {
  const roles = Object.keys(task?.roles ?? {}) as (keyof Task['roles'])[];
  return Object.fromEntries(
    roles.flatMap((role) => {
      const model = models[`role:${playedBy(role, selection, definition)}`];
      return model === undefined ? [] : [[role, model.identityDigest.slice(0, 12)]];
    }),
  );
}
