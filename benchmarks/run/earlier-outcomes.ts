import { decodeLine } from '../../core/checked-line.ts';
import { digestOf } from '../../core/digest.ts';
import { codeOf } from '../../core/errors.ts';
import { readLines } from '../../core/read-lines.ts';
import { storageError } from '../../core/storage-error.ts';
import type { OutcomeRecord } from '../journal/records.ts';
import { withoutUndefined } from '../journal/request-key.ts';

const NOT_ANSWERED = 'not-answered';

/** What is said of a request to which the run holds no answer. */
export const NOT_ANSWERED_ERROR = {
  code: NOT_ANSWERED,
  message: 'the run holds no answer to this request',
} as const;

export function isUnanswered({ outcome }: Pick<OutcomeRecord, 'outcome'>): boolean {
  return outcome.kind === 'failed' && outcome.error.code === NOT_ANSWERED;
}

/** What the last reading of a run's answers said of every sample, as far as its lines are whole. */
export class EarlierOutcomes {
  readonly #digests: ReadonlyMap<string, string>;
  /** Every line was there and whole. */
  readonly isWhole: boolean;

  private constructor(digests: ReadonlyMap<string, string>, isWhole: boolean) {
    this.#digests = digests;
    this.isWhole = isWhole;
  }

  /** @throws UserError (exit code 3) for a file that is there and cannot be read. */
  static async read(path: string): Promise<EarlierOutcomes> {
    const digests = new Map<string, string>();
    let isWhole = true;
    try {
      for await (const line of readLines(path)) {
        const record = line.ended ? (decodeLine(line.text) as OutcomeRecord | undefined) : undefined;
        if (record?.outcome === undefined) isWhole = false;
        else digests.set(placeOf(record), isUnanswered(record) ? NOT_ANSWERED : outcomeDigest(record));
      }
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw storageError(path, error);
      isWhole = false;
    }
    return new EarlierOutcomes(digests, isWhole);
  }

  differs(record: OutcomeRecord): boolean {
    const before = this.#digests.get(placeOf(record));
    return before !== (isUnanswered(record) ? NOT_ANSWERED : outcomeDigest(record));
  }

  /** Whether this sample was read from an answer before and has none now. */
  loses(record: OutcomeRecord): boolean {
    const before = this.#digests.get(placeOf(record));
    return before !== undefined && before !== NOT_ANSWERED && isUnanswered(record);
  }
}

function placeOf({ checkpoint, instrument, sample, repeat }: OutcomeRecord): string {
  return JSON.stringify([checkpoint, instrument, sample, repeat]);
}

function outcomeDigest({ outcome }: OutcomeRecord): string {
  return digestOf(withoutUndefined(outcome)).slice(0, 16);
}
