import { grouped, pValue } from '../../results/format.ts';
import type { FactorRow, FactorTable, ProfileAgreement } from '../../results/profile/profile-summary.ts';
import { type CsvValue, csv } from '../../results/report/csv.ts';
import { displayWidth, wrap } from '../../results/report/text.ts';
import { LEXICON_VERSION, RULE_FACTORS } from '../../suites/profile/factors/factor.ts';
import { printable } from '../format.ts';
import type { MeasuredFile } from './measure-file.ts';

/** What stands under every table, whatever its format. */
export function captions({ draws }: MeasuredFile): string[] {
  return [
    `Factors of preference after Oh et al. (arXiv 2410.06965): the factors (${LEXICON_VERSION}) are ours, and no number here is theirs.`,
    'τ14 = (C − D)/(C + D + Tf) = τ13 × relevance (rel.). C and D are pairs whose preferred response has more or less of the factor; tied are the factor (Tf), the preference (Tp) or both (Tb).',
    `95 % intervals resample whole prompts (${grouped(draws)} draws); p is of no pull, by flipping whole prompts or, with one pair a prompt, by the sign test; Holm adjusts it over the factors of one rater.`,
    'Each factor stands alone, unadjusted for the others: an association, not a cause.',
  ];
}

/** The scores of one rater, strongest pull first; those without a score last, in the order of the factors. */
export function sortedScores({ scores }: FactorTable): FactorRow[] {
  const strength = ({ tau14 }: FactorRow): number => (tau14 === null ? -1 : Math.abs(tau14));
  return [...scores].sort((one, other) => strength(other) - strength(one));
}

export function factorText(measured: MeasuredFile, shown: readonly FactorTable[], width: number): string {
  const parts = shown.map(tableText);
  const rest = measured.tables.filter((one) => !shown.includes(one)).map(({ rater }) => rater.name);
  const more =
    rest.length === 0
      ? []
      : [`Not shown: ${printable(named(rest))}. --rater NAME shows one; --csv and --json hold all.`, ''];
  const agreements = agreementText(measured.agreements);
  return `${[...parts, ...more, ...agreements, ...[...captions(measured), ...measured.notes].flatMap((text) => wrap(text, width))].join('\n')}\n`;
}

const MOST_NAMES = 12;

function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

function tableText(shown: FactorTable): string {
  const { rater, pairs, prompts, ties } = shown;
  const tied = ties === null ? '' : `, ${(100 * ties).toFixed(1)} % of them tied`;
  const title = `${rater.kind === 'human' ? 'main label' : `rater ${printable(rater.name)}`}: ${grouped(pairs)} pairs of ${grouped(prompts)} prompts${tied}`;
  const head = [
    'factor',
    'C',
    'D',
    'Tf',
    'Tp',
    'Tb',
    'miss.',
    'τ14',
    '95 %',
    'τ13',
    'rel.',
    'p',
    'Holm',
    'prompts',
  ];
  const rows = sortedScores(shown).map((row) => [
    row.factor,
    ...[row.C, row.D, row.Tf, row.Tp, row.Tb, row.missing].map(grouped),
    score(row.tau14),
    intervalOf(row),
    score(row.tau13),
    share(row.relevance),
    row.p === null ? '' : pValue(row.p),
    row.pAdjusted === null ? '' : pValue(row.pAdjusted),
    grouped(row.prompts),
  ]);
  return [title, columns(head, rows), ...withoutValues(shown), ...withoutIntervals(shown), ''].join('\n');
}

/** Factors that no rated pair has, and what they would need. */
function withoutValues({ scores }: FactorTable): string[] {
  const absent = scores.filter(({ C, D, Tf, Tp, Tb, missing }) => C + D + Tf + Tp + Tb === 0 && missing > 0);
  if (absent.length === 0) return [];
  const names = absent.map(({ factor }) => {
    const needs = RULE_FACTORS.find(({ key }) => key === factor)?.needs ?? [];
    return needs.length === 0 ? factor : `${factor} (needs ${needs.join(' or ')})`;
  });
  return [`no pair has a value of: ${names.join(', ')}`];
}

function withoutIntervals({ scores }: FactorTable): string[] {
  const reasons = scores.flatMap(({ tau14, reason }) => (tau14 === null || reason === null ? [] : [reason]));
  return [...new Set(reasons)].map((reason) => `without an interval: ${reason}`);
}

function agreementText(agreements: readonly ProfileAgreement[]): string[] {
  if (agreements.length === 0) return [];
  const rows = agreements.map(({ one, agreement, low, high, decided, pairs, exact, tiesOne }) => [
    printable(one.name),
    agreement === null
      ? 'none'
      : `${points(agreement)}${low === null || high === null ? '' : ` [${points(low)}, ${points(high)}]`}`,
    grouped(decided),
    points(exact),
    points(tiesOne),
    grouped(pairs),
  ]);
  const head = ['rater', 'agrees, % [95 %]', 'both decided', 'with ties, %', 'its ties, %', 'pairs'];
  return ['agreement with the main label', columns(head, rows), ''];
}

/** `+.29`, `−.04`, `0`. */
function score(value: number | null): string {
  if (value === null) return 'none';
  const text = share(Math.abs(value));
  if (Number(text) === 0) return '.00';
  return `${value < 0 ? '−' : '+'}${text}`;
}

function share(value: number | null): string {
  return value === null ? 'none' : value.toFixed(2).replace(/^0\./, '.');
}

function points(value: number | null): string {
  return value === null ? 'none' : (100 * value).toFixed(1);
}

function intervalOf({ low, high }: FactorRow): string {
  return low === null || high === null ? '' : `${score(low)} to ${score(high)}`;
}

/** Columns without lines, so that rows can be read down; the first one stands to the left. */
function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, place) =>
    Math.max(...[name, ...rows.map((row) => row[place] ?? '')].map(displayWidth)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, place) => {
          const space = ' '.repeat((widths[place] ?? 0) - displayWidth(cell));
          return place === 0 ? `${cell}${space}` : `${space}${cell}`;
        })
        .join(' '),
    )
    .join('\n');
}

const COLUMNS: readonly (readonly [string, (row: FactorRow) => CsvValue])[] = [
  ['factor', ({ factor }) => factor],
  ['C', ({ C }) => C],
  ['D', ({ D }) => D],
  ['Tf', ({ Tf }) => Tf],
  ['Tp', ({ Tp }) => Tp],
  ['Tb', ({ Tb }) => Tb],
  ['missing', ({ missing }) => missing],
  ['tau14', ({ tau14 }) => tau14],
  ['low_95', ({ low }) => low],
  ['high_95', ({ high }) => high],
  ['reason', ({ reason }) => reason],
  ['tau13', ({ tau13 }) => tau13],
  ['relevance', ({ relevance }) => relevance],
  ['tau_b', ({ tauB }) => tauB],
  ['rank', ({ rank }) => rank],
  ['p', ({ p }) => p],
  ['p_adjusted', ({ pAdjusted }) => pAdjusted],
  ['test', ({ test }) => test],
  ['prompts', ({ prompts }) => prompts],
  ['mean_abs_difference', ({ meanAbsDifference }) => meanAbsDifference],
  ['length_matched_tau14', ({ lengthMatched }) => lengthMatched.tau14],
  ['length_matched_low_95', ({ lengthMatched }) => lengthMatched.low],
  ['length_matched_high_95', ({ lengthMatched }) => lengthMatched.high],
  ['length_matched_pairs', ({ lengthMatched }) => lengthMatched.pairs],
  ['version', () => LEXICON_VERSION],
];

/** A row for each rater and factor. */
export function factorCsv(shown: readonly FactorTable[]): string {
  const rows = shown.flatMap((one) =>
    sortedScores(one).map((row) => [one.rater.kind, one.rater.name, ...COLUMNS.map(([, read]) => read(row))]),
  );
  return csv(['rater_kind', 'rater', ...COLUMNS.map(([name]) => name)], rows);
}
