import { EXIT, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { FactorTable } from '../../results/profile/profile-summary.ts';
import { type Factor, LEXICON_VERSION, RULE_FACTORS } from '../../suites/profile/factors/factor.ts';
import type { PairImport } from '../../suites/profile/pairs/import.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import { countsJson, countsText } from '../profile/counts.ts';
import { captions, factorCsv, factorText, sortedScores } from '../profile/factor-report.ts';
import { type MeasuredFile, measureFile } from '../profile/measure-file.ts';
import { readImport, requirePairs } from '../profile/open-import.ts';

/** Resamples are seeded, so that the same file gives the same numbers. */
const SEED = 1;
/** More raters than this are named and not shown, unless they are asked for. */
const MOST_SHOWN = 5;

/** Which rule factors pull the preferences of the people and other raters of a file of pairs. */
export const factors: CommandAction = async ([file = ''], options, io) => {
  const chosen = chosenFactors(options);
  if (options.json && options['csv'] === true) {
    throw new UserError({ field: '--csv', message: 'and --json are two formats', fix: 'choose one' });
  }
  const found: { measured?: MeasuredFile } = {};
  const source = await readImport(file, options, io, async (opened) => {
    found.measured = await measureFile(opened, chosen, SEED);
  });
  requirePairs(source);
  const { measured } = found;
  if (measured === undefined) throw new TypeError('nothing was measured');
  const wanted = textOption(options, 'rater');
  const shown = ratersOf(measured, wanted, source);
  if (options.json) io.out(factorJson(measured, shown, source));
  else if (options['csv'] === true) io.out(factorCsv(shown));
  else {
    const few = wanted === undefined ? shown.slice(0, MOST_SHOWN) : shown;
    io.out(`${countsText(source)}\n${factorText(measured, few, io.columns)}`);
  }
  return EXIT.fine;
};

/** @throws UserError (exit code 2) for an unknown factor */
function chosenFactors(options: OptionValues): readonly Factor[] {
  const text = textOption(options, 'factors');
  if (text === undefined) return RULE_FACTORS;
  const keys = RULE_FACTORS.map(({ key }) => key);
  const wanted = text.split(',').map((key) => key.trim());
  const unknown = wanted.filter((key) => !keys.includes(key));
  if (unknown.length > 0) {
    throw new UserError(
      unknown.map((key) => {
        const [close] = nearest(key, keys);
        const meant = close === undefined ? '' : ` Did you mean ${close}?`;
        return {
          field: '--factors',
          message: `unknown factor "${key}"`,
          fix: `There are: ${keys.join(', ')}.${meant}`,
        };
      }),
    );
  }
  return RULE_FACTORS.filter(({ key }) => wanted.includes(key));
}

/** All raters, or the one that was named: `human` is the main label. @throws UserError (exit code 3) */
function ratersOf(
  { tables }: MeasuredFile,
  wanted: string | undefined,
  { file }: PairImport,
): readonly FactorTable[] {
  if (tables.length === 0) {
    const message = 'holds pairs that nobody rated';
    throw new UserError({ where: file, message, fix: 'they need a preference or votes' }, EXIT.environment);
  }
  if (wanted === undefined) return tables;
  const shown = tables.filter(({ rater }) => rater.name === wanted);
  if (shown.length > 0) return shown;
  const names = tables.map(({ rater }) => rater.name);
  throw new UserError(
    {
      where: file,
      field: '--rater',
      message: `nobody is called "${wanted}"`,
      fix: `There are: ${names.slice(0, 20).join(', ')}.`,
    },
    EXIT.environment,
  );
}

function factorJson(measured: MeasuredFile, shown: readonly FactorTable[], source: PairImport): string {
  const { draws, factors: facts, agreements, notes } = measured;
  const tables = shown.map(({ model: _model, ...one }) => ({
    ...one,
    task: undefined,
    scores: sortedScores({ ...one, model: null }),
  }));
  return `${JSON.stringify(
    {
      ...countsJson(source),
      version: LEXICON_VERSION,
      draws,
      seed: SEED,
      captions: captions(measured),
      factors: facts,
      raters: tables,
      agreements: agreements.map(({ task: _task, ...one }) => one),
      notes,
    },
    undefined,
    2,
  )}\n`;
}
