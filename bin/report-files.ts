import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT, messageOf, UserError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import type { Io } from './io.ts';

/** Writes files of a report into a folder, which is made, and says where they are. Files of the same names are replaced. */
export async function writeReportFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  io: Io,
): Promise<void> {
  const place = resolve(io.cwd, folder);
  await mkdir(place, { recursive: true }).catch((error: unknown) => {
    throw new UserError(
      {
        where: place,
        message: `cannot be made: ${messageOf(error)}`,
        fix: 'Name another place with --out DIR.',
      },
      EXIT.environment,
      error,
    );
  });
  for (const [name, text] of Object.entries(files)) {
    await writeFileAtomic(join(place, name), text, 'derived');
    io.out(`${join(place, name)}\n`);
  }
}
