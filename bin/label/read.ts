import { basename } from 'node:path';
import { type Problem, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { counted } from '../../results/format.ts';
import { cohenKappa } from '../../results/judge-error/kappa.ts';
import { printable } from '../format.ts';
import type { DrawnItem } from './draw.ts';
import { type PlacedLabel, readSheetFile } from './sheet-file.ts';
import type { LabelKey, StoredLabel } from './store.ts';
import type { LabelTask } from './tasks.ts';

/** What people said, and how far two of them agree. */
export interface ReadLabels {
  readonly labels: readonly StoredLabel[];
  readonly people: readonly PeopleAgreement[];
}

/** Two sheets on the answers that both label. */
export interface PeopleAgreement {
  readonly sheets: readonly [string, string];
  readonly answers: number;
  readonly agreed: number;
  /** Cohen's; null where both gave one label throughout. */
  readonly kappa: number | null;
}

const MOST_PROBLEMS = 20;

/**
 * The labels of one or several filled-in sheets. Where several people labelled an answer, the label of most of them counts; a
 * tie must be settled, by a further sheet with these answers.
 *
 * @param earlier labels that the run has already; the sheets may leave their answers out.
 * @param drawnTo which sheets a task's sample was written to
 * @throws UserError with every wrong line (exit code 2); 3 when there is no such file.
 */
export async function readSheets(
  files: readonly string[],
  items: readonly DrawnItem[],
  tasks: readonly LabelTask[],
  earlier: readonly StoredLabel[],
  drawnTo?: LabelKey['sheets'],
): Promise<ReadLabels> {
  const sheets: Sheet[] = [];
  for (const file of files) sheets.push(await readSheet(file, items, tasks));
  const problems = sheets.flatMap((sheet) => sheet.problems);
  if (problems.length > 0) throw refusalOf(problems);
  requireAll(sheets, items, earlier, drawnTo);
  const people = agreementsOf(sheets);
  return { labels: settled(sheets, items, people), people };
}

interface Sheet {
  readonly file: string;
  /** By id. */
  readonly labels: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

async function readSheet(
  file: string,
  items: readonly DrawnItem[],
  tasks: readonly LabelTask[],
): Promise<Sheet> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const rubrics = new Map(tasks.map(({ instrument, rubric }) => [instrument, Object.keys(rubric.labels)]));
  const lines = new Map<string, number>();
  const labels = new Map<string, string>();
  const problems: Problem[] = [];
  const rows = await readSheetFile(file);
  requireBegun(file, rows);
  for (const { line, id, label } of rows) {
    const item = typeof id === 'string' ? byId.get(id.trim()) : undefined;
    const read = readRow(id, item, label, lines, rubrics.get(item?.instrument ?? '') ?? []);
    if ('message' in read) problems.push({ where: `${file}:${line}`, ...read });
    else if (item !== undefined) {
      lines.set(item.id, line);
      labels.set(item.id, read.label);
    }
  }
  return { file, labels, problems };
}

/** A sheet as it was written is one thing to mend, not one for each of its rows. */
function requireBegun(file: string, rows: readonly PlacedLabel[]): void {
  const isEmpty = ({ label }: PlacedLabel): boolean =>
    label === undefined || label === null || (typeof label === 'string' && label.trim() === '');
  if (rows.length > 0 && !rows.every(isEmpty)) return;
  const message =
    rows.length === 0 ? 'holds no answer' : `none of its ${counted(rows.length, 'answer')} has a label yet`;
  throw new UserError({ where: file, message, fix: 'fill in the column "label" first' });
}

/** A sample is read whole or not at all, task by task; one that no sheet speaks of stays open. */
function requireAll(
  sheets: readonly Sheet[],
  items: readonly DrawnItem[],
  earlier: readonly StoredLabel[],
  drawnTo: LabelKey['sheets'] = {},
): void {
  const read = new Set(sheets.flatMap(({ labels }) => [...labels.keys()]));
  const known = new Set([...read, ...earlier.map(({ id }) => id)]);
  const touched = new Set(items.filter(({ id }) => read.has(id)).map(({ instrument }) => instrument));
  const problems = [...touched].flatMap((instrument): Problem[] => {
    const own = items.filter((item) => item.instrument === instrument);
    const missing = own.filter(({ id }) => !known.has(id)).map(({ id }) => id);
    if (missing.length === 0) return [];
    const drawn = drawnTo[instrument] ?? [];
    const last = drawn.length > 1 ? `; it was drawn again, into ${printable(drawn.at(-1) ?? '')}` : '';
    return [
      {
        where: sheets.map(({ file }) => file).join(', '),
        message: `${missing.length} of ${counted(own.length, 'sampled answer')} have no row (${printable(instrument)}): ${someOf(missing)}`,
        fix: `label every answer of the sample, for leaving some out would bias it${last}`,
      },
    ];
  });
  if (problems.length > 0) throw new UserError(problems);
}

function agreementsOf(sheets: readonly Sheet[]): PeopleAgreement[] {
  return sheets.flatMap((one, index) =>
    sheets.slice(index + 1).flatMap((other): PeopleAgreement[] => {
      const pairs = [...one.labels].flatMap(([id, label]) => {
        const second = other.labels.get(id);
        return second === undefined ? [] : [[label, second] as const];
      });
      if (pairs.length === 0) return [];
      const agreed = pairs.filter(([a, b]) => a === b).length;
      return [{ sheets: [one.file, other.file], answers: pairs.length, agreed, kappa: cohenKappa(pairs) }];
    }),
  );
}

/** The label that most sheets give. @throws UserError where two labels share the most votes. */
function settled(
  sheets: readonly Sheet[],
  items: readonly DrawnItem[],
  people: readonly PeopleAgreement[],
): StoredLabel[] {
  const tied: string[] = [];
  const labels = items.flatMap((item): StoredLabel[] => {
    const given = sheets.flatMap(({ labels: own }) => own.get(item.id) ?? []);
    const votes = new Map<string, number>();
    for (const label of given) votes.set(label, (votes.get(label) ?? 0) + 1);
    const [first, second] = [...votes].sort(([, a], [, b]) => b - a);
    if (first === undefined) return [];
    if (second?.[1] === first[1]) tied.push(item.id);
    return [stored(item, first[0])];
  });
  if (tied.length === 0) return labels;
  throw new UserError({
    where: sheets.map(({ file }) => file).join(', '),
    message: `people differ on ${counted(tied.length, 'answer')}: ${someOf(tied)}. ${people.map(agreementText).join('; ')}`,
    fix: 'settle these in a further sheet (id,label) and read it with the others: --read a.csv b.csv settled.csv',
  });
}

/** `a.csv and b.csv agree on 188 of 200 (Cohen's kappa .88)`. */
export function agreementText({ sheets, answers, agreed, kappa }: PeopleAgreement): string {
  const [one, other] = sheets.map((file) => printable(basename(file)));
  const value =
    kappa === null ? 'kappa is not defined: one label throughout' : `Cohen's kappa ${kappa.toFixed(2)}`;
  return `${one} and ${other} agree on ${agreed} of ${answers} (${value})`;
}

function someOf(ids: readonly string[]): string {
  return `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}`;
}

function readRow(
  id: unknown,
  item: DrawnItem | undefined,
  label: unknown,
  seen: ReadonlyMap<string, number>,
  allowed: readonly string[],
): { readonly label: string } | { readonly message: string; readonly fix?: string } {
  if (item === undefined) {
    const message = `"${printable(typeof id === 'string' ? id : '')}" is not the id of a sampled answer`;
    return { message, fix: 'labels belong to the run and the sample that they were exported from' };
  }
  const before = seen.get(item.id);
  if (before !== undefined) return { message: `${item.id} is labelled twice, first in line ${before}` };
  const written =
    typeof label === 'string' || typeof label === 'boolean' ? String(label).trim().toLowerCase() : '';
  const fix = `write one of: ${allowed.join(', ')}`;
  if (written === '') return { message: `${item.id} has no label`, fix };
  if (allowed.includes(written)) return { label: written };
  const [close] = nearest(written, allowed);
  const hint = close === undefined ? '' : `; did you mean ${close}?`;
  return { message: `"${printable(String(label))}" is not a label of this question${hint}`, fix };
}

function stored(item: DrawnItem, label: string): StoredLabel {
  const { id, checkpoint, instrument, sample, repeat, content } = item;
  return { id, checkpoint, instrument, sample, repeat, content, label };
}

/** With every problem, of which people see the first ones and the count. */
function refusalOf(problems: readonly Problem[]): UserError {
  const error = new UserError(problems);
  const more = problems.length - MOST_PROBLEMS;
  if (more <= 0) return error;
  const { message } = new UserError(problems.slice(0, MOST_PROBLEMS));
  error.message = `${message}\nand ${counted(more, 'more wrong line')}`;
  return error;
}
