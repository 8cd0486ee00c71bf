/**
 * What factor scores cost. MODE `pairs`: one million pairs of 250,000 prompts with 20 factors, rated by a checkpoint and
 * by people, made up outcome by outcome, streamed through the collection and scored with everything a report has.
 * `bootstrap`: 2,000 resamples of 1,000 prompts under 15 factors. Prints { wallMs, bareMs, maxRssBytes, pairs } as JSON;
 * `bareMs` is a bare pass over the same outcomes.
 */
import { fromDist } from './work.mjs';

const mode = process.argv[2] ?? 'pairs';
const INSTRUMENT = 'profile/evaluation@made:robust';

/** A number in [0, 1) from two small ones (a 32-bit finaliser). */
function uniform(a, b) {
  let hash = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

const factorsOf = (count) =>
  Array.from({ length: count }, (_, index) => ({
    key: index === 0 ? 'length' : `factor-${index}`,
    label: `factor ${index}`,
    level1: 'form',
    level2: `group-${index % 7}`,
    unit: 'share',
  }));

/** Made once and used again and again, so that making them costs next to nothing. */
const DIFFERENT = 4096;

function details(factors) {
  return Array.from({ length: DIFFERENT }, (_, pair) => {
    const values = {};
    let pull = uniform(pair, 99) - 0.5;
    for (const [index, { key }] of factors.entries()) {
      // Small whole numbers, so that ties occur; one value in a hundred is missing.
      const [a, b] = [0, 1].map((side) => Math.floor(40 * uniform(pair, 2 * index + side)));
      values[key] = uniform(pair, 1000 + index) < 0.01 ? [a, null] : [a, b];
      pull += ((a - b) / 40) * (index % 3 === 0 ? 0.4 : 0);
    }
    const preference = uniform(pair, 500) < 0.1 ? 0 : Math.sign(pull);
    return {
      setting: 'evaluation',
      status: preference === 0 ? 'position_inconsistent' : 'ok',
      preference,
      human: uniform(pair, 600) < 0.7 ? Math.sign(pull) : -Math.sign(pull),
      factors: values,
    };
  });
}

async function* outcomes(pairs, known) {
  for (let pair = 0; pair < pairs; pair++) {
    yield {
      checkpoint: 'sft',
      instrument: INSTRUMENT,
      sample: `pair-${pair}`,
      cluster: `prompt-${Math.floor(pair / 4)}`,
      strata: {},
      repeat: 0,
      outcome: { kind: 'scored', values: {}, detail: known[Math.floor(DIFFERENT * uniform(pair, 1))] },
      answers: [],
      content: null,
    };
  }
}

async function scored(pairs) {
  const { collectProfile } = await fromDist('results/profile/collect.js');
  const { profileSummary } = await fromDist('results/profile/summarise-profile.js');
  const factors = factorsOf(20);
  const keys = factors.map(({ key }) => key);
  const known = details(factors);
  const begunBare = performance.now();
  for await (const _ of outcomes(pairs, known)) void _;
  const bareMs = performance.now() - begunBare;
  const used = process.cpuUsage().user;
  const begun = performance.now();
  const collected = await collectProfile(outcomes(pairs, known), {
    instruments: [INSTRUMENT],
    checkpoints: ['sft'],
    factors: keys,
    lengthFactor: 'length',
  });
  const collectedCpuMs = (process.cpuUsage().user - used) / 1000;
  const summary = profileSummary(collected, {
    factors,
    lengthFactor: 'length',
    checkpoints: [],
    effects: [],
    seed: 1,
  });
  const wallMs = performance.now() - begun;
  const counted = summary.tables.reduce((sum, table) => sum + table.pairs, 0);
  if (counted !== 2 * pairs) throw new Error(`${counted} of ${2 * pairs} preferences counted`);
  return { bareMs, wallMs, collectedCpuMs, cpuMs: (process.cpuUsage().user - used) / 1000 };
}

async function resampled() {
  const { PromptResamples, replicateInterval } = await fromDist('results/statistics/factor-bootstrap.js');
  const { seededRandom } = await fromDist('core/random.js');
  const [prompts, factors] = [1000, 15];
  const terms = Array.from({ length: factors }, (_, factor) => ({
    numerators: Float64Array.from(
      { length: prompts },
      (_unused, prompt) => Math.floor(9 * uniform(prompt, factor)) - 4,
    ),
    denominators: new Float64Array(prompts).fill(10),
  }));
  const begun = performance.now();
  const resamples = new PromptResamples(prompts, seededRandom(1));
  const ends = terms.map((term) => replicateInterval(resamples.replicates(term), prompts));
  const wallMs = performance.now() - begun;
  if (ends.some(({ low, high }) => low === null || !(low < high))) throw new Error('an interval is missing');
  return { bareMs: 0, wallMs };
}

const found = mode === 'pairs' ? await scored(Number(process.argv[3] ?? 1_000_000)) : await resampled();
process.stdout.write(JSON.stringify({ ...found, maxRssBytes: process.resourceUsage().maxRSS * 1024 }));
