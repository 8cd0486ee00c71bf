import { percent, pValue } from '../../format.ts';
import type {
  ProfileAgreement,
  ProfileAlignment,
  RatedTask,
  ScoreDifference,
} from '../../profile/profile-summary.ts';
import type { AlignmentMeasure } from '../../statistics/factor-alignment.ts';
import type { Summary } from '../../summary.ts';
import { shortNames } from '../names.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';
import { bridgeTables } from './bridge-tables.ts';
import { type DifferenceGroup, differenceGroups, gapGroups } from './differences-view.ts';
import { scored } from './numbers.ts';
import { figures, type PlainCell, type PlainTable, words } from './plain-table.ts';
import { raterName } from './scores-view.ts';

/** What stands beside the scores: differences between raters first, then correlations, gaps, agreement, the bridge. */
export function relationTables(summary: Summary, nameOf: NameOf): PlainTable[] {
  return [
    ...differenceGroups(summary, nameOf).map(differenceTable),
    ...gapGroups(summary, nameOf).map(differenceTable),
    ...furtherTables(summary, nameOf),
  ];
}

/** Those of no drawing. */
export function furtherTables(summary: Summary, nameOf: NameOf): PlainTable[] {
  return [
    ...alignmentTable(summary, nameOf),
    ...agreementTable(summary, nameOf),
    ...bridgeTables(summary, nameOf),
  ];
}

export function differenceTable({ title, caption, columns, rows, notes }: DifferenceGroup): PlainTable {
  return {
    title,
    caption,
    columns: [words('factor'), ...columns.map(figures)],
    rows: rows.map(({ label, differences }) => [label, ...differences.map(differenceText)]),
    notes,
  };
}

export function differenceText(difference: ScoreDifference | null): string {
  if (difference === null) return '–';
  return scored(difference.difference, difference.low, difference.high).join(' ').trim();
}

function alignmentTable(summary: Summary, nameOf: NameOf): PlainTable[] {
  const alignments = summary.profile?.alignments ?? [];
  if (alignments.length === 0) return [];
  const missing = [...new Set(alignments.flatMap(({ reason }) => (reason === null ? [] : [reason])))];
  return [
    {
      title: 'Do the same factors pull them? Correlation of factor scores',
      caption:
        'Over one factor of each group (at most one stands for what several measure), from five on, 95 % interval by resampling prompts. Look at the differences by factor first: few factors tell little. Each p is descriptive, uncorrected and no test of a claim.',
      columns: [
        words('raters'),
        figures('factors'),
        figures('Spearman ρ'),
        figures('Kendall τ_b'),
        figures('Pearson r'),
        figures('p of τ_b (descriptive)'),
      ],
      rows: alignments.map((one): PlainCell[] => [
        `${placeOf(summary, one.one, nameOf)} and ${placeOf(summary, one.other, nameOf)}`,
        String(one.over.length),
        ...measures(one).map(measured),
        one.tauB?.p == null ? '–' : pValue(one.tauB.p),
      ]),
      notes: missing.map((reason) => `–: ${clean(reason)}.`),
    },
  ];
}

function measures({ rho, tauB, r }: ProfileAlignment): readonly (AlignmentMeasure | null)[] {
  return [rho, tauB, r];
}

function measured(measure: AlignmentMeasure | null): string {
  return measure === null ? '–' : scored(measure.value, measure.low, measure.high).join(' ').trim();
}

/** `dpo (profile/evaluation)`. */
function placeOf({ tasks }: Summary, { task, rater }: RatedTask, nameOf: NameOf): string {
  return `${raterName(rater, nameOf)} (${clean(shortNames(tasks).get(task) ?? task)})`;
}

function agreementTable({ tasks, profile }: Summary, nameOf: NameOf): PlainTable[] {
  const agreements = profile?.agreements ?? [];
  if (agreements.length === 0) return [];
  const names = shortNames(tasks);
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  const between = ({ low, high }: ProfileAgreement): string =>
    low === null || high === null ? '–' : `${percent(low)} to ${percent(high)}`;
  return [
    {
      title: 'How often two raters prefer the same response',
      caption:
        'Agreement over the pairs that both decided, with 95 % interval (Wilson, on the size that its prompts are worth); "with ties": over all pairs, a tie equal to a tie alone. Ties: no preference between the two, both orders disagreeing included.',
      columns: [
        words('raters'),
        words('task'),
        figures('decided by both'),
        figures('agreement'),
        figures('95 % interval'),
        figures('with ties'),
        figures('ties of each'),
      ],
      rows: agreements.map((one) => [
        `${raterName(one.one, nameOf)} and ${raterName(one.other, nameOf)}`,
        clean(names.get(one.task) ?? one.task),
        `${one.decided} of ${one.pairs}`,
        share(one.agreement),
        between(one),
        share(one.exact),
        `${share(one.tiesOne)}, ${share(one.tiesOther)}`,
      ]),
      notes: [],
    },
  ];
}
