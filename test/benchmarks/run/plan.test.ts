import { describe, expect, it } from '@jest/globals';
import { planBenchmark } from '../../../benchmarks/run/plan.ts';
import type { JsonObject } from '../../../core/json.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { define, run, scripted } from './support.ts';

const folder = temporaryFolders();
const context = { env: {}, notify: () => {} };

const tasks = ['mc1', 'mc2', 'binary', 'mc-generate'].map((name) => ({
  task: `truthfulness/${name}`,
  dataset: 'zoo-truth',
}));
const lineage = [
  { id: 'base' },
  { id: 'sft', parent: 'base' },
  { id: 'chat', parent: 'base', promptFormat: 'chat' },
] as const;

function written(settings: JsonObject): JsonObject {
  return scripted(lineage, { tasks, settings: { seed: 1, limit: 12, ...settings } });
}

describe('plan', () => {
  it.each([1, 2])('counts exactly the requests that a run then asks, with %d repeats', async (repeats) => {
    const definition = await define(written({ repeats }));
    const plan = await planBenchmark(definition, context);
    const { asked } = await run(definition, await folder());
    expect(plan.requests).toBe(asked);
    expect(plan.gaps).toEqual([]);
    expect(plan.minutes).toBeGreaterThanOrEqual(0);
  });

  it('counts a request that several tasks share under the first of them', async () => {
    const plan = await planBenchmark(await define(written({})), context);
    const requests = Object.fromEntries(
      plan.tasks.map((task) => [task.instrument, task.requestsPerCheckpoint]),
    );
    expect(requests['truthfulness/mc1@zoo-truth:robust']).toBe(12);
    // Both read the log-probabilities of the same answers to the same questions.
    expect(requests['truthfulness/mc2@zoo-truth:robust']).toBe(0);
    expect(requests['truthfulness/mc-generate@zoo-truth:robust']).toBe(12);
  });

  it.each(['a checkpoint', 'another model'])(
    'counts what is asked of a reference once, where it is %s',
    async (who) => {
      const other = { id: 'ref', adapter: 'scripted', model: 'other', promptFormat: 'raw' };
      const definition = await define(
        scripted([{ id: 'base' }, { id: 'sft', parent: 'base' }], {
          roles: { reference: who === 'a checkpoint' ? 'base' : other },
          tasks: ['dynamics/pairs@zoo-profile', 'dynamics/behaviour@zoo-behaviours'],
          settings: { seed: 1, limit: 12, repeats: 2 },
        }),
      );
      const plan = await planBenchmark(definition, context);
      const { asked } = await run(definition, await folder());
      expect(plan.requests).toBe(asked);
      expect(plan.followUps).toBe(0);
      const [pairs] = plan.tasks;
      expect([pairs?.requestsPerCheckpoint, pairs?.sharedRequests]).toEqual([
        24,
        who === 'a checkpoint' ? 0 : 24,
      ]);
    },
  );

  it('foresees what a judge is asked about answers that nobody has given yet', async () => {
    const price = { promptPerMillion: 0, completionPerMillion: 1_000_000 };
    const judge = { id: 'judge', adapter: 'scripted', model: 'judge', promptFormat: 'chat', price };
    const judged = scripted([{ id: 'base' }, { id: 'sft', parent: 'base' }], {
      roles: { judge },
      tasks: [{ task: 'truthfulness/generate', dataset: 'zoo-truth' }],
    });
    const definition = await define({ ...judged, settings: { seed: 1, limit: 12 } });
    const plan = await planBenchmark(definition, context);
    const { asked } = await run(definition, await folder());
    expect(plan.requests).toBe(24);
    expect(plan.followUps).toBe(asked - 24);
    // The judge alone has a price: a unit for each token that it may write.
    expect(plan.cost ?? 0).toBeGreaterThanOrEqual(plan.followUps);
    expect(plan.cost ?? 0).toBeLessThan(plan.outputTokens);
  });

  it('takes lengths and times of answers from where they were measured', async () => {
    const definition = await define(written({}));
    const [first] = (await planBenchmark(definition, context)).tasks.slice(-1);
    const measured = new Map([[first?.instrument ?? '', { ms: 60_000, outputTokens: 2 }]]);
    const [task] = (await planBenchmark(definition, { ...context, measured })).tasks.slice(-1);
    expect([first?.outputIsLimit, task?.outputIsLimit]).toEqual([true, false]);
    // 12 requests to each of three checkpoints.
    expect(task?.outputTokens).toBe(72);
    // Each in a lane of its own with 64 slots.
    expect(task?.minutes).toBeCloseTo(12 / 64, 9);
  });

  it('keeps to the concurrency and the requests per minute that a definition allows', async () => {
    const limited = async (limits: JsonObject) => {
      const definition = await define(
        scripted([{ id: 'base', limits }], { tasks: [tasks[3] ?? {}], settings: { seed: 1, limit: 12 } }),
      );
      const measured = new Map([
        ['truthfulness/mc-generate@zoo-truth:robust', { ms: 60_000, outputTokens: 2 }],
      ]);
      return (await planBenchmark(definition, { ...context, measured })).minutes;
    };
    expect(await limited({ concurrency: 3 })).toBeCloseTo(4, 9);
    expect(await limited({ requestsPerMinute: 2 })).toBeCloseTo(6, 9);
  });

  it('shows the gaps of all checkpoints at once, and asks nothing of the benchmark', async () => {
    const mute = { verbs: ['generate'] };
    const definition = await define(
      scripted(
        [
          { id: 'a', options: mute },
          { id: 'b', options: mute },
          { id: 'c', options: { default: 'error' } },
        ],
        { tasks, settings: { seed: 1, limit: 3 } },
      ),
    );
    const { gaps } = await planBenchmark(definition, context);
    expect(gaps.map(({ checkpoint, instrument }) => `${checkpoint} ${instrument.split('@')[0]}`)).toEqual([
      'a truthfulness/mc1',
      'a truthfulness/mc2',
      'a truthfulness/binary',
      'b truthfulness/mc1',
      'b truthfulness/mc2',
      'b truthfulness/binary',
    ]);
    expect(gaps[0]?.missing).toBe('a (scripted 1) cannot score');
  });
});
