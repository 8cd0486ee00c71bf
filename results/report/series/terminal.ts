import { counted } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import type { Palette } from '../colour.ts';
import { drawNarrow } from '../profile/narrow-table.ts';
import { displayWidth, hanging, shorten, wrap } from '../text.ts';
import { idOf } from '../view.ts';
import { hasSeries } from './groups.ts';
import { hasLearning, learningNotes, learningTables } from './learning-tables.ts';
import { seriesParts, tablesOf } from './parts.ts';
import type { StepTable } from './step-table.ts';
import { EXPLAIN_SERIES, refusalInWords, SERIES_TITLE } from './words.ts';

/** Rows of a table; Markdown, CSV and the page have all. */
const MOST_ROWS = 24;
/** What the first column and the gaps take at least. */
const LEAST_LABEL = 20;
/** Letters of a column of words beside others. */
const MOST_WORDS = 44;

/** Series for a terminal, a section a table; none in a run without one. */
export function seriesSections(summary: Summary, width: number, paint: Palette): string[][] {
  if (!hasSeries(summary)) return [];
  const refused = (summary.series ?? []).flatMap((one) => refusalInWords(one, idOf) ?? []);
  return [
    [
      ...wrap(SERIES_TITLE, width).map(paint.strong),
      ...refused.flatMap((line) => hanging('  ', line, width).map(paint.warn)),
    ],
    ...seriesParts(summary, idOf).flatMap((part) => [
      [
        ...wrap(part.heading, width).map(paint.strong),
        ...part.lead.flatMap((line) => hanging('  ', line, width)),
      ],
      // Of twins the words; their tables are in Markdown, CSV and the page.
      ...(part.isTwin ? [] : tablesOf(part).map((table) => tableLines(table, width, paint))),
    ]),
    explained(EXPLAIN_SERIES, width, paint),
  ];
}

/** Hidden states, odds and speed; none where they were not measured. */
export function learningSections(summary: Summary, width: number, paint: Palette): string[][] {
  if (!hasLearning(summary)) return [];
  const tables = learningTables(summary, idOf);
  const left = tables.filter((table) => !isShown(table)).length;
  return [
    ...tables.filter(isShown).map((table) => tableLines(table, width, paint)),
    ...(left === 0 ? [] : [wrap(`… ${counted(left, 'further table')} in Markdown, CSV and the page`, width)]),
    explained(learningNotes(summary), width, paint),
  ];
}

/** Of what is measured checkpoint by checkpoint, the first one. */
function isShown({ id }: StepTable): boolean {
  return !/^(?:states|odds|priority)-/.test(id) || id.endsWith('-1');
}

function explained(lines: readonly string[], width: number, paint: Palette): string[] {
  return lines.flatMap((line) => hanging('', line, width).map(paint.faint));
}

/** A column of sentences leaves no room beside it: its words stand below the table, equal ones once. */
function longWords({ columns, rows }: StepTable, place: number, width: number): string[] {
  const head = columns[place]?.head.join(' ') ?? '';
  const words = rows.map(({ label, cells }) => ({ label, text: cells[place]?.main ?? '' }));
  const isOne = words.every(({ text }) => text === words[0]?.text);
  const shown = words.slice(0, isOne ? 1 : MOST_ROWS).filter(({ text }) => text !== '' && text !== '–');
  return shown.flatMap(({ label, text }) =>
    hanging('  ', `${isOne ? '' : `${label}, `}${head}: ${text}`, width),
  );
}

function tableLines(table: StepTable, width: number, paint: Palette): string[] {
  const rows = table.rows.slice(0, MOST_ROWS);
  const left = table.rows.length - rows.length;
  const room = width - LEAST_LABEL;
  const places = table.columns.map((_, place) => place);
  const isLong = (place: number): boolean =>
    rows.some(({ cells }) => displayWidth(cells[place]?.main ?? '') > Math.min(room, MOST_WORDS));
  const columns = places
    .filter((place) => !isLong(place))
    .map((place) => ({
      head: (table.columns[place]?.head ?? [])
        .filter((line) => line !== '')
        .map((line) => shorten(line, room)),
      cells: rows.map(({ cells }) => cells[place] ?? { main: '', rest: '' }),
    }));
  return [
    ...wrap(table.title, width).map(paint.strong),
    ...wrap(table.caption, width).map(paint.faint),
    ...drawNarrow({ labels: rows.map(({ label }) => label), columns }, width, paint),
    ...places.filter(isLong).flatMap((place) => longWords(table, place, width)),
    ...(left === 0 ? [] : [`  … ${left} more rows in Markdown, CSV and the page`]),
    ...table.notes.flatMap((note) => hanging('  ', note, width)),
  ];
}
