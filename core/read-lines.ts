import { open } from 'node:fs/promises';

/** A line and where it stands in the file, in bytes. */
export interface PlacedLine {
  readonly text: string;
  readonly offset: number;
  /** Bytes of the line without its newline. */
  readonly length: number;
  /** 1 for the first. */
  readonly number: number;
  /** Whether a newline ends it; false at most for the last line. */
  readonly ended: boolean;
}

const NEWLINE = 0x0a;
const READ_BYTES = 1 << 18;

export interface ReadLinesOptions {
  /** Sees every byte of the file in order, for a digest that costs no second reading. */
  readonly onChunk?: (chunk: Buffer) => void;
  /** Bytes of the longest line that is accepted. */
  readonly longest?: number;
}

/**
 * Lines of a file in order, with constant memory apart from the longest line.
 *
 * @throws RangeError for a line beyond `longest`, and the file system's errors.
 */
export async function* readLines(path: string, options: ReadLinesOptions = {}): AsyncGenerator<PlacedLine> {
  const { onChunk, longest = Number.POSITIVE_INFINITY } = options;
  const file = await open(path);
  try {
    let rest: Buffer = Buffer.alloc(0);
    let offset = 0;
    let number = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      onChunk?.(chunk);
      const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, start)) {
        number++;
        yield { text: data.toString('utf8', start, end), offset, length: end - start, number, ended: true };
        offset += end + 1 - start;
        start = end + 1;
      }
      rest = data.subarray(start);
      if (rest.length > longest) throw new RangeError(`line ${number + 1} is longer than ${longest} bytes`);
    }
    if (rest.length > 0) {
      yield { text: rest.toString('utf8'), offset, length: rest.length, number: number + 1, ended: false };
    }
  } finally {
    // A stream would close after the reader has gone on; whoever reads next may want to rename or remove the file.
    await file.close();
  }
}
