import { resolve } from 'node:path';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { EXIT } from '../../core/errors.ts';
import { counted } from '../../results/format.ts';
import { clean } from '../../results/report/text.ts';
import type { CommandAction, OptionValues } from '../command.ts';
import type { Io } from '../io.ts';
import { Findings } from '../publish/findings.ts';
import { loadHistory, publicationFolder } from '../publish/site-folder.ts';
import { verifyRun } from '../publish/verify-run.ts';
import { verifySite } from '../publish/verify-site.ts';
import { definitionFolder, loadRecordedExtensions } from '../recorded-extensions.ts';
import { chooseRun } from '../run-choice.ts';

/** Computes a published site again; exit code 4 when anything differs. */
export const verify: CommandAction = async ([named = ''], options, io) => {
  const site = resolve(io.cwd, named);
  const findings = new Findings();
  await loadExtensions(site, options, io, findings);
  const { digest, entries } = await verifySite(site, findings);
  const runs = Array.isArray(options['run']) ? options['run'].map(String) : [];
  for (const name of runs) {
    const run = await chooseRun(name, options, io);
    const dataFolder = definitionFolder(run, await readManifest(run), options, io);
    await verifyRun(site, entries, run, dataFolder, io, findings);
  }
  const facts = {
    site,
    digest,
    publications: entries.length,
    recomputed: findings.publications,
    runs: runs.length,
    numbers: findings.numbers,
  };
  if (options.json) {
    io.out(
      `${JSON.stringify({ ...facts, notes: findings.notes, differences: findings.list }, undefined, 2)}\n`,
    );
  } else io.out(said(facts, findings));
  return findings.list.length === 0 ? EXIT.fine : EXIT.violated;
};

/** Tasks of the user's own are needed to compute their numbers again; the same trust rules as for reports hold. */
async function loadExtensions(
  site: string,
  options: OptionValues,
  io: Io,
  findings: Findings,
): Promise<void> {
  for (const { publication } of (await loadHistory(site)).entries) {
    await findings.attempt(`runs/${publication}`, 'its extensions', () =>
      loadRecordedExtensions(publicationFolder(site, publication), options, io),
    );
  }
}

const MOST_LINES = 40;

interface Facts {
  readonly site: string;
  readonly digest: string;
  readonly publications: number;
  readonly runs: number;
  readonly numbers: number;
}

function said(
  { site, digest, publications, runs, numbers }: Facts,
  { list, notes, recomputed, publications: done }: Findings,
): string {
  const of = done === publications ? '' : `${done.toLocaleString('en')} of `;
  const again =
    runs === 0 ? '' : `, ${counted(runs, 'run')} read again from ${runs === 1 ? 'its' : 'their'} answers`;
  const checked = `${counted(numbers, 'number')} of ${of}${counted(publications, 'published run')} computed again from the outcomes${again}`;
  const lines = [
    `${site}  digest ${digest}`,
    checked,
    ...notes,
    ...list.slice(0, MOST_LINES).map(({ file, message }) => `  ${clean(file)}: ${clean(message)}`),
    ...(list.length > MOST_LINES ? [`  … and ${list.length - MOST_LINES} more (--json lists all)`] : []),
    verdictOf(list.length, recomputed),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictOf(found: number, recomputed: number): string {
  if (found === 0) return 'Nothing differs.';
  const count = counted(found, 'difference');
  return found === recomputed
    ? `${count}: every byte is as it was published, but this version of aligntrust does not get these numbers from the outcomes.`
    : `${count}: this site is not what was published, or does not hold what its outcomes give.`;
}
