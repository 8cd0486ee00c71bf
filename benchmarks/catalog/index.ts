import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../../core/package-root.ts';

const folder = packageFile('benchmarks', 'catalog');

/** The benchmarks that come with aligntrust, by name. */
export function catalogNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** The path of a benchmark of the catalogue; undefined when there is none of that name. */
export function catalogFile(name: string): string | undefined {
  if (!/^[a-z0-9-]+$/.test(name)) return undefined;
  const path = join(folder, `${name}.yaml`);
  return existsSync(path) ? path : undefined;
}
