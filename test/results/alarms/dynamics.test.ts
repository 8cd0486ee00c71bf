import { describe, expect, it } from '@jest/globals';
import {
  answerMassAlarms,
  censoredAlarms,
  displacementAlarms,
  oneClassAlarms,
} from '../../../results/alarms/dynamics.ts';
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

describe('samples with a bound only', () => {
  const FIRST_TOKEN = 'dynamics/behaviour-first-token@made:robust';
  const of = (task: string, ...columns: readonly (readonly number[])[]) => {
    const values = columns.map((each, index) => [
      `c${index}`,
      { values: new Map([['censored', Float64Array.from(each)]]) },
    ]);
    const table = { units: 4, columns: new Map(values as never) };
    return censoredAlarms({ inputs: [{ task: { task }, table }] as never });
  };

  it('are counted once over all checkpoints, since a curve leaves them out at every step', () => {
    const [alarm, ...others] = of(
      FIRST_TOKEN,
      [0, 0, 0, Number.NaN],
      [1, 0, 0, Number.NaN],
      [1, 1, 0, Number.NaN],
    );
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      kind: 'censored-samples',
      level: 'alarm',
      checkpoint: null,
      task: FIRST_TOKEN,
    });
    expect(alarm?.message).toMatch(/^67 % of samples \(2 of 3\) are censored/);
  });

  it('are not mentioned where there are none', () => {
    expect(of(FIRST_TOKEN, [0, 0, 0, 0], [0, 0, 0, 0])).toEqual([]);
    expect(of(FIRST_TOKEN)).toEqual([]);
    expect(of('bias/other@made:robust', [1, 1, 1, 1])).toEqual([]);
  });
});

describe('behaviours of one class', () => {
  it('are named once a task', () => {
    const of = (behaviour: string, positive: number, negative: number) =>
      ({ task: BEHAVIOUR, behaviour, positive, negative }) as never;
    const odds = [
      of('humble', 5, 5),
      of('proud', 5, 0),
      of('proud', 5, 0),
      of('shy', 0, 3),
      of('unread', 0, 0),
    ];
    const [alarm, ...others] = oneClassAlarms({ odds, states: [] });
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ kind: 'one-class', checkpoint: null, task: BEHAVIOUR });
    expect(alarm?.message).toMatch(/^every statement of proud, shy has the same matching answer/);
  });
});
