import { isNote } from '../alarms/level.ts';
import { counted } from '../format.ts';
import type { EffectKind, Summary } from '../summary.ts';
import { asksOfTrust, questionOf, trustPart } from '../trust-part.ts';
import { cellTable } from './cell-view.ts';
import { DYNAMICS_TITLE, dynamicsTables } from './dynamics.ts';
import { intervalInWords } from './interval-words.ts';
import { detailSections } from './markdown-details.ts';
import { code, escaped, lines, table } from './markdown-text.ts';
import { profileMarkdown } from './profile/markdown.ts';
import {
  alarmLine,
  judgeLines,
  noiseLines,
  pooledLines,
  READINGS_TITLE,
  readingLines,
  tradeOffLines,
} from './relation-lines.ts';
import { learningMarkdown, seriesMarkdown } from './series/markdown.ts';
import { clean } from './text.ts';
import { letter, type Matrix, type MatrixCell, matrixOf, seedMatrix, type TaskChoice } from './view.ts';
import {
  correctionInWords,
  explainWords,
  exploratoryInWords,
  incompleteInWords,
  noAnswerInWords,
  provisional,
} from './words.ts';

export { escaped, table } from './markdown-text.ts';

/** The whole summary as GitHub-flavoured Markdown: the terminal's tables, every metric, and every effect in full. */
export function renderMarkdown(whole: Summary): string {
  const summary = trustPart(whole);
  const { run } = summary;
  const incomplete = incompleteInWords(summary);
  const isOfTrust = asksOfTrust(whole);
  const sections = [
    `# ${escaped(summary.benchmark)}: ${questionOf(whole)}?${provisional(summary)}`,
    bold(incomplete),
    isOfTrust
      ? `Points of 100, paired on the same samples, ± ${intervalInWords(summary)}, ${correctionInWords(summary)}.`
      : null,
    bold(alarmLine(summary)),
    isOfTrust
      ? (matrixSection(matrixOf(summary, 'stage', clean)) ?? noAnswerInWords(summary))
      : profileMarkdown(whole),
    listSection('Trade-offs', tradeOffLines(summary, clean)),
    alarmSection(summary),
    overview(
      summary,
      'method',
      'Method against method',
      `One parent; ${exploratoryInWords(summary, 'method')}.`,
    ),
    seedSection(summary),
    overview(summary, 'total', 'All stages together', `${capital(exploratoryInWords(summary))}.`),
    overview(
      summary,
      'stage',
      'Further tasks',
      `Stages under the other tasks of each dimension; ${exploratoryInWords(summary, 'stage')}.`,
      'further',
    ),
    listSection('Over base families', pooledLines(summary)),
    listSection(READINGS_TITLE, readingLines(summary, clean)),
    listSection('After the errors of the judge', judgeLines(summary, clean)),
    listSection('The same checkpoint asked again', noiseLines(summary, clean)),
    ...(isOfTrust
      ? [
          seriesMarkdown(whole),
          profileMarkdown(whole),
          dynamicsSection(whole),
          '## What each checkpoint scored',
          ...cellSections(summary),
          ...detailSections(summary),
          '## What the words mean',
          explainWords(summary)
            .map((line) => `- ${escaped(line)}`)
            .join('\n'),
        ]
      : [seriesMarkdown(whole), dynamicsSection(whole)]),
    `Run ${code(run.id)}, ${run.status}, begun ${escaped(run.createdAt)}, seed ${run.seed}, aligntrust ${escaped(run.aligntrust)}, definition ${code(run.definitionDigest.slice(0, 12))}.`,
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function bold(text: string | null): string | null {
  return text === null ? null : `**${escaped(text)}**`;
}

function listSection(title: string, items: readonly string[]): string | null {
  return items.length === 0 ? null : `## ${title}\n\n${items.map((item) => `- ${escaped(item)}`).join('\n')}`;
}

function overview(
  summary: Summary,
  kind: EffectKind,
  title: string,
  caption: string,
  choice?: TaskChoice,
): string | null {
  const table = matrixSection(matrixOf(summary, kind, clean, choice));
  return table === null ? null : `## ${title}\n\n${caption}\n\n${table}`;
}

function seedSection(summary: Summary): string | null {
  const table = matrixSection(seedMatrix(summary, clean));
  const caption = 'One stage, trained with other seeds: how far the changes lie apart, and each of them.';
  return table === null ? null : `## What a training seed is worth\n\n${caption}\n\n${table}`;
}

function matrixSection(matrix: Matrix | null): string | null {
  if (matrix === null) return null;
  const head = [
    matrix.rowTitle,
    ...matrix.columns.map(({ title, method }) => lines([title.join(' '), method])),
  ];
  const rows = matrix.rows.map(({ name, size }, index) => [
    lines([name, size]),
    ...matrix.columns.map(({ cells }) => cellText(cells[index] ?? null)),
  ]);
  const obstacles = matrix.obstacles.map((reason, index) => `- [${letter(index)}] ${escaped(reason)}`);
  return [table(head, rows), ...(obstacles.length === 0 ? [] : [obstacles.join('\n')])].join('\n\n');
}

function cellText(cell: MatrixCell | null): string {
  if (cell === null) return '–';
  const word = cell.tone === 'plain' ? escaped(cell.word) : `**${escaped(cell.word)}**`;
  return [`${word} ${escaped(cell.change)}`, ...cell.notes.map(escaped)].join('<br>');
}

function alarmSection(summary: Summary): string {
  const loud = summary.alarms.filter((alarm) => !isNote(alarm));
  const notes = summary.alarms.filter(isNote);
  const item = ({ checkpoint, task, message }: Summary['alarms'][number]): string => {
    const place = [checkpoint, task].flatMap((name) => (name === null ? [] : [code(name)])).join(' · ');
    return `- ${place === '' ? '' : `${place}: `}${escaped(message)}`;
  };
  const title = loud.length === 0 ? '## No alarms' : `## ${counted(loud.length, 'alarm')}`;
  const list = [...loud, ...notes].map(item).join('\n');
  return list === '' ? title : `${title}\n\n${list}`;
}

function cellSections(summary: Summary): string[] {
  return summary.tasks.flatMap((task) =>
    task.metrics.map((metric) => {
      const view = cellTable(summary, task, metric, clean);
      const name = metric.key === task.headline ? '' : ` · ${escaped(metric.key)}`;
      return `### ${code(view.title)}${name}\n\n${escaped(view.caption)}\n\n${table(
        view.columns.map(escaped),
        view.rows.map((row) => row.map(escaped)),
      )}`;
    }),
  );
}

function dynamicsSection(whole: Summary): string | null {
  const tables = dynamicsTables(whole, clean).map(({ title, caption, columns, rows }) =>
    [
      `### ${code(title)}`,
      escaped(caption),
      table(
        columns.map(escaped),
        rows.map((row) => row.map(escaped)),
      ),
    ].join('\n\n'),
  );
  const parts = [...learningMarkdown(whole), ...tables];
  return parts.length === 0 ? null : [`## ${escaped(DYNAMICS_TITLE)}`, ...parts].join('\n\n');
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
