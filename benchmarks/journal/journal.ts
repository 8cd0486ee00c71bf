import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeLine } from '../../core/checked-line.ts';
import { codeOf } from '../../core/errors.ts';
import { readLines } from '../../core/read-lines.ts';
import { storageError } from '../../core/storage-error.ts';
import { AppendLog } from './append-log.ts';
import type { AnswerRecord } from './records.ts';

export const ANSWERS_FILE = 'answers.jsonl';

/** A line that cannot be trusted. Its request is asked again. */
export interface DamagedLine {
  readonly file: string;
  readonly line: number;
}

interface Scan {
  readonly answered: Map<string, number>;
  readonly failed: Map<string, number>;
  readonly damaged: DamagedLine[];
  readonly torn: DamagedLine | undefined;
  /** Bytes up to the end of the last whole line. */
  readonly size: number;
  readonly records: number;
}

const READ_AHEAD = 8192;
const NEWLINE = 0x0a;

/**
 * The answers of one run: an append-only file and an index of request keys that is rebuilt at every opening.
 * Memory grows by the index alone, about 150 bytes an answer.
 */
export class Journal {
  readonly #answered: Map<string, number>;
  readonly #failed: Map<string, number>;
  readonly #log: AppendLog | undefined;
  readonly #reader: FileHandle | undefined;
  /** Lines whose checksum was wrong when the journal was opened. */
  readonly damaged: readonly DamagedLine[];
  /** The last line, where the file breaks off within it; undefined where every line is whole. */
  readonly torn: DamagedLine | undefined;
  /** Whole records that were found when the journal was opened: one for each request that was ever asked. */
  readonly recordsBefore: number;

  private constructor(scan: Scan, log: AppendLog | undefined, reader: FileHandle | undefined) {
    this.#answered = scan.answered;
    this.#failed = scan.failed;
    this.#log = log;
    this.#reader = reader;
    this.damaged = scan.damaged;
    this.torn = scan.torn;
    this.recordsBefore = scan.records;
  }

  /**
   * Opens the journal of a run folder, creating it if absent. `readonly` never changes the file; where there is
   * none, the journal is empty.
   *
   * @throws UserError (exit code 3) when the file cannot be read or written.
   */
  static async open(folder: string, mode: 'append' | 'readonly' = 'append'): Promise<Journal> {
    const path = join(folder, ANSWERS_FILE);
    const scan = await scanAnswers(path);
    const log = mode === 'append' ? await AppendLog.open(path, scan.size) : undefined;
    return new Journal(scan, log, await openReader(path));
  }

  /** How many requests have an answer. */
  get size(): number {
    return this.#answered.size;
  }

  has(key: string): boolean {
    return this.#answered.has(key);
  }

  /** The answered record of a key, or undefined. Failed answers are never served. */
  get(key: string): Promise<AnswerRecord | undefined> {
    return this.#recordAt(key, this.#answered.get(key));
  }

  /** How a request that was never answered failed last, for reading alone; undefined when it was not asked. */
  async lastFailure(key: string): Promise<AnswerRecord | undefined> {
    return this.#answered.has(key) ? undefined : this.#recordAt(key, this.#failed.get(key));
  }

  /** Writes a record; once this resolves, the death of the process no longer loses it. */
  async append(record: AnswerRecord): Promise<void> {
    if (this.#log === undefined) throw new Error('the journal was opened for reading');
    const offset = await this.#log.append(record);
    const index = record.result.status === 'answered' ? this.#answered : this.#failed;
    index.set(record.key, offset);
  }

  /** @throws UserError (exit code 3) when not everything that was appended has reached the disk. */
  async close(): Promise<void> {
    try {
      await this.#reader?.close();
    } finally {
      await this.#log?.close();
    }
  }

  async #recordAt(key: string, offset: number | undefined): Promise<AnswerRecord | undefined> {
    if (offset === undefined || this.#reader === undefined) return undefined;
    const record = decodeLine(await this.#lineAt(this.#reader, offset));
    // A line that has changed since the index was built is treated as never written.
    return isAnswerRecord(record) && record.key === key ? record : undefined;
  }

  async #lineAt(reader: FileHandle, offset: number): Promise<string> {
    const pieces: Buffer[] = [];
    for (let position = offset; ; position += READ_AHEAD) {
      const buffer = Buffer.allocUnsafe(READ_AHEAD);
      const { bytesRead } = await reader.read(buffer, 0, READ_AHEAD, position);
      const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
      pieces.push(buffer.subarray(0, end === -1 ? bytesRead : end));
      if (end !== -1 || bytesRead < READ_AHEAD) return Buffer.concat(pieces).toString('utf8');
    }
  }
}

/** The answers of a run in the order written; damaged lines are left out. */
export async function* readAnswers(folder: string): AsyncGenerator<AnswerRecord> {
  for await (const line of readLines(join(folder, ANSWERS_FILE))) {
    const record = line.ended ? decodeLine(line.text) : undefined;
    if (isAnswerRecord(record)) yield record;
  }
}

async function openReader(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw storageError(path, error);
  }
}

async function scanAnswers(path: string): Promise<Scan> {
  const answered = new Map<string, number>();
  const failed = new Map<string, number>();
  const damaged: DamagedLine[] = [];
  let torn: DamagedLine | undefined;
  let size = 0;
  let records = 0;
  try {
    for await (const line of readLines(path)) {
      // What follows the last newline was never acknowledged: it is a torn tail, not damage.
      if (!line.ended) {
        torn = { file: path, line: line.number };
        break;
      }
      size = line.offset + line.length + 1;
      const record = decodeLine(line.text);
      if (!isAnswerRecord(record)) {
        damaged.push({ file: path, line: line.number });
        continue;
      }
      records++;
      (record.result.status === 'answered' ? answered : failed).set(record.key, line.offset);
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw storageError(path, error);
  }
  return { answered, failed, damaged, torn, size, records };
}

/** The checksum proves that we wrote the line; this only tells an answer from some other record. */
function isAnswerRecord(value: unknown): value is AnswerRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { key, result } = value as Partial<AnswerRecord>;
  return typeof key === 'string' && typeof result === 'object' && result !== null && 'status' in result;
}
