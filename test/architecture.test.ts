import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../core/package-root.ts';

const FOLDERS = ['core', 'adapters', 'suites', 'benchmarks', 'results', 'bin'] as const;
const SDKS = ['openai', 'ollama', 'node-llama-cpp', 'commander', 'p-queue'];

interface Import {
  readonly from: string;
  /** A path inside the repository, or a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
);
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(packageRoot(), file), 'utf8');
  const statements = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g,
  );
  return [...statements].map(([, type, statement, dynamic, bare]) => {
    const specifier = statement ?? dynamic ?? bare ?? '';
    const to = specifier.startsWith('.')
      ? relative(packageRoot(), join(packageRoot(), dirname(file), specifier))
      : specifier;
    return { from: file, to, typeOnly: type !== undefined };
  });
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** Imports of `from` that leave it for one of our folders and are not allowed. */
function strays(from: string, isAllowed: (one: Import) => boolean): string[] {
  return imports
    .filter((one) => one.from.startsWith(`${from}/`) && !one.to.startsWith(`${from}/`))
    .filter(({ to }) => (FOLDERS as readonly string[]).includes(folderOf(to)))
    .filter((one) => folderOf(one.to) !== 'core' && !isAllowed(one))
    .map(({ from: file, to }) => `${file} → ${to}`);
}

describe('who may import whom (docs/architecture.md §4)', () => {
  it('sees the imports of every folder', () => {
    for (const folder of FOLDERS)
      expect(imports.filter(({ from }) => from.startsWith(folder)).length).toBeGreaterThan(3);
  });

  it('core imports nothing of ours', () => {
    const found = imports.filter(
      ({ from, to }) => from.startsWith('core/') && FOLDERS.includes(folderOf(to) as never),
    );
    expect(found.filter(({ to }) => folderOf(to) !== 'core')).toEqual([]);
  });

  it('adapters know no suite, benchmark or result, except for the record types that replay reads', () => {
    const isRecordType = ({ to, typeOnly }: Import) => to === 'benchmarks/journal/records.ts' && typeOnly;
    expect(strays('adapters', isRecordType)).toEqual([]);
  });

  it('an adapter does not know another adapter', () => {
    const backends = ['gguf', 'ollama', 'openai', 'moderation', 'replay', 'scripted', 'transformers'].map(
      (name) => `adapters/${name}/`,
    );
    const crossing = imports.filter(({ from, to }) => {
      const own = backends.find((backend) => from.startsWith(backend));
      return own !== undefined && backends.some((backend) => backend !== own && to.startsWith(backend));
    });
    expect(crossing).toEqual([]);
  });

  it('suites know of adapters the types alone, and no benchmark or result', () => {
    expect(strays('suites', ({ to, typeOnly }) => to === 'adapters/model.ts' && typeOnly)).toEqual([]);
  });

  it('benchmarks know adapters and suites, and no result', () => {
    expect(strays('benchmarks', ({ to }) => ['adapters', 'suites'].includes(folderOf(to)))).toEqual([]);
  });

  it('results know the contract of suites and types of records alone', () => {
    const types = ['benchmarks/journal/records.ts', 'adapters/model.ts'];
    const isAllowed = ({ to, typeOnly }: Import) =>
      to === 'suites/task.ts' || (types.includes(to) && typeOnly);
    expect(strays('results', isAllowed)).toEqual([]);
  });

  it('statistics import nothing but themselves and the seeded random numbers', () => {
    const found = imports.filter(({ from }) => from.startsWith('results/statistics/'));
    const stray = found.filter(({ to }) => !to.startsWith('results/statistics/') && to !== 'core/random.ts');
    expect(stray).toEqual([]);
  });

  it('nothing imports bin', () => {
    expect(imports.filter(({ from, to }) => !from.startsWith('bin/') && to.startsWith('bin/'))).toEqual([]);
  });

  it.each(SDKS)('%s is imported in one file', (sdk) => {
    const users = imports.filter(({ to, typeOnly }) => to === sdk && !typeOnly).map(({ from }) => from);
    expect(new Set(users).size).toBeLessThanOrEqual(1);
  });

  it('what a bundled CommonJS package exports is taken from its default', () => {
    // In the bundle `await import()` of such a package has nothing but a default; only the built program would show it.
    const taken = files.flatMap((file) => {
      const text = readFileSync(join(packageRoot(), file), 'utf8');
      const found = text.matchAll(/(?:\{([^{}=]*)\}|\w+) = await import\('([^'.][^']*)'\)/g);
      return [...found]
        .filter(([, names = '', to = '']) => isCommonJs(to) && !names.includes('default'))
        .map(([statement]) => `${file}: ${statement}`);
    });
    expect(isCommonJs('ajv/dist/2020.js') && isCommonJs('undici') && !isCommonJs('openai')).toBe(true);
    expect(taken).toEqual([]);
  });

  it('there is no cycle', () => {
    expect(findCycle(imports.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });
});

function isCommonJs(specifier: string): boolean {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '';
  const path = join(packageRoot(), 'node_modules', name, 'package.json');
  if (!existsSync(path)) return false;
  const { type, exports } = JSON.parse(readFileSync(path, 'utf8')) as { type?: string; exports?: unknown };
  return type !== 'module' && exports === undefined;
}

/** The files of one import cycle, or none. */
function findCycle(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    const at = path.indexOf(file);
    if (at !== -1) return [...path.slice(at), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const to of next.get(file) ?? []) {
      const cycle = visit(to);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
