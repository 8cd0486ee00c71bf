import type { Summary } from '../../summary.ts';
import type { Palette } from '../colour.ts';
import { drawNarrow } from '../profile/narrow-table.ts';
import { hanging, wrap } from '../text.ts';
import { idOf } from '../view.ts';
import { hasSeries } from './groups.ts';
import { hasLearning, learningNotes, learningTables } from './learning-tables.ts';
import { seriesParts, tablesOf } from './parts.ts';
import type { StepTable } from './step-table.ts';
import { EXPLAIN_SERIES, refusalInWords, SERIES_TITLE } from './words.ts';

/** Rows of a table; Markdown, CSV and the page have all. */
const MOST_ROWS = 24;

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
  return [
    ...learningTables(summary, idOf).map((table) => tableLines(table, width, paint)),
    explained(learningNotes(summary), width, paint),
  ];
}

function explained(lines: readonly string[], width: number, paint: Palette): string[] {
  return lines.flatMap((line) => hanging('', line, width).map(paint.faint));
}

function tableLines(table: StepTable, width: number, paint: Palette): string[] {
  const rows = table.rows.slice(0, MOST_ROWS);
  const left = table.rows.length - rows.length;
  const columns = table.columns.map(({ head }, place) => ({
    head: head.filter((line) => line !== ''),
    cells: rows.map(({ cells }) => cells[place] ?? { main: '', rest: '' }),
  }));
  return [
    ...wrap(table.title, width).map(paint.strong),
    ...wrap(table.caption, width).map(paint.faint),
    ...drawNarrow({ labels: rows.map(({ label }) => label), columns }, width, paint),
    ...(left === 0 ? [] : [`  … ${left} more rows in Markdown, CSV and the page`]),
    ...table.notes.flatMap((note) => hanging('  ', note, width)),
  ];
}
