import { adapterNames, loadAdapter } from '../../adapters/registry.ts';
import { catalogNames } from '../../benchmarks/catalog/index.ts';
import type { Extension } from '../../benchmarks/definition/extension-shape.ts';
import { listRuns } from '../../benchmarks/journal/run-folder.ts';
import { recordedDefinition } from '../../benchmarks/run/rescore.ts';
import { readStatus } from '../../benchmarks/run/run-benchmark.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { PUBLISHED } from '../../results/published/published.ts';
import { drawPublished } from '../../results/published/render.ts';
import { datasetIds, describeDataset } from '../../suites/datasets/index.ts';
import { benchmarkExtensions } from '../benchmark-extensions.ts';
import type { CommandAction, OptionValues } from '../command.ts';
import type { Io } from '../io.ts';
import { runsFolder } from '../run-choice.ts';
import { table } from '../table.ts';
import { drawTasks, listedTasks, rowsInWords, taskJson } from '../task-list.ts';

interface Listing {
  readonly text: string;
  readonly json: readonly JsonObject[];
}

type Lister = (options: OptionValues, io: Io, extensions: readonly Extension[]) => Promise<Listing>;

const LISTS: Readonly<Record<string, Lister>> = {
  tasks: listTasks,
  datasets: listDatasets,
  adapters: listAdapters,
  benchmarks: listBenchmarks,
  runs: listRunFolders,
  published: listPublished,
};

export const list: CommandAction = async ([what], options, io) => {
  const names = what === undefined ? ['benchmarks', 'tasks', 'datasets', 'adapters'] : [what];
  const listings: [string, Listing][] = [];
  const extensions = await benchmarkExtensions(options, io);
  for (const name of names) listings.push([name, await listerOf(name)(options, io, extensions)]);
  if (options.json) {
    const all = Object.fromEntries(listings.map(([name, { json }]) => [name, json]));
    io.out(`${JSON.stringify(all, undefined, 2)}\n`);
    return EXIT.fine;
  }
  io.out(`${listings.map(([name, { text }]) => `${name}\n${text}\n`).join('\n')}`);
  return EXIT.fine;
};

function listerOf(name: string): Lister {
  const lister = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
  if (lister !== undefined) return lister;
  const names = Object.keys(LISTS);
  const [close] = nearest(name, names);
  throw new UserError({
    message: `nothing called "${name}" to list`,
    fix: `There are: ${names.join(', ')}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
  });
}

async function listTasks(_options: OptionValues, io: Io, extensions: readonly Extension[]): Promise<Listing> {
  const tasks = await listedTasks(extensions.flatMap((one) => one.tasks));
  return { text: drawTasks(tasks, io.columns, io.colour), json: tasks.map(taskJson) };
}

async function listDatasets(
  _options: OptionValues,
  io: Io,
  extensions: readonly Extension[],
): Promise<Listing> {
  const own = extensions.flatMap((one) => one.datasets.map(({ id }) => id));
  const datasets = [...datasetIds, ...own].map((id) => describeDataset(id));
  const rows = datasets.map(({ id, licence, title, ...dataset }) => [
    id,
    rowsInWords(dataset),
    licence,
    title,
  ]);
  return {
    text: await table(['dataset', 'size', 'licence', 'title'], rows, io.columns),
    json: datasets.map(({ id, version, rows: count, licence, title, citation, note, file, format }) => ({
      id,
      version,
      rows: count,
      licence,
      title,
      citation,
      note,
      source: file.kind,
      format,
    })),
  };
}

async function listAdapters(
  _options: OptionValues,
  io: Io,
  extensions: readonly Extension[],
): Promise<Listing> {
  const adapters: Awaited<ReturnType<typeof loadAdapter>>[] = [];
  for (const name of adapterNames) adapters.push(await loadAdapter(name));
  const known = [
    ...adapters.filter((one) => one !== undefined),
    ...extensions.flatMap((one) => one.adapters),
  ];
  const rows = known.map(({ name, description }) => [name, description]);
  return {
    text: await table(['adapter', 'what it reaches'], rows, io.columns),
    json: known.map(({ name, description, optionsSchema }) => ({ name, description, optionsSchema })),
  };
}

async function listBenchmarks(_options: OptionValues, io: Io): Promise<Listing> {
  const names = catalogNames();
  const rows = names.map((name) => [name]);
  return { text: await table(['benchmark'], rows, io.columns), json: names.map((name) => ({ name })) };
}

async function listRunFolders(options: OptionValues, io: Io): Promise<Listing> {
  const runs = await listRuns(runsFolder(options, io));
  const facts = await Promise.all(
    runs.map(async ({ folder, manifest }) => ({
      run: manifest.run,
      benchmark: recordedDefinition(manifest, folder).benchmark,
      status: (await readStatus(folder))?.status ?? 'unknown',
      createdAt: manifest.createdAt,
    })),
  );
  const rows = facts.map(({ run, benchmark, status, createdAt }) => [run, benchmark, status, createdAt]);
  return { text: await table(['run', 'benchmark', 'status', 'created'], rows, io.columns), json: facts };
}

async function listPublished(_options: OptionValues, io: Io): Promise<Listing> {
  return {
    text: drawPublished(io.columns, io.colour),
    json: PUBLISHED.map((table) => ({ ...table }) as unknown as JsonObject),
  };
}
