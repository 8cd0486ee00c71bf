import { EXIT, type ExitCode, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { renderPublishedMarkdown, renderPublishedTerminal } from '../../results/published/render.ts';
import { cellsCsv, effectsCsv, methodsCsv } from '../../results/report/csv.ts';
import { renderJson } from '../../results/report/json.ts';
import { latexDocument, renderLatex } from '../../results/report/latex.ts';
import { renderMarkdown } from '../../results/report/markdown.ts';
import { factorsCsv } from '../../results/report/profile/csv.ts';
import { seriesCsvFiles } from '../../results/report/series/csv.ts';
import { learningCsvFiles } from '../../results/report/series/learning-csv.ts';
import { renderTerminal } from '../../results/report/terminal.ts';
import type { Summary } from '../../results/summary.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import { flipsText } from '../flips.ts';
import type { Io } from '../io.ts';
import { keepOption } from '../keep-option.ts';
import { restOf, wantedFormat } from '../output-format.ts';
import { FILE_FORMATS, type FileFormat, isFileFormat } from '../page/formats.ts';
import { loadRecordedExtensions } from '../recorded-extensions.ts';
import { writeReportFiles } from '../report-files.ts';
import { chooseRun } from '../run-choice.ts';
import { summariseRun } from '../summarise-run.ts';

type Renderer = (summary: Summary, io: Io) => string;

const FORMATS: Readonly<Record<string, Renderer>> = {
  terminal: (summary, io) => renderTerminal(summary, { width: io.columns, colour: io.colour }),
  markdown: renderMarkdown,
  json: renderJson,
  csv: effectsCsv,
  latex: renderLatex,
};

/** What `--published` adds. */
const BESIDE: Readonly<Record<string, Renderer>> = {
  terminal: (summary, io) => renderPublishedTerminal(summary, { width: io.columns, colour: io.colour }),
  markdown: renderPublishedMarkdown,
};

/** What `--out DIR` writes where a format has several files, by name. */
const FILES: Readonly<Record<string, (summary: Summary) => Readonly<Record<string, string>>>> = {
  csv: (summary) => {
    const factors = factorsCsv(summary);
    return {
      'effects.csv': effectsCsv(summary),
      'cells.csv': cellsCsv(summary),
      'methods.csv': methodsCsv(summary),
      ...(factors === undefined ? {} : { 'factors.csv': factors }),
      ...seriesCsvFiles(summary),
      ...learningCsvFiles(summary),
    };
  },
  latex: (summary) => ({
    'tables.tex': renderLatex(summary),
    'report.tex': latexDocument(summary, 'tables.tex'),
  }),
};

export const report: CommandAction = async ([named], options, io) => {
  const format = wantedFormat(options, options['open'] === true ? 'html' : 'terminal');
  if (isFileFormat(format)) return asFiles(format, named, options, io);
  const render = rendererOf(format);
  const out = textOption(options, 'out');
  const files = out === undefined ? undefined : filesOf(format);
  const beside = options['published'] === true ? besideOf(format) : undefined;
  const folder = await chooseRun(named, options, io);
  await loadRecordedExtensions(folder, options, io);
  const summary = await summariseRun(folder, true, keepOption(options));
  if (out !== undefined && files !== undefined) await writeReportFiles(out, files(summary), io);
  else if (options['flips'] === true)
    io.out(await flipsText(folder, summary, { json: options.json, most: mostOption(options) }, io));
  else {
    io.out([render, beside].flatMap((draw) => (draw === undefined ? [] : [draw(summary, io)])).join('\n'));
    if (format === 'csv' && !options.quiet)
      io.err(restOf('effects.csv', Object.keys(FILES['csv']?.(summary) ?? {})));
  }
  return EXIT.fine;
};

/** The page, its figures and the list of flips; what draws them is loaded only here. */
async function asFiles(
  format: FileFormat,
  named: string | undefined,
  options: OptionValues,
  io: Io,
): Promise<ExitCode> {
  const folder = await chooseRun(named, options, io);
  await loadRecordedExtensions(folder, options, io);
  const { reportFiles } = await import('../page/command.ts');
  return reportFiles(format, folder, await summariseRun(folder, true, keepOption(options)), options, io);
}

const DEFAULT_FLIPS = 10;

function mostOption(options: OptionValues): number {
  const text = textOption(options, 'most');
  if (text === undefined) return DEFAULT_FLIPS;
  const most = Number(text);
  if (Number.isInteger(most) && most > 0) return most;
  throw new UserError({ field: '--most', message: `"${text}" is not a whole number above 0` });
}

function besideOf(format: string): Renderer {
  const beside = Object.hasOwn(BESIDE, format) ? BESIDE[format] : undefined;
  if (beside !== undefined) return beside;
  throw new UserError({
    field: '--published',
    message: `published numbers are no data of this run, so ${format} does not hold them`,
    fix: `--published goes with --format ${Object.keys(BESIDE).join(' or ')}; as data: aligntrust list published --json`,
  });
}

function filesOf(format: string): (summary: Summary) => Readonly<Record<string, string>> {
  const files = Object.hasOwn(FILES, format) ? FILES[format] : undefined;
  if (files !== undefined) return files;
  throw new UserError({
    field: '--out',
    message: `${format} is one text and has no folder of files`,
    fix: `--out goes with --format ${Object.keys(FILES).join(' or ')}; anything else: aligntrust report > FILE`,
  });
}

function rendererOf(format: string): Renderer {
  const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (render !== undefined) return render;
  const names = [...Object.keys(FORMATS), ...FILE_FORMATS];
  const [close] = nearest(format, names);
  throw new UserError({
    message: `no report format "${format}"`,
    fix: `There are: ${names.join(', ')}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
  });
}
