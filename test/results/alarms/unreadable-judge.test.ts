import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '../../../core/json.ts';
import { unreadOf } from '../../../results/outcomes/unread.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Outcome } from '../../../suites/task.ts';
import { checkpoint, input, records, task } from '../support/synthetic.ts';

const NAME = 'truthfulness/generate@x:robust';

/** Alarms on two checkpoints of 200 samples, the judge's replies to `unread` of which on the second were like `bad`. */
async function alarmsOf(unread: number, bad: Outcome) {
  const checkpoints = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
  const tasks = [task(NAME, { samples: 200 })];
  const outcomes = records(checkpoints, tasks, ({ checkpoint: id, unit }) =>
    id === 'sft' && unit < unread ? bad : { kind: 'scored', values: { accuracy: unit % 2 } },
  );
  const { alarms } = await summarise(input(checkpoints, tasks, outcomes));
  return alarms.filter(({ kind }) => kind === 'unreadable-judge');
}

const unparsed = (detail: JsonValue): Outcome => ({ kind: 'unscored', reason: 'unparsed', detail });

describe('a judge whose replies cannot be read', () => {
  it('raises an alarm of its own above 5 % of the judged answers, by checkpoint', async () => {
    const bad = unparsed({ judge: 'it held no JSON object' });
    expect(await alarmsOf(10, bad)).toEqual([]);
    expect(await alarmsOf(11, bad)).toEqual([
      {
        kind: 'unreadable-judge',
        level: 'alarm',
        checkpoint: 'sft',
        task: NAME,
        message:
          'no readable verdict of the judge on 5.5 % of the answers it was given (it held no JSON object): what it could read may not be typical',
      },
    ]);
  });

  it('counts by how many of several texts of a sample it gave no verdict on', async () => {
    // 40 samples × 1 of 4 texts are 5 % of all.
    const quarter: Outcome = {
      kind: 'scored',
      values: { accuracy: 1 },
      detail: { judge: ['it was empty'], judged: 4 },
    };
    expect(await alarmsOf(40, quarter)).toEqual([]);
    expect(await alarmsOf(44, quarter)).toHaveLength(1);
  });

  it('is not blamed for answers that were never judged', async () => {
    expect(await alarmsOf(100, unparsed('no letter'))).toEqual([]);
    expect(await alarmsOf(100, { kind: 'unscored', reason: 'empty' })).toEqual([]);
    // Of 100 that were judged 8 are 8 %, although they are 4 % of all.
    const checkpoints = [checkpoint('base')];
    const tasks = [task(NAME, { samples: 200 })];
    const outcomes = records(checkpoints, tasks, ({ unit }) => {
      if (unit % 2 === 0) return { kind: 'unscored', reason: 'empty' };
      return unit < 16
        ? unparsed({ judge: 'it was empty' })
        : { kind: 'scored', values: { accuracy: Number(unit < 100) } };
    });
    const { alarms } = await summarise(input(checkpoints, tasks, outcomes));
    expect(alarms.find(({ kind }) => kind === 'unreadable-judge')?.message).toContain('on 8.0 % of');
  });

  it.each([
    null,
    7,
    [],
    ['judge'],
    { judge: null },
    { judge: [] },
    { judge: [3, {}] },
    { judge: { toString: 'x' } },
  ])('reads nothing out of the detail %j', (detail) => {
    expect(unreadOf(unparsed(detail as JsonValue))).toBeNull();
  });

  it('never counts more than all texts, and keeps a text short', () => {
    for (const judged of [0, -1, 1, 'four', null]) {
      expect(unreadOf(unparsed({ judge: ['a', 'b'], judged }))).toEqual({ share: 1, problem: 'a' });
    }
    expect(unreadOf(unparsed({ judge: 'x'.repeat(1e4) }))?.problem).toHaveLength(80);
  });
});
