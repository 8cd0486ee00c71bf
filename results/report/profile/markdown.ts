import { percent } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import { escaped, table } from '../markdown-text.ts';
import { clean } from '../text.ts';
import { applies, scored } from './numbers.ts';
import { linesIn, type PlainTable } from './plain-table.ts';
import { relationTables } from './relation-tables.ts';
import { scoreDetails } from './score-details.ts';
import { isPulling, type ScoreTable, scoreTables } from './scores-view.ts';
import { type ShiftCell, type ShiftTable, shiftTables } from './shifts-view.ts';
import {
  absentInWords,
  explainProfile,
  hasProfile,
  MOVED_TITLE,
  PROFILE_TITLE,
  SCORES_TITLE,
  shiftCaption,
  untestedByName,
} from './words.ts';

/** PROFILE as Markdown with every factor; null in a run without it. */
export function profileMarkdown(summary: Summary): string | null {
  if (!hasProfile(summary)) return null;
  const scores = scoreTables(summary, clean);
  return [
    `## ${escaped(PROFILE_TITLE)}`,
    explainProfile(summary, true)
      .map((line) => `- ${escaped(line)}`)
      .join('\n'),
    ...shiftTables(summary, clean).flatMap((view) => shiftSection(summary, view)),
    ...scores.flatMap((view) => scoreSection(summary, view)),
    ...relationTables(summary, clean).flatMap(plainSection),
    ...scores.flatMap((view) =>
      view.columns.flatMap((column) => plainSection(scoreDetails(summary, view, column))),
    ),
  ].join('\n\n');
}

function shiftSection(summary: Summary, view: ShiftTable): string[] {
  const { columns, rows, name, isLevels } = view;
  const orders = columns.some(({ inconsistent }) => inconsistent !== null)
    ? [['orders disagree', ...columns.map(({ inconsistent }) => inconsistent ?? '–')].map(escaped)]
    : [];
  return [
    `### ${MOVED_TITLE}: ${escaped(name)}`,
    `${escaped(view.question)} ${escaped(capital(shiftCaption(view, summary)))}.`,
    table(
      ['factor', ...columns.map(({ title, method }) => `${escaped(title.join(' '))}<br>${escaped(method)}`)],
      [
        ...rows.map(({ label, unit, cells }) => [
          escaped(isLevels && unit !== '' ? `${label} (${unit})` : label),
          ...cells.map(shiftText),
        ]),
        ...orders,
      ],
    ),
    ...untestedByName(view).map(escaped),
    ...absentInWords([], view).map(escaped),
  ];
}

function shiftText(cell: ShiftCell | null): string {
  if (cell === null) return '–';
  const word = cell.isMoved ? `**${escaped(cell.word)}**` : escaped(cell.word);
  const change = [cell.number, cell.interval].filter((part) => part !== '').join(' ');
  return [`${word} ${escaped(change)}`, ...cell.notes.map(escaped)].join('<br>');
}

function scoreSection({ families }: Summary, view: ScoreTable): string[] {
  const { columns, rows, name, setting, flat } = view;
  const hasJudge = columns.some(({ unread }) => unread !== null);
  const share = (value: number | null): string => (value === null ? '–' : percent(value));
  return [
    `### ${SCORES_TITLE}: ${escaped(name)}`,
    `τ14 in ${escaped(setting)}, with 95 % interval and (relevance).`,
    table(
      ['factor', ...columns.map((column) => escaped(column.name))],
      [
        ...rows.map(({ label, scores }) => [
          escaped(label),
          ...scores.map((score) => {
            if (score === null) return '–';
            const [number, interval] = scored(score.tau14, score.low, score.high);
            return escaped(
              [`${number}${isPulling(score, families.alpha) ? '*' : ''}`, interval, applies(score.relevance)]
                .filter((part) => part !== '')
                .join(' '),
            );
          }),
        ]),
        ['pairs', ...columns.map(({ table: { pairs } }) => String(pairs))],
        ['without a preference', ...columns.map(({ table: { ties } }) => share(ties))],
        ['orders disagree', ...columns.map(({ table: { inconsistent } }) => share(inconsistent))],
        ['no readable answer', ...columns.map(({ table: { invalid } }) => String(invalid))],
        ...(hasJudge ? [['judge unreadable', ...columns.map(({ unread }) => share(unread))]] : []),
      ],
    ),
    ...absentInWords(flat, view).map(escaped),
  ];
}

function plainSection({ title, caption, columns, rows, notes }: PlainTable): string[] {
  return [
    `### ${escaped(title)}`,
    escaped(caption),
    table(
      columns.map(({ text }) => escaped(text)),
      rows.map((cells) => cells.map((cell) => linesIn(cell).map(escaped).join('<br>'))),
    ),
    ...notes.map(escaped),
  ];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
