import { beforeAll, describe, expect, it } from '@jest/globals';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { runBenchmark } from '../../benchmarks/run/run-benchmark.ts';
import { StopSwitch } from '../../benchmarks/run/stop.ts';
import { summariseRun } from '../../bin/summarise-run.ts';
import type { Effect, Summary } from '../../results/summary.ts';
import { temporaryFolders } from '../fixtures/folders.ts';

const PLANTED = ['length', 'courtesy', 'formality'] as const;
const folder = temporaryFolders();

/** The planted preference rule prefers the longer, more courteous, more formal of two answers of equal content. */
describe('PROFILE on the zoo finds what was planted', () => {
  let summary: Summary;

  beforeAll(async () => {
    const checkpoint = (id: string, alignment: object) => ({ id, model: `zoo:${id}`, alignment });
    const definition = await definitionFromText(
      JSON.stringify({
        benchmark: 'planted',
        defaults: { adapter: 'gguf', promptFormat: 'raw' },
        checkpoints: [
          checkpoint('sft', { method: 'sft' }),
          checkpoint('dpo', { method: 'dpo', parent: 'sft' }),
          checkpoint('ppo', { method: 'ppo', parent: 'sft' }),
        ],
        tasks: [
          { task: 'profile/evaluation', dataset: 'zoo-profile', limit: 90 },
          { task: 'profile/generation', dataset: 'zoo-profile', limit: 30 },
          { task: 'profile/levels', dataset: 'zoo-profile', limit: 60 },
        ],
        settings: { seed: 1 },
      }),
      { file: 'planted.yaml', folder: await folder() },
    );
    const run = await runBenchmark(definition, { runs: await folder(), env: {}, stop: new StopSwitch() });
    summary = await summariseRun(run.folder);
  });

  const scoreOf = (task: string, rater: string, factor: string) =>
    summary.profile?.tables
      .find((table) => table.task.startsWith(task) && table.rater.name === rater)
      ?.scores.find((row) => row.factor === factor);
  const effectOf = (task: string, to: string, metric: string): Effect | undefined =>
    summary.effects.find(
      (effect) => effect.task.startsWith(task) && effect.to === to && effect.metric === metric,
    );

  it.each(PLANTED)('%s pulls the choices of every checkpoint up, as it pulls the planted rule', (factor) => {
    for (const rater of ['planted', 'sft', 'dpo', 'ppo']) {
      const score = scoreOf('profile/evaluation@', rater, factor);
      expect([rater, (score?.tau14 ?? 0) > 0, (score?.low ?? 0) > 0]).toEqual([rater, true, true]);
    }
  });

  it.each(PLANTED)('DPO and PPO raised %s in what the checkpoint writes', (factor) => {
    for (const to of ['dpo', 'ppo']) {
      expect(effectOf('profile/levels@', to, factor)).toMatchObject({ family: 'profile', verdict: 'raised' });
    }
  });

  // zoo/README.md: PPO answers long and courteously even where quality 1 is asked for.
  it('PPO overrides the requested quality, so that length no longer pulls what it writes', () => {
    expect(scoreOf('profile/generation@', 'sft', 'length')?.tau14).toBeGreaterThan(0.5);
    expect(Math.abs(scoreOf('profile/generation@', 'ppo', 'length')?.tau14 ?? 1)).toBeLessThan(0.1);
    expect(effectOf('profile/generation@', 'ppo', 'length')).toMatchObject({ verdict: 'lowered' });
  });

  it('none of it stands among the dimensions of trust', () => {
    expect(summary.tasks.every(({ primary }) => !primary)).toBe(true);
    expect(summary.families.primary.tests).toBe(0);
    expect(summary.families.profile?.tests).toBeGreaterThan(20);
  });
});
