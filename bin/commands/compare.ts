import { EXIT, type ExitCode, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { compareRuns, type RunComparison } from '../../results/compare/comparison.ts';
import {
  comparisonAgainCsv,
  comparisonEffectsCsv,
  comparisonStagesCsv,
  comparisonValuesCsv,
} from '../../results/compare/csv.ts';
import { comparisonDocument, renderComparisonLatex } from '../../results/compare/latex.ts';
import { renderComparisonMarkdown } from '../../results/compare/markdown.ts';
import type { RunInput } from '../../results/compare/run-input.ts';
import { renderComparisonTerminal } from '../../results/compare/terminal.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import { loadRun } from '../compare/load.ts';
import type { Io } from '../io.ts';
import { restOf, wantedFormat } from '../output-format.ts';
import { loadRecordedExtensions } from '../recorded-extensions.ts';
import { writeReportFiles } from '../report-files.ts';
import { chooseRun } from '../run-choice.ts';

interface Format {
  readonly render: (comparison: RunComparison, io: Io) => string;
  /** What `--out DIR` writes, by name. */
  readonly files?: (comparison: RunComparison) => Readonly<Record<string, string>>;
}

const FORMATS: Readonly<Record<string, Format>> = {
  terminal: {
    render: (comparison, io) =>
      renderComparisonTerminal(comparison, { width: io.columns, colour: io.colour }),
  },
  markdown: { render: renderComparisonMarkdown },
  csv: {
    render: comparisonValuesCsv,
    files: (comparison) => ({
      'values.csv': comparisonValuesCsv(comparison),
      'stages.csv': comparisonStagesCsv(comparison),
      'again.csv': comparisonAgainCsv(comparison),
      'effects.csv': comparisonEffectsCsv(comparison),
    }),
  },
  latex: {
    render: renderComparisonLatex,
    files: (comparison) => ({
      'tables.tex': renderComparisonLatex(comparison),
      'compare.tex': comparisonDocument('tables.tex'),
    }),
  },
  json: { render: (comparison) => `${JSON.stringify(comparison, undefined, 2)}\n` },
};

export const compare: CommandAction = async (named, options, io) => {
  const format = formatOf(wantedFormat(options, 'terminal'));
  const out = textOption(options, 'out');
  if (out !== undefined && format.files === undefined) throw noFiles();
  const { runs, problems } = await loadRuns(named, options, io);
  const comparison = await compareRuns(runs, textOption(options, 'against'));
  if (out !== undefined && format.files !== undefined)
    await writeReportFiles(out, format.files(comparison), io);
  else {
    io.out(format.render(comparison, io));
    if (format === FORMATS['csv'] && !options.quiet)
      io.err(restOf('values.csv', Object.keys(format.files?.(comparison) ?? {})));
  }
  for (const problem of problems) io.err(`${problem.message}\n`);
  return exitCodeOf(comparison, problems);
};

/** 3: a run could not be read; 2: something that several runs asked does not fit together; the rest was printed. */
function exitCodeOf({ runs, notJoined }: RunComparison, problems: readonly UserError[]): ExitCode {
  if (problems.length > 0 || runs.some(({ problem }) => problem !== null)) return EXIT.environment;
  return notJoined.some(({ conflict }) => conflict) ? EXIT.usage : EXIT.fine;
}

/** At least two runs that can be read; what was wrong with the others. */
async function loadRuns(
  named: readonly string[],
  options: OptionValues,
  io: Io,
): Promise<{ runs: readonly RunInput[]; problems: readonly UserError[] }> {
  if (named.length < 2) {
    throw new UserError({
      message: 'a comparison needs at least two runs',
      fix: '`aligntrust list runs` shows them; one run alone is what `aligntrust report` prints.',
    });
  }
  const runs: RunInput[] = [];
  const problems: UserError[] = [];
  for (const name of named) {
    try {
      const folder = await chooseRun(name, options, io);
      await loadRecordedExtensions(folder, options, io);
      runs.push(await loadRun(folder, labelOf(runs.length)));
    } catch (error) {
      if (!UserError.is(error)) throw error;
      problems.push(error);
    }
  }
  const [first] = problems;
  if (runs.length < 2 && first !== undefined) {
    throw new UserError(
      problems.flatMap((problem) => problem.problems),
      first.exitCode,
      first,
    );
  }
  requireDistinct(runs);
  return { runs, problems };
}

function requireDistinct(runs: readonly RunInput[]): void {
  const ids = runs.map(({ run }) => run.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return;
  throw new UserError({
    message: `run ${twice} is named twice`,
    fix: 'A run compared with itself says nothing.',
  });
}

/** A, B, … Z, A2, B2, … */
function labelOf(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? '' : round + 1}`;
}

function formatOf(name: string): Format {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format !== undefined) return format;
  const names = Object.keys(FORMATS);
  const [close] = nearest(name, names);
  throw new UserError({
    message: `no format "${name}" for a comparison`,
    fix: `There are: ${names.join(', ')}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
  });
}

function noFiles(): UserError {
  return new UserError({
    field: '--out',
    message: 'this format is one text and has no folder of files',
    fix: '--out goes with --format csv or latex; anything else: aligntrust compare … > FILE',
  });
}
