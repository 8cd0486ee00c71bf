import { plain, pValue } from '../../format.ts';
import type { ControlledModel, FactorRow } from '../../profile/profile-summary.ts';
import type { Summary } from '../../summary.ts';
import { clean } from '../text.ts';
import { scored } from './numbers.ts';
import { figures, type PlainCell, type PlainTable, words } from './plain-table.ts';
import { isPulling, type ScoreColumn, type ScoreTable } from './scores-view.ts';

const COLUMNS = [
  words('factor'),
  figures('τ14'),
  figures('95 %'),
  figures('τ14 at equal length'),
  figures('log-odds, length held'),
  figures('standard error'),
  figures('adjusted p'),
  figures('p'),
  figures('direction τ13'),
  figures('applies to'),
  figures('τ_b'),
  figures('C'),
  figures('D'),
  figures('T factor'),
  figures('T preference'),
  figures('T both'),
  figures('missing'),
  figures('mean |difference|'),
];

/** Everything that is known of one rater's scores, a row a factor. */
export function scoreDetails(summary: Summary, view: ScoreTable, column: ScoreColumn): PlainTable {
  const { table } = column;
  const place = view.columns.indexOf(column);
  const coefficients = new Map(table.model?.coefficients.map((one) => [one.factor, one]));
  return {
    title: `${view.name}: ${column.name}`,
    caption: `${table.pairs} pairs of ${table.prompts} prompts. τ14 = direction × the share of pairs that it applies to. T: ties in the factor alone, in the preference alone, in both. Equal length: pairs whose lengths differ by at most 5 % of their sum.`,
    columns: COLUMNS,
    rows: view.rows.flatMap(({ label, scores }): PlainCell[][] => {
      const score = scores[place];
      return score == null ? [] : [rowOf(summary, label, score, coefficients.get(score.factor))];
    }),
    notes: notesOf(table.model, view, place),
  };
}

function rowOf(
  { families }: Summary,
  label: string,
  score: FactorRow,
  coefficient: ControlledModel['coefficients'][number] | undefined,
): PlainCell[] {
  const [number, interval] = scored(score.tau14, score.low, score.high);
  const share = (value: number | null): string => (value === null ? '–' : plain(value, 'score'));
  const { tau14: matched, low, high, pairs } = score.lengthMatched;
  return [
    label,
    `${number}${isPulling(score, families.alpha) ? '*' : ''}`,
    interval === '' ? '–' : interval,
    matched === null ? '–' : `${scored(matched, low, high).join(' ').trim()} (${pairs})`,
    coefficient === undefined ? '–' : scored(coefficient.coefficient, null, null)[0],
    coefficient === undefined ? '–' : coefficient.error.toFixed(2),
    ...[score.pAdjusted, score.p].map((p) => (p === null ? '–' : pValue(p))),
    scored(score.tau13, null, null)[0],
    share(score.relevance),
    scored(score.tauB, null, null)[0],
    ...[score.C, score.D, score.Tf, score.Tp, score.Tb, score.missing].map(String),
    score.meanAbsDifference === null ? '–' : rounded(score.meanAbsDifference),
  ];
}

/** In the factor's own unit, which may be tiny. */
function rounded(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

function notesOf(model: ControlledModel | null, { rows }: ScoreTable, place: number): string[] {
  const gone = rows.flatMap(({ label, scores }) => {
    const reason = scores[place]?.reason ?? null;
    return reason === null ? [] : [{ label, reason }];
  });
  const reasons = [...new Set(gone.map(({ reason }) => reason))];
  return [
    ...reasons.map((reason) => {
      const own = gone.filter((one) => one.reason === reason).map(({ label }) => label);
      return `No interval for ${own.join(', ')}: ${reason}.`;
    }),
    model === null
      ? null
      : model.reason === null
        ? `Log-odds of being preferred for a typical difference of the factor, length and the other factors held constant, over ${model.pairs} decided pairs. All but that of length are shrunk towards 0 (ridge): the cluster-robust standard error says how they vary, and not how far they are shrunk.`
        : `No model that holds length constant: ${model.reason}.`,
    ...leftOutNotes(model, rows),
  ].filter((note) => note !== null);
}

function leftOutNotes(model: ControlledModel | null, rows: ScoreTable['rows']): string[] {
  return (model?.leftOut ?? []).map(({ factor, reason }) => {
    const label = rows.find(({ facts }) => facts.key === factor)?.label ?? clean(factor);
    return `No log-odds of ${label}: ${reason}.`;
  });
}
