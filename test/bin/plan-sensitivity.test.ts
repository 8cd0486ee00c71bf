import { describe, expect, it } from '@jest/globals';
import type { HeadlineSize } from '../../benchmarks/run/headline-size.ts';
import { type Spread, sensitivityOf } from '../../bin/plan/sensitivity.ts';
import { sightLine } from '../../bin/plan/text.ts';
import type { MetricSpec } from '../../suites/task.ts';

const SHARE: MetricSpec = {
  key: 'x',
  label: 'x',
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: true,
  chance: null,
  counts: {},
  fold: 'mean',
};

function size(more: Partial<HeadlineSize> = {}): HeadlineSize {
  return {
    instrument: 'a/b@c:robust',
    dimension: 'a',
    metric: SHARE,
    samples: 400,
    clusters: 400,
    clusterSize: 1,
    available: 400,
    strata: null,
    ...more,
  };
}

function measured(more: Partial<Spread>): Spread {
  return {
    discordance: 0.3,
    correlation: 0,
    deviation: 0.5,
    measuredOn: { from: 'sft', to: 'dpo' },
    ...more,
  };
}

describe('smallest detectable change', () => {
  it('is that of Connor (1987) for independent pairs', () => {
    // z = 1.959964, .841621; ψ = .3, δ = .0762: (z1 √ψ + z2 √(ψ − δ²))² ∕ δ² = 400.
    const { smallest, designEffect, discordance } = sensitivityOf(size(), [], { level: 0.05 });
    expect(smallest).toBeCloseTo(0.0763, 3);
    expect([designEffect, discordance]).toEqual([1, 0.3]);
  });

  it('grows with clusters, as an assumption and as measured', () => {
    const clustered = size({ clusters: 100, clusterSize: 4 });
    const assumed = sensitivityOf(clustered, [], { level: 0.05 });
    expect(assumed.designEffect).toBeCloseTo(1.3, 12);
    const known = sensitivityOf(clustered, [measured({ correlation: 0.5 })], { level: 0.05 });
    expect(known.designEffect).toBeCloseTo(2.5, 12);
    expect(known.smallest ?? 0).toBeGreaterThan(assumed.smallest ?? 1);
  });

  it('speaks for the stage that is hardest to see', () => {
    const easy = measured({ discordance: 0.1 });
    const hard = measured({ discordance: 0.5, measuredOn: { from: 'base', to: 'sft' } });
    const { measuredOn, smallest } = sensitivityOf(size(), [easy, hard], { level: 0.05 });
    expect(measuredOn).toEqual({ from: 'base', to: 'sft' });
    expect(smallest).toBe(sensitivityOf(size(), [hard], { level: 0.05 }).smallest);
  });

  it('takes as many differing samples as the change itself where a run showed fewer', () => {
    const rare = measured({ discordance: 0.001 });
    const { smallest } = sensitivityOf(size(), [rare], { level: 0.05 });
    // δ² n = (z1 √δ + z2 √(δ − δ²))² at n = 400: δ = .0193.
    expect(smallest).toBeCloseTo(0.0194, 3);
    const { needed } = sensitivityOf(size(), [rare], { level: 0.05, detect: smallest ?? 0 });
    expect(needed).toBe(400);
  });

  it('uses the measured deviation for other metrics, and the range where nothing was measured', () => {
    const metric = { ...SHARE, binary: false };
    const known = sensitivityOf(size({ metric }), [measured({ correlation: null })], { level: 0.05 });
    expect(known.smallest).toBeCloseTo((1.959964 + 0.841621) * (0.5 / 20), 6);
    expect(known.designEffect).toBeNull();
    // It is in the deviation: shown, and not counted twice.
    const clustered = measured({ correlation: null, designEffect: 2.25 });
    expect(sensitivityOf(size({ metric }), [clustered], { level: 0.05 })).toMatchObject({
      smallest: known.smallest,
      designEffect: 2.25,
    });
    const assumed = sensitivityOf(size({ metric }), [], { level: 0.05 });
    expect(assumed.smallest).toBeCloseTo(((1.959964 + 0.841621) * Math.sqrt(0.3)) / 20, 6);
  });

  it('knows no size without a range, and none under ten clusters', () => {
    const open = { ...SHARE, binary: false, range: [Number.NEGATIVE_INFINITY, 0] as const };
    expect(sensitivityOf(size({ metric: open }), [], { level: 0.05 })).toMatchObject({
      smallest: null,
      reason: expect.stringContaining('--like'),
    });
    expect(sensitivityOf(size({ clusters: 9 }), [], { level: 0.05 })).toMatchObject({
      smallest: null,
      reason: expect.stringContaining('too few clusters: 9'),
    });
  });

  it('inflates a contrast of unequal strata', () => {
    const fold = { stratum: 's', coefficients: () => ({ a: 0.5, b: 0.5 }) };
    const balanced = size({ metric: { ...SHARE, fold }, strata: { a: 200, b: 200 } });
    const skewed = size({ metric: { ...SHARE, fold }, strata: { a: 40, b: 360 } });
    const plain = sensitivityOf(size(), [], { level: 0.05, detect: 0.1 });
    expect(sensitivityOf(balanced, [], { level: 0.05, detect: 0.1 }).needed).toBe(plain.needed);
    // Σ c² ∕ share = .25/.1 + .25/.9.
    const ratio = (sensitivityOf(skewed, [], { level: 0.05, detect: 0.1 }).needed ?? 0) / (plain.needed ?? 1);
    expect(ratio).toBeCloseTo(2.7778, 1);
  });
});

describe('the line before a run', () => {
  const trust = sensitivityOf(size({ instrument: 'truth/a@x:robust', dimension: 'truth' }), [], {
    level: 0.025,
  });
  const factor = sensitivityOf(
    size({
      instrument: 'profile/levels@x:robust',
      dimension: 'profile',
      apart: { family: 'profile', metrics: 30 },
    }),
    [],
    { level: 0.05 / 60 },
  );
  const apart = [
    {
      family: 'profile' as const,
      tasks: ['profile/levels@x:robust'],
      metrics: 30,
      stages: 2,
      tests: 60,
      level: 0.05 / 60,
    },
  ];
  const family = { stages: 2, seeds: [], headlineTasks: ['truth/a@x:robust'], tests: 2, level: 0.025, apart };

  it('counts factors apart from the tests of trust', () => {
    const line = sightLine({ family, tasks: [factor, trust], earlier: null });
    expect(line).toMatch(/\(80 % power, 2 tests, spread assumed\): truth [\d.]+ points; /);
    expect(line).toMatch(
      /profile, corrected apart \(at most 60 tests, spread assumed\): profile x [\d.]+ points$/,
    );
  });

  it('has no test of trust where there is none', () => {
    const line = sightLine({
      family: { ...family, headlineTasks: [], tests: 0 },
      tasks: [factor],
      earlier: null,
    });
    expect(line).toMatch(/^profile, corrected apart/);
    expect(line).not.toContain('2 tests');
  });
});
