import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import { sha256OfFile } from '../../core/digest.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { packageVersion } from '../../core/package-root.ts';
import { type HistoryEntry, type HistoryReading, readHistory } from '../../results/leaderboard/history.ts';
import type { Publication } from '../../results/leaderboard/publications.ts';
import type { Summary } from '../../results/summary.ts';
import { summariseRun } from '../summarise-run.ts';

export const HISTORY_FILE = 'history.jsonl';
export const SETTINGS_FILE = 'site.json';
export const FILES_FILE = 'files.json';
export const BOARD_FILE = 'leaderboard.json';
export const RUNS_FOLDER = 'runs';
export const ANSWERS_FOLDER = 'answers';
export const PUBLICATION_FILE = 'publication.json';

/** What the user decided for the whole site; kept so that a later `publish` need not repeat it. */
export interface SiteSettings {
  readonly schemaVersion: 1;
  readonly title: string;
  /** As written: `truthfulness:1,toxicity:1`. */
  readonly score: string | null;
  /** Where the site will stand, for the sources of exports. */
  readonly url: string | null;
  /** Hub dataset by instrument, task or dataset id. */
  readonly hub: Readonly<Record<string, JsonObject>>;
}

export const DEFAULT_SITE: SiteSettings = {
  schemaVersion: 1,
  title: 'Which alignment method moved which trust?',
  score: null,
  url: null,
  hub: {},
};

export function publicationFolder(site: string, publication: string): string {
  return join(site, RUNS_FOLDER, publication);
}

/** The history of a site; empty where nothing was published yet. */
export async function loadHistory(site: string): Promise<HistoryReading> {
  return readHistory((await textOrNothing(join(site, HISTORY_FILE))) ?? '');
}

/** @throws UserError (exit code 3) when site.json cannot be read. */
export async function loadSettings(site: string): Promise<SiteSettings> {
  const path = join(site, SETTINGS_FILE);
  const text = await textOrNothing(path);
  if (text === undefined) return DEFAULT_SITE;
  const value = parseJson(path, text) as Partial<SiteSettings>;
  return {
    schemaVersion: 1,
    title: typeof value.title === 'string' ? value.title : DEFAULT_SITE.title,
    score: typeof value.score === 'string' ? value.score : null,
    url: typeof value.url === 'string' ? value.url : null,
    hub: typeof value.hub === 'object' && value.hub !== null ? value.hub : {},
  };
}

/**
 * A published run, read back. A summary that another version of aligntrust wrote in another shape is computed again from
 * its outcomes.
 *
 * @throws UserError (exit code 3) when one of its files cannot be read.
 */
export async function loadPublication(site: string, entry: HistoryEntry): Promise<Publication> {
  const folder = publicationFolder(site, entry.publication);
  const manifest = await readManifest(folder);
  const summary = await readSummary(join(folder, SUMMARY_FILE)).catch((error: unknown) => {
    if (!UserError.is(error) || manifest.versions.aligntrust === packageVersion()) throw error;
    return summariseRun(folder, false);
  });
  const facts = await readPublicationFacts(folder);
  return { entry, manifest, summary, prompts: facts.prompts };
}

/** What publishing a run adds to the run's own files. */
export interface PublicationFacts {
  readonly schemaVersion: 1;
  readonly publication: string;
  /** ISO 8601. */
  readonly at: string;
  /** Version of aligntrust that published it. */
  readonly aligntrust: string;
  /** SHA-256 over the request keys of all answers. */
  readonly prompts: string;
  /** Who ran the evaluation, and how they stand to those who made the models. */
  readonly organisation: string;
  readonly evaluator: 'first_party' | 'third_party' | 'collaborative' | 'other';
}

export async function readPublicationFacts(folder: string): Promise<PublicationFacts> {
  const path = join(folder, PUBLICATION_FILE);
  return parseJson(path, await readText(path)) as PublicationFacts;
}

async function readSummary(path: string): Promise<Summary> {
  return checkedSummary(parseJson(path, await readText(path)), path);
}

/** @throws UserError (exit code 3) for what is no summary. */
export async function checkedSummary(value: unknown, where: string): Promise<Summary> {
  const { Ajv2020 } = (await import('ajv/dist/2020.js')).default;
  const { summarySchema } = await import('../../results/summary.schema.ts');
  const ajv = new Ajv2020({ strict: true, allErrors: false, allowUnionTypes: true });
  if (ajv.validate(summarySchema, value)) return value as Summary;
  throw new UserError(
    { where, message: `is no summary of this version of aligntrust: ${ajv.errorsText()}` },
    EXIT.environment,
  );
}

/** Paths below a publication's folder whose bytes are not those that were published. */
export async function changedFiles(site: string, entry: HistoryEntry): Promise<string[]> {
  const folder = publicationFolder(site, entry.publication);
  const changed: string[] = [];
  for (const [path, digest] of Object.entries(entry.files)) {
    const found = await sha256OfFile(join(folder, ...path.split('/'))).catch(() => undefined);
    if (found !== digest) changed.push(path);
  }
  return changed;
}

export async function textOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(path, error);
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(where: string, error: unknown): UserError {
  return new UserError({ where, message: `cannot be read: ${messageOf(error)}` }, EXIT.environment, error);
}
