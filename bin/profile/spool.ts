import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageError } from '../../core/storage-error.ts';
import type { Io } from '../io.ts';

const AT_ONCE = 2 ** 18;

/** Takes pieces of text in order; small ones are gathered before they are written. */
export interface TextSink {
  write(text: string): Promise<void>;
}

/**
 * A file that appears under its name only when the work is done, or the standard output where none is named. Work that
 * throws leaves nothing behind.
 *
 * @throws UserError (exit code 3) when the disk refuses
 */
export async function writeTo(
  out: string | undefined,
  io: Io,
  work: (sink: TextSink) => Promise<void>,
): Promise<void> {
  if (out === undefined) {
    await work({ write: async (text) => io.out(text) });
    return;
  }
  await throughTemporary(out, `${out}.${unique()}.tmp`, async (handle, temporary) => {
    await filled(handle, out, work);
    await rename(temporary, out);
  });
}

/**
 * Runs the first part while its text is kept aside, then hands over the text that was kept: for formats whose beginning
 * is known only at the end.
 */
export async function spooled(
  work: (sink: TextSink) => Promise<void>,
  then: (kept: AsyncIterable<string>) => Promise<void>,
): Promise<void> {
  const file = join(tmpdir(), `aligntrust-${unique()}.tmp`);
  await throughTemporary(file, file, async (handle) => {
    await handle.chmod(0o600);
    await filled(handle, file, work);
    await then(createReadStream(file, { encoding: 'utf8', highWaterMark: AT_ONCE }) as AsyncIterable<string>);
  });
}

async function throughTemporary(
  named: string,
  temporary: string,
  work: (handle: FileHandle, temporary: string) => Promise<void>,
): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(temporary, 'wx');
  } catch (error) {
    throw storageError(named, error);
  }
  try {
    await work(handle, temporary);
  } finally {
    await handle.close();
    await rm(temporary, { force: true });
  }
}

async function filled(
  handle: FileHandle,
  named: string,
  work: (sink: TextSink) => Promise<void>,
): Promise<void> {
  let held: string[] = [];
  let size = 0;
  const flush = async () => {
    const text = held.join('');
    held = [];
    size = 0;
    try {
      await handle.appendFile(text);
    } catch (error) {
      throw storageError(named, error);
    }
  };
  await work({
    write: async (text) => {
      held.push(text);
      size += text.length;
      if (size >= AT_ONCE) await flush();
    },
  });
  await flush();
}

function unique(): string {
  return `${process.pid}.${randomBytes(4).toString('hex')}`;
}
