import { resolve } from 'node:path';
import { EXIT, UserError } from '../../core/errors.ts';
import { counted } from '../../results/format.ts';
import { parseScore } from '../../results/leaderboard/score.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import type { Io } from '../io.ts';
import { type AddedRun, type AddOptions, addRun } from '../publish/add-run.ts';
import { type AnswersReport, addAnswers, answerLicences } from '../publish/answers.ts';
import { readHubMap } from '../publish/hub-map.ts';
import { type Rebuilt, rebuildSite } from '../publish/rebuild.ts';
import {
  changedFiles,
  loadHistory,
  loadSettings,
  publicationFolder,
  type SiteSettings,
} from '../publish/site-folder.ts';
import { loadRecordedExtensions } from '../recorded-extensions.ts';
import { chooseRun } from '../run-choice.ts';

/** Adds runs to a static site and writes its pages anew. */
export const publish: CommandAction = async (named, options, io) => {
  const site = siteOption(options, io);
  const settings = await settingsOf(site, options, io);
  await requireUntouched(site, named.length);
  for (const { publication } of (await loadHistory(site)).entries)
    await loadRecordedExtensions(publicationFolder(site, publication), options, io);
  const runs = await Promise.all(named.map((name) => chooseRun(name, options, io)));
  const add = addOptions(options, runs.length);
  const added: AddedRun[] = [];
  const answers: AnswersReport[] = [];
  for (const run of runs) {
    await loadRecordedExtensions(run, options, io);
    const licences = options['withAnswers'] === true ? await answerLicences(run, options) : null;
    const one = await addRun(site, run, add);
    added.push(one);
    if (licences !== null) answers.push(await addAnswers(site, run, one.publication, licences));
  }
  const rebuilt = await rebuildSite(site, settings);
  if (options.json) io.out(`${JSON.stringify(jsonOf(site, added, rebuilt), undefined, 2)}\n`);
  else if (!options.quiet) io.out(said(site, added, answers, rebuilt));
  return EXIT.fine;
};

export function siteOption(options: OptionValues, io: Io): string {
  const to = textOption(options, 'to');
  if (to === undefined)
    throw new UserError({ field: '--to', message: 'name the folder of the site: --to DIR' });
  return resolve(io.cwd, to);
}

/** What was decided before, and what this call decides anew. */
async function settingsOf(site: string, options: OptionValues, io: Io): Promise<SiteSettings> {
  const before = await loadSettings(site);
  const score = textOption(options, 'score');
  if (score !== undefined && score !== 'none') parseScore(score);
  const map = textOption(options, 'hubMap');
  return {
    schemaVersion: 1,
    title: textOption(options, 'title') ?? before.title,
    score: score === undefined ? before.score : score === 'none' ? null : score,
    url: urlOption(options) ?? before.url,
    hub: map === undefined ? before.hub : await readHubMap(resolve(io.cwd, map)),
  };
}

function urlOption(options: OptionValues): string | undefined {
  const text = textOption(options, 'url');
  if (text === undefined) return undefined;
  if (!/^https?:\/\/[^\s"'<>]+$/i.test(text) || !URL.canParse(text)) {
    throw new UserError({ field: '--url', message: `"${text}" is no http(s) address` });
  }
  return text.replace(/\/+$/, '');
}

/** A site that somebody changed by hand is not built upon. */
async function requireUntouched(site: string, runs: number): Promise<void> {
  const { entries, broken } = await loadHistory(site);
  if (runs === 0 && entries.length === 0 && broken.length === 0) {
    throw new UserError({
      where: site,
      message: 'nothing was published here yet',
      fix: 'Name a run: aligntrust publish RUN --to DIR',
    });
  }
  const fix = '`aligntrust verify` says what differs; bring the published files back, or begin another site.';
  if (broken.length > 0) {
    throw new UserError(
      { where: site, message: `history.jsonl was changed (line ${broken.join(', ')})`, fix },
      EXIT.environment,
    );
  }
  for (const entry of entries) {
    const changed = await changedFiles(site, entry);
    if (changed.length > 0) {
      throw new UserError(
        {
          where: site,
          message: `published run ${entry.publication} was changed: ${changed.join(', ')}`,
          fix,
        },
        EXIT.environment,
      );
    }
  }
}

const EVALUATORS = ['first_party', 'third_party', 'collaborative', 'other'] as const;

function addOptions(options: OptionValues, runs: number): AddOptions {
  const old = textOption(options, 'supersedes');
  const note = textOption(options, 'note')?.trim();
  if ((old === undefined) !== (note === undefined) || note === '') {
    throw new UserError({
      field: '--supersedes',
      message: 'a correction names what it corrects and says why: --supersedes OLD --note "why"',
    });
  }
  if (old !== undefined && runs !== 1) {
    throw new UserError({ field: '--supersedes', message: 'one run at a time can supersede another' });
  }
  const drop = Array.isArray(options['drop']) ? options['drop'].map(String) : [];
  if (drop.length > 0 && old === undefined) {
    throw new UserError({
      field: '--drop',
      message: 'says what a correction leaves out: give it with --supersedes',
    });
  }
  const evaluator = textOption(options, 'evaluator') ?? 'other';
  const known = EVALUATORS.find((word) => word === evaluator);
  if (known === undefined) {
    throw new UserError({
      field: '--evaluator',
      message: `"${evaluator}" is none of ${EVALUATORS.join(', ')}`,
    });
  }
  return {
    allowUnfinished: options['unfinished'] === true,
    supersedes: old === undefined ? null : { publication: old, note: note ?? '' },
    drop,
    organisation: textOption(options, 'organisation') ?? 'not stated',
    evaluator: known,
    now: new Date().toISOString(),
  };
}

function said(
  site: string,
  added: readonly AddedRun[],
  answers: readonly AnswersReport[],
  rebuilt: Rebuilt,
): string {
  const { board, digest, files, unmapped } = rebuilt;
  const lines = [
    ...added.map(({ publication, isKnown }) =>
      isKnown
        ? `${publication}: published before, with the same content; nothing added`
        : `${publication}: published`,
    ),
    ...leftOutLines(added, rebuilt),
    ...answers.map(
      ({ publication, records }) =>
        `${publication}: ${counted(records, 'answer')} published with their prompts`,
    ),
    `${site}: ${counted(board.rows.length, 'checkpoint')}, ${counted(board.columns.length, 'instrument')}, ${counted(files, 'file')}, digest ${digest.slice(0, 16)}`,
    ...(unmapped.length === 0
      ? []
      : [`no .eval_results for ${unmapped.join(', ')}: no dataset on the Hub is named for them (--hub-map)`]),
    ...scoreLines(rebuilt),
    `Look: ${site}/index.html    check: aligntrust verify ${site}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What the runs of this call asked that the site shows nowhere. */
function leftOutLines(added: readonly AddedRun[], { board }: Rebuilt): string[] {
  return board.publications
    .filter(({ id }) => added.some(({ publication }) => publication === id))
    .flatMap(({ id, leftOut = [] }) => leftOut.map((sentence) => `${id}: ${sentence}`));
}

function scoreLines({ board: { score, rows } }: Rebuilt): string[] {
  if (score === null) return [];
  const name = (key: string): string => rows.find((row) => row.key === key)?.checkpoint ?? key;
  const weights = score.weights.map(({ dimension, weight }) => `${dimension} ${weight}`).join(', ');
  return [
    `Weighted score, as asked for (${weights}); 100 is the best possible in every weighted dimension:`,
    ...score.rows.map(
      (row) =>
        `  ${row.score.toFixed(1).padStart(5)}  rank ${row.rank}, ${row.rankLow} to ${row.rankHigh} when weights are halved or doubled  ${name(row.row)}`,
    ),
    `  the same checkpoint is first under ${score.sameFirst} of ${score.choices} choices of weights`,
  ];
}

function jsonOf(site: string, added: readonly AddedRun[], { board, digest, unmapped }: Rebuilt): object {
  const leftOut = board.publications.flatMap(({ id, leftOut: sentences = [] }) =>
    sentences.length === 0 ? [] : [{ publication: id, leftOut: sentences }],
  );
  return { site, digest, added, leftOut, withoutHubDataset: unmapped, score: board.score };
}
