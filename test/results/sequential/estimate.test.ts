import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { seededRandom } from '../../../core/random.ts';
import { pairUp } from '../../../results/effects/paired.ts';
import { collectOutcomes } from '../../../results/outcomes/table.ts';
import { sequentialEstimate } from '../../../results/sequential/estimate.ts';
import { ruleWidth, type SequentialDesign } from '../../../results/sequential/rule.ts';
import { WidthRule } from '../../../results/sequential/width-rule.ts';
import type { MetricSpec } from '../../../suites/task.ts';

const SPEC: MetricSpec = {
  key: 'x',
  label: 'x',
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: true,
  chance: null,
  counts: { refused: 0 },
  fold: 'mean',
};
const BALANCED: MetricSpec = {
  ...SPEC,
  fold: { stratum: 'label', coefficients: () => ({ safe: 0.5, unsafe: 0.5 }) },
};
const DESIGN: SequentialDesign = {
  rule: 'effect-width<0.2',
  width: 0.2,
  seed: 7,
  clusters: new Map([['t', 300]]),
  largestClusters: new Map([['t', { all: 2, 'label=safe': 1, 'label=unsafe': 1 }]]),
};

/** Two sides over clusters of a safe and an unsafe sample; `rates` are the shares of 1 on each side. */
function recordsOf(rates: { base: number; sft: number }, clusters = 300): OutcomeRecord[] {
  const random = seededRandom(5);
  return Array.from({ length: clusters }, (_, cluster) =>
    ['safe', 'unsafe'].flatMap((label) =>
      (['base', 'sft'] as const).map(
        (checkpoint): OutcomeRecord => ({
          checkpoint,
          instrument: 't',
          sample: `${cluster}-${label}`,
          cluster: `c${cluster}`,
          strata: { label },
          repeat: 0,
          outcome: { kind: 'scored', values: { x: random.next() < rates[checkpoint] ? 1 : 0 } },
          answers: [],
          content: null,
        }),
      ),
    ),
  ).flat();
}

async function estimateOf(records: readonly OutcomeRecord[], spec: MetricSpec, design = DESIGN) {
  async function* stream() {
    yield* records;
  }
  const { instruments } = await collectOutcomes(stream(), ['base', 'sft'], new Map([['t', [spec]]]));
  const table = instruments.get('t');
  const paired = table === undefined ? null : pairUp(table, spec, 'base', 'sft');
  if (table === undefined || paired === null) throw new Error('no table');
  return sequentialEstimate(table, spec, paired, design, 't');
}

describe('the estimate of a run that stopped by what it saw', () => {
  it('is the plain mean with the interval and p of the confidence sequence, and without a standard error', async () => {
    const found = await estimateOf(recordsOf({ base: 0.2, sft: 0.6 }), SPEC);
    expect(found.delta).toBeGreaterThan(0.3);
    expect(found.low).toBeGreaterThan(0);
    expect(found.high).toBeLessThan(0.6);
    expect(found).toMatchObject({ test: 'confidence-sequence', error: null, reason: null });
    expect(found.p).toBeLessThan(1e-6);
  });

  it('does not depend on the order in which outcomes came in, but on the order that the seed gives', async () => {
    const records = recordsOf({ base: 0.4, sft: 0.5 });
    const found = await estimateOf(records, SPEC);
    expect(await estimateOf([...records].reverse(), SPEC)).toEqual(found);
    const other = await estimateOf(records, SPEC, { ...DESIGN, seed: 8 });
    expect(other.delta).toBe(found.delta);
    expect(other.low).not.toBe(found.low);
  });

  it('joins the strata of a contrast so that interval and p agree', async () => {
    const found = await estimateOf(recordsOf({ base: 0.2, sft: 0.6 }), BALANCED);
    const { low, high, p, delta } = found;
    expect(low).toBeGreaterThan(0);
    expect(p).toBeLessThan(0.05);
    expect((low ?? 1) < (delta ?? 0) && (delta ?? 1) < (high ?? 0)).toBe(true);
    // Two sequences, each at half the level, are wider than one over all samples.
    const mean = await estimateOf(recordsOf({ base: 0.2, sft: 0.6 }), SPEC);
    expect((high ?? 0) - (low ?? 0)).toBeGreaterThan((mean.high ?? 0) - (mean.low ?? 0));
    const none = await estimateOf(recordsOf({ base: 0.4, sft: 0.4 }), BALANCED);
    expect(none.p).toBeGreaterThan(0.05);
    expect((none.low ?? 1) <= 0 && (none.high ?? -1) >= 0).toBe(true);
  });

  it('counts reasons as the metric does', async () => {
    const records = recordsOf({ base: 1, sft: 1 }).map((one) =>
      one.checkpoint === 'sft' ? { ...one, outcome: { kind: 'unscored', reason: 'refused' } as const } : one,
    );
    expect((await estimateOf(records, SPEC)).delta).toBe(-1);
  });

  it('has neither interval nor p for metrics without bounds, other statistics and under ten clusters', async () => {
    const records = recordsOf({ base: 0.2, sft: 0.6 });
    for (const spec of [
      { ...SPEC, range: [Number.NEGATIVE_INFINITY, 0] as const },
      { ...SPEC, fold: () => 0.5 },
    ]) {
      const found = await estimateOf(records, spec);
      expect(found).toMatchObject({ low: null, p: null, test: null });
      expect(found.reason).toContain('no confidence sequence');
    }
    const few = await estimateOf(recordsOf({ base: 0.2, sft: 0.6 }, 9), SPEC);
    expect(few).toMatchObject({ low: null, p: null, test: null });
    expect(few.delta).not.toBeNull();
  });
});

describe('the rule of a width', () => {
  const watched = { headlines: new Map([['t', SPEC]]), pairs: [{ from: 'base', to: 'sft' }] };

  it('settles exactly when the interval of the same outcomes is narrow enough', async () => {
    const records = recordsOf({ base: 0.3, sft: 0.4 });
    for (const count of [0, 60, 400, 1200]) {
      const some = records.slice(0, count);
      const rule = new WidthRule(DESIGN, watched);
      for (const record of some) rule.observe(record);
      const settled = (await rule.settled()).has('t');
      if (count === 0) expect(settled).toBe(false);
      else {
        const { low, high } = await estimateOf(some, SPEC);
        expect(settled).toBe((high ?? 1) - (low ?? -1) < 0.2);
      }
    }
  });

  it('waits for the widest of several effects, and for nobody who cannot be asked', async () => {
    const records = recordsOf({ base: 0.02, sft: 0.02 });
    const rule = new WidthRule(DESIGN, {
      ...watched,
      pairs: [...watched.pairs, { from: 'sft', to: 'dpo' }],
    });
    for (const record of records) rule.observe(record);
    expect((await rule.settled()).has('t')).toBe(true);
  });

  it.each([
    ['effect-width<0.10', 0.1],
    [' effect-width < .5 ', 0.5],
    ['effect-width<2', 2],
    ['effect-width<0', undefined],
    ['effect-width<', undefined],
    ['effect-width<0.1;rm', undefined],
  ])('reads %j as %s', (text, width) => {
    expect(ruleWidth(text)).toBe(width);
  });
});
