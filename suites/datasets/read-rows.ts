import { gunzipSync } from 'node:zlib';
import { EXIT, messageOf, type Problem, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { DatasetEntry } from './entry.ts';
import { MOST_UNPACKED_BYTES, type PlacedRow, whereIn } from './placed-row.ts';
import { rowProblem } from './row-problem.ts';

const MOST_PROBLEMS = 5;

/** What is known of a file's rows before it is read. */
export type RowFacts = Pick<DatasetEntry, 'format' | 'columns' | 'rows' | 'rowSchema'> & {
  /** A field whose values must differ wherever it is present. */
  readonly uniqueField?: string;
};

/**
 * The rows of a dataset file, validated against its schema and row count.
 *
 * @param file the name that errors show
 * @throws UserError (exit code 3) that names file, line and field
 */
export async function readRows(
  bytes: Uint8Array,
  facts: RowFacts,
  file: string,
): Promise<readonly JsonObject[]> {
  return (await readPlacedRows(bytes, facts, file)).map(({ row }) => row);
}

/** The same, each row with where it stands: `mine.jsonl:14`. */
export async function readPlacedRows(
  bytes: Uint8Array,
  facts: RowFacts,
  file: string,
): Promise<readonly { readonly row: JsonObject; readonly where: string }[]> {
  const placed = await placedRows(bytes, facts, file);
  checkColumns(placed, facts.rowSchema, file);
  await checkRows(placed, facts.rowSchema, file);
  if (facts.uniqueField !== undefined) checkUnique(placed, facts.uniqueField, file);
  checkCount(placed.length, facts.rows, file);
  return placed.map(({ row, place }) => ({ row: row as JsonObject, where: whereIn(file, place) }));
}

async function placedRows(bytes: Uint8Array, facts: RowFacts, file: string): Promise<PlacedRow[]> {
  if (facts.format !== 'parquet') return parse(textOf(bytes, file), facts, file);
  const { parquetRows } = await import('./parquet.ts');
  return parquetRows(bytes, file);
}

function textOf(bytes: Uint8Array, file: string): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  let plain = bytes;
  try {
    if (isGzip) plain = gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED_BYTES });
  } catch (error) {
    throw broken({ where: file, message: `cannot be unpacked: ${messageOf(error)}` }, error);
  }
  try {
    // The decoder also takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (error) {
    throw broken({ where: file, message: 'is not UTF-8 text' }, error);
  }
}

function parse(
  text: string,
  { format, columns }: RowFacts,
  file: string,
): PlacedRow[] | Promise<PlacedRow[]> {
  switch (format) {
    case 'csv':
      return parseTable(text, ',', columns, file);
    case 'tsv':
      return parseTable(text, '\t', columns, file);
    case 'json':
      return parseJson(text, file);
    case 'jsonl':
      return parseJsonLines(text, file);
    case 'lines':
      return parsePlainLines(text);
    default:
      throw new TypeError(`${format} is no text format`);
  }
}

function parsePlainLines(text: string): PlacedRow[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    return line.trim() === '' ? [] : [{ row: { line }, place: `line ${index + 1}` }];
  });
}

function parseJson(text: string, file: string): PlacedRow[] {
  const value = jsonOf(text, file);
  if (!Array.isArray(value)) throw broken({ where: file, message: 'is not a JSON array of rows' });
  return value.map((row: unknown, index) => ({ row, place: `row ${index + 1}` }));
}

function parseJsonLines(text: string, file: string): PlacedRow[] {
  const rows: PlacedRow[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    rows.push({ row: jsonOf(line, `${file}:${index + 1}`), place: `line ${index + 1}` });
  }
  return rows;
}

async function parseTable(
  text: string,
  delimiter: string,
  columns: DatasetEntry['columns'],
  file: string,
): Promise<PlacedRow[]> {
  const { parse: parseSync } = await import('csv-parse/sync');
  try {
    const records: unknown = parseSync(text, {
      columns: columns === undefined ? true : [...columns.names],
      from: columns?.header === true ? 2 : 1,
      delimiter,
      // Tab-separated files use quotes as letters.
      quote: delimiter === ',' ? '"' : null,
      info: true,
      skip_empty_lines: true,
    });
    return (records as { record: unknown; info: { lines: number } }[]).map(({ record, info }) => ({
      row: record,
      place: `line ${info.lines}`,
    }));
  } catch (error) {
    throw broken(
      { where: file, message: `is not valid ${delimiter === ',' ? 'CSV' : 'TSV'}: ${messageOf(error)}` },
      error,
    );
  }
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken({ where, message: `is not valid JSON: ${messageOf(error)}` }, error);
  }
}

/** A column that no row can have is one problem, not one for each row. */
function checkColumns(rows: readonly PlacedRow[], schema: JsonObject, file: string): void {
  const first = rows[0]?.row;
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return;
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const missing = required.filter((column) => !rows.some(({ row }) => hasOwn(row, column)));
  if (missing.length === 0) return;
  const names = missing.map((column) => `"${column}"`).join(', ');
  const found = Object.keys(first).map((column) => `"${column}"`);
  throw broken({
    where: file,
    message: `the column${missing.length > 1 ? 's' : ''} ${names} ${missing.length > 1 ? 'are' : 'is'} missing; the file has ${found.slice(0, 20).join(', ')}`,
    fix: 'add what is missing, or correct the name of the column',
  });
}

async function checkRows(rows: readonly PlacedRow[], schema: JsonObject, file: string): Promise<void> {
  const { Ajv2020 } = (await import('ajv/dist/2020.js')).default;
  // The schemas are ours; a test checks them against the meta-schema, which takes longer to compile than all of them.
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    allErrors: false,
    verbose: true,
    meta: false,
    validateSchema: false,
  });
  const validate = ajv.compile<JsonObject>(schema);
  const problems: Problem[] = [];
  for (const { row, place } of rows) {
    if (validate(row)) continue;
    problems.push({ where: whereIn(file, place), ...rowProblem(validate.errors?.[0]) });
    if (problems.length === MOST_PROBLEMS) break;
  }
  if (problems.length > 0) throw new UserError(problems, EXIT.environment);
}

function checkUnique(rows: readonly PlacedRow[], field: string, file: string): void {
  const firstPlace = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { row, place } of rows) {
    const cell = hasOwn(row, field) ? (row as JsonObject)[field] : undefined;
    if (typeof cell !== 'string' && typeof cell !== 'number') continue;
    const value = String(cell);
    if (value.trim() === '') continue;
    const first = firstPlace.get(value);
    if (first === undefined) firstPlace.set(value, place);
    else if (problems.length < MOST_PROBLEMS) {
      const message = `${JSON.stringify(value)} stands in ${first} already`;
      problems.push({ where: whereIn(file, place), field, message, fix: 'give every row an id of its own' });
    }
  }
  if (problems.length > 0) throw new UserError(problems, EXIT.environment);
}

function checkCount(rows: number, expected: number | null, file: string): void {
  if (rows === 0) throw broken({ where: file, message: 'holds no rows' });
  if (expected === null || rows === expected) return;
  throw broken({ where: file, message: `holds ${rows} rows instead of ${expected}` });
}

function hasOwn(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function broken(problem: Problem, cause?: unknown): UserError {
  return new UserError(problem, EXIT.environment, cause);
}
