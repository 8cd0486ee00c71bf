/**
 * Bundles the program to dist/, with the licences of what it bundles, and publishes the JSON Schemas. Everything is
 * built aside and swapped in at the end, so a failed build leaves the last good one in place.
 *
 * Bundled because of the start: Node.js opens, resolves and links some 570 small files one by one otherwise, which is
 * half of the time that a short run takes. Data files are not copied; they are read where they lie in the package.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fresh = join(root, `dist.new.${process.pid}`);
const dist = join(root, 'dist');

/** What people and the engine's own process start. */
const PROGRAMS = ['bin/aligntrust.ts', 'adapters/gguf/engine.ts'];
/** What other programs import by the package's name: `exports` in package.json. */
const ENTRIES = ['results/statistics/public.ts'];
/** What scripts and tests of this repository take out of the compiled program. */
const PARTS = [
  'adapters/gguf/index.ts',
  'benchmarks/definition/load.ts',
  'benchmarks/journal/journal.ts',
  'benchmarks/run/build-request.ts',
  'benchmarks/run/prepare-tasks.ts',
  'benchmarks/run/run-benchmark.ts',
  'benchmarks/run/stop.ts',
  'bin/summarise-run.ts',
  'core/random.ts',
  'results/cells.ts',
  'results/dynamics/collect.ts',
  'results/dynamics/summarise-dynamics.ts',
  'results/outcomes/table.ts',
  'results/profile/collect.ts',
  'results/profile/summarise-profile.ts',
  'results/report/charts/series/series-figures.ts',
  'results/report/html/series/section.ts',
  'results/series/series.ts',
  'results/statistics/factor-bootstrap.ts',
  'results/summarise.ts',
  'suites/datasets/index.ts',
  'suites/profile/factors/factor.ts',
  'suites/registry.ts',
];

try {
  const { metafile } = await bundle();
  writeLicences(packagesIn(metafile));
  chmodSync(join(fresh, 'bin', 'aligntrust.js'), 0o755);
  publishSchemas();
  declareTypes();
  swap();
  linkCommand();
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function bundle() {
  return build({
    absWorkingDir: root,
    entryPoints: [...PROGRAMS, ...ENTRIES, ...PARTS],
    outbase: '.',
    outdir: fresh,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['node-llama-cpp', '@huggingface/transformers', '@resvg/resvg-js'],
    // Bundled CommonJS asks for Node's own modules by require, which modules do not have.
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
    // White space takes a tenth of the start to read; names stay, so that a stack trace can be understood.
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'warning',
  });
}

/** Names of the packages of which some file was bundled, sorted. */
function packagesIn({ inputs }) {
  const names = Object.keys(inputs).map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

function writeLicences(names) {
  const texts = names.map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled and has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  const head = 'The files in this folder contain code of the following packages, unchanged.\n';
  writeFileSync(join(fresh, 'THIRD-PARTY-LICENSES.txt'), [head, ...texts].join(`\n${'-'.repeat(72)}\n\n`));
}

function publishSchemas() {
  mkdirSync(join(fresh, 'schemas'), { recursive: true });
  for (const name of ['definition', 'summary', 'leaderboard', 'comparison', 'gate']) {
    const text = execFileSync(process.execPath, [join(fresh, 'bin', 'aligntrust.js'), 'schema', name]);
    writeFileSync(join(fresh, 'schemas', `${name}.schema.json`), text);
  }
}

/** Declarations of what is imported by name; TypeScript writes them file by file, so they keep their folders. */
function declareTypes() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: fresh,
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [],
    files: ENTRIES.map((entry) => join(root, entry)),
  };
  const project = join(fresh, 'tsconfig.types.json');
  writeFileSync(project, JSON.stringify(options));
  execFileSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
  rmSync(project);
}

function swap() {
  const old = join(root, `dist.old.${process.pid}`);
  try {
    renameSync(dist, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Lets `npx aligntrust` in this checkout start at once; without the link npx installs the checkout into its cache. */
function linkCommand() {
  const bin = join(root, 'node_modules', '.bin');
  if (process.platform === 'win32' || !existsSync(bin)) return;
  rmSync(join(bin, 'aligntrust'), { force: true });
  symlinkSync(join('..', '..', 'dist', 'bin', 'aligntrust.js'), join(bin, 'aligntrust'));
}
