import { describe, expect, it } from '@jest/globals';
import { summarise } from '../../../results/summarise.ts';
import { bernoulli, checkpoint, input, records, task } from '../support/synthetic.ts';

const NAME = 'fairness/few@made-up:native';

async function clusterAlarms(clusters: number, perCluster: number): Promise<string[]> {
  const checkpoints = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
  const tasks = [task(NAME, { samples: clusters * perCluster, perCluster })];
  const drawn = records(checkpoints, tasks, (_, latent, noise) => bernoulli(0.4, latent, noise), perCluster);
  const { alarms } = await summarise(input(checkpoints, tasks, drawn));
  return alarms.filter(({ kind }) => kind === 'few-clusters').map(({ message }) => message);
}

describe('few clusters', () => {
  it.each([10, 29])('%i clusters are flagged, once a task', async (clusters) => {
    expect(await clusterAlarms(clusters, 6)).toEqual([
      `intervals rest on ${clusters} clusters (topic); under 30 they can be too narrow`,
    ]);
  });
  it.each([9, 30])('%i clusters are not: there is no interval, or it holds', async (clusters) => {
    expect(await clusterAlarms(clusters, 6)).toEqual([]);
  });
});
