import { messageOf } from '../../../core/errors.ts';
import { type FileLine, fileLines, LONGEST_LINE, type ReadFileOptions, unreadable } from './file-lines.ts';

/** A value of a JSON file, and where a person finds it. */
export interface JsonRow {
  readonly value: unknown;
  /** `file:12` in JSONL, `file, row 12` in an array, the file for a single value. */
  readonly where: string;
}

/**
 * The rows of a JSONL file as they stream by, the entries of a JSON array, or the one value that a file holds. Which of
 * them it is, its first lines say: where the first one is no whole value, the file is one.
 *
 * @throws UserError (exit code 3) with file and line for anything that is no JSON
 */
export async function* jsonRows(file: string, options: ReadFileOptions = {}): AsyncGenerator<JsonRow> {
  const lines = filled(fileLines(file, options));
  const first = await next(lines);
  if (first === undefined) throw unreadable(file, 'is empty', 'name a file with pairs of responses');
  const where = `${file}:${first.number}`;
  const whole = valueIn(first.text);
  if (whole === undefined) {
    if (!/^\s*[[{]/.test(first.text)) throw noJson(first.text, where);
    const texts = [first.text];
    await collect(file, texts, lines);
    yield* entries(parsed(texts.join('\n'), where), file);
    return;
  }
  const second = await next(lines);
  if (second === undefined && Array.isArray(whole.value)) {
    yield* entries(whole.value, file);
    return;
  }
  yield { value: whole.value, where };
  for (let line = second; line !== undefined; line = await next(lines)) {
    const where = `${file}:${line.number}`;
    yield { value: parsed(line.text, where), where };
  }
}

async function* filled(lines: AsyncIterable<FileLine>): AsyncGenerator<FileLine> {
  for await (const line of lines) if (line.text.trim() !== '') yield line;
}

async function next(lines: AsyncGenerator<FileLine>): Promise<FileLine | undefined> {
  const { value, done } = await lines.next();
  return done === true ? undefined : value;
}

async function collect(file: string, texts: string[], lines: AsyncIterable<FileLine>): Promise<void> {
  let size = texts.reduce((sum, { length }) => sum + length, 0);
  for await (const { text } of lines) {
    texts.push(text);
    size += text.length + 1;
    if (size > LONGEST_LINE) {
      const message = `is one JSON value of more than ${LONGEST_LINE / 2 ** 20} MiB`;
      throw unreadable(file, message, 'write one pair a line (JSONL)');
    }
  }
}

function* entries(value: unknown, file: string): Generator<JsonRow> {
  if (!Array.isArray(value)) yield { value, where: file };
  else for (const [index, row] of value.entries()) yield { value: row, where: `${file}, row ${index + 1}` };
}

function valueIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noJson(text, where, error);
  }
}

function noJson(text: string, where: string, error?: unknown): Error {
  const message = `is no JSON${error === undefined ? '' : `: ${messageOf(error)}`}${looksLike(text)}`;
  return unreadable(where, message, 'name a file of JSON or JSONL');
}

function looksLike(text: string): string {
  const [line = ''] = text.split('\n', 1);
  if (/^\s*[{["]/.test(line)) return '';
  if (line.includes('\t')) return '; it looks like TSV';
  return line.includes(',') ? '; it looks like CSV' : '';
}
