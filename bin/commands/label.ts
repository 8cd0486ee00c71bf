import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import type { Definition } from '../../benchmarks/definition/definition.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import { readManifest, SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import { recordedDefinition } from '../../benchmarks/run/rescore.ts';
import { readStatus } from '../../benchmarks/run/run-benchmark.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { counted } from '../../results/format.ts';
import { renderJson } from '../../results/report/json.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import { printable } from '../format.ts';
import type { Io } from '../io.ts';
import { type Agreement, agreements } from '../label/agreement.ts';
import { calibratedTasks, keepCalibration, readCalibration } from '../label/calibrations.ts';
import { drawSample } from '../label/draw.ts';
import { agreementText, type PeopleAgreement, readSheets } from '../label/read.ts';
import { sheetCsv, sheetJsonLines, sheetRows } from '../label/sheet.ts';
import {
  type LabelKey,
  readLabelKey,
  readLabels,
  type StoredLabel,
  writeLabelKey,
  writeLabels,
} from '../label/store.ts';
import { chooseTasks, type LabelTask, labelTasks } from '../label/tasks.ts';
import { loadRecordedExtensions } from '../recorded-extensions.ts';
import { chooseRun } from '../run-choice.ts';
import { summariseRun } from '../summarise-run.ts';

const DEFAULT_N = 200;

/** A run whose answers people label. */
interface Place {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly definition: Definition;
  readonly tasks: readonly LabelTask[];
}

export const label: CommandAction = async ([named], options, io) => {
  const folder = await chooseRun(named, options, io);
  await loadRecordedExtensions(folder, options, io);
  const manifest = await readManifest(folder);
  const definition = recordedDefinition(manifest, folder);
  const place = { folder, manifest, definition, tasks: await labelTasks(definition) };
  const sheets = listOption(options, 'read').map((file) => resolve(io.cwd, file));
  const calibration = textOption(options, 'calibration');
  if (sheets.length > 0 && calibration !== undefined) {
    throw new UserError({ field: '--calibration', message: 'and --read are two steps: give one at a time' });
  }
  if (sheets.length > 0) await readBack(place, sheets, options, io);
  else if (calibration !== undefined) await attach(place, resolve(io.cwd, calibration), options, io);
  else await exportSheet(place, options, io);
  return EXIT.fine;
};

async function exportSheet(place: Place, options: OptionValues, io: Io): Promise<void> {
  const { folder, manifest, definition } = place;
  const tasks = chooseTasks(place.tasks, listOption(options, 'task'), definition);
  const out = outFiles(textOption(options, 'out') ?? 'labels.csv', io.cwd);
  const status = await readStatus(folder);
  const { seed } = definition.settings;
  const checkpoints = checkpointsOf(definition, listOption(options, 'checkpoint'));
  const choice = { run: manifest.run, seed, n: countOption(options), tasks, checkpoints };
  const { items, populations } = await drawSample(readOutcomes(folder), choice);
  const known = new Set((await readLabels(folder)).map(({ id }) => id));
  const open = items.filter(({ id }) => !known.has(id));
  const rows = await sheetRows(folder, open, tasks);
  const earlier = await readLabelKey(folder);
  const isDrawn = ({ instrument }: { readonly instrument: string }) => Object.hasOwn(populations, instrument);
  await writeLabelKey(folder, {
    schemaVersion: 1,
    run: manifest.run,
    seed,
    populations: { ...earlier?.populations, ...populations },
    sheets: sheetsAfter(earlier?.sheets ?? {}, Object.keys(populations), basename(out.csv)),
    items: [...(earlier?.items ?? []).filter((item) => !isDrawn(item)), ...items],
  });
  await writeFileAtomic(out.csv, sheetCsv(rows));
  await writeFileAtomic(out.jsonl, sheetJsonLines(rows));
  if (status?.status !== 'finished' && !options.quiet) {
    io.err('The run is not finished: once it goes on, labels of this sample count no more.\n');
  }
  const facts = {
    run: manifest.run,
    answers: rows.length,
    labelledBefore: items.length - open.length,
    ...out,
  };
  if (options.json) io.out(`${JSON.stringify(facts, undefined, 2)}\n`);
  else if (!options.quiet) io.out(exportedText(facts, tasks, place, earlier?.sheets));
}

/** Where people find a task's sample: a larger one holds the smaller, so that the newest sheet has it whole. */
function sheetsAfter(
  before: NonNullable<LabelKey['sheets']>,
  instruments: readonly string[],
  file: string,
): NonNullable<LabelKey['sheets']> {
  const drawn = instruments.map((name) => [name, [...(before[name] ?? []), file]] as const);
  return { ...before, ...Object.fromEntries(drawn) };
}

interface ExportFacts {
  readonly run: string;
  readonly answers: number;
  readonly labelledBefore: number;
  readonly csv: string;
  readonly jsonl: string;
}

function exportedText(
  { run, answers, labelledBefore, csv, jsonl }: ExportFacts,
  tasks: readonly LabelTask[],
  { tasks: all }: Place,
  drawnTo: LabelKey['sheets'] = {},
): string {
  const before = labelledBefore === 0 ? '' : `, and ${labelledBefore} that have a label already`;
  const left = all.filter((one) => !tasks.includes(one)).length;
  return [
    `${counted(answers, 'answer')} to label${before}, drawn by checkpoint and verdict, in an order that tells neither:`,
    `  ${printable(csv)}`,
    `  ${printable(jsonl)}  (the same, as JSON lines)`,
    ...tasks.map(
      ({ instrument, by, rubric }) =>
        `  ${printable(instrument)}, read by a ${by}: ${printable(rubric.question)}`,
    ),
    ...tasks.flatMap(({ instrument }) => {
      const sheet = drawnTo[instrument]?.at(-1);
      if (sheet === undefined) return [];
      return [
        `A sample of ${printable(instrument)} was drawn before (${printable(sheet)}): from now on this one counts, and labels of its answers.`,
      ];
    }),
    ...(left === 0 ? [] : [`${counted(left, 'other task')} of the run could be labelled too.`]),
    `Fill in the column "label", then: aligntrust label ${printable(run)} --read ${printable(basename(csv))}`,
    'The labels are worth what the labelling is worth: by people who do not know the checkpoints, better by two of them.',
    '',
  ].join('\n');
}

async function readBack(
  { folder, tasks }: Place,
  files: readonly string[],
  options: OptionValues,
  io: Io,
): Promise<void> {
  const key = await readLabelKey(folder);
  if (key === undefined) {
    const fix = 'draw one first: aligntrust label RUN --out labels.csv';
    throw new UserError({ where: folder, message: 'has no sample to label yet', fix }, EXIT.environment);
  }
  const earlier = await readLabels(folder);
  const { labels: read, people } = await readSheets(files, key.items, tasks, earlier, key.sheets);
  const byId = new Map([...earlier, ...read].map((one) => [one.id, one]));
  const all = [...byId.values()];
  const before = new Map(earlier.map((one) => [one.id, one.label]));
  const changed = read.filter(({ id, label: word }) => before.has(id) && before.get(id) !== word).length;
  await writeLabels(folder, all);
  const found = await agreements(readOutcomes(folder), all, tasks);
  await renewSummary(folder);
  if (options.json)
    io.out(`${JSON.stringify({ labels: all.length, changed, people, agreements: found }, undefined, 2)}\n`);
  else if (!options.quiet) io.out(readText(read.length, changed, found, people, openTasks(key, all)));
}

/** Tasks whose sample nobody has labelled yet, with where it stands. */
function openTasks({ items, sheets = {} }: LabelKey, labels: readonly StoredLabel[]): string[] {
  const known = new Set(labels.map(({ id }) => id));
  const left = items.filter(({ id }) => !known.has(id));
  return [...new Set(left.map(({ instrument }) => instrument))].map((instrument) => {
    const count = left.filter((item) => item.instrument === instrument).length;
    const sheet = sheets[instrument]?.at(-1);
    const place = sheet === undefined ? '' : ` (${printable(sheet)})`;
    return `Still to be labelled: ${counted(count, 'answer')} of ${printable(instrument)}${place}.`;
  });
}

function readText(
  read: number,
  changed: number,
  found: readonly Agreement[],
  people: readonly PeopleAgreement[],
  open: readonly string[],
): string {
  return [
    ...people.map((one) => `${agreementText(one)}.`),
    `${counted(read, 'label')} read${changed === 0 ? '' : `, ${changed} of them other than before`}. The scorer agrees with people on:`,
    ...found.map(
      ({ checkpoint, instrument, labelled, agreed }) =>
        `  ${printable(checkpoint)}  ${agreed} of ${labelled}  ${printable(instrument.split('@')[0] ?? instrument)}`,
    ),
    'Rare verdicts are drawn more often than they occur, so these are counts and not rates.',
    ...open,
    'Effects between labelled checkpoints are now corrected: aligntrust report',
    '',
  ].join('\n');
}

async function attach(place: Place, file: string, options: OptionValues, io: Io): Promise<void> {
  const { folder, tasks, manifest } = place;
  const calibration = await readCalibration(file);
  const own = calibratedTasks(calibration, tasks, manifest, file);
  await keepCalibration(folder, calibration);
  await renewSummary(folder);
  const names = own.map(({ instrument }) => instrument);
  if (options.json) io.out(`${JSON.stringify({ scorer: calibration.scorer, tasks: names }, undefined, 2)}\n`);
  else if (!options.quiet) {
    io.out(
      `Reports of this run now say what the effects of ${printable(names.join(', '))} would be if the scorer errs here as on ${printable(calibration.dataset)}.\n`,
    );
  }
}

/** summary.json is derived: it follows what the folder holds. */
async function renewSummary(folder: string): Promise<void> {
  await writeFileAtomic(join(folder, SUMMARY_FILE), renderJson(await summariseRun(folder)), 'derived');
}

/** Both files that will be written. @throws UserError when one is there: people's work may be in it. */
function outFiles(written: string, cwd: string): { readonly csv: string; readonly jsonl: string } {
  const path = resolve(cwd, written);
  const stem = ['.csv', '.jsonl'].includes(extname(path)) ? path.slice(0, -extname(path).length) : path;
  const files = { csv: `${stem}.csv`, jsonl: `${stem}.jsonl` };
  const present = Object.values(files).filter(existsSync);
  if (present.length === 0) return files;
  const fix = 'read it with --read, or name another file with --out';
  throw new UserError(
    present.map((where) => ({ where, message: 'is there already and may hold labels', fix })),
  );
}

/** Control copies answer as their originals do, so that labelling them would be work for nothing. */
function checkpointsOf({ checkpoints }: Definition, named: readonly string[]): ReadonlySet<string> {
  const ids = checkpoints.map(({ id }) => id);
  const strange = named.filter((id) => !ids.includes(id));
  if (strange.length > 0) {
    const fix = `There are: ${ids.join(', ')}.`;
    throw new UserError({
      field: '--checkpoint',
      message: `the run has no checkpoint ${strange.join(', ')}`,
      fix,
    });
  }
  if (named.length > 0) return new Set(named);
  return new Set(checkpoints.filter(({ control }) => control === undefined).map(({ id }) => id));
}

function listOption(options: OptionValues, name: string): string[] {
  const given = options[name];
  return Array.isArray(given) ? given.map(String) : [];
}

function countOption(options: OptionValues): number {
  const written = textOption(options, 'n');
  if (written === undefined) return DEFAULT_N;
  const n = Number(written);
  if (Number.isSafeInteger(n) && n > 0) return n;
  throw new UserError({ field: '--n', message: `"${printable(written)}" is not a whole number above 0` });
}
