import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { syncFolder, writeFileAtomic } from '../../core/files.ts';
import { packageVersion } from '../../core/package-root.ts';
import { storageError } from '../../core/storage-error.ts';
import { type HistoryEntry, nextLine } from '../../results/leaderboard/history.ts';
import { safeName } from '../../results/leaderboard/safe-name.ts';
import { requireCorrection } from './correction.ts';
import { evaluations } from './evaluations.ts';
import { fileList } from './rebuild.ts';
import {
  checkedSummary,
  HISTORY_FILE,
  loadHistory,
  type PublicationFacts,
  parseJson,
  publicationFolder,
  RUNS_FOLDER,
  readPublicationFacts,
  textOrNothing,
} from './site-folder.ts';
import { completeStage, discardStage, equalFiles, type StagedRun, stageRun, writeAll } from './stage.ts';

export interface AddOptions {
  readonly allowUnfinished: boolean;
  readonly supersedes: { readonly publication: string; readonly note: string } | null;
  /** Checkpoints and instruments of the superseded run that the correction leaves out on purpose. */
  readonly drop: readonly string[];
  readonly organisation: string;
  readonly evaluator: PublicationFacts['evaluator'];
  /** ISO 8601. */
  readonly now: string;
}

export interface AddedRun {
  readonly publication: string;
  /** Equal to what was published before, so that nothing was added. */
  readonly isKnown: boolean;
}

/**
 * Adds a run to the site's folder and history. What was published is never changed: an equal run adds nothing, another one
 * under the same name is refused unless it supersedes.
 *
 * @throws UserError exit code 3 for a run that cannot be published, 2 for a wrong `supersedes`.
 */
export async function addRun(site: string, run: string, options: AddOptions): Promise<AddedRun> {
  const { entries } = await loadHistory(site);
  await makeFolder(join(site, RUNS_FOLDER));
  const staged = await stageRun(site, run, options.allowUnfinished);
  try {
    const equal = await equalPublication(site, staged, entries);
    if (equal !== undefined) return { publication: equal, isKnown: true };
    const publication = newName(staged.run, entries, options.supersedes, run);
    if (options.supersedes !== null) {
      const old = publicationFolder(site, options.supersedes.publication);
      requireCorrection(await readManifest(old), await readManifest(staged.folder), options.drop);
    }
    await completeStage(staged, { publication, at: options.now, ...pickEvaluator(options) });
    await addEvaluations(staged);
    const entry = await entryOf(staged, publication, options);
    await rename(staged.folder, publicationFolder(site, publication));
    await syncFolder(join(site, RUNS_FOLDER));
    await appendHistory(site, entry);
    return { publication, isKnown: false };
  } finally {
    await discardStage(staged);
  }
}

function pickEvaluator({
  organisation,
  evaluator,
}: AddOptions): Pick<PublicationFacts, 'organisation' | 'evaluator'> {
  return { organisation, evaluator };
}

/** The publication that was made from the same outcomes, manifest and status. */
async function equalPublication(
  site: string,
  { folder, run, derived }: StagedRun,
  entries: readonly HistoryEntry[],
): Promise<string | undefined> {
  for (const { publication } of entries.filter((entry) => entry.run === run)) {
    if (await equalFiles(folder, publicationFolder(site, publication), Object.keys(derived)))
      return publication;
  }
  return undefined;
}

/** The run's own name; a correction of a run under its own name gets a number. */
function newName(
  run: string,
  entries: readonly HistoryEntry[],
  supersedes: AddOptions['supersedes'],
  path: string,
): string {
  requireSuperseded(entries, supersedes);
  const name = safeName(run);
  const taken = new Set(entries.map(({ publication }) => publication));
  if (!taken.has(name)) return name;
  const superseded = entries.find(({ publication }) => publication === supersedes?.publication);
  if (superseded?.run !== run) {
    throw new UserError(
      {
        where: path,
        message: `run ${run} is published already, with other content; what was published is never rewritten`,
        fix: `If this one corrects it: --supersedes ${name} --note "why".`,
      },
      EXIT.environment,
    );
  }
  for (let number = 2; ; number++) if (!taken.has(`${name}-r${number}`)) return `${name}-r${number}`;
}

function requireSuperseded(entries: readonly HistoryEntry[], supersedes: AddOptions['supersedes']): void {
  if (supersedes === null) return;
  const field = '--supersedes';
  if (!entries.some(({ publication }) => publication === supersedes.publication)) {
    const known = entries.map(({ publication }) => publication).join(', ');
    throw new UserError({
      field,
      message: `${supersedes.publication} is not published here`,
      fix: known === '' ? 'Nothing is yet.' : `There is: ${known}.`,
    });
  }
  const later = entries.find((entry) => entry.supersedes?.publication === supersedes.publication);
  if (later === undefined) return;
  throw new UserError({
    field,
    message: `${supersedes.publication} was superseded already`,
    fix: `Supersede ${later.publication}, which took its place.`,
  });
}

async function addEvaluations({ folder }: StagedRun): Promise<void> {
  const path = join(folder, 'summary.json');
  const summary = await checkedSummary(parseJson(path, (await textOrNothing(path)) ?? ''), path);
  const facts = await readPublicationFacts(folder);
  for await (const files of evaluations(folder, summary, facts)) await writeAll(folder, files);
}

async function entryOf(
  staged: StagedRun,
  publication: string,
  { now, supersedes }: AddOptions,
): Promise<Omit<HistoryEntry, 'previous'>> {
  const { files } = await fileList(staged.folder);
  return {
    at: now,
    aligntrust: packageVersion(),
    publication,
    run: staged.run,
    supersedes,
    files,
    source: { answers: staged.answers },
  };
}

async function appendHistory(site: string, entry: Omit<HistoryEntry, 'previous'>): Promise<void> {
  const { lines } = await loadHistory(site);
  await writeFileAtomic(join(site, HISTORY_FILE), [...lines, nextLine(lines, entry), ''].join('\n'));
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw storageError(folder, error);
  }
}
