import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../core/json.ts';
import { asWritten } from '../../../suites/datasets/raw-forms.ts';
import { ches } from '../../../suites/dynamics/ches.ts';
import { packedState } from '../../../suites/dynamics/state-vectors.ts';
import { states } from '../../../suites/dynamics/states.ts';
import type { Answer, Ask, ReadOutcome, Sample, Task } from '../../../suites/task.ts';

const ROW = {
  id: 'one',
  question: 'Is it so? ',
  answer_matching_behavior: ' Yes',
  answer_not_matching_behavior: ' No',
};
const PAIR = { id: 'pair', prompt: 'Tell.', chosen: 'It is red.', rejected: 'No.' };

function sampleOf(task: Task, row: JsonObject): Sample {
  const [sample] = task.samples({ id: 'mine', rows: [row], rawForm: asWritten }, 'robust');
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

const embedded = (...vectors: readonly (readonly number[])[]): Answer => ({ verb: 'embed', vectors });
const read = (task: Task, row: JsonObject, ...answers: readonly Answer[]): ReadOutcome =>
  task.read(sampleOf(task, row), answers);

describe('dynamics/states', () => {
  it('asks once for the state behind the statement, spaces at its end left to the answer', () => {
    const asks = states.ask(sampleOf(states, ROW), []);
    const chat = [{ role: 'user', content: 'Is it so? ' }];
    expect(asks).toEqual([
      { verb: 'embed', role: 'checkpoint', prompt: { raw: 'Is it so?', chat } },
    ] as Ask[]);
    expect(states.ask(sampleOf(states, ROW), [embedded([1])])).toEqual([]);
  });

  it('keeps the vector as little-endian numbers of single precision, and its length as the value', () => {
    const outcome = read(states, ROW, embedded([3, 4]));
    expect(outcome).toEqual({
      kind: 'scored',
      values: { norm: 5 },
      detail: { vector: 'AABAQAAAgEA=', width: 2, matching: 'yes' },
    });
  });

  it.each([
    ['not finite', [1, Number.NaN]],
    ['not finite', [1, Number.POSITIVE_INFINITY]],
    ['not finite', [1e39, 0]],
    ['all zero', [0, -0]],
    ['all zero', [1e-60, 0]],
    ['no number', []],
  ])('has no value for a vector that is %s, and says so', (unusable, vector) => {
    expect(read(states, ROW, embedded(vector))).toEqual({
      kind: 'unscored',
      reason: 'unparsed',
      detail: { unusable, matching: 'yes' },
    });
  });

  it('has none for no vector, for two, or for another verb', () => {
    for (const answers of [[], [embedded()], [embedded([1], [2])], [{ verb: 'score', scores: [] } as const]])
      expect(read(states, ROW, ...answers)).toMatchObject({
        kind: 'unscored',
        detail: { unusable: 'no vector' },
      });
  });

  it('knows several behaviours in one file by their column', () => {
    expect(sampleOf(states, { ...ROW, behaviour: 'kind' }).strata).toEqual({
      behaviour: 'kind',
      matching: 'yes',
    });
    expect(sampleOf(states, ROW).strata).toEqual({ matching: 'yes' });
  });

  it('whatever numbers come: an outcome with finite values, exact in single precision', () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: 1, maxLength: 8 }), (vector) => {
        const outcome = read(states, ROW, embedded(vector));
        if (outcome.kind !== 'scored') return;
        expect(Number.isFinite(outcome.values['norm'])).toBe(true);
        const { vector: text } = outcome.detail as { vector: string };
        const bytes = Buffer.from(text, 'base64');
        expect(vector.map((_, index) => bytes.readFloatLE(4 * index))).toEqual(vector);
      }),
    );
    expect(packedState([])).toBe('');
  });
});

describe('dynamics/ches', () => {
  it('asks for the states along both answers', () => {
    const asks = ches.ask(sampleOf(ches, PAIR), []);
    expect(asks.map((ask) => ('answer' in ask ? [ask.verb, ask.answer, ask.delimiter] : []))).toEqual([
      ['embed', 'It is red.', ' '],
      ['embed', 'No.', ' '],
    ]);
  });

  it('gives ⟨A, B⟩ − ‖A‖² of sums, and of means', () => {
    // A = (1,0)+(2,1) = (3,1), B = (1,2): ⟨A,B⟩ = 5, ‖A‖² = 10; by means 5/2 − 10/4.
    const outcome = read(ches, PAIR, embedded([1, 0], [2, 1]), embedded([1, 2]));
    expect(outcome).toEqual({
      kind: 'scored',
      values: { ches: -5, ches_normalised: 0 },
      detail: { tokens: { chosen: 2, rejected: 1 } },
    });
  });

  it.each([
    ['no vector', [embedded([1])]],
    ['no vector', [embedded([1]), embedded()]],
    ['vectors of several lengths', [embedded([1], [1, 2]), embedded([1])]],
    ['vectors of several lengths', [embedded([1]), embedded([1, 2])]],
    ['not finite', [embedded([1]), embedded([Number.NaN])]],
    ['all zero', [embedded([0]), embedded([1])]],
  ])('has no value with %s', (unusable, answers) => {
    expect(read(ches, PAIR, ...answers)).toEqual({
      kind: 'unscored',
      reason: 'unparsed',
      detail: { unusable },
    });
  });
});
