import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { EXIT, type ExitCode, UserError } from '../../core/errors.ts';
import { storageError } from '../../core/storage-error.ts';
import { standalone } from '../../results/report/charts/figure.ts';
import { allFigures, drawFigures } from '../../results/report/charts/figures.ts';
import type { Summary } from '../../results/summary.ts';
import { type OptionValues, textOption } from '../command.ts';
import type { Io } from '../io.ts';
import { FLIPS_FILE } from './flip-lines.ts';
import type { FileFormat } from './formats.ts';
import { openPage } from './open-page.ts';
import { PAGE_FILE, writeFlips, writePage } from './write-page.ts';

/** Writes a report as page, figures or list of flips, and says where it lies. */
export async function reportFiles(
  format: FileFormat,
  folder: string,
  summary: Summary,
  options: OptionValues,
  io: Io,
): Promise<ExitCode> {
  const out = textOption(options, 'out');
  const place = out === undefined ? undefined : resolve(io.cwd, out);
  if (options['open'] === true && format !== 'html') throw misplaced('--open', 'shows the page', 'html');
  if (format === 'jsonl') return flipsFile(folder, summary, place, options, io);
  if (format === 'html') return pageFile(folder, summary, place ?? join(folder, PAGE_FILE), options, io);
  if (place === undefined) {
    throw new UserError({
      field: '--out',
      message: `${format} is one file for each figure and needs a folder for them`,
      fix: `aligntrust report --format ${format} --out figures`,
    });
  }
  return figureFiles(format, summary, place, io);
}

async function pageFile(
  folder: string,
  summary: Summary,
  path: string,
  options: OptionValues,
  io: Io,
): Promise<ExitCode> {
  await made(dirname(path));
  await writePage(folder, summary, path);
  const isShown = options['open'] === true && (await openPage(path, io.env));
  const isWanted = options['open'] === true && !isShown;
  io.out(`${shownPath(path, io)}\n`);
  // Standard output names the page alone; in the folder of a run both files lie from the start.
  const flips = join(dirname(path), FLIPS_FILE);
  if (options['out'] !== undefined && !options.quiet)
    io.err(`also written: ${shownPath(flips, io)}, every flip for the explorer of the page\n`);
  if (isWanted) io.err('There is no browser to open here; open this file in one.\n');
  return EXIT.fine;
}

async function flipsFile(
  folder: string,
  summary: Summary,
  place: string | undefined,
  options: OptionValues,
  io: Io,
): Promise<ExitCode> {
  if (options['flips'] !== true) throw misplaced('--format jsonl', 'lists flips', '--flips --format jsonl');
  const path = place ?? join(folder, 'flips.jsonl');
  await made(dirname(path));
  await writeFlips(folder, summary, path);
  io.out(`${shownPath(path, io)}\n`);
  return EXIT.fine;
}

async function figureFiles(
  format: 'svg' | 'png',
  summary: Summary,
  place: string,
  io: Io,
): Promise<ExitCode> {
  const figures = allFigures(await drawFigures(summary));
  if (figures.length === 0) {
    throw new UserError(
      { where: summary.run.id, message: 'compares nothing, so there is no figure to draw' },
      EXIT.environment,
    );
  }
  await made(place);
  for (const figure of figures) {
    const path = join(place, `${figure.id}.${format}`);
    const document = standalone(figure);
    const bytes =
      format === 'svg'
        ? document
        : await (await import('../../results/report/charts/png.ts')).toPng(document);
    await writeFile(path, bytes).catch((error: unknown) => {
      throw storageError(path, error);
    });
    io.out(`${shownPath(path, io)}\n`);
  }
  return EXIT.fine;
}

async function made(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw storageError(folder, error);
  });
}

function misplaced(field: string, does: string, fix: string): UserError {
  return new UserError({ field, message: `${does} and goes with ${fix} alone` });
}

function shownPath(path: string, io: Io): string {
  const short = relative(io.cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
