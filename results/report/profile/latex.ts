import { percent } from '../../format.ts';
import type { FactorRow } from '../../profile/profile-summary.ts';
import { hasNoWidth } from '../../statistics/factor-width.ts';
import type { Summary } from '../../summary.ts';
import { bracketed, small } from '../latex-cells.ts';
import { columnsThatFit, floatingTable, inGroups, LONGEST_NAME } from '../latex-table.ts';
import { tex, texName, texNumber } from '../latex-text.ts';
import { clean, shorten } from '../text.ts';
import { applies, ends, scored } from './numbers.ts';
import { isPulling, type ScoreTable, scoreTables } from './scores-view.ts';
import { type ShiftCell, type ShiftTable, shiftTables } from './shifts-view.ts';
import { absentInWords, profileCorrection, shiftCaption, untestedByName } from './words.ts';

const MOST_COLUMNS = 4;
const MOST_RATERS = 5;
/** Rows that a page holds, each of two lines. */
const MOST_ROWS = 20;

/** Tables of PROFILE: Δτ14 of every stage and every instrument's factor scores; empty in a run without it. */
export function profileTables(summary: Summary): string[] {
  return [
    ...shiftTables(summary, nameOf).flatMap((view, index) => shiftTable(summary, view, index + 1)),
    ...scoreTables(summary, nameOf).flatMap((view, index) => scoreTable(summary, view, index + 1)),
  ];
}

function nameOf(id: string): string {
  return shorten(clean(id), LONGEST_NAME);
}

function shiftTable(summary: Summary, view: ShiftTable, place: number): string[] {
  const { rows, columns, name, isLevels } = view;
  const moved = rows.filter(({ isMoved }) => isMoved);
  if (moved.length === 0) return [];
  const rest = rows
    .filter(({ isMoved, cells }) => !isMoved && cells.some((cell) => cell?.isTested === true))
    .map(({ label }) => label);
  const heads = columns.flatMap(({ title, method }) => [...title, method]);
  const groups = partsOf(moved, columns, columnsThatFit(heads, MOST_COLUMNS));
  return groups.map((part, index) =>
    floatingTable({
      label: `tab:aligntrust-profile-moved-${place}${groups.length === 1 ? '' : `-${index + 1}`}`,
      caption: [
        `PROFILE, after Oh et al.\\ 2024: ${isLevels ? 'how each stage moved the factors of the answers' : 'how each stage moved the pull of factors, $\\Delta\\tau_{14}$'}${partOf(index, groups.length)}, ${texName(name)}.`,
        `${tex(capital(shiftCaption(view, summary)))}. \\textbf{raised}, \\textbf{lowered}: adjusted $p \\le ${summary.families.alpha}$; neither is better or worse. Run ${texName(summary.run.id)}.`,
      ].join(' '),
      columns: `l${'r'.repeat(part.columns.length)}`,
      head: [
        ['factor', ...part.columns.map((at) => texName(columns[at]?.title[0] ?? ''))],
        ['', ...part.columns.map((at) => texName(columns[at]?.title[1] ?? ''))],
        ['', ...part.columns.map((at) => small(tex(columns[at]?.method ?? '')))],
      ],
      rows: [
        ...part.rows.map(({ label, unit, cells }) => [
          isLevels && unit !== '' ? [texName(label), small(tex(unit))] : [texName(label)],
          ...part.columns.map((at) => shiftLines(cells[at] ?? null, isLevels)),
        ]),
        ...(columns.some(({ inconsistent }) => inconsistent !== null)
          ? [[['orders disagree'], ...part.columns.map((at) => [tex(columns[at]?.inconsistent ?? '–')])]]
          : []),
      ],
      notes: [
        ...(rest.length === 0 ? [] : [tex(`No change detected in any of these stages: ${rest.join(', ')}.`)]),
        ...untestedByName(view).map(tex),
        ...absentInWords([], view).map(tex),
      ],
    }),
  );
}

function shiftLines(cell: ShiftCell | null, isLevels: boolean): string[] {
  if (cell === null) return ['--'];
  const { word, number, isMoved, notes, delta, low, high } = cell;
  const said = word.toLowerCase();
  const digits = isLevels ? 2 : 1;
  return [
    `${texNumber(number)} ${isMoved ? `\\textbf{${said}}` : said}`,
    ...(low === null || high === null || hasNoWidth(low, high)
      ? []
      : [bracketed(...ends(delta, low, high, digits))]),
    ...notes.map((note) => small(tex(note))),
  ];
}

function scoreTable(summary: Summary, view: ScoreTable, place: number): string[] {
  const { rows, columns, name, setting, flat } = view;
  const hasJudge = columns.some(({ unread }) => unread !== null);
  if (rows.length === 0) return [];
  const groups = partsOf(
    rows,
    columns,
    columnsThatFit(
      columns.map((column) => column.name),
      MOST_RATERS,
    ),
  );
  return groups.map((part, index) =>
    floatingTable({
      label: `tab:aligntrust-profile-scores-${place}${groups.length === 1 ? '' : `-${index + 1}`}`,
      caption: [
        `PROFILE, after Oh et al.\\ 2024: factor scores $\\tau_{14}$ in ${tex(setting)}${partOf(index, groups.length)}, ${texName(name)}.`,
        `Brackets: 95\\,\\% interval, resampling whole prompts; in parentheses the relevance, the share of decided pairs that differ in the factor. $^{*}$: adjusted $p \\le ${summary.families.alpha}$, Holm over the factors of one rater${(summary.families.profile?.tests ?? 0) === 0 ? '' : `; ${tex(profileCorrection(summary))} stands behind changes, not behind these scores`}. Run ${texName(summary.run.id)}.`,
      ].join(' '),
      columns: `l${'r'.repeat(part.columns.length)}`,
      head: [['factor', ...part.columns.map((at) => texName(columns[at]?.name ?? ''))]],
      rows: [
        ...part.rows.map(({ label, scores }) => [
          [texName(label)],
          ...part.columns.map((at) => scoreLines(summary, scores[at] ?? null)),
        ]),
        [['pairs'], ...part.columns.map((at) => [String(columns[at]?.table.pairs ?? 0)])],
        ...(hasJudge
          ? [[['judge unreadable'], ...part.columns.map((at) => [unreadText(columns[at]?.unread ?? null)])]]
          : []),
      ],
      notes: absentInWords(flat, view).map(tex),
    }),
  );
}

function unreadText(unread: number | null): string {
  return unread === null ? '--' : tex(percent(unread));
}

function scoreLines({ families }: Summary, score: FactorRow | null): string[] {
  if (score === null || score.tau14 === null) return ['--'];
  const { tau14, low, high, relevance } = score;
  const mark = isPulling(score, families.alpha) ? '$^{*}$' : '';
  return [
    `${texNumber(scored(tau14, null, null)[0])}${mark}`,
    ...(low === null || high === null || hasNoWidth(low, high)
      ? []
      : [bracketed(scored(low, null, null)[0], scored(high, null, null)[0])]),
    ...(relevance === null ? [] : [small(tex(applies(relevance)))]),
  ];
}

interface Part<Row> {
  readonly rows: readonly Row[];
  /** Places of columns. */
  readonly columns: readonly number[];
}

/** As many tables as it takes for each to fit a page. */
function partsOf<Row>(rows: readonly Row[], columns: readonly unknown[], most: number): Part<Row>[] {
  const places = columns.map((_, place) => place);
  return inGroups(places, most).flatMap((group) =>
    inGroups(rows, MOST_ROWS).map((part) => ({ rows: part, columns: group })),
  );
}

function partOf(index: number, parts: number): string {
  return parts === 1 ? '' : ` (part ${index + 1} of ${parts})`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
