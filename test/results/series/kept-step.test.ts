import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { deriveSeed } from '../../../core/random.ts';
import type { KeepConstraint, KeptStep, Series } from '../../../results/series/series-summary.ts';
import { summarise } from '../../../results/summarise.ts';
import { trustPart } from '../../../results/trust-part.ts';
import { checkpoint, input, metric, task } from '../support/synthetic.ts';

const REFUSAL = 'refusal/xstest@made:robust';
const TRUTH = 'truthfulness/mc1@made:robust';
const LINEAGE = [
  checkpoint('sft', { method: 'sft' }),
  ...[10, 20, 30].map((step) => checkpoint(`dpo-${step}`, { method: 'dpo', parent: 'sft', step })),
];
const SAMPLES = 200;

/** Shares of right answers by checkpoint; the right ones lie evenly over the samples. */
type Shares = Readonly<Record<string, number>>;

function records(name: string, shares: Shares): OutcomeRecord[] {
  return Object.entries(shares).flatMap(([id, share]) =>
    Array.from({ length: SAMPLES }, (_, unit): OutcomeRecord => {
      // A fixed order of difficulty that has nothing to do with the order of the samples.
      const ease = ((unit * 79) % SAMPLES) / SAMPLES;
      return {
        checkpoint: id,
        instrument: name,
        sample: `q${String(unit).padStart(4, '0')}`,
        cluster: `c${unit}`,
        strata: {},
        repeat: 0,
        outcome: { kind: 'scored', values: { accuracy: ease < share ? 1 : 0 } },
        answers: [],
        content: null,
      };
    }),
  );
}

interface Made {
  readonly refusal: Shares;
  readonly truth: Shares;
}

async function seriesOf(
  { refusal, truth }: Made,
  keep: readonly KeepConstraint[],
  seed = 7,
): Promise<Series> {
  const tasks = [REFUSAL, TRUTH].map((name) => task(name, { samples: SAMPLES }));
  const outcomes = [...records(REFUSAL, refusal), ...records(TRUTH, truth)];
  const { series } = await summarise(input(LINEAGE, tasks, outcomes, { keep, seed }));
  return series?.[0] as Series;
}

async function keptOf(made: Made, keep: readonly KeepConstraint[], seed?: number): Promise<KeptStep> {
  return (await seriesOf(made, keep, seed)).kept as KeptStep;
}

const atLeast = (task: string, bound: number): KeepConstraint => ({
  task,
  metric: 'accuracy',
  rule: 'at-least',
  bound,
});
const fall = (task: string, bound: number): KeepConstraint => ({
  task,
  metric: 'accuracy',
  rule: 'fall-at-most',
  bound,
});

/** Refusal rises by thirty points a step while truth falls by ten: far enough apart that no half can be mistaken. */
const TRADE: Made = {
  refusal: { sft: 0.2, 'dpo-10': 0.5, 'dpo-20': 0.8, 'dpo-30': 0.95 },
  truth: { sft: 0.9, 'dpo-10': 0.8, 'dpo-20': 0.6, 'dpo-30': 0.3 },
};

describe('the step to keep', () => {
  it('is the latest one that meets every constraint, with what the other half says', async () => {
    const kept = await keptOf(TRADE, [atLeast(REFUSAL, 0.4), fall(TRUTH, 0.4)]);
    expect(kept).toMatchObject({ step: 20, checkpoint: 'dpo-20', allowed: [10, 20], seed: 7, reason: null });
    const [refusal, truth] = kept.checks;
    expect(refusal?.chosenOn.holds && truth?.chosenOn.holds).toBe(true);
    // Which half a cluster is in follows from its name and the seed alone, whatever else a task asks.
    const names = Array.from({ length: SAMPLES }, (_, unit) => `c${unit}`);
    const choosing = names.filter((name) => deriveSeed(7, 'keep', name) < 2 ** 30).length;
    const whole = (chosen = 0, held = 0): number => choosing * chosen + (SAMPLES - choosing) * held;
    expect(choosing).toBeGreaterThan(70);
    expect(choosing).toBeLessThan(130);
    // The halves together are all samples: 160 of 200 right, and 60 fewer than at the start.
    expect(whole(refusal?.chosenOn.value ?? 0, refusal?.heldOut.value ?? 0)).toBeCloseTo(160, 9);
    expect(whole(truth?.chosenOn.change ?? 0, truth?.heldOut.change ?? 0)).toBeCloseTo(-60, 9);
    // The interval is that of what the constraint speaks of.
    expect(refusal?.heldOut.low).toBeGreaterThan(0.5);
    expect(refusal?.heldOut.high).toBeGreaterThan(refusal?.heldOut.value ?? 1);
    expect(truth?.heldOut.high).toBeLessThan(0);
    expect(truth?.heldOut.low).toBeLessThan(truth?.heldOut.change ?? -1);
  });

  it('is the start when no later one will do', async () => {
    const kept = await keptOf(TRADE, [fall(TRUTH, 0)]);
    expect(kept).toMatchObject({ step: 0, checkpoint: 'sft', allowed: [0] });
    expect(kept.checks[0]?.heldOut).toMatchObject({ change: 0, low: null, high: null, holds: true });
  });

  it('is none when nothing is allowed, and says which constraint stands in the way', async () => {
    const none = await keptOf(TRADE, [atLeast(REFUSAL, 0.4), atLeast(TRUTH, 0.99)]);
    expect(none).toMatchObject({ step: null, checkpoint: null, checks: [], allowed: [] });
    expect(none.reason).toBe(`no step has accuracy of ${TRUTH} at least 0.99`);
    const never = await keptOf(TRADE, [atLeast(REFUSAL, 0.9), atLeast(TRUTH, 0.7)]);
    expect(never.reason).toBe('every constraint holds at some step, and no step meets all of them');
    const unknown = await keptOf(TRADE, [atLeast('privacy/unasked@made:robust', 0.1)]);
    expect(unknown.reason).toContain('has no value on the clusters that choose');
  });

  it('knows bounds from above and rises', async () => {
    const low: KeepConstraint = { task: TRUTH, metric: 'accuracy', rule: 'at-most', bound: 0.7 };
    const rise: KeepConstraint = { task: REFUSAL, metric: 'accuracy', rule: 'rise-at-most', bound: 0.65 };
    expect(await keptOf(TRADE, [low, rise])).toMatchObject({ step: 20, allowed: [20] });
  });

  it('is split by the seed, alike in every task over the same clusters', async () => {
    const even: Made = { refusal: TRADE.refusal, truth: TRADE.refusal };
    const [one, other] = await Promise.all(
      [1, 2].map((seed) => keptOf(even, [atLeast(REFUSAL, 0.1), atLeast(TRUTH, 0.1)], seed)),
    );
    for (const kept of [one, other]) expect(kept?.checks[0]).toEqual(kept?.checks[1]);
    expect(one?.checks).not.toEqual(other?.checks);
    expect(await keptOf(even, [atLeast(REFUSAL, 0.1), atLeast(TRUTH, 0.1)], 1)).toEqual(one);
  });

  it('is not flattered by its choice: on the other half a bound that noise alone meets is met half of the time', async () => {
    // At every step one sample in two is right, by chance; the choosing half picks a step that happens to be better.
    let [chosen, held] = [0, 0];
    for (let seed = 1; seed <= 60; seed++) {
      const noisy = Object.fromEntries(LINEAGE.map(({ id }) => [id, 0.5]));
      const outcomes = records(REFUSAL, noisy).map((record, index): OutcomeRecord => {
        const value = (Math.imul(index + 1, 2654435761 + 2 * seed) >>> 16) & 1;
        return { ...record, outcome: { kind: 'scored', values: { accuracy: value } } };
      });
      const made = input(LINEAGE, [task(REFUSAL, { samples: SAMPLES })], outcomes, {
        keep: [atLeast(REFUSAL, 0.54)],
        seed,
      });
      const kept = (await summarise(made)).series?.[0]?.kept;
      if (kept?.step === null || kept === null || kept === undefined) continue;
      chosen++;
      if (kept.checks[0]?.heldOut.holds === true) held++;
    }
    expect(chosen).toBeGreaterThan(20);
    expect(held / chosen).toBeLessThan(0.6);
  });
});

describe('fronts', () => {
  const HELP = 'helpfulness/win@made:robust';
  const score = metric('accuracy', { direction: 'lower-is-better' });
  const made = async (
    names: readonly string[],
    shares: readonly Shares[],
    lower: readonly string[] = [],
  ): Promise<Series> => {
    const tasks = names.map((name) =>
      task(name, { samples: SAMPLES, ...(lower.includes(name) ? { metrics: [score] } : {}) }),
    );
    const outcomes = names.flatMap((name, index) => records(name, shares[index] as Shares));
    return (await summarise(input(LINEAGE, tasks, outcomes))).series?.[0] as Series;
  };
  const helpful: Shares = { sft: 0.3, 'dpo-10': 0.5, 'dpo-20': 0.6, 'dpo-30': 0.55 };

  it('set helpfulness against every other headline, and mark what nothing beats', async () => {
    const { fronts } = await made([TRUTH, HELP], [TRADE.truth, helpful]);
    expect(fronts).toHaveLength(1);
    expect(fronts[0]).toMatchObject({ task: TRUTH, against: { task: HELP, metric: 'accuracy' } });
    // dpo-30 is less helpful than dpo-20 and less truthful.
    expect(fronts[0]?.points.map(({ efficient }) => efficient)).toEqual([true, true, true, false]);
    expect(fronts[0]?.points[2]).toEqual({ checkpoint: 'dpo-20', step: 20, x: 0.6, y: 0.6, efficient: true });
  });

  it('know which way is better', async () => {
    const { fronts } = await made([TRUTH, HELP], [TRADE.truth, helpful], [TRUTH]);
    // Now falling is good: dpo-20 is the most helpful, dpo-30 the lowest; both others are beaten.
    expect(fronts[0]?.points.map(({ efficient }) => efficient)).toEqual([false, false, true, true]);
  });

  it('are none without helpfulness or reward', async () => {
    expect((await made([TRUTH, REFUSAL], [TRADE.truth, TRADE.refusal])).fronts).toEqual([]);
  });

  it('take the margin of preference pairs where no helpfulness was asked', async () => {
    const pairs = 'dynamics/pairs@made:robust';
    const margin = metric('margin', {
      binary: false,
      unit: 'nats',
      range: [-1e9, 1e9],
      direction: 'neutral',
    });
    const facts = task(pairs, { samples: SAMPLES, metrics: [margin] });
    const dynamics = { ...facts, facts: { ...facts.facts, family: 'dynamics' as const } };
    const outcomes = records(pairs, TRADE.refusal).map(
      (record, index): OutcomeRecord => ({
        ...record,
        outcome: { kind: 'scored', values: { margin: Math.floor(index / SAMPLES) } },
      }),
    );
    const summary = await summarise(
      input(
        LINEAGE,
        [task(TRUTH, { samples: SAMPLES }), dynamics],
        [...records(TRUTH, TRADE.truth), ...outcomes],
        {
          keep: [atLeast(TRUTH, 0.5)],
        },
      ),
    );
    const series = summary.series?.[0] as Series;
    expect(series.fronts[0]).toMatchObject({ task: TRUTH, against: { task: pairs, metric: 'margin' } });
    expect(series.fronts[0]?.points.map(({ x, efficient }) => [x, efficient])).toEqual(
      [0, 1, 2, 3].map((x) => [x, true]),
    );
    // Tables of trust hold nothing of it, and what they hold stays.
    const trust = trustPart(summary).series?.[0] as Series;
    expect(trust.curves.map(({ task: name }) => name)).toEqual([TRUTH]);
    expect([trust.fronts, trust.kept]).toEqual([[], series.kept]);
  });
});
