import { describe, expect, it } from '@jest/globals';
import { familyAlarms } from '../../../results/alarms/effects.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Effect, Summary } from '../../../results/summary.ts';
import type { MetricSpec } from '../../../suites/task.ts';
import { checkpoint, input, metric, records, task } from '../support/synthetic.ts';

/** Every dimension has one task, on which the child's values are `values` and the base's all 0. */
async function summaryOf(
  tests: number,
  values: readonly number[],
  rest: Partial<MetricSpec> = {},
): Promise<Summary> {
  const checkpoints = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
  const spec = metric('score', { unit: 'score', range: [-99, 99], binary: false, ...rest });
  const tasks = Array.from({ length: tests }, (_, index) =>
    task(`d${index}/made@made-up:native`, { samples: values.length, metrics: [spec] }),
  );
  const drawn = records(checkpoints, tasks, (place) => ({
    kind: 'scored',
    values: { score: place.checkpoint === 'base' ? 0 : (values[place.unit] as number) },
  }));
  return summarise(input(checkpoints, tasks, drawn));
}

const coarse = ({ alarms }: Summary): string[] =>
  alarms.filter(({ kind }) => kind === 'coarse-p').map(({ message }) => message);

const rising = (count: number): number[] => Array.from({ length: count }, (_, index) => 5 + index / 10);

/** A statistic that is no mean: its difference is swapped and computed again. */
const spread: MetricSpec['fold'] = (samples) => {
  const mean = samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
  return samples.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
};

describe('p that cannot fall far enough for its family', () => {
  it('no metric that is not a mean loses its verdict among 120 tests: its draws are those of a mean', async () => {
    const values = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 9 : -9));
    const summary = await summaryOf(120, values, { fold: spread });
    const [first] = summary.effects;
    expect(first).toMatchObject({
      test: 'cluster-sign-flip-sampled',
      family: 'primary',
      verdict: 'improved',
    });
    expect(first?.p).toBeCloseTo(1 / 10_001, 12);
    expect(summary.effects.every(({ verdict }) => verdict === 'improved')).toBe(true);
    expect(coarse(summary)).toEqual([]);
  });

  it('ten clusters resolve 25 tests, and not 26', async () => {
    const enough = await summaryOf(25, rising(10));
    expect(enough.effects.every(({ verdict }) => verdict === 'improved')).toBe(true);
    expect(coarse(enough)).toEqual([]);
    const tooMany = await summaryOf(26, rising(10));
    expect(tooMany.effects.every(({ verdict }) => verdict === 'no detectable change')).toBe(true);
    expect(coarse(tooMany)).toHaveLength(26);
    expect(coarse(tooMany)[0]).toBe(
      '26 tests are corrected together, more than 10 clusters can resolve (p is at least 0.0020): no effect on this task can reach a verdict; ask more samples, or run fewer tasks or checkpoints together',
    );
  });

  it('speaks of the draws from 501 sampled tests on, and counts those that found a smaller p before', async () => {
    const { effects } = await summaryOf(1, rising(20));
    const [sampled] = effects as [Effect];
    expect(sampled).toMatchObject({ test: 'cluster-sign-flip-sampled', p: 1 / 10_001 });
    const alarmsOf = (primaryTests: number, before: number) => {
      const smaller: Effect = { ...sampled, test: 'mcnemar-exact', clusters: 99, p: 1e-9 };
      const members = [
        ...Array.from({ length: primaryTests - before }, () => sampled),
        ...Array.from({ length: before }, () => smaller),
      ];
      return familyAlarms({ effects: members, primaryTests, draws: 10_000 });
    };
    expect(alarmsOf(500, 0)).toEqual([]);
    expect(alarmsOf(501, 0)).toMatchObject([{ kind: 'coarse-p', level: 'alarm', task: null }]);
    expect(alarmsOf(501, 1)).toEqual([]);
  });
});
