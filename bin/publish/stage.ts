import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ANSWERS_FILE } from '../../benchmarks/journal/journal.ts';
import { NOISE_FILE, OUTCOMES_FILE, readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { OutcomeRecord, RunStatus } from '../../benchmarks/journal/records.ts';
import { MANIFEST_FILE, readManifest, SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import { readStatus, STATUS_FILE } from '../../benchmarks/run/run-benchmark.ts';
import { encodeLine } from '../../core/checked-line.ts';
import { sha256, sha256OfFile } from '../../core/digest.ts';
import { codeOf, EXIT, UserError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { packageVersion } from '../../core/package-root.ts';
import { storageError } from '../../core/storage-error.ts';
import {
  type PublicNames,
  promptsDigest,
  publicNames,
  publishedManifest,
  publishedOutcomes,
  publishedStatus,
} from '../../results/leaderboard/publication.ts';
import { withoutPlacesIn } from '../../results/leaderboard/withhold.ts';
import { renderJson } from '../../results/report/json.ts';
import { CALIBRATIONS_FILE, readCalibrations } from '../label/calibrations.ts';
import {
  LABELS_FILE,
  LABELS_KEY_FILE,
  type LabelKey,
  readLabelKey,
  readLabels,
  type StoredLabel,
} from '../label/store.ts';
import { summariseRun } from '../summarise-run.ts';
import { markedStatus, requireWhole, shortfallOf } from './complete.ts';
import { PUBLICATION_FILE, type PublicationFacts, RUNS_FOLDER } from './site-folder.ts';

/** A run made ready to be published, in a folder of its own that nobody reads yet. */
export interface StagedRun {
  readonly folder: string;
  readonly run: string;
  /** SHA-256 by name, for the files that are made from the run alone: equal for equal runs. */
  readonly derived: Readonly<Record<string, string>>;
  readonly answers: string | null;
  readonly prompts: string;
}

/** What a run gives to the public: the text of each file by name. */
export interface PublishedTexts {
  readonly run: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly prompts: string;
}

/**
 * The published form of a run: manifest, status, outcomes and what people said of them, without prompts, answers and
 * places.
 *
 * @param records outcomes in place of those of outcomes.jsonl
 * @throws UserError (exit code 3) for a run that is unfinished or lacks outcomes or answers (unless allowed), damaged or no
 *   run at all.
 */
export async function publishedTexts(
  run: string,
  allowUnfinished: boolean,
  records?: readonly OutcomeRecord[],
): Promise<PublishedTexts> {
  const manifest = await readManifest(run);
  const status = await readStatus(run);
  requireFinished(run, status, allowUnfinished);
  const own = records ?? (await collected(readOutcomes(run)));
  const shortfall = await shortfallOf(run, manifest, own);
  if (!allowUnfinished) requireWhole(shortfall);
  const names = publicNames(own);
  const outcomes = publishedOutcomes(own, names);
  const texts = {
    [MANIFEST_FILE]: jsonText(publishedManifest(manifest)),
    ...(status === undefined
      ? {}
      : { [STATUS_FILE]: jsonText(publishedStatus(markedStatus(status, shortfall))) }),
    [OUTCOMES_FILE]: outcomes.map(encodeLine).join(''),
    ...(await noiseText(run, names)),
    ...(await judgeTexts(run, names)),
  };
  return { run: manifest.run, texts, prompts: promptsDigest(outcomes) };
}

/** The outcomes of samples that were asked a second time. */
async function noiseText(run: string, names: PublicNames): Promise<Record<string, string>> {
  if (!existsSync(join(run, NOISE_FILE))) return {};
  const outcomes = publishedOutcomes(await collected(readOutcomes(run, NOISE_FILE)), names);
  return { [NOISE_FILE]: outcomes.map(encodeLine).join('') };
}

/**
 * What is known of the errors of judges: labels, from which sample they were drawn, and calibrations. Of a sample that people
 * have not labelled yet nothing is said: its key would tell them who answered.
 */
async function judgeTexts(run: string, names: PublicNames): Promise<Record<string, string>> {
  const [key, labels, calibrations] = await Promise.all([
    readLabelKey(run),
    readLabels(run),
    readCalibrations(run),
  ]);
  const renamed = <T extends { readonly instrument: string; readonly sample: string }>(one: T): T => ({
    ...one,
    sample: names.sample(one.instrument, one.sample),
  });
  const known = key === undefined ? undefined : labelledPart(key, labels);
  return {
    ...(known === undefined
      ? {}
      : { [LABELS_KEY_FILE]: jsonText({ ...known, items: known.items.map(renamed) }) }),
    ...(labels.length === 0 ? {} : { [LABELS_FILE]: labels.map((one) => encodeLine(renamed(one))).join('') }),
    ...(calibrations.length === 0
      ? {}
      : { [CALIBRATIONS_FILE]: jsonText(withoutPlacesIn(calibrations as unknown as JsonValue)) }),
  };
}

/** Undefined where nobody has labelled anything yet. */
function labelledPart(
  { schemaVersion, run, seed, populations, items }: LabelKey,
  labels: readonly StoredLabel[],
): LabelKey | undefined {
  const labelled = new Set(labels.map(({ id }) => id));
  const own = items.filter(({ id }) => labelled.has(id));
  if (own.length === 0) return undefined;
  const instruments = new Set(own.map(({ instrument }) => instrument));
  const kept = Object.entries(populations).filter(([instrument]) => instruments.has(instrument));
  return { schemaVersion, run, seed, populations: Object.fromEntries(kept), items: own };
}

/** Writes the published form of a run beside the published runs; `commit` or `discard` must follow. */
export async function stageRun(site: string, run: string, allowUnfinished: boolean): Promise<StagedRun> {
  const { run: id, texts, prompts } = await publishedTexts(run, allowUnfinished);
  const folder = join(site, RUNS_FOLDER, `.new-${randomBytes(6).toString('hex')}`);
  await writeAll(folder, texts);
  return {
    folder,
    run: id,
    derived: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sha256(text)])),
    answers: await digestOrNull(join(run, ANSWERS_FILE)),
    prompts,
  };
}

/** Adds what publishing itself says, and the summary that the published outcomes give. */
export async function completeStage(
  { folder, prompts }: StagedRun,
  facts: Omit<PublicationFacts, 'schemaVersion' | 'aligntrust' | 'prompts'>,
): Promise<void> {
  const publication: PublicationFacts = {
    schemaVersion: 1,
    publication: facts.publication,
    at: facts.at,
    aligntrust: packageVersion(),
    prompts,
    organisation: facts.organisation,
    evaluator: facts.evaluator,
  };
  await writeAll(folder, {
    [SUMMARY_FILE]: renderJson(await summariseRun(folder, false)),
    [PUBLICATION_FILE]: jsonText(publication),
  });
}

export async function discardStage({ folder }: StagedRun): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Writes texts by path below a folder, each synced to disk. @throws UserError (exit code 3) when the disk refuses. */
export async function writeAll(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    const file = join(folder, ...path.split('/'));
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flush: true });
    } catch (error) {
      throw storageError(file, error);
    }
  }
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Whether two folders' files of these names are equal byte for byte. */
export async function equalFiles(a: string, b: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const [one, other] = await Promise.all([readOrNull(join(a, name)), readOrNull(join(b, name))]);
    if (one === null || other === null || !one.equals(other)) return false;
  }
  return true;
}

async function readOrNull(path: string): Promise<Buffer | null> {
  return readFile(path).catch(() => null);
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function digestOrNull(path: string): Promise<string | null> {
  try {
    await (await open(path, 'r')).close();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw storageError(path, error);
  }
  return sha256OfFile(path);
}

function requireFinished(run: string, status: RunStatus | undefined, allowUnfinished: boolean): void {
  const word = status?.status ?? 'interrupted';
  if (word === 'finished' || allowUnfinished) return;
  throw new UserError(
    {
      where: run,
      message: `is not finished: the run was ${word === 'running' ? 'interrupted' : word} before its end`,
      fix: 'Run it again to go on, or publish what there is, marked as incomplete, with --unfinished.',
    },
    EXIT.environment,
  );
}
