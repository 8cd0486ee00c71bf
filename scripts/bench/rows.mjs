/** What is promised, and how it is measured. Every row returns a value that must not exceed its bound. */
import { rm } from 'node:fs/promises';
import {
  dynamicsOf,
  effectsOf,
  factorsOf,
  interleaved,
  manyAnswers,
  measured,
  median,
  ms,
  profileOf,
  REPETITIONS,
  reportOf,
  seriesOf,
  startUp,
} from './measure.mjs';

const MIB = 2 ** 20;

export async function measureRows(server, say) {
  return [
    ...(await zeroLatency(server, say)),
    await ratioRow(
      server,
      say,
      '50 ms a reply, 2,000 samples, 64 at once',
      { latency: '50', count: 2000, slots: 64 },
      1.3,
    ),
    await ratioRow(
      server,
      say,
      'lognormal replies (median 200 ms, σ 0.5), 3,000 samples, 32 at once',
      { latency: 'ln200', count: 3000, slots: 32 },
      1.05,
    ),
    ...(await memory(server, say)),
    await start(server, say),
    await inProcess(say, { count: 300 }, '300 questions scored'),
    await inProcess(
      say,
      { count: 300, pairs: true },
      '300 preference pairs scored, prompt and both answers of each once',
    ),
    await reading(say),
    await factors(say),
    ...(await effects(say)),
    ...(await profile(say)),
    await series(say),
    ...(await dynamics(say)),
    await report(server, say),
  ];
}

async function effects(say) {
  say('effects');
  const rounds = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    rounds.push(await effectsOf('effects'));
    say(`effects ${ms(rounds.at(-1).wallMs)}`);
  }
  const large = await effectsOf('large');
  const seconds = median(rounds.map(({ wallMs }) => wallMs)) / 1000;
  const most = (all) => median(all.map(({ maxRssBytes }) => maxRssBytes)) / MIB;
  const [{ outcomes, effects: count, bareMs }] = rounds;
  const what = `effects of 12 checkpoints × 20 tasks × 2,000 samples`;
  const detail = `${count.toLocaleString('en')} effects of ${outcomes.toLocaleString('en')} outcomes; a bare pass over them takes ${ms(bareMs)}`;
  return [
    row(what, seconds, 20, `${seconds.toFixed(1)} s`, '20 s', detail),
    row(`${what}: memory`, most(rounds), 500, `${most(rounds).toFixed(0)} MB`, '500 MB', ''),
    row(
      'memory of the summary of 200,000 answers',
      most([large]),
      1000,
      `${most([large]).toFixed(0)} MB`,
      '1,000 MB',
      '',
    ),
  ];
}

async function profile(say) {
  say('factor scores');
  const rounds = { pairs: [], bootstrap: [] };
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const mode of Object.keys(rounds)) {
      rounds[mode].push(await profileOf(mode));
      say(`${mode} ${ms(rounds[mode].at(-1).wallMs)}`);
    }
  }
  const seconds = (mode) => median(rounds[mode].map(({ wallMs }) => wallMs)) / 1000;
  const peak = median(rounds.pairs.map(({ maxRssBytes }) => maxRssBytes)) / MIB;
  const bare = median(rounds.pairs.map(({ bareMs }) => bareMs));
  const what = 'factor scores of 1,000,000 pairs × 20 factors, a checkpoint and people';
  const detail = `read as a stream and scored with intervals, tests and models; a bare pass over them takes ${ms(bare)}`;
  return [
    row(what, seconds('pairs'), 20, `${seconds('pairs').toFixed(1)} s`, '20 s', detail),
    row(`${what}: memory`, peak, 1000, `${peak.toFixed(0)} MB`, '1,000 MB', ''),
    row(
      '2,000 resamples of 1,000 prompts × 15 factors',
      seconds('bootstrap'),
      2,
      `${seconds('bootstrap').toFixed(2)} s`,
      '2 s',
      '',
    ),
  ];
}

async function dynamics(say) {
  say('behaviours');
  const rounds = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    rounds.push(await dynamicsOf());
    say(`behaviours ${ms(rounds.at(-1).wallMs)}`);
  }
  const seconds = median(rounds.map(({ wallMs }) => wallMs)) / 1000;
  const peak = median(rounds.map(({ maxRssBytes }) => maxRssBytes)) / MIB;
  const what = '135 behaviours × 1,000 statements, hidden states of 128 numbers and log-odds';
  const detail = `read as a stream and told apart; a bare pass over them takes ${ms(rounds[0].bareMs)}`;
  return [
    row(what, seconds, 20, `${seconds.toFixed(1)} s`, '20 s', detail),
    row(`${what}: memory`, peak, 500, `${peak.toFixed(0)} MB`, '500 MB', ''),
  ];
}

async function series(say) {
  say('series');
  const rounds = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    rounds.push(await seriesOf());
    say(`series ${ms(rounds.at(-1).computedMs)}, drawn in ${ms(rounds.at(-1).renderedMs)}`);
  }
  const seconds = median(rounds.map(({ computedMs, renderedMs }) => computedMs + renderedMs)) / 1000;
  const computed = median(rounds.map(({ computedMs }) => computedMs));
  const [{ curves, bands, bytes }] = rounds;
  return row(
    'curves of 50 checkpoints × 20 tasks × 500 samples, with bands, fronts and a step to keep, computed and drawn',
    seconds,
    3,
    `${seconds.toFixed(2)} s`,
    '3 s',
    `${curves} curves, ${bands} of them with bands, computed in ${ms(computed)}; ${Math.round(bytes / 1000).toLocaleString('en')} kB of page`,
  );
}

async function report(server, say) {
  say('report of 50,000 answers');
  const folder = await manyAnswers(server);
  try {
    const times = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      times.push(await reportOf(folder));
      say(ms(times.at(-1)));
    }
    const seconds = median(times) / 1000;
    const what = 'page of a run of 50,000 answers with all its flips, process start to end';
    return row(what, seconds, 10, `${seconds.toFixed(1)} s`, '10 s', '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function zeroLatency(server, say) {
  const what = 'no latency, 5,000 samples, 64 at once';
  say(what);
  const count = 5000;
  const pairs = await interleaved(server, { latency: '0', count, slots: 64 }, say);
  const cpu = median(pairs.map(({ product }) => product.cpuMs / count));
  const loopCpu = median(pairs.map(({ loop }) => loop.cpuMs / count));
  return [
    ratioOf(what, pairs, 3.2),
    row(
      `${what}: processor time a sample`,
      cpu,
      0.5,
      `${cpu.toFixed(2)} ms`,
      '0.5 ms',
      `the loop takes ${loopCpu.toFixed(2)} ms`,
    ),
  ];
}

async function ratioRow(server, say, what, work, bound) {
  say(what);
  return ratioOf(what, await interleaved(server, work, say), bound);
}

function ratioOf(what, pairs, bound) {
  const ratio = median(pairs.map(({ loop, product }) => product.wallMs / loop.wallMs));
  const detail = `${ms(median(pairs.map(({ product }) => product.wallMs)))} against ${ms(median(pairs.map(({ loop }) => loop.wallMs)))}`;
  return row(
    `${what}: time against the bare loop`,
    ratio,
    bound,
    `${ratio.toFixed(2)} ×`,
    `${bound} ×`,
    detail,
  );
}

async function memory(server, say) {
  const [few, many] = [25_000, 50_000];
  say('memory');
  const peaks = { [few]: [], [many]: [] };
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const count of [few, many]) {
      const work = { origin: server.origin, latency: '0', count, slots: 64 };
      const { maxRssBytes } = await measured('product.mjs', work);
      peaks[count].push(maxRssBytes);
      say(`${count} samples: ${(maxRssBytes / MIB).toFixed(0)} MiB`);
    }
  }
  const peak = median(peaks[many]) / MIB;
  const growth = Math.max(0, (median(peaks[many]) - median(peaks[few])) / (many - few) / 1024);
  return [
    row('memory at 50,000 samples (peak of the process)', peak, 250, `${peak.toFixed(0)} MB`, '250 MB', ''),
    row(
      'memory a sample, from 25,000 to 50,000',
      growth,
      1.5,
      `${growth.toFixed(2)} KB`,
      '1.5 KB',
      'the first samples fill what the engine of JavaScript sets aside anyway',
    ),
  ];
}

async function start(server, say) {
  say('start-up');
  const seconds = median(await startUp(server, say)) / 1000;
  return row(
    'a whole run of one prompt, process start to end',
    seconds,
    0.6,
    `${seconds.toFixed(2)} s`,
    '0.6 s',
    '',
  );
}

async function inProcess(say, work, what) {
  say(`in process: ${what}`);
  const rounds = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const once = await measured('engine.mjs', { ...work, mode: 'once' });
    const product = await measured('product.mjs', work);
    const each = await measured('engine.mjs', { ...work, mode: 'each' });
    if (Math.abs(once.total - product.total) > 1e-3 * Math.abs(once.total)) {
      throw new Error(`the engine alone scores ${once.total}, aligntrust ${product.total}`);
    }
    rounds.push({ once, product, each });
    say(
      `engine ${ms(once.wallMs)}, aligntrust ${ms(product.wallMs)}, every choice from its start ${ms(each.wallMs)}`,
    );
  }
  const ratio = median(rounds.map(({ once, product }) => product.wallMs / once.wallMs));
  const [{ once, each }] = rounds;
  const naive = median(rounds.map(({ once: shared, each: whole }) => whole.wallMs / shared.wallMs));
  const detail = `${once.evaluated.toLocaleString('en')} tokens evaluated; with every choice from its start ${each.evaluated.toLocaleString('en')} tokens and ${naive.toFixed(2)} ×`;
  return row(
    `in process, ${what}: time against the engine alone`,
    ratio,
    1.3,
    `${ratio.toFixed(2)} ×`,
    '1.3 ×',
    detail,
  );
}

/** Every task that has shipped data; the slowest one must keep the bound. */
async function reading(say) {
  say('asking and reading');
  const { rows } = await measured('reading.mjs', { count: 0 });
  for (const { task, msPerSample } of rows) say(`${task}: ${msPerSample.toFixed(3)} ms`);
  const slowest = rows.reduce((worst, one) => (one.msPerSample > worst.msPerSample ? one : worst));
  return row(
    `processor time of making requests and reading answers, slowest of ${rows.length} tasks but those of PROFILE, a sample`,
    slowest.msPerSample,
    0.3,
    `${slowest.msPerSample.toFixed(3)} ms`,
    '0.3 ms',
    slowest.task,
  );
}

async function factors(say) {
  say('rule factors');
  const rounds = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    rounds.push(await factorsOf());
    say(`${rounds.at(-1).factorsUs.toFixed(0)} µs a response`);
  }
  const [{ words }] = rounds;
  const us = median(rounds.map(({ factorsUs }) => factorsUs));
  const bare = median(rounds.map(({ tokensUs }) => tokensUs));
  return row(
    `processor time of all rule factors of a response of ${words} words`,
    us / 1000,
    0.5,
    `${(us / 1000).toFixed(3)} ms`,
    '0.5 ms',
    `${Math.round(1e6 / us).toLocaleString('en')} responses a second on one core; a plain loop that only tokenises takes ${(bare / 1000).toFixed(3)} ms`,
  );
}

function row(what, value, bound, shown, shownBound, detail) {
  return { what, kept: value <= bound, shown, shownBound, detail };
}
