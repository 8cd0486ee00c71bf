import Table from 'cli-table3';
import { isNote } from '../alarms/level.ts';
import { counted } from '../format.ts';
import type { Alarm, EffectKind, Summary } from '../summary.ts';
import { asksOfTrust, trustPart } from '../trust-part.ts';
import { type CellTable, cellTable, NOTHING_LEFT } from './cell-view.ts';
import { type Palette, palette } from './colour.ts';
import { dynamicsLines } from './dynamics-terminal.ts';
import { intervalInWords } from './interval-words.ts';
import { shortNames } from './names.ts';
import { profileSections } from './profile/terminal.ts';
import {
  alarmLine,
  judgeLines,
  noiseLines,
  pooledLines,
  READINGS_TITLE,
  readingLines,
  tradeOffLines,
} from './relation-lines.ts';
import { learningSections, seriesSections } from './series/terminal.ts';
import { drawMatrix } from './terminal-matrix.ts';
import { clean, displayWidth, hanging, padded, shorten, wrap } from './text.ts';
import { idOf, matrixOf, seedMatrix, type TaskChoice } from './view.ts';
import {
  correctionInWords,
  explainWords,
  exploratoryInWords,
  incompleteInWords,
  noAnswerInWords,
  provisional,
} from './words.ts';

export interface TerminalOptions {
  /** Columns of the terminal; at least 60 are used. */
  readonly width: number;
  /** The caller looks at NO_COLOR and at whether a terminal listens. */
  readonly colour: boolean;
}

/** The whole summary for a terminal: the answer first, then what it rests on, then what to beware of. */
export function renderTerminal(whole: Summary, options: TerminalOptions): string {
  const summary = trustPart(whole);
  const width = Math.max(60, options.width);
  const paint = palette(options.colour);
  const incomplete = incompleteInWords(summary);
  const warned = alarmLine(summary);
  const sections = [
    incomplete === null ? [] : wrap(incomplete, width).map(paint.bad),
    warned === null ? [] : wrap(warned, width).map(paint.warn),
    asksOfTrust(whole) ? answer(summary, width, paint) : [],
    list('Trade-offs', tradeOffLines(summary, idOf), width, paint),
    overview(
      summary,
      'method',
      'Method against method',
      `one parent; ${exploratoryInWords(summary, 'method')}`,
      width,
      paint,
    ),
    seeds(summary, width, paint),
    overview(summary, 'total', 'All stages together', exploratoryInWords(summary), width, paint),
    overview(
      summary,
      'stage',
      'Further tasks',
      `the other tasks of each dimension; ${exploratoryInWords(summary, 'stage')}`,
      width,
      paint,
      'further',
    ),
    list('Over base families', pooledLines(summary), width, paint),
    list(READINGS_TITLE, readingLines(summary, idOf), width, paint),
    list('After the errors of the judge', judgeLines(summary, idOf), width, paint),
    list(
      'The same checkpoint asked again, with another sampling seed',
      noiseLines(summary, idOf),
      width,
      paint,
    ),
    ...seriesSections(whole, width, paint),
    ...profileSections(whole, width, paint),
    dynamicsLines(whole, width, paint),
    ...learningSections(whole, width, paint),
    cells(summary, width, paint),
    alarms(whole, width, paint),
    asksOfTrust(whole) ? words(summary, width, paint) : [],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function answer(summary: Summary, width: number, paint: Palette): string[] {
  const title = `Which alignment method moved which trust?${provisional(summary)}`;
  const caption = `points of 100, paired, ± ${intervalInWords(summary)}, ${correctionInWords(summary)}`;
  const lines = overview(summary, 'stage', title, caption, width, paint);
  if (lines.length > 0) return lines;
  return [paint.strong(title), ...wrap(noAnswerInWords(summary), width)];
}

function list(title: string, items: readonly string[], width: number, paint: Palette): string[] {
  if (items.length === 0) return [];
  return [...wrap(title, width).map(paint.strong), ...items.flatMap((item) => hanging('  ', item, width))];
}

function overview(
  summary: Summary,
  kind: EffectKind,
  title: string,
  caption: string,
  width: number,
  paint: Palette,
  choice?: TaskChoice,
): string[] {
  const matrix = matrixOf(summary, kind, idOf, choice);
  return matrix === null
    ? []
    : [...heading(title, caption, width, paint), ...drawMatrix(matrix, width, paint)];
}

function seeds(summary: Summary, width: number, paint: Palette): string[] {
  const matrix = seedMatrix(summary);
  if (matrix === null) return [];
  const caption = 'one stage, trained with other seeds: the change from each, and how far they lie apart';
  return [
    ...heading('What a training seed is worth', caption, width, paint),
    ...drawMatrix(matrix, width, paint),
  ];
}

function cells(summary: Summary, width: number, paint: Palette): string[] {
  return summary.tasks.flatMap((task, index) => {
    const metric = task.metrics.find(({ key }) => key === task.headline);
    if (metric === undefined) return [];
    return [...(index === 0 ? [] : ['']), ...drawCells(cellTable(summary, task, metric), width, paint)];
  });
}

function drawCells(view: CellTable, width: number, paint: Palette): string[] {
  const last = view.columns.length - 1;
  const taken = view.columns.slice(0, last).reduce((sum, _, index) => sum + columnWidth(view, index) + 2, 2);
  const room = width - taken;
  const isWide = room >= ROOM_BESIDE;
  const table = new Table({
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: view.columns.map((column) => (RIGHT.has(column) ? 'right' : 'left')),
  });
  const beside = (text: string): string[] => (isWide ? [wrap(text, room).join('\n')] : []);
  table.push([
    ...view.columns.slice(0, last).map(paint.faint),
    ...beside(view.columns[last] as string).map(paint.faint),
  ]);
  for (const row of view.rows) table.push([...row.slice(0, last), ...beside(row[last] as string)]);
  const drawn = table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd());
  return [
    ...heading(view.title, view.caption, width, paint),
    ...(isWide ? drawn : drawn.flatMap((line, index) => [line, ...below(view, index - 1, width)])),
  ];
}

/** Where there is no room beside a row, what was not scored stands below it. */
function below({ columns, rows }: CellTable, index: number, width: number): string[] {
  const rest = rows[index]?.at(-1) ?? NOTHING_LEFT;
  return rest === NOTHING_LEFT ? [] : hanging(`    ${columns.at(-1)}: `, rest, width);
}

function columnWidth({ columns, rows }: CellTable, index: number): number {
  return Math.max(
    displayWidth(columns[index] as string),
    ...rows.map((row) => displayWidth(row[index] as string)),
  );
}

function alarms(summary: Summary, width: number, paint: Palette): string[] {
  const loud = summary.alarms.filter((alarm) => !isNote(alarm));
  const notes = summary.alarms.filter(isNote);
  const title =
    loud.length === 0 ? paint.strong('No alarms') : paint.warn(paint.strong(counted(loud.length, 'alarm')));
  return [
    title,
    ...loud.flatMap((alarm) => alarmLines(summary, alarm, width)),
    ...notes.flatMap((alarm) => alarmLines(summary, alarm, width).map(paint.faint)),
  ];
}

function alarmLines(summary: Summary, { checkpoint, task, message }: Alarm, width: number): string[] {
  const names = shortNames(summary.tasks);
  const place = [
    checkpoint === null ? null : idOf(checkpoint),
    task === null ? null : shorten(clean(names.get(task) ?? task), 40),
  ].filter((name) => name !== null);
  const name = place.join(' · ');
  if (name === '') return hanging('  ', clean(message), width);
  if (displayWidth(name) <= SHORT_PLACE) return hanging(`  ${name}  `, clean(message), width);
  return wrap(`${name}  ${clean(message)}`, width - 4).map(
    (line, index) => `${index === 0 ? '  ' : '    '}${line}`,
  );
}

function words(summary: Summary, width: number, paint: Palette): string[] {
  return explainWords(summary).flatMap((line) => hanging('', line, width).map(paint.faint));
}

/** Title and caption on one line where they fit, else the caption wrapped below. */
function heading(title: string, caption: string, width: number, paint: Palette): string[] {
  const oneLine = displayWidth(title) + displayWidth(caption) + 3 <= width;
  if (oneLine) {
    return [`${paint.strong(title)}${paint.faint(padded('', 3) + caption)}`];
  }
  return [...wrap(title, width).map(paint.strong), ...wrap(caption, width).map(paint.faint)];
}

/** Columns that the last one needs to be readable. */
const ROOM_BESIDE = 18;

/** A longer name before an alarm would leave too little room beside it. */
const SHORT_PLACE = 24;

const RIGHT: ReadonlySet<string> = new Set(['value', 'n', 'scored only', '95 % interval']);

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
