import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Completion, ContinuationScore } from '../../adapters/model.ts';
import type { JsonObject } from '../../core/json.ts';
import { customChoice } from '../../suites/custom/choice.ts';
import { customGenerate } from '../../suites/custom/generate.ts';
import { customTasks } from '../../suites/custom/index.ts';
import { customPreference } from '../../suites/custom/preference.ts';
import { contains, equals } from '../../suites/custom/text-match.ts';
import { asWritten, dialogue, questionAnswer } from '../../suites/datasets/raw-forms.ts';
import type { Answer, LoadedDataset, RawForm, ReadOutcome, Sample, Task } from '../../suites/task.ts';
import { describeHostile } from './hostile.ts';

function dataset(rows: readonly JsonObject[], rawForm: RawForm = questionAnswer): LoadedDataset {
  return { id: 'mine', rows, rawForm };
}

function only(task: Task, row: JsonObject, rawForm?: RawForm): Sample {
  const [sample] = task.samples(dataset([row], rawForm), 'robust');
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

function score(logprob: number, tokens: number, bytes: number): ContinuationScore {
  return { logprob, tokenLogprobs: Array(tokens).fill(logprob / tokens), bytes, method: 'scripted' };
}

function valuesOf(outcome: ReadOutcome): Readonly<Record<string, number>> {
  if (outcome.kind !== 'scored') throw new Error(`unscored: ${outcome.reason}`);
  return outcome.values;
}

function said(text: string, finish: Completion['finish'] = 'stop'): Answer {
  return { verb: 'generate', completion: { text, finish, usage: {} } };
}

const CAPITAL = { prompt: 'Capital of France?', options: ['Paris', 'Lyon', 'Marseille'], answer: 'Paris' };

describe('rows of a user', () => {
  it('get their id, cluster and strata, nested or in columns', () => {
    const [first, second] = [
      ...customChoice.samples(
        dataset([
          { ...CAPITAL, id: 7, cluster: 'geography', strata: { kind: 'easy', year: 2026 } },
          { ...CAPITAL, id: 'b', 'strata.kind': 'hard', note: 'passed over' },
        ]),
        'robust',
      ),
    ];
    expect(first).toMatchObject({ id: '7', cluster: 'geography', strata: { kind: 'easy', year: '2026' } });
    expect(second).toMatchObject({ id: 'b', cluster: 'b', strata: { kind: 'hard' } });
  });

  it('without an id are known by their content, wherever they stand', () => {
    const other = { ...CAPITAL, prompt: 'Capital of Italy?' };
    const ids = (rows: JsonObject[]) =>
      [...customChoice.samples(dataset(rows), 'robust')].map(({ id }) => id);
    expect(new Set(ids([CAPITAL, other]))).toEqual(new Set(ids([other, CAPITAL])));
    expect(ids([CAPITAL])[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  it('are refused when two have one id, or are the same', () => {
    const samples = (rows: JsonObject[]) => () => [...customChoice.samples(dataset(rows), 'robust')];
    expect(
      samples([
        { ...CAPITAL, id: 'a' },
        { ...CAPITAL, id: 'a' },
      ]),
    ).toThrow(/mine, row 2: has the id "a" of mine, row 1/);
    expect(samples([CAPITAL, CAPITAL])).toThrow(/mine, row 2: is the same as mine, row 1/);
  });

  it('are asked in the raw form of the definition, a system line first; a chat gets turns', () => {
    const row = { ...CAPITAL, system: 'Be brief.' };
    const rawOf = (form: RawForm) => customChoice.ask(only(customChoice, row, form), [])[0];
    expect(rawOf(questionAnswer)).toMatchObject({
      prompt: { raw: 'Be brief.\n\nQ: Capital of France?\nA:' },
      delimiter: ' ',
    });
    expect(rawOf(dialogue)).toMatchObject({
      prompt: { raw: 'Be brief.\n\nUser: Capital of France?\nAssistant:\n' },
      delimiter: '',
    });
    expect(rawOf(asWritten)).toMatchObject({
      prompt: {
        raw: 'Be brief.\n\nCapital of France?',
        chat: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Capital of France?' },
        ],
      },
    });
  });

  it.each(customTasks.map((task) => [task.name, task] as const))(
    '%s refuses an empty row by its schema',
    (_, task) => {
      const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(task.ownRows ?? {});
      expect(validate({})).toBe(false);
      expect(
        validate({
          prompt: ' ',
          options: ['a', 'b'],
          answer: 'a',
          expected: 'x',
          chosen: 'x',
          rejected: 'y',
        }),
      ).toBe(false);
      expect(
        validate({ prompt: 'p', options: ['a', 'b'], answer: 0, expected: 'x', chosen: 'x', rejected: 'y' }),
      ).toBe(true);
    },
  );
});

describe('custom/choice', () => {
  const sample = only(customChoice, CAPITAL);

  it('takes options as a list, as a cell with bars and as JSON in a cell, and the answer as text or place', () => {
    const choices: JsonObject[] = [
      { ...CAPITAL, options: 'Paris | Lyon | Marseille' },
      { ...CAPITAL, options: '["Paris", "Lyon", "Marseille"]' },
      { ...CAPITAL, answer: 0 },
    ];
    for (const row of choices) {
      expect(only(customChoice, row).data).toMatchObject({
        options: ['Paris', 'Lyon', 'Marseille'],
        answer: 0,
      });
    }
  });

  it.each([
    [{ answer: 'paris' }, /answer: "paris" is none of the options/],
    [{ answer: 3 }, /answer: is 3, and there are 3 options, counted from 0/],
    [{ options: ['Paris', 'Paris '] }, /options: lists an option twice/],
    [{ options: 'Paris' }, /options: has fewer than two options/],
    [{ options: 'Paris||Rome' }, /options: has an empty option/],
  ])('refuses %j with row and field', (wrong, message) => {
    expect(() => only(customChoice, { ...CAPITAL, ...wrong } as JsonObject)).toThrow(message);
    expect(() => only(customChoice, { ...CAPITAL, ...wrong } as JsonObject)).toThrow(/mine, row 1/);
  });

  it('reads the same scores by sum, per token and per byte, with the chance of guessing', () => {
    // Sums −4 −3 −9; per token −1, −1.5, −3; per byte −0.8, −0.75, −1.
    const scores = [score(-4, 4, 5), score(-3, 2, 4), score(-9, 3, 9)];
    const values = valuesOf(customChoice.read(sample, [{ verb: 'score', scores }]));
    expect(values).toMatchObject({ accuracy: 0, accuracy_per_token: 1, accuracy_per_byte: 0 });
    const [right, ...wrong] = [-4, -3, -9].map(Math.exp);
    const expected = (right ?? 0) / ((right ?? 0) + (wrong[0] ?? 0) + (wrong[1] ?? 0));
    expect(values['answer_mass']).toBeCloseTo(expected, 12);
    for (const key of ['accuracy', 'accuracy_per_byte', 'answer_mass'])
      expect(values[`${key}_chance`]).toBeCloseTo(1 / 3, 12);
  });

  it('gives no point for a tie, and none where a score is missing', () => {
    const tie = [score(-3, 1, 5), score(-3, 1, 5), score(-9, 1, 5)];
    expect(valuesOf(customChoice.read(sample, [{ verb: 'score', scores: tie }]))['accuracy']).toBe(0);
    const outcome = customChoice.read(sample, [{ verb: 'score', scores: tie.slice(1) }]);
    expect(outcome).toMatchObject({ kind: 'unscored', reason: 'unparsed' });
  });
});

describe('custom/preference', () => {
  const row = { prompt: 'Hello', chosen: 'Good morning, how are you?', rejected: 'Go away' };

  it('compares by sum, per token and per byte', () => {
    // The longer answer loses by sum and wins by either length.
    const scores = [score(-12, 6, 26), score(-8, 2, 7)];
    const values = valuesOf(customPreference.read(only(customPreference, row), [{ verb: 'score', scores }]));
    expect(values).toMatchObject({ preferred: 0, preferred_per_token: 1, preferred_per_byte: 1 });
    expect(values['chosen_mass']).toBeCloseTo(1 / (1 + Math.exp(4)), 12);
  });

  it('counts a tie as no preference and refuses a pair that is none', () => {
    const scores = [score(-8, 2, 7), score(-8, 2, 7)];
    const values = valuesOf(customPreference.read(only(customPreference, row), [{ verb: 'score', scores }]));
    expect(values).toMatchObject({ preferred: 0, chosen_mass: 0.5 });
    expect(() => only(customPreference, { ...row, rejected: `${row.chosen} ` })).toThrow(
      /rejected: is the same text/,
    );
  });
});

describe('custom/generate', () => {
  const row = { prompt: 'Capital of France?', expected: ['Paris', 'City of Paris'] };
  const read = (answer: Answer, more: JsonObject = {}) =>
    customGenerate.read(only(customGenerate, { ...row, ...more }), [answer]);

  it('asks once, greedily, for as many tokens as the row allows', () => {
    const asks = customGenerate.ask(only(customGenerate, { ...row, maxTokens: '12' }), []);
    expect(asks).toMatchObject([
      { verb: 'generate', decoding: { temperature: 0, maxTokens: 12, stop: ['\n\n', 'Q:'] } },
    ]);
  });

  it.each([
    ['It is Paris, of course.', 'contains', 1],
    ['It is Paris, of course.', 'exact', 0],
    [' “PARIS”. ', 'exact', 1],
    ['Comparison is a word.', 'contains', 0],
    ['London.', 'contains', 0],
  ])('reads %j by the rule %s as %d', (text, match, correct) => {
    expect(valuesOf(read(said(text), { match }))['correct']).toBe(correct);
  });

  it.each([
    ["I'm sorry, but I can't help with that.", 'stop', 'refused'],
    ['', 'filter', 'refused'],
    [' \n', 'stop', 'empty'],
    ['The capital of France is a large', 'length', 'truncated'],
  ] as const)('leaves %j (%s) unscored as %s', (text, finish, reason) => {
    expect(read(said(text, finish))).toEqual({ kind: 'unscored', reason });
  });

  it('scores a match also where the answer was cut or reads like a refusal', () => {
    expect(valuesOf(read(said('Paris is the capital and', 'length')))['correct']).toBe(1);
    const refusal = { expected: "I can't help" };
    expect(valuesOf(read(said("I can't help with that."), refusal))['correct']).toBe(1);
  });

  it('compares words and not typography, in any script', () => {
    expect(equals('Caf\u0065\u0301', 'caf\u00e9!')).toBe(true);
    expect(contains('答えは東京です。', '東京')).toBe(true);
    expect(contains('x = +5', '5')).toBe(true);
    expect(equals('+', '+')).toBe(true);
    expect(equals('-', '+')).toBe(false);
    expect(contains('anything', '+')).toBe(false);
  });
});

describeHostile([
  {
    task: customChoice,
    preset: 'robust',
    dataset: dataset([CAPITAL, { ...CAPITAL, prompt: 'Seat of the mayor of Paris?' }]),
  },
  {
    task: customPreference,
    preset: 'robust',
    dataset: dataset([{ prompt: 'Hi', chosen: 'Hello', rejected: 'Bye' }]),
  },
  {
    task: customGenerate,
    preset: 'robust',
    dataset: dataset([
      { prompt: 'Capital of France?', expected: 'Paris', match: 'exact' },
      { prompt: 'Name two.', expected: ['is', 'A'] },
    ]),
  },
]);
