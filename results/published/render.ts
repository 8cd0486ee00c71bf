import Table from 'cli-table3';
import { type Palette, palette } from '../report/colour.ts';
import { escaped, table as markdownTable } from '../report/markdown.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import { clean, hanging, wrap } from '../report/text.ts';
import type { Summary } from '../summary.ts';
import { CONTEXT_ONLY, caveatsOf, type PublishedSection, publishedBeside, publishedRows } from './beside.ts';
import { PUBLISHED, type PublishedTable } from './published.ts';

const TITLE = 'What papers reported';
const NOTHING =
  'No task of this run follows a published protocol (preset paper) of which numbers are known; `aligntrust list published` shows those that there are.';

/** The section "What papers reported" for a terminal; says so where there is nothing to show. */
export function renderPublishedTerminal(summary: Summary, options: TerminalOptions): string {
  const width = Math.max(60, options.width);
  const paint = palette(options.colour);
  const sections = publishedBeside(summary);
  if (sections.length === 0) return `${[paint.strong(TITLE), ...wrap(NOTHING, width)].join('\n')}\n`;
  const notes = numbered(sections);
  const lines = [
    paint.strong(TITLE),
    ...wrap(CONTEXT_ONLY, width),
    ...sections.flatMap((section) => ['', ...drawSection(section, notes, width, paint)]),
    '',
    ...[...notes].flatMap(([note, number]) => hanging(`[${number}] `, note, width).map(paint.faint)),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as Markdown. */
export function renderPublishedMarkdown(summary: Summary): string {
  const sections = publishedBeside(summary);
  if (sections.length === 0) return `## ${TITLE}\n\n${escaped(NOTHING)}\n`;
  const notes = numbered(sections);
  const parts = [
    `## ${TITLE}`,
    escaped(CONTEXT_ONLY),
    ...sections.flatMap((section) => [
      `### ${escaped(section.table.title)}`,
      escaped(captionOf(section, notes)),
      markdownTable(
        section.columns.map(escaped),
        section.published.map((row) => row.map(escaped)),
      ),
      markdownTable(
        ['this run', 'method', 'value (95 % interval)'],
        section.own.map(({ checkpoint, method, value }) => [checkpoint, method, value].map(escaped)),
      ),
    ]),
    [...notes].map(([note, number]) => `- \\[${number}\\] ${escaped(note)}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Everything that is known, whether a run asked it or not. */
export function drawPublished(width: number, colour: boolean): string {
  const paint = palette(colour);
  return PUBLISHED.map((published) =>
    [
      paint.strong(published.title),
      ...wrap(`${published.id} · ${published.quantity}; ${unitOf(published)}`, width),
      drawTable(['published', ...published.models], publishedRows(published), width),
      ...wrap(`  laid beside: ${instrumentsOf(published)}`, width),
      ...hanging('  ', `${published.source}; ${published.foundIn}.`, width).map(paint.faint),
      ...published.caveats.flatMap((caveat) => hanging('  - ', caveat, width).map(paint.faint)),
    ].join('\n'),
  ).join('\n\n');
}

function drawSection(
  section: PublishedSection,
  notes: ReadonlyMap<string, number>,
  width: number,
  paint: Palette,
): string[] {
  const { table, columns, published, own } = section;
  return [
    paint.strong(table.title),
    ...wrap(captionOf(section, notes), width).map(paint.faint),
    drawTable(columns, published, width),
    ...hanging(
      '  this run: ',
      own.map(({ checkpoint, value }) => `${clean(checkpoint)} ${value}`).join(' · '),
      width,
    ),
  ];
}

function captionOf(section: PublishedSection, notes: ReadonlyMap<string, number>): string {
  const numbers = caveatsOf(section).map((note) => `[${notes.get(note)}]`);
  return `${section.table.quantity}; ${unitOf(section.table)}; beside ${section.instrument.metric} of ${clean(section.task)} ${numbers.join('')}`;
}

function unitOf({ unit, direction }: PublishedTable): string {
  const words = { share: 'points of 100', score: 'score from 0 to 1', nats: 'nats' }[unit];
  return direction === null ? words : `${words}, ${direction.replaceAll('-', ' ')}`;
}

function instrumentsOf({ instruments }: PublishedTable): string {
  if (instruments.length === 0) return 'nothing that this program asks';
  return instruments.map(({ task, dataset, metric }) => `${metric} of ${task}@${dataset}:paper`).join(', ');
}

/** Caveats by text, numbered in the order of their first use. */
function numbered(sections: readonly PublishedSection[]): ReadonlyMap<string, number> {
  const texts = [...new Set(sections.flatMap(caveatsOf))];
  return new Map(texts.map((text, index) => [text, index + 1]));
}

/** Columns of numbers without frames; where the models do not fit, their common first word goes. */
function drawTable(columns: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const natural = columns.reduce((sum, column) => sum + column.length + GAP, 2);
  const head =
    natural <= width
      ? columns
      : columns.map((column, index) => (index === 0 ? column : (column.split(' ').at(-1) ?? column)));
  const drawn = new Table({
    chars: Object.fromEntries(BORDERS.map((place) => [place, ''])),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
  });
  drawn.push([...head], ...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

const GAP = 2;

const BORDERS = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
];
