import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let root: string | undefined;

/** The folder of aligntrust's own package.json, from the sources as from the compiled files. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isOwnPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('aligntrust cannot find its own package.json');
    folder = parent;
  }
  root = folder;
  return folder;
}

/** A file that comes with aligntrust, by its path in the repository: data are read where they lie, never copied. */
export function packageFile(...path: readonly string[]): string {
  return join(packageRoot(), ...path);
}

/** The version in package.json. */
export function packageVersion(): string {
  return readManifest(packageRoot()).version;
}

function isOwnPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json')) && readManifest(folder).name === 'aligntrust';
}

function readManifest(folder: string): { name: string; version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string };
}
