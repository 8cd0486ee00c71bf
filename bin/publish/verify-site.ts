import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import { readManifest, SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import { digestOf } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { packageVersion } from '../../core/package-root.ts';
import { compareValues } from '../../results/leaderboard/differences.ts';
import type { HistoryEntry } from '../../results/leaderboard/history.ts';
import type { Leaderboard } from '../../results/leaderboard/leaderboard.ts';
import { promptsDigest } from '../../results/leaderboard/publication.ts';
import type { Publication } from '../../results/leaderboard/publications.ts';
import type { Summary } from '../../results/summary.ts';
import { summariseRun } from '../summarise-run.ts';
import { evaluations } from './evaluations.ts';
import type { Findings } from './findings.ts';
import { printedNumbers } from './printed-numbers.ts';
import { boardOf, type FileList, fileList, renderSite } from './rebuild.ts';
import {
  BOARD_FILE,
  changedFiles,
  checkedSummary,
  FILES_FILE,
  HISTORY_FILE,
  loadHistory,
  loadSettings,
  parseJson,
  publicationFolder,
  readPublicationFacts,
  SETTINGS_FILE,
  textOrNothing,
} from './site-folder.ts';
import { jsonText } from './stage.ts';

/**
 * Checks a published site by itself: bytes against their digests, the history's chain, every number of every summary and of
 * the board from the published outcomes, and every page and export from the board.
 *
 * @returns the site's digest
 * @throws UserError (exit code 3) for a folder that is no published site.
 */
export async function verifySite(
  site: string,
  findings: Findings,
): Promise<{ digest: string; entries: readonly HistoryEntry[] }> {
  const digest = await checkFiles(site, findings);
  const entries = await checkHistory(site, findings);
  const publications: Publication[] = [];
  for (const entry of entries) {
    const where = `runs/${entry.publication}`;
    const found = await findings.attempt(where, 'cannot be computed again', () =>
      recompute(site, entry, findings),
    );
    if (found !== undefined) publications.push(found);
  }
  findings.publications = publications.length;
  if (publications.length === entries.length) {
    await findings.attempt(BOARD_FILE, 'cannot be computed again', () =>
      checkBoard(site, publications, findings),
    );
  } else findings.add(BOARD_FILE, 'cannot be computed again without all of its runs');
  return { digest, entries };
}

/** Every byte of every file against files.json, which vouches for itself. */
async function checkFiles(site: string, findings: Findings): Promise<string> {
  const text = await textOrNothing(join(site, FILES_FILE));
  if (text === undefined) {
    throw new UserError(
      {
        where: site,
        message: `is no published site: it has no ${FILES_FILE}`,
        fix: 'aligntrust publish RUN --to DIR makes one',
      },
      EXIT.environment,
    );
  }
  const present = await fileList(site);
  const listed = await findings.attempt(FILES_FILE, 'cannot be read', async () => parseList(text));
  if (listed === undefined) return present.digest;
  const { files } = listed;
  if (listed.digest !== digestOf(files) || text !== jsonText(listed)) {
    findings.add(FILES_FILE, 'was changed: its digest is not that of its content');
  }
  for (const [path, digest] of Object.entries(files)) {
    if (!Object.hasOwn(present.files, path)) findings.add(path, 'is missing');
    else if (present.files[path] !== digest)
      findings.add(path, 'was changed: its SHA-256 is not the one published');
  }
  for (const path of Object.keys(present.files)) {
    if (!Object.hasOwn(files, path))
      findings.add(path, 'is not part of the site: files.json does not list it');
  }
  if (listed.aligntrust !== packageVersion()) {
    findings.note(
      `The site was written by aligntrust ${String(listed.aligntrust)}; this is ${packageVersion()}. Numbers were computed again; pages were held against their digests, and the numbers printed in them against those of this version.`,
    );
  }
  return digestOf(files);
}

async function checkHistory(site: string, findings: Findings): Promise<readonly HistoryEntry[]> {
  const { entries, broken } = await loadHistory(site);
  for (const line of broken)
    findings.add(HISTORY_FILE, `line ${line} was changed or does not follow on the line before`);
  for (const entry of entries) {
    for (const path of await changedFiles(site, entry)) {
      findings.add(`runs/${entry.publication}/${path}`, 'is not what the history says was published');
    }
  }
  return entries;
}

/** The summary of a publication from its outcomes, held against the published one; and its exports from both. */
async function recompute(site: string, entry: HistoryEntry, findings: Findings): Promise<Publication> {
  const folder = publicationFolder(site, entry.publication);
  const where = `runs/${entry.publication}`;
  const manifest = await readManifest(folder);
  const summary = asJson(await summariseRun(folder, false));
  const published = parseJson(SUMMARY_FILE, await readFile(join(folder, SUMMARY_FILE), 'utf8')) as JsonValue;
  findings.compare(`${where}/${SUMMARY_FILE}`, compareValues(published, summary as unknown as JsonValue));
  const facts = await readPublicationFacts(folder);
  const keys: { answers: readonly string[] }[] = [];
  for await (const { answers } of readOutcomes(folder)) keys.push({ answers });
  if (facts.prompts !== promptsDigest(keys)) {
    findings.add(`${where}/publication.json`, 'the digest of the prompts is not that of the outcomes');
  }
  if (entry.aligntrust === packageVersion()) {
    const source = await checkedSummary(published, `${where}/${SUMMARY_FILE}`).catch(() => summary);
    for await (const files of evaluations(folder, source, facts)) {
      for (const [path, text] of Object.entries(files)) await checkText(folder, where, path, text, findings);
    }
  }
  return { entry, manifest, summary, prompts: facts.prompts };
}

/** The board from recomputed summaries and outcomes, and every page from the board as it is published. */
async function checkBoard(
  site: string,
  publications: readonly Publication[],
  findings: Findings,
): Promise<void> {
  const settings = await loadSettings(site);
  const published = parseJson(BOARD_FILE, await readFile(join(site, BOARD_FILE), 'utf8')) as Leaderboard;
  const board = await boardOf(site, publications, settings, published.aligntrust);
  findings.compare(
    BOARD_FILE,
    compareValues(published as unknown as JsonValue, asJson(board) as unknown as JsonValue),
  );
  // Pages follow from the published board, so that a last digit of another processor does not count against them.
  const source = (await isBoard(published)) ? published : board;
  const { files } = renderSite(source, publications, settings);
  const isOwn = published.aligntrust === packageVersion();
  for (const [path, text] of files) {
    if (path === BOARD_FILE) continue;
    if (isOwn) await checkText(site, '', path, text, findings);
    else if (PAGE.test(path)) await checkPrinted(site, path, text, findings);
  }
  if (isOwn) await checkText(site, '', SETTINGS_FILE, jsonText(settings), findings);
}

/** What people read; other exports are not the same from version to version. */
const PAGE = /\.(?:html|md|tex)$/;

/** Another version's page may have other words; a number that it prints must be one that this version prints there. */
async function checkPrinted(site: string, path: string, text: string, findings: Findings): Promise<void> {
  const found = await textOrNothing(join(site, ...path.split('/')));
  if (found === undefined) return;
  const own = printedNumbers(text);
  const printed = printedNumbers(found);
  const strange = [...printed].filter((number) => !own.has(number));
  findings.compare(path, {
    numbers: printed.size,
    differences: strange.map((number) => ({ place: '', published: number, recomputed: 'no such number' })),
  });
}

async function checkText(
  folder: string,
  below: string,
  path: string,
  text: string,
  findings: Findings,
): Promise<void> {
  const place = below === '' ? path : `${below}/${path}`;
  const found = await textOrNothing(join(folder, ...path.split('/')));
  if (found === undefined) findings.add(place, 'is missing');
  else if (found !== text) findings.add(place, 'is not what the published numbers give');
}

async function isBoard(value: unknown): Promise<boolean> {
  const { Ajv2020 } = (await import('ajv/dist/2020.js')).default;
  const { leaderboardSchema } = await import('../../results/leaderboard/leaderboard.schema.ts');
  return new Ajv2020({ strict: true, allowUnionTypes: true }).validate(leaderboardSchema, value);
}

/** As it is after it was written and read: keys without a value are gone. */
function asJson<T extends Summary | Leaderboard>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** @throws Error for what is no list of files. */
function parseList(text: string): FileList {
  const value = parseJson(FILES_FILE, text) as Partial<FileList> | null;
  const files: unknown = value?.files;
  if (typeof files !== 'object' || files === null || Array.isArray(files) || value?.schemaVersion !== 1) {
    throw new Error('it is no list of files');
  }
  return value as FileList;
}
