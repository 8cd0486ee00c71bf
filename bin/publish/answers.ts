import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readAnswers } from '../../benchmarks/journal/journal.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { mayRedistribute } from '../../results/leaderboard/licences.ts';
import { describeDataset } from '../../suites/datasets/index.ts';
import type { OptionValues } from '../command.ts';
import { optionPairs } from '../option-pairs.ts';
import { ANSWERS_FOLDER, textOrNothing } from './site-folder.ts';

export interface AnswersReport {
  readonly publication: string;
  readonly records: number;
}

interface DatasetLicence {
  readonly id: string;
  readonly licence: string;
}

/**
 * The licences of a run's data, when all of them let its texts be passed on.
 *
 * @throws UserError (exit code 3) that names every dataset which does not.
 */
export async function answerLicences(run: string, options: OptionValues): Promise<readonly DatasetLicence[]> {
  const { datasets } = await readManifest(run);
  const stated = optionPairs(options['dataLicence'], '--data-licence');
  const licences = Object.entries(datasets).map(([id, { licence }]) => ({
    id,
    licence: licence === 'unstated' && typeof stated[id] === 'string' ? stated[id] : licence,
  }));
  requireRedistributable(licences);
  return licences;
}

/**
 * Publishes the prompts and answers of a run, a line a request, found by the keys that its outcomes name; licences and
 * citations of the data go beside them.
 */
export async function addAnswers(
  site: string,
  run: string,
  publication: string,
  licences: readonly DatasetLicence[],
): Promise<AnswersReport> {
  const lines = await answerLines(run);
  const folder = join(site, ANSWERS_FOLDER);
  await mkdir(folder, { recursive: true });
  await writeOnce(join(folder, `${publication}.jsonl`), `${lines.join('\n')}\n`);
  await writeOnce(join(folder, `${publication}.licences.md`), licenceText(licences));
  return { publication, records: lines.length };
}

function requireRedistributable(licences: readonly DatasetLicence[]): void {
  const refused = licences.filter(({ licence }) => !mayRedistribute(licence));
  if (refused.length === 0) return;
  throw new UserError(
    refused.map(({ id, licence }) => ({
      field: '--with-answers',
      message: `dataset ${id} has the licence "${licence}", which is not known to allow passing its texts on`,
      fix:
        licence === 'unstated'
          ? `If it is yours to give: --data-licence ${id}=CC-BY-4.0`
          : 'Publish without answers.',
    })),
    EXIT.environment,
  );
}

/** Answers behind the outcomes, sorted by key: what was tried and failed before is left out. */
async function answerLines(run: string): Promise<string[]> {
  const wanted = new Set<string>();
  for await (const { answers } of readOutcomes(run)) for (const key of answers) wanted.add(key);
  const lines = new Map<string, string>();
  for await (const { key, checkpoint, role, request, result } of readAnswers(run)) {
    if (wanted.has(key) && result.status === 'answered') {
      lines.set(key, JSON.stringify({ key, checkpoint, role, request, answer: result.answer }));
    }
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

async function writeOnce(path: string, text: string): Promise<void> {
  const before = await textOrNothing(path);
  if (before === text) return;
  if (before !== undefined) {
    throw new UserError(
      { where: path, message: 'other answers of this run are published already; they are never rewritten' },
      EXIT.environment,
    );
  }
  await writeFileAtomic(path, text);
}

function licenceText(licences: readonly DatasetLicence[]): string {
  const items = licences.map(({ id, licence }) => {
    const citation = citationOf(id);
    return `- ${id}: ${licence}${citation === null ? '' : `. ${citation}`}`;
  });
  return `The prompts beside this file come from these datasets, each under its own licence:\n\n${items.join('\n')}\n\nThe answers were written by the models.\n`;
}

function citationOf(id: string): string | null {
  try {
    return describeDataset(id).citation;
  } catch {
    return null;
  }
}
