/**
 * What a confidence sequence costs and how often it misses, measured: the tables of docs/sequential.md. Seeds are fixed;
 * Monte-Carlo errors are printed.
 *
 *     node scripts/sequential/measure.mjs        (half a minute on one core)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { BettingSequence, seededRandom } = await bundled();

async function bundled() {
  const folder = mkdtempSync(join(tmpdir(), 'aligntrust-sequential-'));
  const outfile = join(folder, 'parts.mjs');
  const contents =
    "export { BettingSequence } from './results/sequential/betting.ts'; export { seededRandom } from './core/random.ts';";
  await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A cluster of paired differences: each sample copies the cluster's draw with probability `alike`. */
function clusterOf(random, { up, down, sizes, alike }) {
  const count = sizes[random.integer(sizes.length)];
  const shared = random.next();
  let sum = 0;
  for (let sample = 0; sample < count; sample++) {
    const draw = random.next() < alike ? shared : random.next();
    sum += draw < up ? 1 : draw > 1 - down ? -1 : 0;
  }
  return { sum, count };
}

/** Samples until the width is reached, against those of a fixed plan for the same width with the true variance. */
function cost({ up, down, sizes, alike, width }, runs = 40) {
  const random = seededRandom(11);
  const largestCluster = Math.max(...sizes);
  let samples = 0;
  for (let run = 0; run < runs; run++) {
    const sequence = new BettingSequence({ reach: 1, largestCluster, width, clusters: 20_000 });
    for (let done = false; !done; ) {
      const step = clusterOf(random, { up, down, sizes, alike });
      sequence.add(step);
      samples += step.count;
      if (sequence.steps % 10 !== 0) continue;
      const { low, high } = sequence.interval(0.05);
      done = high - low < width;
    }
  }
  const mean = up - down;
  const variance = up + down - mean ** 2;
  const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const squares = sizes.reduce((sum, size) => sum + size ** 2, 0) / sizes.length;
  // Two samples of a cluster both copy its draw with probability alike².
  const designEffect = 1 + (squares / average - 1) * alike ** 2;
  const fixed = ((2 * 1.959964) ** 2 * variance * designEffect) / width ** 2;
  return { sequential: samples / runs, fixed };
}

console.log('samples until the 95 % interval is narrower than the width, mean of 40 runs');
const shapes = {
  '10 % differ': { up: 0.06, down: 0.04, sizes: [1], alike: 0 },
  '30 % differ': { up: 0.2, down: 0.1, sizes: [1], alike: 0 },
  '60 % differ': { up: 0.5, down: 0.1, sizes: [1], alike: 0 },
  '30 % differ, clusters of 4': { up: 0.2, down: 0.1, sizes: [4], alike: 0.5 },
  '30 % differ, clusters of 1 to 7': { up: 0.2, down: 0.1, sizes: [1, 2, 3, 4, 5, 6, 7], alike: 0.5 },
};
for (const [name, shape] of Object.entries(shapes))
  for (const width of [0.2, 0.1]) {
    const { sequential, fixed } = cost({ ...shape, width });
    console.log(
      `${name}, width ${width}: ${Math.round(sequential)} against ${Math.round(fixed)} fixed: ×${(sequential / fixed).toFixed(1)}`,
    );
  }

console.log(
  '\nruns of 2,000 in which any of the looks misses the truth (300 clusters, a look every 5 from 20 on)',
);
for (const shape of [
  { up: 0.05, down: 0.05, sizes: [1], alike: 0 },
  { up: 0.3, down: 0.1, sizes: [1], alike: 0 },
  { up: 0.3, down: 0.1, sizes: [1, 2, 3], alike: 0.7 },
]) {
  const random = seededRandom(12);
  const truth = shape.up - shape.down;
  let missed = 0;
  for (let run = 0; run < 2000; run++) {
    const bounds = { reach: 1, largestCluster: Math.max(...shape.sizes), width: 0.15, clusters: 300 };
    const sequence = new BettingSequence(bounds);
    let out = false;
    for (let cluster = 1; cluster <= 300 && !out; cluster++) {
      sequence.add(clusterOf(random, shape));
      if (cluster % 5 === 0 && cluster >= 20) out = sequence.p(truth) < 0.05;
    }
    if (out) missed++;
  }
  const rate = missed / 2000;
  const error = Math.sqrt((0.05 * 0.95) / 2000);
  console.log(
    `${JSON.stringify(shape)}: ${(100 * rate).toFixed(1)} % (bound 5 %, Monte-Carlo error ${(100 * error).toFixed(1)})`,
  );
  if (rate > 0.05 + 2.33 * error) process.exitCode = 1;
}
