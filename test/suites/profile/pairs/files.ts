import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { type ImportOptions, PairImport } from '../../../../suites/profile/pairs/import.ts';
import type { PairRow } from '../../../../suites/profile/pairs/pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'aligntrust-pairs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** A file of its own for one test. */
export function fileOf(content: string | Uint8Array, ending = 'jsonl'): string {
  files++;
  const path = join(folder, `file-${files}.${ending}`);
  writeFileSync(path, content);
  return path;
}

export function jsonl(...rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** All pairs of a file, with what was counted. */
export async function importOf(
  path: string,
  options: ImportOptions = {},
): Promise<{ readonly pairs: readonly PairRow[]; readonly source: PairImport }> {
  const source = new PairImport(path, options);
  const pairs: PairRow[] = [];
  for await (const pair of source.pairs()) pairs.push(pair);
  return { pairs, source };
}

/** What reading a file is refused with. */
export async function refusalOf(path: string, options: ImportOptions = {}): Promise<string> {
  try {
    await importOf(path, options);
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(path, 'FILE') : String(error);
  }
  return 'was read';
}
