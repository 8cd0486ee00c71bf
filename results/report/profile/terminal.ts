import { counted, percent } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import type { Palette } from '../colour.ts';
import { hanging, wrap } from '../text.ts';
import { idOf } from '../view.ts';
import { drawNarrow, type NarrowCell, type NarrowColumn } from './narrow-table.ts';
import { applies, scored } from './numbers.ts';
import { isPulling, type ScoreColumn, type ScoreTable, scoreTables, strongest } from './scores-view.ts';
import { allPairs, type ShiftCell, type ShiftTable, shiftTables } from './shifts-view.ts';
import {
  explainProfile,
  hasProfile,
  MOVED_TITLE,
  PROFILE_TITLE,
  SCORES_TITLE,
  shiftCaption,
  unmeasuredInWords,
  unmovedInWords,
} from './words.ts';

/** Factors of a table of scores; Markdown, CSV and the page have all. */
const MOST_FACTORS = 10;

/** PROFILE for a terminal: what each stage moved, then what pulls whom; no line in a run without it. */
export function profileSections(summary: Summary, width: number, paint: Palette): string[][] {
  if (!hasProfile(summary)) return [];
  const shifts = shiftTables(summary, idOf);
  const scores = scoreTables(summary, idOf);
  return [
    wrap(PROFILE_TITLE, width).map(paint.strong),
    ...shifts.map((table) => shiftLines(summary, table, width, paint)),
    ...scores.map((table) => scoreLines(summary, table, width, paint)),
    explainProfile(summary, false).flatMap((line) => hanging('', line, width).map(paint.faint)),
  ];
}

function shiftLines(summary: Summary, table: ShiftTable, width: number, paint: Palette): string[] {
  const moved = table.rows.filter(({ isMoved }) => isMoved);
  const rest = unmovedInWords(table);
  const columns = table.columns.map(
    ({ title, method, inconsistent }, place): NarrowColumn => ({
      head: [`${title.join(' ')}`, method],
      cells: [
        ...moved.map(({ cells }) => shiftCell(cells[place] ?? null)),
        ...(hasOrders(table) ? [{ main: inconsistent ?? '–', rest: '' }] : []),
      ],
    }),
  );
  const labels = [
    ...moved.map(({ label, unit }) =>
      table.isLevels && unit !== '' ? `${label}, ${unitWord(unit)}` : label,
    ),
    ...(hasOrders(table) ? ['orders disagree'] : []),
  ];
  return [
    ...wrap(`${MOVED_TITLE}: ${table.name}`, width).map(paint.strong),
    ...wrap(shiftCaption(table, summary), width).map(paint.faint),
    ...(labels.length === 0 ? [] : drawNarrow({ labels, columns }, width, paint)),
    ...(rest === '' ? [] : hanging('  ', rest, width)),
  ];
}

/** A long unit explains a range; its first words name it. */
function unitWord(unit: string): string {
  return unit.split(/[,;]/)[0] ?? unit;
}

function hasOrders({ columns }: ShiftTable): boolean {
  return columns.some(({ inconsistent }) => inconsistent !== null);
}

function shiftCell(cell: ShiftCell | null): NarrowCell {
  if (cell === null) return { main: '–', rest: '' };
  const { word, number, interval, isMoved, overall } = cell;
  const rest = [interval, overall === null ? '' : `(${allPairs(overall)})`];
  return {
    main: `${word} ${number}`,
    rest: isMoved ? rest.filter((part) => part !== '').join(' ') : '',
    isStrong: isMoved,
  };
}

function scoreLines(summary: Summary, table: ScoreTable, width: number, paint: Palette): string[] {
  const rows = strongest(table, MOST_FACTORS);
  const { alpha } = summary.families;
  const facts = factRows(table);
  const columns = table.columns.map(
    (column, place): NarrowColumn => ({
      head: [column.name],
      cells: [
        ...rows.map(({ scores }): NarrowCell => {
          const score = scores[place];
          if (score == null) return { main: '–', rest: '' };
          const [number, interval] = scored(score.tau14, score.low, score.high);
          const rest = [interval, applies(score.relevance)].filter((part) => part !== '').join(' ');
          const isStrong = isPulling(score, alpha);
          return { main: `${number}${isStrong ? '*' : ''}`, rest, isStrong };
        }),
        ...facts.map(({ of }) => ({ main: of(column), rest: '' })),
      ],
    }),
  );
  const labels = [...rows.map(({ label }) => label), ...facts.map(({ label }) => label)];
  const left = table.rows.length - rows.length;
  const rest = [
    left === 0 ? null : `${counted(left, 'weaker factor')} not listed`,
    table.flat.length === 0 ? null : `no pair differs in ${counted(table.flat.length, 'factor')}`,
    unmeasuredInWords(table),
    ...table.remarks,
  ].filter((part) => part !== null);
  return [
    ...wrap(`${SCORES_TITLE}: ${table.name}`, width).map(paint.strong),
    ...wrap(`τ14 in ${table.setting}, with 95 % interval and (relevance); the strongest first`, width).map(
      paint.faint,
    ),
    ...drawNarrow({ labels, columns }, width, paint),
    ...(rest.length === 0 ? [] : hanging('  ', rest.join('; '), width)),
  ];
}

/** What the scores of a column rest on. */
function factRows({ columns }: ScoreTable): { label: string; of: (column: ScoreColumn) => string }[] {
  const has = (test: (column: ScoreColumn) => boolean): boolean => columns.some(test);
  return [
    { label: 'pairs', of: ({ table }) => String(table.pairs) },
    ...(has(({ table }) => table.inconsistent !== null)
      ? [
          {
            label: 'orders disagree',
            of: ({ table }: ScoreColumn) => (table.inconsistent === null ? '–' : percent(table.inconsistent)),
          },
        ]
      : []),
    ...(has(({ unread }) => unread !== null)
      ? [
          {
            label: 'judge unreadable',
            of: ({ unread }: ScoreColumn) => (unread === null ? '–' : percent(unread)),
          },
        ]
      : []),
    ...(has(({ table }) => table.invalid > 0)
      ? [{ label: 'without an answer', of: ({ table }: ScoreColumn) => String(table.invalid) }]
      : []),
  ];
}
