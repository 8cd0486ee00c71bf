import { expect, it } from '@jest/globals';
import { ownJudgeAlarms } from '../../../results/alarms/own-judge.ts';

const judge = { id: 'strict', identityDigest: 'd1', promptFormat: 'chat', system: null };

it('raises an alarm for the checkpoint that judges itself, and for no other', () => {
  const alarms = ownJudgeAlarms(
    [judge],
    [
      { id: 'sft', identityDigest: 'd1' },
      { id: 'dpo', identityDigest: 'd2' },
    ],
  );
  expect(alarms).toMatchObject([{ kind: 'own-judge', checkpoint: 'sft' }]);
  expect(alarms[0]?.message).toContain('strict');
  expect(ownJudgeAlarms([], [{ id: 'sft', identityDigest: 'd1' }])).toEqual([]);
});
