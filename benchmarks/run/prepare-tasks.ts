import { resolve } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { deriveSeed, seededRandom } from '../../core/random.ts';
import { loadDataset } from '../../suites/datasets/index.ts';
import { loadOwnDataset } from '../../suites/datasets/own.ts';
import { RAW_FORMS } from '../../suites/datasets/raw-forms.ts';
import { findTask } from '../../suites/registry.ts';
import type { LoadedDataset, Sample, Task } from '../../suites/task.ts';
import type { Definition, TaskSelection } from '../definition/definition.ts';
import { taskOfJudge } from '../definition/judges.ts';
import { readsOwnRows } from '../definition/selection.ts';
import type { ManifestDataset, ManifestTask } from '../journal/records.ts';

/** An instrument with its data in hand. */
export interface PreparedTask {
  readonly instrument: string;
  readonly task: Task;
  /** The samples to ask, in order; iterating again gives the same ones. */
  readonly samples: () => Iterable<Sample>;
  readonly facts: ManifestTask;
  /** Samples that the dataset holds without any limit. */
  readonly available: number;
  readonly dataset: { readonly id: string } & ManifestDataset;
  /** β of the training that the task measures with. */
  readonly beta?: number;
}

export interface TaskContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly notify: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Loads and checks the data of every instrument.
 *
 * @throws UserError (exit code 3) with all problems of all datasets at once.
 */
export async function prepareTasks(definition: Definition, context: TaskContext): Promise<PreparedTask[]> {
  const loads = new Map<string, Promise<Loaded>>();
  const prepared: PreparedTask[] = [];
  const problems: UserError[] = [];
  for (const selection of definition.tasks) {
    try {
      const task = await taskOf(selection);
      const load = cached(loads, task, selection, definition.folder, context);
      const one = prepareTask(definition, task, selection, await load);
      const lacking = lackingClass(one);
      if (lacking !== undefined) context.notify(lacking);
      prepared.push(one);
    } catch (error) {
      if (!UserError.is(error)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0)
    throw new UserError(
      problems.flatMap((error) => error.problems),
      EXIT.environment,
    );
  return prepared;
}

interface Loaded extends ManifestDataset {
  readonly dataset: LoadedDataset;
}

async function taskOf(selection: TaskSelection): Promise<Task> {
  const task = await findTask(selection.task);
  if (task === undefined) throw new UserError(`unknown task ${selection.task}`);
  return task;
}

function cached(
  loads: Map<string, Promise<Loaded>>,
  task: Task,
  selection: TaskSelection,
  folder: string,
  context: TaskContext,
): Promise<Loaded> {
  const { dataset, path } = selection;
  const own = readsOwnRows(task, dataset);
  // Rows of the user's own are checked by the task that reads them.
  const key = JSON.stringify([dataset, path ?? null, own ? [task.name, selection.form ?? null] : null]);
  const known = loads.get(key);
  if (known !== undefined) return known;
  const load = own
    ? loadOwn(task, selection, folder)
    : loadDataset(dataset, { ...context, ...(path === undefined ? {} : { path: resolve(folder, path) }) });
  loads.set(key, load);
  return load;
}

function loadOwn(
  task: Task,
  { dataset: id, path = '', form }: TaskSelection,
  folder: string,
): Promise<Loaded> {
  const rawForm = RAW_FORMS[form ?? 'question-answer'];
  return loadOwnDataset({ id, path: resolve(folder, path), rowSchema: task.ownRows ?? {}, rawForm });
}

function prepareTask(
  definition: Definition,
  task: Task,
  selection: TaskSelection,
  loaded: Loaded,
): PreparedTask {
  const limit = selection.limit ?? definition.settings.limit;
  const { beta } = selection;
  const all = () => task.samples(loaded.dataset, selection.preset, beta === undefined ? {} : { beta });
  const { ids, clusters, kept, available } = chooseSamples(all(), selection, limit, definition.settings.seed);
  return {
    instrument: selection.instrument,
    task: taskOfJudge(task, selection, definition),
    samples: () => kept ?? only(all(), ids),
    facts: {
      version: task.version,
      samples: ids.size,
      clusters,
      samplesDigest: digestOf([...ids]),
      ...(definition.settings.until === undefined
        ? {}
        : { largestClusters: largestClusters(task, kept ?? only(all(), ids)) }),
    },
    available,
    dataset: datasetFacts(loaded.dataset, loaded),
    ...(beta === undefined ? {} : { beta }),
  };
}

function datasetFacts(
  dataset: LoadedDataset,
  { sha256, rows, licence }: ManifestDataset,
): PreparedTask['dataset'] {
  return { id: dataset.id, sha256, rows, licence };
}

/** Datasets of at most so many samples are made into samples once; larger ones are made anew as they are asked. */
const KEPT_SAMPLES = 2000;

/** A seeded subset depends on the dataset's ids and the run's seed alone, so every checkpoint gets the same one. */
function chooseSamples(
  samples: Iterable<Sample>,
  selection: TaskSelection,
  limit: number | undefined,
  seed: number,
) {
  const clusterOf = new Map<string, string>();
  const first: Sample[] = [];
  for (const sample of samples) {
    if (clusterOf.has(sample.id)) throw duplicateId(selection, sample.id);
    clusterOf.set(sample.id, sample.cluster);
    if (clusterOf.size <= KEPT_SAMPLES) first.push(sample);
  }
  const all = [...clusterOf.keys()];
  const chosen =
    limit === undefined || limit >= all.length
      ? all
      : seededRandom(deriveSeed(seed, 'subset', selection.dataset))
          .shuffled(all)
          .slice(0, limit);
  const ids = new Set(limit === undefined ? all : all.filter(isIn(new Set(chosen))));
  const clusters = new Set([...ids].map((id) => clusterOf.get(id))).size;
  const kept = first.length === all.length ? first.filter(({ id }) => ids.has(id)) : undefined;
  return { ids, clusters, kept, available: all.length };
}

/** Samples of the largest cluster, over all samples and within each stratum that the headline contrasts. */
function largestClusters({ headline }: Task, samples: Iterable<Sample>): Record<string, number> {
  const stratum = typeof headline.fold === 'object' ? headline.fold.stratum : undefined;
  const sizes = new Map<string, number>();
  const largest: Record<string, number> = {};
  for (const { cluster, strata } of samples) {
    const name = stratum === undefined ? undefined : strata[stratum];
    for (const group of ['all', ...(name === undefined ? [] : [`${stratum}=${name}`])]) {
      const key = JSON.stringify([group, cluster]);
      const size = (sizes.get(key) ?? 0) + 1;
      sizes.set(key, size);
      largest[group] = Math.max(largest[group] ?? 0, size);
    }
  }
  return largest;
}

/** Where every sample is of one class, what tells classes apart has no value; said before anything is asked. */
function lackingClass({ instrument, task, samples }: PreparedTask): string | undefined {
  if (task.classes === undefined) return undefined;
  const { stratum, names } = task.classes;
  const seen = new Set<string | undefined>();
  for (const { strata } of samples()) {
    seen.add(strata[stratum]);
    if (names.every((name) => seen.has(name))) return undefined;
  }
  const absent = names.filter((name) => !seen.has(name)).join(', ');
  return `${instrument}: no sample has ${stratum} = ${absent}, so that nothing can tell the classes apart (a separability has no value)`;
}

function isIn(set: ReadonlySet<string>): (id: string) => boolean {
  return (id) => set.has(id);
}

function* only(samples: Iterable<Sample>, ids: ReadonlySet<string>): Iterable<Sample> {
  let left = ids.size;
  for (const sample of samples) {
    if (!ids.has(sample.id)) continue;
    yield sample;
    left--;
    if (left === 0) return;
  }
}

function duplicateId({ instrument, dataset }: TaskSelection, id: string): UserError {
  return new UserError(
    { field: instrument, message: `dataset ${dataset} has two samples with the id "${id}"` },
    EXIT.environment,
  );
}
