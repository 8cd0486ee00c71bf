import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, sha256OfFile } from '../../core/digest.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { packageVersion } from '../../core/package-root.ts';
import { buildBoard, withRanks } from '../../results/leaderboard/board.ts';
import type { Leaderboard } from '../../results/leaderboard/leaderboard.ts';
import { currentOf, type Publication } from '../../results/leaderboard/publications.ts';
import { parseScore, withScore } from '../../results/leaderboard/score.ts';
import { type SiteFiles, siteFiles } from '../../results/leaderboard/site/files.ts';
import type { Summary } from '../../results/summary.ts';
import { rankAll } from './ranks.ts';
import {
  FILES_FILE,
  loadHistory,
  loadPublication,
  SETTINGS_FILE,
  type SiteSettings,
  textOrNothing,
} from './site-folder.ts';
import { jsonText, writeAll } from './stage.ts';

/** files.json: the SHA-256 of every file of the site but itself, and of all of these together. */
export interface FileList {
  readonly schemaVersion: 1;
  /** Version of aligntrust that wrote the site. */
  readonly aligntrust: string;
  /** SHA-256 of the canonical JSON of `files`: one number to cite the whole site by. */
  readonly digest: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface Rebuilt {
  readonly board: Leaderboard;
  readonly digest: string;
  readonly files: number;
  readonly unmapped: readonly string[];
}

/** Writes everything of a site that follows from its published runs; what is no longer part of it goes. */
export async function rebuildSite(site: string, settings: SiteSettings): Promise<Rebuilt> {
  const { entries } = await loadHistory(site);
  const publications: Publication[] = [];
  for (const entry of entries) publications.push(await loadPublication(site, entry));
  const board = await boardOf(site, publications, settings, packageVersion());
  const { files, unmapped } = renderSite(board, publications, settings);
  const before = await listedFiles(site);
  const made = new Map([...files, [SETTINGS_FILE, jsonText(settings)]]);
  await writeAll(site, Object.fromEntries(made));
  await removeStale(site, before, made);
  const list = await fileList(site);
  await writeFileAtomic(join(site, FILES_FILE), jsonText(list));
  return { board, digest: list.digest, files: Object.keys(list.files).length, unmapped };
}

/** The board of these publications with its ranks and, where it was asked for, its score. */
export async function boardOf(
  site: string,
  publications: readonly Publication[],
  { title, score }: Pick<SiteSettings, 'title' | 'score'>,
  aligntrust: string,
): Promise<Leaderboard> {
  const { board, sets } = buildBoard(publications, { title, aligntrust });
  const ranked = withRanks(board, await rankAll(site, sets));
  return score === null ? ranked : withScore(ranked, parseScore(score));
}

export function renderSite(
  board: Leaderboard,
  publications: readonly Publication[],
  { hub, url }: Pick<SiteSettings, 'hub' | 'url'>,
): SiteFiles {
  const summaries = new Map<string, Summary>(
    currentOf(publications).map(({ entry, summary }) => [entry.publication, summary]),
  );
  return siteFiles(board, summaries, hub, url);
}

/** Every file below the site but files.json, with its digest; folders of unfinished work are passed over. */
export async function fileList(site: string): Promise<FileList> {
  const files: Record<string, string> = {};
  for (const path of await filesBelow(site)) {
    if (path !== FILES_FILE) files[path] = await sha256OfFile(join(site, ...path.split('/')));
  }
  return { schemaVersion: 1, aligntrust: packageVersion(), digest: digestOf(files), files };
}

/** Paths of all files below a folder, with `/`, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.startsWith('runs/.new-'))
    .sort();
}

/** Paths that the last publishing listed; none where files.json is missing or damaged. */
async function listedFiles(site: string): Promise<readonly string[]> {
  const text = await textOrNothing(join(site, FILES_FILE));
  if (text === undefined) return [];
  try {
    const { files } = JSON.parse(text) as Partial<FileList>;
    return Object.keys(files ?? {});
  } catch {
    return [];
  }
}

/** Only what an earlier publishing made and this one no longer makes; published runs and answers always stay. */
async function removeStale(
  site: string,
  before: readonly string[],
  made: ReadonlyMap<string, string>,
): Promise<void> {
  const present = new Set(await filesBelow(site));
  const isOurs = (path: string): boolean => /^(checkpoints|methods|exports)\/|^runs-[^/]*\.html$/.test(path);
  for (const path of before) {
    if (made.has(path) || !present.has(path) || !isOurs(path)) continue;
    const file = join(site, ...path.split('/'));
    await rm(file, { force: true });
    await rmdir(dirname(file)).catch(() => {});
  }
}
