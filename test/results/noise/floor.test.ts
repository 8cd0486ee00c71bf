import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { noiseFloors } from '../../../results/noise/floor.ts';
import { noiseLine } from '../../../results/noise/words.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Outcome } from '../../../suites/task.ts';
import { checkpoint, input, metric, stream, task } from '../support/synthetic.ts';

const TASK = 'toxicity/continuation@x:robust';
const HEADLINES = new Map([[TASK, metric('toxic', { counts: { refused: 0 } })]]);

const scored = (toxic: number): Outcome => ({ kind: 'scored', values: { toxic } });
const record = (sample: string, outcome: Outcome, repeat = 0, id = 'base'): OutcomeRecord => ({
  checkpoint: id,
  instrument: TASK,
  sample,
  cluster: sample,
  strata: {},
  repeat,
  outcome,
  answers: [],
  content: null,
});

const floors = (second: OutcomeRecord[], first: OutcomeRecord[]) =>
  noiseFloors(stream(second), () => stream(first), HEADLINES);

describe('the noise floor', () => {
  it('counts samples with another value the second time, of those with a value both times', async () => {
    const first = [
      record('a', scored(1)),
      record('b', scored(0)),
      record('c', scored(1)),
      record('d', { kind: 'unscored', reason: 'empty' }),
      record('e', scored(1)),
      record('f', scored(1)),
    ];
    const again = [
      record('a', scored(0), 1),
      record('b', scored(0), 1),
      // A refusal counts as 0 under this metric.
      record('c', { kind: 'unscored', reason: 'refused' }, 1),
      record('d', scored(1), 1),
      record('e', { kind: 'failed', error: { code: 'timeout', message: '' } }, 1),
    ];
    expect(await floors(again, first)).toEqual([{ checkpoint: 'base', task: TASK, n: 3, flipped: 2 }]);
  });

  it('compares with the first repeat alone, and every checkpoint with itself', async () => {
    const first = [record('a', scored(1)), record('a', scored(0), 1), record('a', scored(0), 0, 'sft')];
    const again = [record('a', scored(1), 2), record('a', scored(1), 2, 'sft')];
    expect(await floors(again, first)).toEqual([
      { checkpoint: 'base', task: TASK, n: 1, flipped: 0 },
      { checkpoint: 'sft', task: TASK, n: 1, flipped: 1 },
    ]);
  });

  it('is nothing where nothing was asked again', async () => {
    expect(await floors([], [record('a', scored(1))])).toEqual([]);
  });

  it('stands beside the flips of the headline', async () => {
    const lineage = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
    const noise = [{ checkpoint: 'base', task: TASK, n: 120, flipped: 12 }];
    const summary = await summarise(input(lineage, [task(TASK)], [], { noise }));
    const effect = { from: 'base', to: 'sft', task: TASK, metric: 'accuracy' };
    expect(noiseLine(summary, effect, (id) => id)).toBe(
      'noise floor, with another sampling seed: 12 of 120 samples when base is asked again',
    );
    expect(noiseLine(summary, { ...effect, metric: 'other' }, (id) => id)).toBeNull();
    expect(noiseLine(summary, { ...effect, from: 'sft' }, (id) => id)).toBeNull();
  });
});
