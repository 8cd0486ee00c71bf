import { join } from 'node:path';
import { ANSWERS_FILE, Journal } from '../../benchmarks/journal/journal.ts';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { rereadOutcomes } from '../../benchmarks/run/rescore.ts';
import { decodeLine } from '../../core/checked-line.ts';
import { sha256OfFile } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { compareValues } from '../../results/leaderboard/differences.ts';
import type { HistoryEntry } from '../../results/leaderboard/history.ts';
import type { Io } from '../io.ts';
import type { Findings } from './findings.ts';
import { publicationFolder, textOrNothing } from './site-folder.ts';
import { publishedTexts } from './stage.ts';

/**
 * Goes back to the answers of a run: its answers are what they were when it was published, and reading them again, which
 * writes nothing, gives the published outcomes.
 *
 * @throws UserError exit code 3 for a run that was not published here or whose data cannot be read.
 */
export async function verifyRun(
  site: string,
  entries: readonly HistoryEntry[],
  run: string,
  dataFolder: string,
  io: Io,
  findings: Findings,
): Promise<void> {
  const manifest = await readManifest(run);
  const own = entries.filter((entry) => entry.run === manifest.run);
  if (own.length === 0) {
    throw new UserError(
      { where: run, message: `run ${manifest.run} is not published in ${site}` },
      EXIT.environment,
    );
  }
  const answers = join(run, ANSWERS_FILE);
  await reportDamage(run, answers, findings);
  const digest = await sha256OfFile(answers).catch(() => null);
  const records: OutcomeRecord[] = [];
  for await (const record of rereadOutcomes(run, dataFolder, { env: io.env, notify: () => {} }))
    records.push(record);
  const { texts } = await publishedTexts(run, true, records);
  // A run that was corrected is published more than once: the last one is what the folder holds now.
  const entry = own.at(-1) as HistoryEntry;
  if (entry.source.answers !== digest) {
    findings.add(answers, 'is not the file that was published from: its SHA-256 differs');
  }
  const folder = publicationFolder(site, entry.publication);
  for (const [name, text] of Object.entries(texts)) {
    const published = await textOrNothing(join(folder, name));
    if (published === text) continue;
    explain(`${run}/${name}`, published ?? '', text, findings);
  }
}

async function reportDamage(run: string, answers: string, findings: Findings): Promise<void> {
  const journal = await Journal.open(run, 'readonly');
  for (const { line } of journal.damaged)
    findings.add(`${answers}:${line}`, 'is damaged: its checksum is wrong');
  await journal.close();
}

/** Which outcomes differ, or what else does. */
function explain(file: string, published: string, found: string, findings: Findings): void {
  const [before, after] = [outcomesByPlace(published), outcomesByPlace(found)];
  if (before === undefined || after === undefined) {
    const [a, b] = [jsonOf(published), jsonOf(found)];
    const { differences } = compareValues(a, b);
    for (const { place, published: old, recomputed } of differences)
      findings.add(file, `${place}: published ${old}, in the run ${recomputed}`);
    if (differences.length === 0) findings.add(file, 'differs from what was published');
    return;
  }
  for (const place of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(place), after.get(place)];
    if (old !== now)
      findings.add(file, `${place}: published ${old ?? 'nothing'}, from the answers ${now ?? 'nothing'}`);
  }
}

function outcomesByPlace(text: string): Map<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const places = new Map<string, string>();
  for (const line of lines) {
    const record = decodeLine(line) as OutcomeRecord | undefined;
    if (record?.outcome === undefined) return undefined;
    const { checkpoint, instrument, sample, repeat, outcome, content } = record;
    places.set(
      `${checkpoint}, ${instrument}, sample ${sample}, repeat ${repeat}`,
      `${JSON.stringify(outcome)} of answer ${content ?? 'none'}`,
    );
  }
  return lines.length === 0 ? undefined : places;
}

function jsonOf(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text.slice(0, 60);
  }
}
