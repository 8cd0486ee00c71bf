import { join } from 'node:path';
import { EXIT, UserError } from '../../core/errors.ts';
import { ANSWERS_FILE, type Journal } from '../journal/journal.ts';
import { OutcomeWriter } from '../journal/outcomes.ts';
import type { OutcomeRecord } from '../journal/records.ts';
import { whereBroken } from '../journal/where-broken.ts';
import { EarlierOutcomes, isUnanswered } from './earlier-outcomes.ts';

/** Outcomes that are written beside the old ones and do not count yet. */
export interface Reading {
  readonly writer: OutcomeWriter;
  readonly samples: number;
  readonly unanswered: number;
  readonly changed: number | null;
  /** Samples that had an outcome and have no answer any more. */
  readonly lost: number;
}

export interface Reread {
  readonly record: OutcomeRecord;
  /** A run that stopped by its rule did not ask this one because it had seen enough. */
  readonly isLeftOut?: boolean;
}

/**
 * Writes outcomes beside a file of a run and counts how they differ from those in it.
 *
 * @throws UserError (exit code 3) when a file cannot be read or written; nothing is left behind then.
 */
export async function readAnew(
  folder: string,
  file: string,
  records: AsyncIterable<Reread>,
): Promise<Reading> {
  const earlier = await EarlierOutcomes.read(join(folder, file));
  const writer = await OutcomeWriter.open(folder, file);
  const counts = { samples: 0, unanswered: 0, changed: 0, lost: 0 };
  try {
    for await (const { record, isLeftOut } of records) {
      if (earlier.loses(record)) counts.lost++;
      if (isLeftOut === true) continue;
      counts.samples++;
      if (isUnanswered(record)) counts.unanswered++;
      if (earlier.differs(record)) counts.changed++;
      await writer.append(record);
    }
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return { writer, ...counts, changed: earlier.isWhole ? counts.changed : null };
}

/** Why a run is not read again: with these answers, outcomes that it has would be lost. */
export function lostAnswers(folder: string, journal: Journal, lost: number): UserError {
  const path = join(folder, ANSWERS_FILE);
  const { recordsBefore } = journal;
  const end = recordsBefore === 0 ? 'holds no answers' : `ends after line ${recordsBefore}`;
  const places = whereBroken(journal, path) || `${path}: ${end}`;
  const outcomes = lost === 1 ? '1 outcome rests on an answer' : `${lost} outcomes rest on answers`;
  return new UserError(
    {
      message: `${places}. ${outcomes} that the run no longer holds; nothing was changed, so that they are not lost too`,
      fix: 'Bring answers.jsonl back from a copy; or run the same definition again, which asks what is missing and nothing else.',
    },
    EXIT.environment,
  );
}
