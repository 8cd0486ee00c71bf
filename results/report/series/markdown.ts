import type { Summary } from '../../summary.ts';
import { escaped, table } from '../markdown-text.ts';
import { clean } from '../text.ts';
import { hasSeries } from './groups.ts';
import { hasLearning, learningNotes, learningTables } from './learning-tables.ts';
import { seriesParts, tablesOf } from './parts.ts';
import type { StepCell, StepTable } from './step-table.ts';
import { EXPLAIN_SERIES, refusalInWords, SERIES_TITLE } from './words.ts';

/** Series as Markdown; null in a run without one. */
export function seriesMarkdown(summary: Summary): string | null {
  if (!hasSeries(summary)) return null;
  const refused = (summary.series ?? []).flatMap((one) => refusalInWords(one, clean) ?? []);
  return [
    `## ${SERIES_TITLE}`,
    ...refused.map((line) => `**${escaped(line)}**`),
    ...seriesParts(summary, clean).flatMap((part) => [
      `### ${escaped(part.heading)}`,
      ...(part.lead.length === 0 ? [] : [listOf(part.lead)]),
      ...tablesOf(part).flatMap(tableSection),
    ]),
    listOf(EXPLAIN_SERIES),
  ].join('\n\n');
}

/** Sections of hidden states, odds and speed below those of learning dynamics; empty without them. */
export function learningMarkdown(summary: Summary): string[] {
  if (!hasLearning(summary)) return [];
  return [...learningTables(summary, clean).flatMap(tableSection), listOf(learningNotes(summary))];
}

function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${escaped(line)}`).join('\n');
}

function tableSection({ title, caption, first, columns, rows, notes }: StepTable): string[] {
  return [
    `#### ${escaped(title)}`,
    escaped(caption),
    table(
      [
        escaped(first),
        ...columns.map(({ head }) =>
          head
            .filter((line) => line !== '')
            .map(escaped)
            .join('<br>'),
        ),
      ],
      rows.map(({ label, cells }) => [escaped(label), ...cells.map(cellText)]),
    ),
    ...notes.map(escaped),
  ];
}

function cellText({ main, rest, isStrong = false }: StepCell): string {
  const shown = isStrong ? `**${escaped(main)}**` : escaped(main);
  return rest === '' ? shown : `${shown}<br>${escaped(rest)}`;
}
