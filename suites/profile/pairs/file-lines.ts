import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { codeOf, EXIT, messageOf, UserError } from '../../../core/errors.ts';

/** A line of text, without its end. */
export interface FileLine {
  readonly text: string;
  /** 1 for the first. */
  readonly number: number;
}

export interface ReadFileOptions {
  /** Hears how much of the file was read, in bytes as they lie on disk. */
  readonly onProgress?: (read: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const NEWLINE = 0x0a;
/** A file may be one line of JSON; more than this is no text that can be held. */
export const LONGEST_LINE = 500 * 2 ** 20;

/**
 * Lines of a UTF-8 file, gzipped or not, with constant memory apart from the longest line. A byte order mark is taken away.
 *
 * @throws UserError (exit code 3) that names file and line: no such file, a Git LFS pointer, Parquet, a page instead of
 *   data, bytes that are not UTF-8, a broken archive
 */
export async function* fileLines(file: string, options: ReadFileOptions = {}): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  const decoded = (line: Uint8Array): FileLine => {
    number++;
    try {
      return { text: decoder.decode(line), number };
    } catch (error) {
      throw unreadable(`${file}:${number}`, 'is not UTF-8 text', 'save the file as UTF-8', error);
    }
  };
  const parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunksOf(file, options)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      parts.push(chunk.subarray(start, end));
      yield decoded(parts.length === 1 ? chunk.subarray(start, end) : Buffer.concat(parts));
      parts.length = 0;
      held = 0;
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    held += chunk.length - start;
    if (held > LONGEST_LINE) {
      const message = `is longer than ${LONGEST_LINE / 2 ** 20} MiB`;
      throw unreadable(`${file}:${number + 1}`, message, 'write one pair a line (JSONL)');
    }
  }
  if (held > 0) yield decoded(Buffer.concat(parts));
}

/** Unpacked bytes. */
async function* chunksOf(file: string, { onProgress, signal }: ReadFileOptions): AsyncGenerator<Buffer> {
  const { head, size } = await beginning(file);
  refuseOther(file, head);
  const plain = createReadStream(file, {
    highWaterMark: 2 ** 18,
    ...(signal === undefined ? {} : { signal }),
  });
  let read = 0;
  plain.on('data', (chunk) => {
    read += chunk.length;
    onProgress?.(read, size);
  });
  let stream: AsyncIterable<unknown> = plain;
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const gunzip = createGunzip();
    plain.on('error', (error) => gunzip.destroy(error));
    stream = plain.pipe(gunzip);
  }
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    if (signal?.aborted === true || UserError.is(error)) throw error;
    throw unreadable(file, `cannot be read: ${messageOf(error)}`, 'fetch the file again', error);
  } finally {
    plain.destroy();
  }
}

async function beginning(file: string): Promise<{ readonly head: Buffer; readonly size: number }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const head = Buffer.alloc(256);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      return { head: head.subarray(0, bytesRead), size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const message =
      codeOf(error) === 'ENOENT' ? 'there is no such file' : `cannot be read: ${messageOf(error)}`;
    throw unreadable(file, message, 'name a file with pairs of responses', error);
  }
}

/** What is often met in the place of a data file, told by its first bytes. */
function refuseOther(file: string, head: Buffer): void {
  const text = head.toString('latin1');
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    throw unreadable(
      file,
      'is a Git LFS pointer: 130 bytes that stand for the data',
      'fetch it with `git lfs pull`',
    );
  }
  if (text.startsWith('PAR1')) {
    throw unreadable(
      file,
      'is Parquet',
      'write it as JSONL first, for example with datasets: Dataset.to_json(...)',
    );
  }
  if (/^\s*<(?:!doctype|html)/i.test(text)) {
    throw unreadable(file, 'is a web page', 'download the file itself, not the page that shows it');
  }
  if (/^(?:\xff\xfe|\xfe\xff)/.test(text)) {
    throw unreadable(file, 'is UTF-16 text', 'save the file as UTF-8');
  }
}

export function unreadable(where: string, message: string, fix: string, cause?: unknown): UserError {
  return new UserError({ where, message, fix }, EXIT.environment, cause);
}
