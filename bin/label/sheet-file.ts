import { readFile } from 'node:fs/promises';
import { codeOf, EXIT, messageOf, UserError } from '../../core/errors.ts';

/** One row of a labelled sheet. */
export interface PlacedLabel {
  readonly line: number;
  readonly id: unknown;
  readonly label: unknown;
}

/**
 * The rows of a sheet that people filled in: CSV by comma, semicolon or tab (as spreadsheets of other countries write it), or
 * JSON lines, told apart by the file's first character.
 *
 * @throws UserError when it is neither (exit code 2), or there is no such file (3).
 */
export async function readSheetFile(file: string): Promise<PlacedLabel[]> {
  const text = await textOf(file);
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
