import { join } from 'node:path';
import { readManifest, SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import { rescore } from '../../benchmarks/run/rescore.ts';
import { EXIT } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { counted } from '../../results/format.ts';
import { renderJson } from '../../results/report/json.ts';
import type { CommandAction } from '../command.ts';
import { definitionFolder, loadRecordedExtensions } from '../recorded-extensions.ts';
import { chooseRun } from '../run-choice.ts';
import { summariseRun } from '../summarise-run.ts';

export const rescoreRun: CommandAction = async ([named], options, io) => {
  const folder = await chooseRun(named, options, io);
  await loadRecordedExtensions(folder, options, io);
  const dataFolder = definitionFolder(folder, await readManifest(folder), options, io);
  const notify = (line: string) => {
    if (!options.quiet) io.err(`${line}\n`);
  };
  const { samples, unanswered, changed } = await rescore(folder, dataFolder, { env: io.env, notify });
  const summary = await summariseRun(folder);
  await writeFileAtomic(join(folder, SUMMARY_FILE), renderJson(summary), 'derived');
  if (options.json) io.out(renderJson(summary));
  else if (!options.quiet) io.out(rescoredText(samples, unanswered, changed));
  return unanswered > 0 ? EXIT.failedSamples : EXIT.fine;
};

function rescoredText(samples: number, unanswered: number, changed: number | null): string {
  const missing =
    unanswered > 0
      ? `; ${counted(unanswered, 'sample')} ${unanswered === 1 ? 'has' : 'have'} no answer in this run`
      : '';
  const compared = changed === null ? '' : `, ${counted(changed, 'outcome')} changed`;
  return `${counted(samples, 'sample')} read again, nothing asked${compared}${missing}\n`;
}
