import { sha256 } from '../../core/digest.ts';

/** One line of history.jsonl: something was published. Lines are only ever added. */
export interface HistoryEntry {
  /** SHA-256 of the line before; 64 zeros for the first. */
  readonly previous: string;
  /** ISO 8601. */
  readonly at: string;
  readonly aligntrust: string;
  /** Folder below `runs/`. */
  readonly publication: string;
  readonly run: string;
  readonly supersedes: { readonly publication: string; readonly note: string } | null;
  /** SHA-256 by path below the publication's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** SHA-256 of files in the run's own folder, from which this was made. */
  readonly source: { readonly answers: string | null };
}

const START = '0'.repeat(64);

/** The line of a new entry, without newline. */
export function nextLine(lines: readonly string[], entry: Omit<HistoryEntry, 'previous'>): string {
  return JSON.stringify({ previous: digestOfLast(lines), ...entry });
}

export interface HistoryReading {
  readonly entries: readonly HistoryEntry[];
  readonly lines: readonly string[];
  /** 1-based numbers of lines that cannot be read or do not follow on the line before. */
  readonly broken: readonly number[];
}

/** Reads history.jsonl; what is broken is left out and named. */
export function readHistory(text: string): HistoryReading {
  const lines = text.split('\n').filter((line) => line !== '');
  const entries: HistoryEntry[] = [];
  const broken: number[] = [];
  for (const [index, line] of lines.entries()) {
    const entry = parseEntry(line);
    if (entry !== undefined) entries.push(entry);
    if (entry === undefined || entry.previous !== digestOfLast(lines.slice(0, index))) broken.push(index + 1);
  }
  return { entries, lines, broken };
}

function digestOfLast(lines: readonly string[]): string {
  const last = lines.at(-1);
  return last === undefined ? START : sha256(last);
}

function parseEntry(line: string): HistoryEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isEntry(value) ? value : undefined;
}

/** Names become paths: nothing but our own safe names may pass. */
const SAFE_NAME = /^[a-z0-9][a-z0-9._~-]*$/;
const SAFE_PATH = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { previous, at, aligntrust, publication, run, files, supersedes, source } =
    value as Partial<HistoryEntry>;
  return (
    [previous, at, aligntrust, publication, run].every((text) => typeof text === 'string') &&
    SAFE_NAME.test(publication as string) &&
    !(publication as string).includes('..') &&
    isSuperseding(supersedes) &&
    typeof source === 'object' &&
    source !== null &&
    typeof files === 'object' &&
    files !== null &&
    Object.entries(files).every(([path, digest]) => SAFE_PATH.test(path) && /^[0-9a-f]{64}$/.test(digest))
  );
}

function isSuperseding(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { publication, note } = value as { publication?: unknown; note?: unknown };
  return typeof publication === 'string' && typeof note === 'string';
}
