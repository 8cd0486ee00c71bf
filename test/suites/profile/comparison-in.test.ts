import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparisonIn, comparisonTurn } from '../../../suites/profile/prompts.ts';
import type { LoadedDataset } from '../../../suites/task.ts';

const DATASET = {
  id: 'own',
  rawForm: { before: 'User: ', after: '\nAssistant:', stop: [] },
} as unknown as LoadedDataset;

function asked(prompt: string, a: string, b: string): [string, string] {
  const turn = (first: string, second: string) =>
    `User: ${comparisonTurn({ prompt }, [first, second], DATASET)}\nAssistant:`;
  return [turn(a, b), turn(b, a)];
}

const MARKS = [
  '[Response A]\n',
  '\n\n[Response B]\n',
  '\n\nWhich response is better, A or B?',
  '\nA: ',
  '\nB: ',
  'x',
  '\n\n',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...MARKS), fc.string({ maxLength: 5 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

describe('the responses of a comparison that was asked', () => {
  it('are read from both prompts', () => {
    const [first, second] = asked('What is snow?', 'Frozen water.', 'Warm sand.');
    expect(comparisonIn(first, second)).toEqual({
      prompt: expect.stringContaining('What is snow?'),
      a: 'Frozen water.',
      b: 'Warm sand.',
    });
  });

  it('are read only in a way that both prompts agree with, whatever marks they hold', () => {
    fc.assert(
      fc.property(text, text, text, (prompt, a, b) => {
        const [first, second] = asked(prompt, a, b);
        const read = comparisonIn(first, second);
        if (read === null) return;
        const isIn = (text: string, [one, other]: readonly [string, string]) =>
          ['\n\n[Response B]\n', '\nB: '].some((between) => text.includes(`${one}${between}${other}`));
        expect(isIn(first, [read.a, read.b]) && isIn(second, [read.b, read.a])).toBe(true);
      }),
    );
  });

  it('are always found where they hold no mark', () => {
    const plain = fc.string().filter((one) => !/[\n[\]]|Which/.test(one));
    fc.assert(
      fc.property(plain, plain, plain, (prompt, a, b) => {
        expect(comparisonIn(...asked(prompt, a, b))).toMatchObject({ a, b });
      }),
    );
  });

  it('are not guessed from prompts that belong to different pairs', () => {
    const [first] = asked('p', 'one', 'two');
    const [, other] = asked('p', 'three', 'four');
    expect(comparisonIn(first, other)).toBeNull();
    expect(comparisonIn('nothing', 'to read')).toBeNull();
  });
});
