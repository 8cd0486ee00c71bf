import { describe, expect, it } from '@jest/globals';
import type { HeadlineSize } from '../../benchmarks/run/headline-size.ts';
import { type SeedSpread, smallestOverSeeds } from '../../bin/plan/over-seeds.ts';
import { type Spread, sensitivityOf } from '../../bin/plan/sensitivity.ts';
import { seededRandom } from '../../core/random.ts';
import { methodDetectable } from '../../results/statistics/method-error.ts';
import { methodEffectOverSeeds } from '../../results/statistics/seed-variance.ts';
import type { MetricSpec } from '../../suites/task.ts';

const SCORE: MetricSpec = {
  key: 'x',
  label: 'x',
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: false,
  chance: null,
  counts: {},
  fold: 'mean',
};

const size: HeadlineSize = {
  instrument: 'a/b@c:robust',
  dimension: 'a',
  metric: SCORE,
  samples: 400,
  clusters: 400,
  clusterSize: 1,
  available: 400,
  strata: null,
};

const measuredOn = { from: 'base', to: 'sft' };
const spread: Spread = { discordance: 0.3, correlation: null, deviation: 0.5, measuredOn };
const three = [{ from: 'base', to: 'sft', seeds: 3 }];

function between(more: Partial<SeedSpread>): Spread {
  return { ...spread, seeds: { deviation: 0.03, own: 0.5, runs: 3, ...more } };
}

describe('the plan of a mean over training seeds', () => {
  it('is what the report would call detectable with the variances that were expected', () => {
    // V = .5² / 400 = .000625, half of it each run's own: B = .03² + .0003125, I = .0003125 (1 + 1/3).
    const [own, seeds] = [0.0003125, 3];
    const expected = methodDetectable(
      {
        seeds: { variance: (0.03 ** 2 + own) / seeds, degreesOfFreedom: 2 },
        items: { variance: own + own / seeds, degreesOfFreedom: 399 },
        sharedItems: { variance: own, degreesOfFreedom: 399 },
      },
      (0.03 ** 2 + own) / seeds + own,
      0.05 / 6,
      0.8,
    );
    const found = sensitivityOf(size, [between({})], { level: 0.05 / 6, seeds: three });
    expect(found).toMatchObject({ seeds: 3, seedSpread: { deviation: 0.03, runs: 3 }, reason: null });
    expect(found.smallest).toBeCloseTo(expected, 6);
    // A metric without bounds is searched as exactly.
    const design = { seeds, spread: { deviation: 0.03, own: 0.5, runs: 3 }, clusters: 400, level: 0.05 / 6 };
    expect(smallestOverSeeds({ ...design, variance: () => 0.000625 }, 400, 1e6)).toBeCloseTo(expected, 6);
  });

  it('is found in about 80 of 100 runs of seeds and samples that spread so', () => {
    const { smallest } = sensitivityOf(size, [between({})], { level: 0.05, seeds: three });
    const random = seededRandom(7);
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    const runs = 1200;
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const items = Array.from({ length: size.samples }, () => 0.5 * Math.SQRT1_2 * normal());
      const differences = three.flatMap(({ seeds }) =>
        Array.from({ length: seeds }, () => {
          const mean = (smallest ?? 0) + 0.03 * normal();
          return items.map((item) => mean + item + 0.5 * Math.SQRT1_2 * normal());
        }),
      );
      if ((methodEffectOverSeeds({ differences, clusters: [...items.keys()] }).p ?? 1) <= 0.05) found++;
    }
    // Five standard errors of 1,200 runs.
    expect(Math.abs(found / runs - 0.8)).toBeLessThan(5 * Math.sqrt((0.8 * 0.2) / runs));
  });

  it('lies above that of one run, falls with seeds and grows with their spread', () => {
    const seen = (seeds: number, more: Partial<SeedSpread> = {}): number =>
      sensitivityOf(size, [between(more)], { level: 0.05, seeds: [{ ...measuredOn, seeds }] }).smallest ?? 9;
    expect(seen(2)).toBe(sensitivityOf(size, [spread], { level: 0.05 }).smallest);
    expect(seen(3)).toBeGreaterThan(seen(2));
    expect(seen(5)).toBeLessThan(seen(3));
    expect(seen(5, { deviation: 0.06 })).toBeGreaterThan(seen(5));
    expect(seen(5, { own: 1 })).not.toBe(seen(5));
  });

  it('assumes the spread of seeds where no run had several, and says that it did', () => {
    const assumed = sensitivityOf(size, [], { level: 0.05, seeds: three });
    expect(assumed).toMatchObject({ seeds: 3, seedSpread: { deviation: 0.02, own: 0.5, runs: null } });
    const halfMeasured = sensitivityOf(size, [{ ...spread, seeds: null }], { level: 0.05, seeds: three });
    expect(halfMeasured).toMatchObject({ measuredOn, seedSpread: { runs: null } });
    const open = { ...SCORE, range: [Number.NEGATIVE_INFINITY, 0] as const };
    expect(sensitivityOf({ ...size, metric: open }, [spread], { level: 0.05, seeds: three })).toMatchObject({
      smallest: null,
      reason: expect.stringContaining('name one with --like'),
    });
  });

  it('takes the harder of one run and of a mean where methods differ in seeds', () => {
    const stages = [...three, { from: 'sft', to: 'dpo', seeds: 1 }];
    expect(sensitivityOf(size, [], { level: 0.05, seeds: stages }).seeds).toBe(3);
    const elsewhere = { ...between({}), measuredOn: { from: 'sft', to: 'dpo' } };
    expect(sensitivityOf(size, [elsewhere], { level: 0.05, seeds: stages }).seeds).toBe(1);
  });

  it('needs as many samples as the mean asks for, and none will do where the seeds hide it', () => {
    const aim = { level: 0.05, seeds: three };
    const { smallest } = sensitivityOf(size, [between({})], aim);
    const { needed } = sensitivityOf(size, [between({})], { ...aim, detect: smallest ?? 0 });
    expect(needed).toBeGreaterThanOrEqual(399);
    expect(needed).toBeLessThanOrEqual(401);
    expect(sensitivityOf(size, [between({ deviation: 0.1 })], { ...aim, detect: 0.1 }).needed).toBeNull();
  });

  it('lets a change of a share bring the samples that differ', () => {
    const binary = { ...size, metric: { ...SCORE, binary: true } };
    const rare: Spread = { ...between({ deviation: 0 }), discordance: 0.01, correlation: 0 };
    const { smallest } = sensitivityOf(binary, [rare], { level: 0.05, seeds: three });
    // With 1 % that differ alone: far less than what a change of that size would make differ.
    const bound = sensitivityOf({ ...size }, [{ ...rare, correlation: null, deviation: 0.1 }], {
      level: 0.05,
      seeds: three,
    });
    expect(smallest ?? 0).toBeGreaterThan(bound.smallest ?? 1);
  });
});
