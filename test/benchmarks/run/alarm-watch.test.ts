import { describe, expect, it } from '@jest/globals';
import { AlarmWatch } from '../../../benchmarks/run/alarms.ts';

function alarmsOf(...texts: readonly (readonly number[])[]) {
  const watch = new AlarmWatch([]);
  for (const tokenLogprobs of texts) {
    const logprob = tokenLogprobs.reduce((sum, each) => sum + each, 0);
    watch.scores('dpo', [{ logprob, tokenLogprobs, bytes: 1, method: 'echo' }]);
  }
  return watch.alarms();
}

describe('log-probabilities', () => {
  it('that are one number for every token raise an alarm, however long the texts are', () => {
    const texts = [1, 2, 3, 4, 5, 6].map((length) => Array<number>(length).fill(-2.5));
    expect(alarmsOf(...texts)).toEqual([
      {
        kind: 'constant-logprobs',
        checkpoint: 'dpo',
        message:
          'gave each of 21 tokens the log-probability -2.5: its scores say how long a text is and nothing else',
      },
    ]);
    // Single precision writes the same number in more than one way.
    expect(alarmsOf(...texts, [-2.5000002])).toHaveLength(1);
    expect(alarmsOf(Array<number>(20).fill(0))).toHaveLength(1);
  });

  it('of which one differs, or that are few, raise none', () => {
    const texts = [1, 2, 3, 4, 5, 6].map((length) => Array<number>(length).fill(-2.5));
    expect(alarmsOf(...texts, [-2.501])).toEqual([]);
    expect(alarmsOf([-0.001, ...Array<number>(40).fill(0)])).toEqual([]);
    expect(alarmsOf(...texts.slice(0, 5))).toEqual([]);
    expect(alarmsOf([], [])).toEqual([]);
  });
});
