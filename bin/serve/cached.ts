import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Results that are kept at a time: of the folders asked for last. */
const MOST = 8;
/** Written by reports and not read by them. */
const WRITTEN: ReadonlySet<string> = new Set(['report.html', 'flips.jsonl', 'lock']);

/**
 * Makes something of a folder anew only when one of its files has another size or time than before. Whoever asks while it
 * is made waits for the same; what went wrong is tried again.
 */
export function cachedByFiles<T>(make: (folder: string) => Promise<T>): (folder: string) => Promise<T> {
  const kept = new Map<string, { readonly state: string; readonly made: Promise<T> }>();
  return async (folder) => {
    const state = await stateOf(folder);
    const known = kept.get(folder);
    const made = known?.state === state ? known.made : make(folder);
    kept.delete(folder);
    kept.set(folder, { state, made });
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    try {
      return await made;
    } catch (error) {
      if (kept.get(folder)?.made === made) kept.delete(folder);
      throw error;
    }
  };
}

/** Names, sizes and times of everything that a report reads, folders below included. */
async function stateOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !WRITTEN.has(entry.name));
  const states = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const { size, mtimeMs } = await stat(path);
      return `${path} ${size} ${mtimeMs}`;
    }),
  );
  return states.sort().join('\n');
}
