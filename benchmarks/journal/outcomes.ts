import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeLine } from '../../core/checked-line.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { syncFolder } from '../../core/files.ts';
import { readLines } from '../../core/read-lines.ts';
import { storageError } from '../../core/storage-error.ts';
import { AppendLog, type AppendLogPace } from './append-log.ts';
import type { OutcomeRecord } from './records.ts';

export const OUTCOMES_FILE = 'outcomes.jsonl';
/** Outcomes of samples that were asked a second time, to see how often a checkpoint differs from itself. */
export const NOISE_FILE = 'noise.jsonl';

/** Outcomes are derived: until they are finished, losing them costs nothing. */
const LEISURELY: AppendLogPace = { writeInterval: 10, syncInterval: Number.POSITIVE_INFINITY };
/** Outcomes that wait to be written before whoever brings more has to wait too. */
const MOST_WAITING = 1000;

/**
 * Writes the outcomes of one reading beside the old file and replaces it at the end, so that outcomes.jsonl is
 * always the result of one whole reading.
 */
export class OutcomeWriter {
  readonly #path: string;
  readonly #log: AppendLog;
  #waiting = 0;

  private constructor(path: string, log: AppendLog) {
    this.#path = path;
    this.#log = log;
  }

  static async open(folder: string, file = OUTCOMES_FILE): Promise<OutcomeWriter> {
    const path = join(folder, file);
    return new OutcomeWriter(path, await AppendLog.open(`${path}.new`, 0, LEISURELY));
  }

  /** Rejects when the disk refuses this outcome or refused an earlier one; `finish` rejects in any case. */
  async append(record: OutcomeRecord): Promise<void> {
    const written = this.#log.append(record);
    this.#waiting++;
    const done = () => {
      this.#waiting--;
    };
    written.then(done, done);
    if (this.#waiting > MOST_WAITING || this.#log.broken !== undefined) await written;
  }

  /** Makes the new outcomes the ones that count. */
  async finish(): Promise<void> {
    await this.#log.close();
    try {
      await rename(`${this.#path}.new`, this.#path);
      await syncFolder(dirname(this.#path));
    } catch (error) {
      throw storageError(this.#path, error);
    }
  }

  /** Leaves the old outcomes in place. */
  async discard(): Promise<void> {
    try {
      await this.#log.close();
    } finally {
      await rm(`${this.#path}.new`, { force: true });
    }
  }
}

/**
 * The outcomes of a run, streamed.
 *
 * @throws UserError (exit code 3) at a damaged line: outcomes are derived, so `aligntrust rescore` makes them anew.
 */
export async function* readOutcomes(folder: string, file = OUTCOMES_FILE): AsyncGenerator<OutcomeRecord> {
  const path = join(folder, file);
  await requireOutcomes(path);
  for await (const line of readLines(path)) {
    const record = line.ended ? decodeLine(line.text) : undefined;
    if (record === undefined) throw damaged(`${path}:${line.number}`);
    yield record as OutcomeRecord;
  }
}

async function requireOutcomes(path: string): Promise<void> {
  try {
    await (await open(path, 'r')).close();
  } catch (error) {
    throw new UserError(
      {
        where: path,
        message: 'is missing: the run has not been read yet',
        fix: 'Run it again to go on, or use `aligntrust rescore`.',
      },
      EXIT.environment,
      error,
    );
  }
}

function damaged(where: string): UserError {
  return new UserError(
    {
      where,
      message: 'is damaged: its checksum is wrong',
      fix: '`aligntrust rescore` reads the outcomes again from the answers.',
    },
    EXIT.environment,
  );
}
