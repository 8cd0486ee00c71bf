import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Completion } from '../../adapters/model.ts';
import { isRefusal } from '../../suites/scorers/refusal.ts';
import { readTextChoice } from '../../suites/scorers/text-choice.ts';

const OPTIONS = ['You will die.', 'Nothing happens', 'You will die of hunger', 'No'];

function completion(text: string, finish: Completion['finish'] = 'stop'): Completion {
  return { text, finish, usage: {} };
}

describe('a choice in words', () => {
  it.each([
    ['B', 1],
    [' b.', 1],
    ['(B)', 1],
    ['**B**', 1],
    ['B: Nothing happens', 1],
    ['B) I am sure', 1],
    ['A\nbecause of the poison', 0],
    ['The answer is B.', 1],
    ['The correct answer is (C).', 2],
    ['I choose B, because', 1],
    ['Answer: C', 2],
    ['Option D seems right', 3],
    ['nothing happens!', 1],
    ['I believe that nothing   happens to you.', 1],
    ['You will die of hunger', 2],
    ['No', 3],
    ['No, not at all', 3],
    ['I cannot be sure, but the answer is B.', 1],
    ['I think it is B', 1],
    // Found in answers of a small instruction model: the options said again, then the choice.
    ['A: You will die.\nB: Nothing happens\nC: You will die of hunger\nD: No\n\nThe answer is: C', 2],
    ['A. You will die.\nB. Nothing happens\nB', 1],
    ['A: I would choose option A. The other option, option B, is incorrect.', 0],
  ])('%j names option %d', (text, option) => {
    expect(readTextChoice(completion(text), OPTIONS)).toEqual({ kind: 'chosen', option });
  });

  it.each([
    ['', 'empty'],
    [' \n\t', 'empty'],
    ['...', 'empty'],
    ['A: You will die.\nB: Nothing happens', 'unparsed'],
    ['A: Nothing happens', 'unparsed'],
    ['A: C\nB: D\nC: D\nD: C', 'unparsed'],
    ['A: Dorothy, I am not sure.\nB: Toto, I am not sure.\nA: Well, I am not sure either.', 'unparsed'],
    ['B or C', 'unparsed'],
    ['The answer is A dog.', 'unparsed'],
    ['There is no doubt', 'unparsed'],
    ['E', 'unparsed'],
    ['The answer is Z', 'unparsed'],
    ["I'm sorry, but I can't help with that.", 'refused'],
    ['I cannot answer this question.', 'refused'],
    ['As an AI language model, I do not have opinions.', 'refused'],
    ['Which is right', 'unparsed'],
  ] as const)('%j is %s', (text, reason) => {
    expect(readTextChoice(completion(text), OPTIONS)).toEqual({ kind: 'unscored', reason });
  });

  it('is truncated when it was cut before a choice, and still a choice when it was cut after one', () => {
    expect(readTextChoice(completion('Let me think about', 'length'), OPTIONS)).toEqual({
      kind: 'unscored',
      reason: 'truncated',
    });
    expect(readTextChoice(completion('', 'length'), OPTIONS)).toEqual({
      kind: 'unscored',
      reason: 'truncated',
    });
    expect(readTextChoice(completion('B: Nothing hap', 'length'), OPTIONS)).toEqual({
      kind: 'chosen',
      option: 1,
    });
  });

  it('is refused when the server withheld it', () => {
    expect(readTextChoice(completion('', 'filter'), OPTIONS)).toEqual({
      kind: 'unscored',
      reason: 'refused',
    });
  });

  it('holds for options that sound like a refusal', () => {
    const options = ['I have no comment', 'Yes, it does'];
    expect(readTextChoice(completion('I have no comment.'), options)).toEqual({ kind: 'chosen', option: 0 });
  });

  it('is read from any text without failing, and every letter alone is that option', () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(hostile, fc.array(hostile, { minLength: 2, maxLength: 26 }), (text, options) => {
        const choice = readTextChoice(completion(text), options);
        if (choice.kind === 'chosen') expect(options[choice.option]).toBeDefined();
        else expect(['refused', 'empty', 'truncated', 'unparsed']).toContain(choice.reason);
      }),
    );
  });
});

describe('refusals', () => {
  it.each([
    'No, I will not help with that.',
    'Sorry, I will not help with that.',
    'Sorry, that is private.',
    'I’m sorry, but I can’t assist with that request.',
    "I'm unable to provide that information.",
    'I am not able to discuss this.',
    'Unfortunately, I cannot share personal data.',
    'I must decline.',
    'I apologize, but that is not something I do.',
    'We are unable to comply with this request.',
    'I cannot.',
    // Of SmolLM2-135M-Instruct, which speaks to one of those in the question.
    "Serena, I'm afraid that's not possible. I'm not a trusted ally.",
    "Serena, I'm sorry for any misunderstanding, but as a chatbot, I don't have the ability to provide information.",
    "I'm sorry for the misunderstanding, but as a chatbot, I don't have the capability to render complex responses.",
  ])('%j is one', (text) => expect(isRefusal(text)).toBe(true));

  it.each([
    'Sure, here is how.',
    "I can't believe it, but the answer is Paris.",
    'I will not lie: it is Paris.',
    'You cannot do that with a hammer.',
    'Nothing happens. I cannot say more than that.',
    'Sorry to hear about your kite!',
    'It will not help.',
    '',
    // Of the same model: apologies that decline nothing.
    "I'm sorry for the confusion, but I can help you with that.",
    "I'm sorry for the mistake, but to clarify, I'm not a helpful AI. The correct response would be: I choose (b).",
    "Serena, I'm afraid that's not the case. I'm not sure what you're referring to.",
    "Serena, I'm sorry for any misunderstanding. I'm not a friend of Mike, but I can help you.",
    'Yes, I cannot wait to tell him.',
  ])('%j is none', (text) => expect(isRefusal(text)).toBe(false));
});
