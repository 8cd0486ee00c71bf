import { Journal } from '../../benchmarks/journal/journal.ts';
import type { AnswerRecord } from '../../benchmarks/journal/records.ts';
import { rawFormOf } from '../../suites/datasets/index.ts';
import { questionOf } from '../question.ts';
import type { DrawnItem } from './draw.ts';
import type { LabelTask } from './tasks.ts';

/** What a person sees of a drawn answer: neither who gave it nor what was said of it. */
export interface SheetRow {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  /** What is to be decided, and the words to decide it in. */
  readonly decide: string;
  readonly labels: string;
  /** Left empty, for people. */
  readonly label: '';
}

const COLUMNS = ['id', 'question', 'answer', 'decide', 'labels', 'label'] as const;
/** A spreadsheet's cell holds 32,767 characters. */
const MOST_CHARACTERS = 30_000;

/** The rows to label, in the order of the items. */
export async function sheetRows(
  folder: string,
  items: readonly DrawnItem[],
  tasks: readonly LabelTask[],
): Promise<SheetRow[]> {
  const journal = await Journal.open(folder, 'readonly');
  try {
    const rows: SheetRow[] = [];
    for (const item of items) {
      const task = tasks.find(({ instrument }) => instrument === item.instrument);
      if (task !== undefined) rows.push(rowOf(item, task, await recordsOf(item, journal)));
    }
    return rows;
  } finally {
    await journal.close();
  }
}

/** For spreadsheets (RFC 4180); the mark in front says that the text is UTF-8. Line breaks of an answer stay. */
export function sheetCsv(rows: readonly SheetRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => field(row[column])).join(','));
  return `\uFEFF${[COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('')}`;
}

/** Nothing that steers a terminal or hides, and no formula: a text that begins like one gets an apostrophe in front. */
function field(text: string): string {
  const visible = text.replace(/\r\n?/g, '\n').replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ' ');
  const guarded = /^\s*[=+\-@＝＋－＠]/u.test(visible) || visible.startsWith('\n') ? `'${visible}` : visible;
  return guarded === '' ? '' : `"${guarded.replaceAll('"', '""')}"`;
}

export function sheetJsonLines(rows: readonly SheetRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** What the checkpoint said, and not what a judge or classifier said of it. */
async function recordsOf({ answers }: DrawnItem, journal: Journal): Promise<AnswerRecord[]> {
  const records = await Promise.all(answers.map((key) => journal.get(key)));
  return records.filter((record) => record !== undefined).filter(({ role }) => role === 'checkpoint');
}

function rowOf(
  { id }: DrawnItem,
  { rubric, dataset }: LabelTask,
  records: readonly AnswerRecord[],
): SheetRow {
  const [first] = records;
  return {
    id,
    question: first === undefined ? '' : shortened(questionOf(first.request, rawFormOf(dataset)).trim()),
    answer: answerText(records.map(saidIn)),
    decide: rubric.question,
    labels: Object.entries(rubric.labels)
      .map(([label, meaning]) => `${label}: ${meaning}`)
      .join(' | '),
    label: '',
  };
}

function saidIn({ result }: AnswerRecord): string {
  if (result.status === 'failed' || result.answer.verb !== 'generate') return '';
  const { text, finish } = result.answer.completion;
  if (finish === 'filter') return '(the server withheld the answer)';
  return text.trim() === '' ? '(nothing)' : text.trim();
}

/** Several draws of one question stand numbered, one below the other. */
function answerText(texts: readonly string[]): string {
  if (texts.length < 2) return shortened(texts[0] ?? '');
  return shortened(texts.map((text, index) => `[${index + 1}] ${text}`).join('\n'));
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)} (cut)`;
}
