import { readFile } from 'node:fs/promises';
import { codeOf, EXIT, messageOf, type Problem, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { printable } from '../format.ts';
import type { DrawnItem } from './draw.ts';
import type { StoredLabel } from './store.ts';
import type { LabelTask } from './tasks.ts';

/** One row of a labelled sheet. */
interface PlacedLabel {
  readonly line: number;
  readonly id: unknown;
  readonly label: unknown;
}

const MOST_PROBLEMS = 20;

/**
 * The labels of a sheet that people filled in: CSV by comma, semicolon or tab (as spreadsheets of other countries write it),
 * or JSON lines, told apart by the file's first character.
 *
 * @param earlier labels that the run has already; the sheet may leave their answers out.
 * @throws UserError with every wrong line (exit code 2); 3 when there is no such file.
 */
export async function readSheet(
  file: string,
  items: readonly DrawnItem[],
  tasks: readonly LabelTask[],
  earlier: readonly StoredLabel[],
): Promise<StoredLabel[]> {
  const rows = await rowsOf(await textOf(file), file);
  const byId = new Map(items.map((item) => [item.id, item]));
  const rubrics = new Map(tasks.map(({ instrument, rubric }) => [instrument, Object.keys(rubric.labels)]));
  const seen = new Map<string, number>();
  const problems: Problem[] = [];
  const labels: StoredLabel[] = [];
  for (const { line, id, label } of rows) {
    const where = `${file}:${line}`;
    const item = typeof id === 'string' ? byId.get(id.trim()) : undefined;
    const read = readRow(id, item, label, seen, rubrics.get(item?.instrument ?? '') ?? []);
    if ('label' in read && item !== undefined) {
      seen.set(item.id, line);
      labels.push(stored(item, read.label));
    } else if ('message' in read) problems.push({ where, ...read });
  }
  const known = new Set([...seen.keys(), ...earlier.map(({ id }) => id)]);
  const missing = items.filter(({ id }) => !known.has(id));
  if (missing.length > 0 && problems.length === 0) {
    const names = missing.slice(0, 5).map(({ id }) => id);
    const message = `${missing.length} of ${items.length} sampled answers have no row: ${names.join(', ')}${missing.length > 5 ? ', …' : ''}`;
    problems.push({
      where: file,
      message,
      fix: 'label every answer of the sample: leaving some out would bias it',
    });
  }
  if (problems.length > 0) throw new UserError(shortened(problems, file));
  return labels;
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

function stored({ answers: _, cell: __, ...item }: DrawnItem, label: string): StoredLabel {
  return { ...item, label };
}

async function rowsOf(text: string, file: string): Promise<PlacedLabel[]> {
  return text.trimStart().startsWith('{') ? jsonRows(text, file) : csvRows(text, file);
}

function jsonRows(text: string, file: string): PlacedLabel[] {
  return text.split('\n').flatMap((line, index): PlacedLabel[] => {
    if (line.trim() === '') return [];
    try {
      const row = JSON.parse(line) as { id?: unknown; label?: unknown } | null;
      return [{ line: index + 1, id: row?.id, label: row?.label }];
    } catch (error) {
      throw new UserError({ where: `${file}:${index + 1}`, message: `is not JSON: ${messageOf(error)}` });
    }
  });
}

async function csvRows(text: string, file: string): Promise<PlacedLabel[]> {
  const { parse } = await import('csv-parse/sync');
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = [',', ';', '\t'].find((one) => header.split(one).length > 1) ?? ',';
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, {
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      delimiter,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as typeof records;
  } catch (error) {
    throw new UserError({ where: file, message: `is not CSV: ${messageOf(error)}` }, EXIT.usage, error);
  }
  const missing = ['id', 'label'].filter((name) => !header.toLowerCase().includes(name));
  if (missing.length > 0) {
    throw new UserError({ where: `${file}:1`, message: `has no column ${missing.join(' and no column ')}` });
  }
  // An answer may span lines; a row is named by its first.
  let last = 1;
  return records.map(({ record, info }) => {
    const line = last + 1;
    last = info.lines;
    return { line, id: record['id'], label: record['label'] };
  });
}

async function textOf(file: string): Promise<string> {
  try {
    // The decoder also takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT')
      throw new UserError({ where: file, message: 'there is no such file' }, EXIT.environment);
    if (error instanceof TypeError) {
      throw new UserError({ where: file, message: 'is not UTF-8 text', fix: 'save it as "CSV UTF-8"' });
    }
    throw new UserError(
      { where: file, message: `cannot be read: ${messageOf(error)}` },
      EXIT.environment,
      error,
    );
  }
}

function shortened(problems: readonly Problem[], file: string): Problem[] {
  if (problems.length <= MOST_PROBLEMS) return [...problems];
  const rest = problems.length - MOST_PROBLEMS;
  return [...problems.slice(0, MOST_PROBLEMS), { where: file, message: `and ${rest} more wrong lines` }];
}
