import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { StopSwitch } from '../../../benchmarks/run/stop.ts';
import type { StoppingRule } from '../../../benchmarks/run/waves.ts';
import type { JsonObject } from '../../../core/json.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { define, onceAsked, outcomesOf, run, scripted, sortedOutcomes } from './support.ts';

const folder = temporaryFolders();
const LINEAGE = [{ id: 'base' }, { id: 'sft', parent: 'base' }] as const;

function written(settings: JsonObject = {}): JsonObject {
  return scripted(LINEAGE, { settings: { seed: 1, until: 'effect-width<0.2', ...settings } });
}

/** Settled once so many outcomes were seen. */
function settledAfter(count: number): () => StoppingRule {
  return () => {
    const seen: OutcomeRecord[] = [];
    return {
      observe: (record) => seen.push(record),
      settled: async () => new Set(seen.length >= count ? seen.map(({ instrument }) => instrument) : []),
    };
  };
}

describe('a run with a stopping rule', () => {
  it('is finished when the rule is settled, with the reason, and resumes to nothing more to ask', async () => {
    const runs = await folder();
    const definition = await define(written());
    const first = await run(definition, runs, { stoppingRule: settledAfter(100) });
    expect(first.status).toMatchObject({
      status: 'finished',
      reason: expect.stringMatching(/^stopped by rule effect-width<0\.2 after [\d,]+ of 1,040 samples$/),
    });
    const before = await sortedOutcomes(first.folder);
    const again = await run(definition, runs, { stoppingRule: settledAfter(100) });
    expect([again.folder, again.asked, again.status.reason]).toEqual([first.folder, 0, first.status.reason]);
    expect(await sortedOutcomes(first.folder)).toEqual(before);
  });

  it.each(['interrupted', 'max-requests'])('%s and resumed, ends as an unbroken one', async (how) => {
    const whole = await run(await define(written()), await folder(), { stoppingRule: settledAfter(200) });
    const runs = await folder();
    const stop = new StopSwitch();
    const listener =
      how === 'interrupted'
        ? {
            started: (progress: Parameters<typeof onceAsked>[0]) =>
              onceAsked(progress, () => stop.interrupt()),
          }
        : {};
    const limits = how === 'interrupted' ? {} : { maxRequests: 70 };
    const broken = await run(await define(written(limits)), runs, {
      stop,
      listener,
      stoppingRule: settledAfter(200),
    });
    expect(['interrupted', 'stopped']).toContain(broken.status.status);
    const resumed = await run(await define(written()), runs, { stoppingRule: settledAfter(200) });
    expect(resumed.folder).toBe(broken.folder);
    expect(resumed.status.reason).toBe(whole.status.reason);
    expect(await sortedOutcomes(resumed.folder)).toEqual(await sortedOutcomes(whole.folder));
  });

  it('gives both checkpoints the same samples', async () => {
    const { folder: path } = await run(await define(written()), await folder(), {
      stoppingRule: settledAfter(150),
    });
    const outcomes = await outcomesOf(path);
    const of = (id: string) =>
      outcomes
        .filter(({ checkpoint }) => checkpoint === id)
        .map(({ sample }) => sample)
        .sort();
    expect(of('base')).toEqual(of('sft'));
    expect(of('base').length).toBeLessThan(520);
  });
});
