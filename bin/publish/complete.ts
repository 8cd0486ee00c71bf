import { join } from 'node:path';
import { ANSWERS_FILE, Journal } from '../../benchmarks/journal/journal.ts';
import { OUTCOMES_FILE } from '../../benchmarks/journal/outcomes.ts';
import type { Manifest, OutcomeRecord, RunStatus } from '../../benchmarks/journal/records.ts';
import { whereBroken } from '../../benchmarks/journal/where-broken.ts';
import { isUnanswered } from '../../benchmarks/run/earlier-outcomes.ts';
import { recordedDefinition } from '../../benchmarks/run/rescore.ts';
import { EXIT, type Problem, UserError } from '../../core/errors.ts';
import { counted } from '../../results/format.ts';

/** In what a run's folder falls short of the run that its manifest describes; null where it does not. */
export interface Shortfall {
  readonly outcomes: Problem | null;
  readonly answers: Problem | null;
}

/** Holds the outcomes against what was to be asked, and the answers against what the outcomes were read from. */
export async function shortfallOf(
  run: string,
  manifest: Manifest,
  outcomes: readonly OutcomeRecord[],
): Promise<Shortfall> {
  return {
    outcomes: outcomesShort(run, manifest, outcomes),
    answers: await answersShort(run, outcomes),
  };
}

/** @throws UserError (exit code 3) */
export function requireWhole({ outcomes, answers }: Shortfall): void {
  const problems = [outcomes, answers].filter((one) => one !== null);
  if (problems.length > 0) throw new UserError(problems, EXIT.environment);
}

/** The status with what is missing said: a run without all of its outcomes did not come to its end. */
export function markedStatus(status: RunStatus, { outcomes, answers }: Shortfall): RunStatus {
  // A run that did not finish says so itself.
  const isCut = outcomes !== null && status.status === 'finished';
  const alarms = [isCut ? outcomes : null, answers].flatMap((one) =>
    one === null ? [] : [{ kind: 'damaged-line' as const, checkpoint: null, message: saidOf(one) }],
  );
  return {
    ...status,
    ...(isCut ? { status: 'interrupted' as const, reason: saidOf(outcomes) } : {}),
    alarms: [...status.alarms, ...alarms],
  };
}

function saidOf({ where = '', message }: Problem): string {
  return `${where.split(/[\\/]/).at(-1)}: ${message}`;
}

function outcomesShort(run: string, manifest: Manifest, outcomes: readonly OutcomeRecord[]): Problem | null {
  const { checkpoints, settings } = recordedDefinition(manifest, run);
  // A run that stops by what it sees asks no more than it needs.
  if (settings.until !== undefined) return null;
  const samples = Object.values(manifest.tasks).reduce((sum, one) => sum + one.samples, 0);
  const wanted = checkpoints.length * samples * settings.repeats;
  const found = new Set(
    outcomes
      .filter((record) => !isUnanswered(record))
      .map(({ checkpoint, instrument, sample, repeat }) =>
        JSON.stringify([checkpoint, instrument, sample, repeat]),
      ),
  ).size;
  if (found >= wanted) return null;
  return {
    where: join(run, OUTCOMES_FILE),
    message: `holds ${found.toLocaleString('en')} of ${counted(wanted, 'outcome')}`,
    fix: '`aligntrust rescore` reads them again from the answers; --unfinished publishes what there is, marked as incomplete.',
  };
}

async function answersShort(run: string, outcomes: readonly OutcomeRecord[]): Promise<Problem | null> {
  const wanted = new Set(
    outcomes.flatMap(({ outcome, answers }) =>
      outcome.kind === 'scored' || outcome.kind === 'unscored' ? answers : [],
    ),
  );
  const journal = await Journal.open(run, 'readonly');
  try {
    const path = join(run, ANSWERS_FILE);
    let lost = 0;
    for (const key of wanted) {
      if (!journal.has(key) && (await journal.lastFailure(key)) === undefined) lost++;
    }
    if (lost === 0) return null;
    const places = whereBroken(journal, ANSWERS_FILE);
    const held = (wanted.size - lost).toLocaleString('en');
    return {
      where: path,
      message: `holds ${held} of the ${counted(wanted.size, 'answer')} that the outcomes were read from, so that not every number leads back to what was said${places === '' ? '' : ` (${places})`}`,
      fix: 'Bring the file back from a copy, or run the same definition again, which asks what is missing; --unfinished publishes the run as it is, with an alarm.',
    };
  } finally {
    await journal.close();
  }
}
