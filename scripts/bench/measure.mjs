/** Runs one child process after another and keeps what they measured. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, writtenWork } from './work.mjs';

export const REPETITIONS = 3;
const PROGRAM = join(ROOT, 'dist/bin/aligntrust.js');

/** The mock server as a process of its own. */
export async function startServer() {
  const server = spawn(process.execPath, [script('mock-server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve) => server.stdout.once('data', (data) => resolve(Number(data))));
  const origin = `http://127.0.0.1:${port}`;
  return { origin, reset: () => fetch(`${origin}/reset`), stop: () => server.kill() };
}

/** What a script measured of the given work; it must have answered all of it. */
export async function measured(name, work) {
  const { stdout } = await run([script(name), JSON.stringify(work)]);
  const figures = JSON.parse(stdout);
  if (figures.answered !== work.count || (figures.n ?? work.count) !== work.count) {
    throw new Error(`${name} answered ${figures.answered} of ${work.count}`);
  }
  return figures;
}

/** Loop and product by turns, so that whatever else the machine does meets both alike. */
export async function interleaved(server, work, say) {
  const pairs = [];
  for (let repetition = 1; repetition <= REPETITIONS; repetition++) {
    await server.reset();
    const loop = await measured('loop.mjs', { ...work, origin: server.origin });
    await server.reset();
    const product = await measured('product.mjs', { ...work, origin: server.origin });
    pairs.push({ loop, product });
    say(`loop ${ms(loop.wallMs)}, aligntrust ${ms(product.wallMs)}`);
  }
  return pairs;
}

/** Milliseconds of a whole `aligntrust run` of one prompt, process start to end. */
export async function startUp(server, say) {
  const folder = await mkdtemp(join(tmpdir(), 'aligntrust-bench-'));
  try {
    const work = { origin: server.origin, latency: '0', count: 1, slots: 1 };
    await writeFile(join(folder, 'bench.json'), JSON.stringify(writtenWork(work)));
    const times = [];
    for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
      const begun = performance.now();
      await run([PROGRAM, 'run', 'bench.json', '--quiet', '--new'], folder);
      times.push(performance.now() - begun);
    }
    // The first one also fills the system's file cache.
    say(`runs ${times.map(ms).join(', ')}`);
    return times.slice(1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run of 50,000 answers of five checkpoints that differ in four samples of ten, as a folder of runs. */
export async function manyAnswers(server) {
  const folder = await mkdtemp(join(tmpdir(), 'aligntrust-bench-'));
  const work = { origin: server.origin, latency: 'mix', count: 10_000, slots: 32 };
  const { tasks, settings, checkpoints } = writtenWork(work);
  const lineage = { sft: 'base', dpo: 'sft', ppo: 'sft', kto: 'sft' };
  const all = ['base', ...Object.keys(lineage)].map((id) => ({
    ...checkpoints[0],
    id,
    model: id,
    alignment: id === 'base' ? { method: 'none' } : { method: id, parent: lineage[id] },
  }));
  await writeFile(
    join(folder, 'bench.json'),
    JSON.stringify({ benchmark: 'bench', checkpoints: all, tasks, settings }),
  );
  await run([PROGRAM, 'run', 'bench.json', '--quiet'], folder);
  return folder;
}

/** Milliseconds of `aligntrust report --format html`, with every flip beside the page, process start to end. */
export async function reportOf(folder) {
  const begun = performance.now();
  await run([PROGRAM, 'report', '--format', 'html'], folder);
  return performance.now() - begun;
}

/** Effects of made-up outcomes: the figures that effects.mjs prints. */
export async function effectsOf(shape) {
  const { stdout } = await run([script('effects.mjs'), shape]);
  return JSON.parse(stdout);
}

/** All rule factors of made-up responses: the figures that factors.mjs prints. */
export async function factorsOf() {
  const { stdout } = await run([script('factors.mjs')]);
  return JSON.parse(stdout);
}

/** Factor scores of made-up pairs: the figures that profile.mjs prints. */
export async function profileOf(mode) {
  const { stdout } = await run([script('profile.mjs'), mode]);
  return JSON.parse(stdout);
}

/** Behaviours of made-up states and log-odds: the figures that dynamics.mjs prints. */
export async function dynamicsOf() {
  const { stdout } = await run([script('dynamics.mjs')]);
  return JSON.parse(stdout);
}

/** Curves of a made-up series: the figures that series.mjs prints. */
export async function seriesOf() {
  const { stdout } = await run([script('series.mjs')]);
  return JSON.parse(stdout);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

export function ms(value) {
  return `${Math.round(value)} ms`;
}

function script(name) {
  return join(ROOT, 'scripts/bench', name);
}

function run(args, cwd = ROOT) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${args[0]} ended with ${code}:\n${output.stderr}`)),
    );
  });
}
