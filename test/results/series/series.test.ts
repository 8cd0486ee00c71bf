import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { renderJson } from '../../../results/report/json.ts';
import type { KeepConstraint, Series, SeriesCurve } from '../../../results/series/series-summary.ts';
import { studentQuantile } from '../../../results/statistics/distributions.ts';
import { type SummaryTaskInput, summarise } from '../../../results/summarise.ts';
import type { SummaryCheckpoint } from '../../../results/summary.ts';
import type { MetricSpec } from '../../../suites/task.ts';
import { checkpoint, input, metric, stream, task, uniform } from '../support/synthetic.ts';

const TRUTH = 'truthfulness/mc1@made:robust';

/** Values by checkpoint, one a sample; null where there is none. */
type Values = Readonly<Record<string, readonly (number | null)[]>>;

const LINEAGE = [
  checkpoint('sft', { method: 'sft' }),
  checkpoint('dpo-1', { method: 'dpo', parent: 'sft', step: 10 }),
  checkpoint('dpo-2', { method: 'dpo', parent: 'sft', step: 20 }),
  checkpoint('dpo-3', { method: 'dpo', parent: 'sft', step: 60 }),
];

function records(
  name: string,
  values: Values,
  clusterOf = (unit: number): string => `c${unit}`,
): OutcomeRecord[] {
  return Object.entries(values).flatMap(([id, list]) =>
    list.map((value, unit): OutcomeRecord => {
      const outcome =
        value === null
          ? ({ kind: 'unscored', reason: 'unparsed' } as const)
          : ({ kind: 'scored', values: { accuracy: value } } as const);
      const [sample, cluster] = [`q${String(unit).padStart(4, '0')}`, clusterOf(unit)];
      return {
        checkpoint: id,
        instrument: name,
        sample,
        cluster,
        strata: {},
        repeat: 0,
        outcome,
        answers: [],
        content: null,
      };
    }),
  );
}

interface Made {
  readonly checkpoints?: readonly SummaryCheckpoint[];
  readonly spec?: Partial<MetricSpec>;
  readonly keep?: readonly KeepConstraint[];
  readonly perCluster?: number;
}

async function seriesOf(values: Values, made: Made = {}): Promise<Series> {
  const { checkpoints = LINEAGE, spec = {}, keep = [], perCluster = 1 } = made;
  const samples = Object.values(values)[0]?.length ?? 0;
  const shape = task(TRUTH, { samples, perCluster, metrics: [metric('accuracy', spec)] });
  const outcomes = records(TRUTH, values, (unit) => `c${Math.floor(unit / perCluster)}`);
  const { series } = await summarise(input(checkpoints, [shape], outcomes, { keep }));
  return series?.[0] as Series;
}

const only = ({ curves }: Series): SeriesCurve => curves[0] as SeriesCurve;

/** A score of about this size with sample noise that is equal at every step. */
const scores = (n: number, of: (unit: number) => number): number[] =>
  Array.from({ length: n }, (_, unit) => of(unit));
const noise = (...parts: readonly (string | number)[]): number => uniform(...parts) - 0.5;
const SCORE: Partial<MetricSpec> = { binary: false, range: [-100, 100], unit: 'score' };

describe('a curve', () => {
  it('holds values, paired differences, flips and speed that can be worked out by hand', async () => {
    const half = (ones: number): number[] => scores(12, (unit) => (unit < ones ? 1 : 0));
    // Six of twelve right at the start; then the seventh too; then the first is lost and the eighth won; then all.
    const swapped = half(8).map((value, unit) => (unit === 0 ? 0 : value));
    const series = await seriesOf({ sft: half(6), 'dpo-1': half(7), 'dpo-2': swapped, 'dpo-3': half(12) });
    expect(series).toMatchObject({ name: 'dpo-3', start: 'parent', refused: null, kept: null, fronts: [] });
    expect(series.points.map(({ step }) => step)).toEqual([0, 10, 20, 60]);
    const { points, n, clusters, speed } = only(series);
    expect([n, clusters]).toEqual([12, 12]);
    expect(points.map(({ gained, lost }) => [gained, lost])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [5, 0],
    ]);
    const twelfths = (of: 'value' | 'delta'): number[] => points.map((point) => (point[of] as number) * 12);
    for (const [index, value] of [6, 7, 7, 12].entries()) {
      expect(twelfths('value')[index]).toBeCloseTo(value, 12);
      expect(twelfths('delta')[index]).toBeCloseTo(value - 6, 12);
    }
    expect(speed?.initialSlope).toBeCloseTo(1 / 12 / 10, 12);
    // Over steps 0, 10, 20, 60: (10 · ½ + 10 · 1 + 40 · 3½) / 12 / 60.
    expect(speed?.area).toBeCloseTo((5 + 10 + 140) / 12 / 60, 12);
  });

  it('of one later step that moves has the interval of its effect', async () => {
    const before = scores(20, (unit) => noise('a', unit));
    const after = scores(20, (unit) => (before[unit] as number) + 0.4 + noise('b', unit));
    const { criticalValue, points, firstStep, reason } = only(
      await seriesOf({ sft: before, 'dpo-1': before, 'dpo-2': before, 'dpo-3': after }, { spec: SCORE }),
    );
    const differences = after.map((value, unit) => value - (before[unit] as number));
    const mean = differences.reduce((sum, each) => sum + each, 0) / 20;
    const error = Math.sqrt(differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 19 / 20);
    expect(criticalValue).toBe(studentQuantile(0.975, 19));
    expect(points[3]?.low).toBeCloseTo(mean - studentQuantile(0.975, 19) * error, 10);
    expect(points[3]?.high).toBeCloseTo(mean + studentQuantile(0.975, 19) * error, 10);
    // A step without spread has no band, and no error that could be the largest.
    expect(points.slice(0, 3).map(({ low, high }) => [low, high])).toEqual(
      scores(3, () => 0).map(() => [null, null]),
    );
    expect(firstStep).toEqual({ step: 60, verdict: 'improved' });
    expect(reason).toBeNull();
  });

  it('has bands that are wider than single intervals, and narrower than Bonferroni’s', async () => {
    const start = scores(60, (unit) => noise('s', unit));
    const [one, two, three] = [1, 2, 3].map((step) =>
      start.map(
        (value, unit) =>
          value +
          noise('walk', 1, unit) +
          (step > 1 ? noise('walk', 2, unit) : 0) +
          (step > 2 ? 0.5 + noise('walk', 3, unit) : 0),
      ),
    ) as [number[], number[], number[]];
    const { criticalValue, firstStep } = only(
      await seriesOf({ sft: start, 'dpo-1': one, 'dpo-2': two, 'dpo-3': three }, { spec: SCORE }),
    );
    expect(criticalValue).toBeGreaterThan(studentQuantile(0.975, 59) + 0.1);
    expect(criticalValue).toBeLessThan(studentQuantile(1 - 0.025 / 3, 59));
    expect(firstStep).toEqual({ step: 60, verdict: 'improved' });
  });

  it('of values of 0 and 1 has Tango’s bands: one flip in forty is nothing, forty are all', async () => {
    const none = scores(40, () => 0);
    const { points, firstStep } = only(
      await seriesOf({
        sft: none,
        'dpo-1': none.map((_, unit) => (unit === 3 ? 1 : 0)),
        'dpo-2': none,
        'dpo-3': none.map(() => 1),
      }),
    );
    // Nothing flipped: not certainty, but what forty samples exclude.
    expect(points[2]?.low).toBeLessThan(-0.05);
    expect(points[2]?.high).toBeGreaterThan(0.05);
    expect(points[1]?.low).toBeLessThan(0);
    expect(points[3]?.low).toBeGreaterThan(0.7);
    expect(points[3]?.high).toBe(1);
    expect(firstStep).toEqual({ step: 60, verdict: 'improved' });
  });

  it('says raised and lowered of a metric that has no better side', async () => {
    const start = scores(30, (unit) => noise('n', unit));
    const low = start.map((value, unit) => value - 3 + noise('m', unit));
    const { firstStep, points } = only(
      await seriesOf(
        { sft: start, 'dpo-1': low, 'dpo-2': low, 'dpo-3': low },
        { spec: { ...SCORE, direction: 'neutral' } },
      ),
    );
    expect(firstStep).toEqual({ step: 10, verdict: 'lowered' });
    expect(points[1]).toMatchObject({ gained: 0, lost: 30 });
  });
});

describe('what cannot be compared', () => {
  const flat = scores(12, (unit) => unit % 2);
  const all = { sft: flat, 'dpo-1': flat, 'dpo-2': flat, 'dpo-3': flat };

  it('is a series of which nothing moves: no band, and why', async () => {
    const curve = only(await seriesOf(all));
    expect(curve).toMatchObject({ criticalValue: null, firstStep: null });
    expect(curve.reason).toBe('no cluster moves the value at any step');
  });

  it('has no band under ten clusters', async () => {
    const { criticalValue, points, reason, clusters } = only(
      await seriesOf({ ...all, 'dpo-3': flat.map((value) => 1 - value) }, { perCluster: 12 }),
    );
    expect([criticalValue, clusters]).toEqual([null, 1]);
    expect(points[3]).toMatchObject({ delta: 0, low: null, high: null, gained: 6, lost: 6 });
    expect(reason).toContain('too few clusters for an interval: 1');
  });

  it('leaves a checkpoint without any value out, and pairs over what the others share', async () => {
    const gone = flat.map(() => null);
    const holes = flat.map((value, unit) => (unit < 2 ? null : value));
    const { points, n } = only(await seriesOf({ ...all, 'dpo-1': gone, 'dpo-2': holes }));
    expect(points.map(({ value, delta }) => [value, delta])).toEqual([
      [0.5, 0],
      [null, null],
      [0.5, 0],
      [0.5, 0],
    ]);
    expect(n).toBe(10);
  });

  it('says that the start has no value, or that no sample is shared', async () => {
    const gone = flat.map(() => null);
    const lost = only(await seriesOf({ ...all, sft: gone }));
    expect(lost.reason).toBe('the start has no value: sft, no answer could be scored');
    expect(lost.points.map(({ value }) => value)).toEqual([null, 0.5, 0.5, 0.5]);
    const [first, second] = [0, 1].map((side) =>
      flat.map((value, unit) => (unit % 2 === side ? value : null)),
    );
    const split = only(await seriesOf({ ...all, 'dpo-1': first, 'dpo-2': second } as Values));
    expect(split).toMatchObject({
      n: 0,
      speed: null,
      reason: 'no sample has a value at every step; dpo-1 has the fewest',
    });
  });

  it('refuses members that were measured otherwise, says which, and keeps no curve', async () => {
    const [sft, one, two, three] = LINEAGE as [
      SummaryCheckpoint,
      SummaryCheckpoint,
      SummaryCheckpoint,
      SummaryCheckpoint,
    ];
    const quantised = checkpoint('dpo-2', { ...two }, { quantisation: 'Q4_0' });
    const keep: KeepConstraint[] = [{ task: TRUTH, metric: 'accuracy', rule: 'at-least', bound: 0.5 }];
    const series = await seriesOf(all, { checkpoints: [sft, one, quantised, three], keep });
    expect(series.refused).toBe('dpo-2 differs from sft in quantisation (none against Q4_0)');
    expect([series.curves, series.fronts]).toEqual([[], []]);
    expect(series.kept).toMatchObject({ step: null, reason: series.refused });
  });

  it('takes the difference when the definition allows it by name', async () => {
    const [sft, one, two, three] = LINEAGE as [
      SummaryCheckpoint,
      SummaryCheckpoint,
      SummaryCheckpoint,
      SummaryCheckpoint,
    ];
    const quantised = checkpoint('dpo-2', { ...two }, { quantisation: 'Q4_0' });
    const outcomes = records(TRUTH, all);
    const made = input([sft, one, quantised, three], [task(TRUTH, { samples: 12 })], outcomes, {
      allow: ['quantisation'],
    });
    expect((await summarise(made)).series?.[0]).toMatchObject({ refused: null });
  });

  it('refuses two checkpoints of one step', async () => {
    const [sft, one, two, three] = LINEAGE as [
      SummaryCheckpoint,
      SummaryCheckpoint,
      SummaryCheckpoint,
      SummaryCheckpoint,
    ];
    const series = await seriesOf(all, { checkpoints: [sft, one, { ...two, step: 10 }, three] });
    expect(series.refused).toBe('dpo-1 and dpo-2 are both step 10');
  });

  it('has no series where no run has two steps', async () => {
    const outcomes = records(TRUTH, { sft: flat, 'dpo-1': flat });
    const summary = await summarise(input(LINEAGE.slice(0, 2), [task(TRUTH, { samples: 12 })], outcomes));
    expect('series' in summary).toBe(false);
  });
});

describe('the numbers of a series', () => {
  const drawn = (n: number): Values =>
    Object.fromEntries(
      LINEAGE.map(({ id }, step) => [
        id,
        scores(n, (unit) => (uniform('ease', unit) + 0.3 * uniform(id, unit) + 0.05 * step > 0.65 ? 1 : 0)),
      ]),
    );

  it('mirror when the other side is the better one, and only in their words', async () => {
    const values = drawn(80);
    const up = only(await seriesOf(values));
    const down = only(await seriesOf(values, { spec: { direction: 'lower-is-better' } }));
    expect(down.points.map(({ delta, low, high }) => [delta, low, high])).toEqual(
      up.points.map(({ delta, low, high }) => [delta, low, high]),
    );
    expect(down.points.map(({ gained, lost }) => [lost, gained])).toEqual(
      up.points.map(({ gained, lost }) => [gained, lost]),
    );
    expect([up.firstStep?.verdict, down.firstStep?.verdict]).toEqual(['improved', 'worsened']);
  });

  it('change their signs with the values', async () => {
    const values = drawn(80);
    const negated = Object.fromEntries(
      Object.entries(values).map(([id, list]) => [id, list.map((value) => -(value ?? 0))]),
    );
    const [one, other] = [
      only(await seriesOf(values, { spec: SCORE })),
      only(await seriesOf(negated, { spec: SCORE })),
    ];
    for (const [index, point] of one.points.entries()) {
      const mirrored = other.points[index];
      expect((mirrored?.delta ?? Number.NaN) + (point.delta ?? Number.NaN)).toBeCloseTo(0, 12);
      if (point.low !== null) expect((mirrored?.high ?? Number.NaN) + point.low).toBeCloseTo(0, 12);
    }
    expect(other.criticalValue).toBeCloseTo(one.criticalValue as number, 12);
  });

  it('are the same bytes in whatever order outcomes come', async () => {
    const outcomes = records(TRUTH, drawn(40), (unit) => `c${unit % 17}`);
    const shape: SummaryTaskInput = task(TRUTH, { samples: 40 });
    const keep: KeepConstraint[] = [{ task: TRUTH, metric: 'accuracy', rule: 'at-least', bound: 0.4 }];
    const made = async (list: readonly OutcomeRecord[]): Promise<string> =>
      renderJson(await summarise({ ...input(LINEAGE, [shape], [], { keep }), outcomes: stream(list) }));
    const first = await made(outcomes);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(outcomes, { minLength: outcomes.length }), async (shuffled) => {
        expect(await made(shuffled)).toBe(first);
      }),
      { numRuns: 5 },
    );
  });

  it('are finite or null, whatever is missing or constant', async () => {
    const value = fc.constantFrom(null, 0, 1, 0.5);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value, value, value), { minLength: 1, maxLength: 24 }),
        fc.integer({ min: 1, max: 3 }),
        async (rows, perCluster) => {
          const values = Object.fromEntries(
            LINEAGE.map(({ id }, at) => [id, rows.map((row) => row[at] ?? null)]),
          );
          const keep: KeepConstraint[] = [
            { task: TRUTH, metric: 'accuracy', rule: 'fall-at-most', bound: 0.1 },
          ];
          const series = await seriesOf(values, { spec: { binary: false }, perCluster, keep });
          for (const { points, firstStep } of series.curves) {
            for (const { delta, low, high } of points) {
              for (const number of [delta, low, high])
                expect(number === null || Number.isFinite(number)).toBe(true);
              if (delta !== null && low !== null && high !== null) {
                expect(low - 1e-12 <= delta && delta <= high + 1e-12).toBe(true);
              }
            }
            if (firstStep !== null) expect(points.some(({ step }) => step === firstStep.step)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
