/**
 * What behaviours cost: 135 of them with 1,000 statements each, of which every one has log-odds and a hidden state of 128
 * numbers, made up outcome by outcome, streamed through the collection and summarised with everything a report has.
 * Prints { wallMs, bareMs, maxRssBytes, outcomes } as JSON; `bareMs` is a bare pass over the same outcomes.
 */
import { fromDist } from './work.mjs';

const [BEHAVIOURS, STATEMENTS, WIDTH] = [135, 1000, 128];
const STATES = 'dynamics/states@made:robust';
const ODDS = 'dynamics/behaviour@made:robust';

/** A number in [0, 1) from two small ones (a 32-bit finaliser). */
function uniform(a, b) {
  let hash = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Made once and used again and again, so that making them costs next to nothing. */
const DIFFERENT = 4096;

const details = Array.from({ length: DIFFERENT }, (_, place) => {
  const matching = place % 2 === 0 ? 'yes' : 'no';
  const side = matching === 'yes' ? 0.2 : -0.2;
  const numbers = Float32Array.from({ length: WIDTH }, (_unused, at) => uniform(place, at) - 0.5 + side);
  const yesLogOdds = 4 * (uniform(place, 500) - 0.5 + side);
  return {
    state: { vector: Buffer.from(numbers.buffer).toString('base64'), width: WIDTH, matching },
    odds: { yesLogOdds, mass: 0.9, matching, tokens: 1 },
    matches: Number(yesLogOdds > 0 === (matching === 'yes')),
  };
});

async function* outcomes() {
  for (const [instrument, member] of [
    [ODDS, 'odds'],
    [STATES, 'state'],
  ]) {
    for (let behaviour = 0; behaviour < BEHAVIOURS; behaviour++) {
      for (let statement = 0; statement < STATEMENTS; statement++) {
        const known = details[Math.floor(DIFFERENT * uniform(behaviour, statement))];
        const sample = `${behaviour}-${statement}`;
        yield {
          checkpoint: 'sft',
          instrument,
          sample,
          cluster: sample,
          strata: { behaviour: `behaviour-${behaviour}`, matching: known.state.matching },
          repeat: 0,
          outcome: { kind: 'scored', values: { matching: known.matches }, detail: known[member] },
          answers: [],
          content: null,
        };
      }
    }
  }
}

const { DynamicsCollector } = await fromDist('results/dynamics/collect.js');
const { dynamicsSummary } = await fromDist('results/dynamics/summarise-dynamics.js');
const begunBare = performance.now();
for await (const _ of outcomes()) void _;
const bareMs = performance.now() - begunBare;
const used = process.cpuUsage().user;
const begun = performance.now();
const instruments = [ODDS, STATES];
const collector = new DynamicsCollector({ instruments, checkpoints: ['sft'] });
for await (const record of outcomes()) collector.enter(record);
const checkpoint = {
  id: 'sft',
  method: 'sft',
  parent: null,
  data: null,
  recipe: null,
  step: null,
  seed: null,
};
const identity = { digest: 'sft', facts: {} };
const summary = dynamicsSummary(collector.collected(), {
  instruments,
  checkpoints: [{ ...checkpoint, family: null, control: null, promptFormat: 'raw', identity }],
  cells: [],
  reference: null,
});
const wallMs = performance.now() - begun;
const cpuMs = (process.cpuUsage().user - used) / 1000;
const told = [...summary.states, ...summary.odds].filter(({ reason }) => reason === null);
const counted = told.reduce((sum, { positive, negative }) => sum + positive + negative, 0);
if (told.length !== 2 * BEHAVIOURS || counted !== 2 * BEHAVIOURS * STATEMENTS) {
  throw new Error(`${counted} statements of ${told.length} behaviours were told`);
}
process.stdout.write(
  JSON.stringify({
    bareMs,
    wallMs,
    cpuMs,
    outcomes: counted,
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
