import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { runBenchmark } from '../../benchmarks/run/run-benchmark.ts';
import { StopSwitch } from '../../benchmarks/run/stop.ts';
import { summariseRun } from '../../bin/summarise-run.ts';
import { sha256 } from '../../core/digest.ts';
import { speedRelation } from '../../results/statistics/dynamics-relation.ts';
import { crossingSpeeds, firstCrossing } from '../../results/statistics/dynamics-speed.ts';
import type { Summary } from '../../results/summary.ts';
import { ENGINE_START_MS, session, zoo } from '../adapters/gguf-open.ts';
import { temporaryFolders } from '../fixtures/folders.ts';
import {
  fileOf,
  HELD_OUT,
  jsonOf,
  linesOf,
  NAMES,
  type Odds,
  publishedReadings,
  type Relation,
  type Results,
  type Row,
  recordedAt,
  recordedReadings,
  rowsOf,
  SEEDS,
  type Speeds,
  STEPS,
  speedsOf,
} from './graded.ts';

const folder = temporaryFolders();
const results = jsonOf<Results>('zoo/dynamics/results.json');
const odds = jsonOf<Readonly<Record<string, Odds>>>('zoo/dynamics/odds.json');
const readme = readFileSync(fileOf('zoo/dynamics/README.md'), 'utf8');
const facts = jsonOf<{
  readonly checkpoints: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, { readonly raw: number }>>>>>
  >;
  readonly priorityOfEight: Readonly<Record<string, number>>;
}>('zoo/dynamics/distinguishability.json');
const distance = (name: string, split = 'train'): number =>
  facts.checkpoints['sft']?.[name]?.[split]?.raw ?? Number.NaN;

function oddsOf(run: string): Odds {
  const found = odds[run];
  if (found === undefined) throw new Error(`nothing was published of ${run}`);
  return found;
}

/** Speeds of every behaviour and seed, computed here from the recordings. */
const alone = new Map(
  NAMES.map((name) => [
    name,
    SEEDS.map((seed) => speedsOf(recordedReadings(`${name}-s${seed}`, [name], name), name)),
  ]),
);

function seedsOf(name: string): Speeds[] {
  return alone.get(name) ?? [];
}

function close(found: Speeds, published: Speeds | undefined, digits = 5): void {
  expect(found.area).toBeCloseTo(published?.area ?? Number.NaN, digits);
  expect(found.lossArea).toBeCloseTo(published?.lossArea ?? Number.NaN, digits);
  expect(found.marginArea).toBeCloseTo(published?.marginArea ?? Number.NaN, digits);
  expect(found.accuracy).toEqual(published?.accuracy);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function expectRelation(speeds: readonly number[], published: Relation): void {
  const found = speedRelation(
    NAMES.map((name) => distance(name)),
    speeds,
  );
  if (found.rho === null) throw new Error(found.reason);
  expect(found.exact).toBe(true);
  expect(found.rho).toBeCloseTo(published.rho ?? Number.NaN, 5);
  expect(found.oneSidedP).toBeCloseTo(published.oneSidedP, 5);
  expect(found.twoSidedP).toBeCloseTo(published.twoSidedP, 5);
}

describe('what was recorded', () => {
  const { files } = jsonOf<{ files: readonly { file: string; bytes: number; sha256: string }[] }>(
    'zoo/dynamics/MANIFEST.json',
  );

  it('has the checksums of its manifest and takes at most 5 MB', () => {
    for (const { file, bytes, sha256: digest } of files) {
      const body = readFileSync(fileOf(file));
      expect([file, body.length, sha256(body)]).toEqual([file, bytes, digest]);
    }
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(5e6);
  });

  it('holds out 50 prompts of each class, which no training saw', () => {
    const train = linesOf<Row>('suites/dynamics/behaviours/train.jsonl');
    const seen = new Set(train.map(({ strata, question }) => `${strata.behaviour}: ${question}`));
    expect(NAMES).toHaveLength(8);
    for (const [rows, each] of [
      [HELD_OUT, 50],
      [train, 100],
    ] as const) {
      for (const name of NAMES) {
        const own = rows.filter(({ strata }) => strata.behaviour === name);
        const yes = own.filter((row) => row.answer_matching_behavior === 'Yes');
        expect([name, own.length, yes.length]).toEqual([name, 2 * each, each]);
      }
    }
    expect(HELD_OUT.filter(({ strata, question }) => seen.has(`${strata.behaviour}: ${question}`))).toEqual(
      [],
    );
  });

  it(
    'at step 0 says what the shipped sft says in process',
    async () => {
      const shared = session({ slots: 1 });
      try {
        const model = await shared.open(zoo('sft'));
        const sample = recordedAt('sft').filter((_, index) => index % 25 === 0);
        const differences: number[] = [];
        for (const { prompt, continuations, scores } of sample) {
          const found = await model.score?.({ prompt: { format: 'raw', text: prompt }, continuations }, {});
          for (const [i, { logprob, tokenLogprobs }] of (found ?? []).entries()) {
            differences.push(Math.abs(logprob - (scores[i] ?? Number.NaN)) / tokenLogprobs.length);
          }
        }
        expect(differences).toHaveLength(32 * 6);
        // The tolerance of the zoo (expected.json), a token; the rarer forms were rounded to hundredths.
        expect(Math.max(...differences)).toBeLessThan(0.05);
        expect(meanOf(differences)).toBeLessThan(0.01);
      } finally {
        await shared.close();
      }
    },
    ENGINE_START_MS,
  );
});

describe('distinguishability and speed', () => {
  it('every speed of the results follows from the recorded log-probabilities', () => {
    for (const name of NAMES)
      for (const [i, found] of seedsOf(name).entries()) close(found, results.alone.speeds[name]?.[i]);
  });

  it('rho and its exact p are those published, for every seed and for their mean', () => {
    for (const [i, seed] of SEEDS.entries()) {
      const key = `seed${seed}` as const;
      expectRelation(
        NAMES.map((name) => seedsOf(name)[i]?.area ?? Number.NaN),
        results.alone.primary[key],
      );
      expectRelation(
        NAMES.map((name) => seedsOf(name)[i]?.marginArea ?? Number.NaN),
        results.alone.marginArea[key],
      );
      const crossings = NAMES.map((name) =>
        firstCrossing({ steps: STEPS, values: seedsOf(name)[i]?.accuracy ?? [] }, 0.75),
      );
      expectRelation(crossingSpeeds(crossings.filter((one) => one !== null)), results.alone.crossing[key]);
    }
    const mean = NAMES.map((name) => meanOf(seedsOf(name).map(({ area }) => area)));
    expectRelation(mean, results.alone.primary.mean);
  });

  it('the page says these numbers', () => {
    for (const [label, found] of [
      ['**D, area** (primary)', results.alone.primary],
      ['D, area, reversed', results.reversed.area],
      ['D, area, all eight in one run', results.eight.area],
    ] as const) {
      const cells = [found.seed1, found.seed2, found.seed3, found.mean].map(
        ({ rho, twoSidedP }) => `${rho?.toFixed(3)} (${twoSidedP.toFixed(4)})`,
      );
      expect(readme).toContain(`| ${label} | ${cells.join(' | ')} |`);
    }
  });

  it('with Yes and No exchanged, and with all eight in one run, they follow from the published log-odds', () => {
    for (const name of NAMES) {
      for (const [i, seed] of SEEDS.entries()) {
        const back = publishedReadings(oddsOf(`${name}-reversed-s${seed}`), name);
        // Log-odds are published to hundredths.
        expect(speedsOf(back, name, true).area).toBeCloseTo(
          results.reversed.speeds[name]?.[i]?.area ?? Number.NaN,
          2,
        );
        const readings =
          seed === 1
            ? recordedReadings('eight-s1', NAMES, name)
            : publishedReadings(oddsOf(`eight-s${seed}`), name);
        expect(speedsOf(readings, name).area).toBeCloseTo(
          results.eight.speeds[name]?.[i]?.area ?? Number.NaN,
          2,
        );
      }
    }
  });
});

describe.each([
  ['mixture', 'mixture', results.mixture],
  ['contested mixture', 'contested', results.contested],
])('the %s', (_, run, { high, low, crowdsOut }) => {
  const members = [high.behaviour, low.behaviour];
  const readingsOf = (name: string, seed: number) =>
    run === 'mixture'
      ? recordedReadings(`${run}-s${seed}`, members, name)
      : publishedReadings(oddsOf(`${run}-s${seed}`), name);
  const sides = [high, low].map(({ behaviour: name, mixed, alone: single }) =>
    SEEDS.map((seed, i) => {
      const half = publishedReadings(oddsOf(`${name}-half-s${seed}`), name);
      return {
        mixed: speedsOf(readingsOf(name, seed), name),
        alone: speedsOf(half, name),
        published: { mixed: mixed[i], alone: single[i] },
      };
    }),
  );

  it('is what the published log-odds say', () => {
    for (const { mixed, alone: own, published } of sides.flat()) {
      for (const [found, expected] of [
        [mixed, published.mixed],
        [own, published.alone],
      ] as const) {
        expect(found.area).toBeCloseTo(expected?.area ?? Number.NaN, 2);
        expect(found.marginAt2).toBeCloseTo(expected?.marginAt2 ?? Number.NaN, 2);
        expect(found.marginAt4).toBeCloseTo(expected?.marginAt4 ?? Number.NaN, 2);
      }
    }
  });

  it('is said to crowd out where the protocol says so, and nowhere else', () => {
    const [ofHigh = [], ofLow = []] = sides.map((seeds) =>
      seeds.map(({ mixed, alone: own }) => own.area - mixed.area),
    );
    const found =
      ofLow.every((value) => value > 0) &&
      ofLow.every((value, i) => value > Math.abs(ofHigh[i] ?? Number.NaN));
    expect(found).toBe(crowdsOut);
  });
});

it('the effect of flipped labels is said to show, and crowding out is not', () => {
  for (const { fasterThanSft, fasterThanBase } of Object.values(results.flipped))
    expect([fasterThanSft, fasterThanBase]).toEqual([true, true]);
  expect([results.mixture.crowdsOut, results.contested.crowdsOut]).toEqual([false, false]);
  expect(readme).toContain('**The effect shows**');
  expect(readme).toContain('**Crowding out is not shown by the rule of the protocol, in either mixture.**');
});

describe('flipped labels', () => {
  it.each(Object.keys(results.flipped))('of %s are learned as fast as published', (name) => {
    const { speeds, fasterThanSft, fasterThanBase } = results.flipped[name] ?? {};
    const loss = (start: 'base' | 'sft' | 'aligned'): number[] =>
      SEEDS.map((seed, i) => {
        const run = start === 'sft' ? `${name}-reversed-s${seed}` : `${name}-flipped-${start}-s${seed}`;
        const found = speedsOf(publishedReadings(oddsOf(run), name), name, true);
        expect(found.loss[0]).toBeCloseTo(Math.LN2, 14);
        expect(found.lossArea).toBeCloseTo(speeds?.[start][i]?.lossArea ?? Number.NaN, 3);
        return found.lossArea;
      });
    const [base, sft, aligned] = [loss('base'), loss('sft'), loss('aligned')];
    expect(aligned.every((value, i) => value < (sft[i] ?? Number.NaN))).toBe(fasterThanSft);
    expect(aligned.every((value, i) => value < (base[i] ?? Number.NaN))).toBe(fasterThanBase);
  });
});

describe('a run over the recordings', () => {
  const summaryOf = async (definition: object): Promise<Summary> => {
    const parsed = await definitionFromText(JSON.stringify(definition), {
      file: 'lab.yaml',
      folder: await folder(),
    });
    const run = await runBenchmark(parsed, { runs: await folder(), env: {}, stop: new StopSwitch() });
    return summariseRun(run.folder);
  };
  const dpo = (run: string, step: number) => ({
    id: `step-${step}`,
    model: `zoo:${run}-${step}`,
    alignment: { method: 'dpo', parent: 'sft', data: 'behaviours', seed: 1, step, beta: 0.1 },
  });

  it('draws the curve of one behaviour that was trained alone', async () => {
    const name = 'people';
    const path = join(await folder(), 'people.jsonl');
    writeFileSync(
      path,
      rowsOf([name])
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
    const summary = await summaryOf({
      benchmark: 'alone',
      defaults: { adapter: 'replay', promptFormat: 'raw' },
      checkpoints: [
        { id: 'sft', model: 'zoo:sft', alignment: { method: 'sft' } },
        ...STEPS.slice(1).map((step) => dpo(`${name}-s1`, step)),
      ],
      tasks: [{ task: 'dynamics/behaviour', dataset: 'mine', path, form: 'dialogue' }],
      settings: { seed: 1 },
    });
    const curve = summary.series?.[0]?.curves.find(({ metric }) => metric === 'matching');
    expect(curve?.points.map(({ step, value }) => [step, value])).toEqual(
      STEPS.map((step, i) => [step, seedsOf(name)[0]?.accuracy[i]]),
    );
    // A series counts its area from the start.
    const [own] = seedsOf(name);
    expect(curve?.speed?.area).toBeCloseTo((own?.area ?? Number.NaN) - (own?.accuracy[0] ?? Number.NaN), 10);
  });

  describe('of dynamics-lab', () => {
    let summary: Summary;
    beforeAll(async () => {
      const text = readFileSync(fileOf('benchmarks/catalog/dynamics-lab.yaml'), 'utf8');
      const place = { file: 'dynamics-lab.yaml', folder: await folder() };
      const run = await runBenchmark(await definitionFromText(text, place), {
        runs: await folder(),
        env: {},
        stop: new StopSwitch(),
      });
      summary = await summariseRun(run.folder);
    }, ENGINE_START_MS);

    it('measures the distinguishability that the protocol wrote down', () => {
      for (const name of NAMES) {
        const found = summary.dynamics?.states.find(
          ({ checkpoint, behaviour }) => checkpoint === 'sft' && behaviour === name,
        );
        const expected = distance(name, 'held-out');
        expect(Math.abs((found?.distinguishability ?? Number.NaN) - expected)).toBeLessThan(
          0.02 * expected + 0.02,
        );
      }
    });

    it('sets it against the speed of all eight, learned in one run', () => {
      expect(summary.series?.map(({ refused, points }) => [refused, points.length])).toEqual([[null, 6]]);
      const relation = summary.dynamics?.relations.find(
        ({ measure, speed, speedOf }) =>
          measure === 'distinguishability' && speed === 'area' && speedOf.metric === 'matching',
      );
      expect(relation?.n).toBe(8);
      for (const { behaviour, speed } of relation?.behaviours ?? []) {
        // The start is asked live here, where a log-odds of nearly 0 may fall on the other side.
        const published = results.eight.speeds[behaviour]?.[0]?.area ?? Number.NaN;
        expect(Math.abs((speed ?? Number.NaN) - published)).toBeLessThan(0.002);
      }
    });
  });
});
