import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeLine, encodeLine } from '../../core/checked-line.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import type { DrawnItem, Populations } from './draw.ts';

/** What stands behind the ids of a sample that people label; it stays in the run's folder. */
export const LABELS_KEY_FILE = 'labels-key.json';
export const LABELS_FILE = 'labels.jsonl';

export interface LabelKey {
  readonly schemaVersion: 1;
  readonly run: string;
  readonly seed: number;
  readonly populations: Populations;
  /** By instrument, the names of the sheets that its sample was written to, the newest last. */
  readonly sheets?: Readonly<Record<string, readonly string[]>>;
  readonly items: readonly DrawnItem[];
}

/** One line of labels.jsonl. */
export interface StoredLabel {
  readonly id: string;
  readonly checkpoint: string;
  readonly instrument: string;
  readonly sample: string;
  readonly repeat: number;
  readonly content: string | null;
  readonly label: string;
}

/** Undefined where no sample was drawn. @throws UserError (exit code 3) when the file is damaged. */
export async function readLabelKey(folder: string): Promise<LabelKey | undefined> {
  const path = join(folder, LABELS_KEY_FILE);
  const text = await textOf(path);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Partial<LabelKey>;
    if (value.schemaVersion === 1 && Array.isArray(value.items) && typeof value.populations === 'object') {
      return value as LabelKey;
    }
  } catch {
    // Said below.
  }
  throw new UserError(
    { where: path, message: 'is damaged or of another version of aligntrust' },
    EXIT.environment,
  );
}

export async function writeLabelKey(folder: string, key: LabelKey): Promise<void> {
  await writeFileAtomic(join(folder, LABELS_KEY_FILE), `${JSON.stringify(key, undefined, 1)}\n`);
}

/** The labels that were read; empty where none were. @throws UserError (exit code 3) at a damaged line. */
export async function readLabels(folder: string): Promise<StoredLabel[]> {
  const path = join(folder, LABELS_FILE);
  const text = await textOf(path);
  if (text === undefined) return [];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const record = decodeLine(line);
      if (record !== undefined) return record as StoredLabel;
      const fix = 'read the labels again: aligntrust label RUN --read FILE';
      throw new UserError(
        { where: `${path}:${index + 1}`, message: 'is damaged: its checksum is wrong', fix },
        EXIT.environment,
      );
    });
}

export async function writeLabels(folder: string, labels: readonly StoredLabel[]): Promise<void> {
  await writeFileAtomic(join(folder, LABELS_FILE), labels.map(encodeLine).join(''));
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new UserError(
      { where: path, message: `cannot be read: ${messageOf(error)}` },
      EXIT.environment,
      error,
    );
  }
}
