import { describe, expect, it } from '@jest/globals';
import { inWaves, type StoppingRule, type WavedTask } from '../../../benchmarks/run/waves.ts';
import type { Sample } from '../../../suites/task.ts';
import { plainTask } from './support.ts';

/** A task whose samples stand in clusters of the given size. */
function clustered(name: string, count: number, size: number): WavedTask {
  const { samples, ...rest } = plainTask(name, count);
  const grouped = samples().map((sample, index) => ({ ...sample, cluster: `c${Math.floor(index / size)}` }));
  return { ...rest, samples: () => grouped };
}

function ruleThat(settled: () => Iterable<string>): StoppingRule {
  return { observe: () => {}, settled: async () => new Set(settled()) };
}

async function wavesOf(tasks: readonly WavedTask[], rule: StoppingRule, seed = 1): Promise<Sample[][][]> {
  const waves: Sample[][][] = [];
  await inWaves(tasks, seed, rule, async (wave) => {
    waves.push(wave.map(({ samples }) => [...samples()]));
  });
  return waves;
}

describe('waves', () => {
  it('ask every sample once when the rule never settles, in growing waves of whole clusters', async () => {
    const task = clustered('a', 1000, 4);
    const waves = (
      await wavesOf(
        [task],
        ruleThat(() => []),
      )
    ).map(([only = []]) => only);
    const ids = waves.flat().map(({ id }) => id);
    expect(ids).toHaveLength(1000);
    expect(new Set(ids).size).toBe(1000);
    const wavesOfCluster = new Map<string, Set<number>>();
    for (const [index, wave] of waves.entries())
      for (const { cluster } of wave)
        wavesOfCluster.set(cluster, (wavesOfCluster.get(cluster) ?? new Set()).add(index));
    expect([...wavesOfCluster.values()].every(({ size }) => size === 1)).toBe(true);
    expect(waves[0]).toHaveLength(48);
    expect(waves.length).toBeGreaterThan(5);
    expect(waves.length).toBeLessThan(15);
  });

  it('take clusters in a random order that the seed and their names alone decide', async () => {
    const first = async (task: WavedTask, seed: number) =>
      (
        await wavesOf(
          [task],
          ruleThat(() => []),
          seed,
        )
      )[0]?.[0]
        ?.map(({ id }) => id)
        .sort();
    const task = clustered('a', 300, 3);
    const reversed = { ...task, samples: () => [...task.samples()].reverse() };
    expect(await first(reversed, 1)).toEqual(await first(task, 1));
    expect(await first(task, 2)).not.toEqual(await first(task, 1));
    expect(await first(task, 1)).not.toEqual(
      [...task.samples()]
        .slice(0, 48)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('stop one task and go on with the other', async () => {
    const tasks = [clustered('a', 200, 1), clustered('b', 200, 1)];
    let looks = 0;
    const waves = await wavesOf(
      tasks,
      ruleThat(() => (++looks > 2 ? ['a'] : [])),
    );
    expect(waves.map((wave) => wave.length).slice(0, 3)).toEqual([2, 2, 1]);
    const asked = (name: string) => waves.flat(2).filter(({ id }) => id.startsWith(`${name}-`)).length;
    expect([asked('a'), asked('b')]).toEqual([96, 200]);
  });
});
