import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, EXIT, messageOf, UserError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import type { Manifest } from './records.ts';

export const MANIFEST_FILE = 'manifest.json';
export const SUMMARY_FILE = 'summary.json';

/** Makes the folder, or says why that is impossible (exit code 3). */
export async function makeRunFolder(folder: string): Promise<void> {
  try {
    await makeFolders(resolve(folder));
  } catch (error) {
    throw new UserError(
      {
        where: folder,
        message: `cannot be made: ${messageOf(error)}`,
        fix: 'Name another place with --runs DIR.',
      },
      EXIT.environment,
      error,
    );
  }
}

/** One level after the other: Node's own recursive mkdir never returns where the file system answers ENOENT for ever. */
async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder || (await isFolder(parent))) throw error;
    await makeFolders(parent);
    await mkdir(folder);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * The manifest of a run folder.
 *
 * @throws UserError (exit code 3) when the folder is not a run or its manifest is damaged.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const absent = codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
    throw new UserError(
      {
        where: folder,
        message: absent ? 'is not a run: it has no manifest.json' : `cannot be read: ${messageOf(error)}`,
        fix: '`aligntrust list runs` shows the runs of a folder.',
      },
      EXIT.environment,
      error,
    );
  });
  const manifest = parseManifest(text);
  if (manifest === undefined) {
    const fix =
      'Bring it back from a copy of the run. Without it nothing says what was asked; running the definition again begins a new run.';
    throw new UserError(
      { where: path, message: `is damaged or of another version of aligntrust: ${whatIsWrong(text)}`, fix },
      EXIT.environment,
    );
  }
  return manifest;
}

/** Of a text that is no manifest: how, with the field and its value. */
function whatIsWrong(text: string): string {
  if (text.trim() === '') return 'it is empty';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is no JSON (${messageOf(error)})`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `it holds ${shown(value)} and no object`;
  }
  const { schemaVersion, run, models, tasks } = value as Record<string, unknown>;
  if (schemaVersion !== 1) {
    return `schemaVersion is ${shown(schemaVersion)}, and this version of aligntrust reads 1`;
  }
  if (typeof run !== 'string') return `run is ${shown(run)} and no text`;
  const [name, found] = isRecord(models) ? ['tasks', tasks] : ['models', models];
  return `${name} is ${shown(found)} and no object`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined) return 'missing';
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}

/**
 * The runs below a folder, newest first; folders that are no runs are passed over. `onDamaged` hears of each one
 * that has a manifest which cannot be read.
 */
export async function listRuns(
  runs: string,
  onDamaged: (folder: string) => void = () => {},
): Promise<{ folder: string; manifest: Manifest }[]> {
  const names = await readdir(runs).catch(() => []);
  const found: { folder: string; manifest: Manifest }[] = [];
  for (const name of names) {
    const folder = join(runs, name);
    const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const manifest = parseManifest(text);
    if (manifest === undefined) onDamaged(folder);
    else found.push({ folder, manifest });
  }
  return found.sort((a, b) => (a.manifest.createdAt < b.manifest.createdAt ? 1 : -1));
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const { schemaVersion, run, models, tasks } = value as Partial<Manifest>;
  return schemaVersion === 1 && typeof run === 'string' && isRecord(models) && isRecord(tasks);
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
