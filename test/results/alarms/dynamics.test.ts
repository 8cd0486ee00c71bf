import { describe, expect, it } from '@jest/globals';
import { answerMassAlarms, displacementAlarms } from '../../../results/alarms/dynamics.ts';
import type { Cell } from '../../../results/summary.ts';

const PAIRS = 'dynamics/pairs@made:robust';
const BEHAVIOUR = 'dynamics/behaviour@made:robust';
const inputs = [PAIRS, BEHAVIOUR].map((task) => ({ task: { task } })) as never;

function cell(checkpoint: string, task: string, metric: string, value: number, width = 0.1): Cell {
  return { checkpoint, task, metric, value, low: value - width, high: value + width } as Cell;
}

describe('displacement', () => {
  const alarms = (cells: readonly Cell[]) => displacementAlarms({ inputs, cells });

  it('is raised once a task, with every checkpoint whose margin rose while the chosen answers fell', () => {
    const cells = [
      cell('one', PAIRS, 'margin', 5.33),
      cell('one', PAIRS, 'chosen_shift', -2.33),
      cell('two', PAIRS, 'margin', 2),
      cell('two', PAIRS, 'chosen_shift', -1),
      cell('sound', PAIRS, 'margin', 1.4),
      cell('sound', PAIRS, 'chosen_shift', 0.6),
    ];
    const [alarm, ...others] = alarms(cells);
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ kind: 'displaced', level: 'alarm', checkpoint: null, task: PAIRS });
    expect(alarm?.message).toMatch(/one −2\.33 nats, two −1\.00 nats$/);
  });

  it('is not raised where the fall lies within its interval, nor where the margin fell too', () => {
    expect(alarms([cell('a', PAIRS, 'margin', 1), cell('a', PAIRS, 'chosen_shift', -0.05)])).toEqual([]);
    expect(alarms([cell('a', PAIRS, 'margin', -1), cell('a', PAIRS, 'chosen_shift', -1)])).toEqual([]);
    expect(alarms([cell('a', BEHAVIOUR, 'margin', 1), cell('a', BEHAVIOUR, 'chosen_shift', -1)])).toEqual([]);
  });
});

describe('little probability of any answer', () => {
  it('is said of the checkpoints below one half', () => {
    const cells = [cell('low', BEHAVIOUR, 'answer_mass', 0.095), cell('high', BEHAVIOUR, 'answer_mass', 0.6)];
    const [alarm, ...others] = answerMassAlarms({ inputs, cells });
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ kind: 'low-answer-mass', checkpoint: 'low', task: BEHAVIOUR });
    expect(alarm?.message).toMatch(/probability 9\.5 %$|probability 10 %$|probability 9 %$/);
  });
});
