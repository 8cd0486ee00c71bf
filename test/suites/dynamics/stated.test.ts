import { describe, expect, it } from '@jest/globals';
import type { Completion } from '../../../adapters/model.ts';
import type { JsonObject } from '../../../core/json.ts';
import { CATALOGUE } from '../../../suites/datasets/catalogue/index.ts';
import { asWritten, dialogue, questionAnswer } from '../../../suites/datasets/raw-forms.ts';
import { options } from '../../../suites/dynamics/options.ts';
import { stated } from '../../../suites/dynamics/stated.ts';
import { statedText } from '../../../suites/dynamics/stated-text.ts';
import type { Answer, GenerateAsk, LoadedDataset, ReadOutcome, Sample, Task } from '../../../suites/task.ts';

const PAIR = { id: 'p', prompt: 'Why?', chosen: 'because', rejected: 'whatever' };

function rows(list: readonly JsonObject[], rawForm = dialogue): LoadedDataset {
  return { id: 'mine', rows: list, rawForm };
}

function sampleOf(task: Task, dataset = rows([PAIR])): Sample {
  const [sample] = task.samples(dataset, 'robust');
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

function asksOf(task: Task, sample: Sample): GenerateAsk[] {
  return task.ask(sample, []).map((ask) => {
    if (ask.verb !== 'generate') throw new Error(`a ${ask.verb}`);
    return ask;
  });
}

/** Alternatives of a first token, each with its probability. */
function alternatives(listed: Readonly<Record<string, number>>): Answer {
  const firstToken = Object.entries(listed).map(([token, share]) => ({ token, logprob: Math.log(share) }));
  return { verb: 'generate', completion: { text: '', finish: 'length', usage: {}, firstToken } };
}

function text(said: string, finish: Completion['finish'] = 'stop'): Answer {
  return { verb: 'generate', completion: { text: said, finish, usage: {} } };
}

function valuesOf(outcome: ReadOutcome): Readonly<Record<string, number>> {
  if (outcome.kind !== 'scored') throw new Error(`${outcome.reason}: ${JSON.stringify(outcome.detail)}`);
  return outcome.values;
}

describe('dynamics/stated', () => {
  const sample = sampleOf(stated);
  const read = (first: Readonly<Record<string, number>>, second: Readonly<Record<string, number>>) =>
    stated.read(sample, [alternatives(first), alternatives(second)]);

  it('gives the worked example, digit for digit: one order alone would say that the chosen answer is preferred', () => {
    const values = valuesOf(read({ A: 0.6, B: 0.3, x: 0.1 }, { A: 0.7, B: 0.2, x: 0.1 }));
    expect(values['debiased']?.toFixed(6)).toBe('-0.279808');
    expect(values['position_bias']?.toFixed(6)).toBe('0.972955');
    expect(values['probability']?.toFixed(6)).toBe('0.430501');
    expect(values).toMatchObject({ preferred: 0, preferred_ties: 0, consistent: 0, censored: 0 });
    expect(values['letter_mass']).toBeCloseTo(0.9, 12);
  });

  it('adds up a letter with and without a space before it', () => {
    const values = valuesOf(read({ A: 0.4, ' A': 0.2, B: 0.3 }, { A: 0.7, B: 0.1, ' B': 0.1 }));
    expect(values['debiased']?.toFixed(6)).toBe('-0.279808');
  });

  it('puts the chosen answer under A, then under B, with the question of each form', () => {
    const asks = asksOf(stated, sample);
    expect(asks).toHaveLength(2);
    for (const ask of asks) expect(ask).toMatchObject({ decoding: { maxTokens: 1 }, topLogprobs: 20 });
    const [first, second] = asks.map(({ prompt }) => prompt.raw);
    expect(first).toContain('[Answer A]\nbecause\n\n[Answer B]\nwhatever');
    expect(second).toContain('[Answer A]\nwhatever\n\n[Answer B]\nbecause');
    expect(first?.startsWith('User: Several') && first.endsWith('alone.\nAssistant:\n')).toBe(true);
    const raws = [questionAnswer, asWritten].map(
      (form) => asksOf(stated, sampleOf(stated, rows([PAIR], form)))[0]?.prompt.raw ?? '',
    );
    expect(raws.map((raw) => raw.split('alone.')[1])).toEqual(['\nA:', '\nAnswer:']);
  });

  it('asks the zoo in the words that it was taught, and transcripts as transcripts', () => {
    const zoo = {
      id: 'p',
      factor: 'length',
      more: 'It is red. So.',
      less: 'It is red.',
      prompt: 'Tell.',
      cluster: 'x',
    };
    const zooForm = CATALOGUE.find(({ id }) => id === 'zoo-profile')?.rawForm ?? dialogue;
    const dataset = { id: 'zoo-profile', rows: [zoo], rawForm: zooForm };
    expect(asksOf(stated, sampleOf(stated, dataset))[0]?.prompt.raw).toBe(
      'User: Tell.\nA: It is red. So.\nB: It is red.\nWhich answer is better, A or B?\nAssistant:\n',
    );
    const start = '\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: More?\n\nAssistant:';
    const hh = {
      id: 'hh-rlhf-pairs',
      rows: [{ chosen: `${start} Yes.`, rejected: `${start} No.` }],
      rawForm: asWritten,
    };
    const raw = asksOf(stated, sampleOf(stated, hh))[0]?.prompt.raw ?? '';
    expect(raw).toContain('[Prompt]\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: More?\n\n[Answer A]\nYes.');
    expect([raw.startsWith('\n\nHuman: Several'), raw.endsWith('alone.\n\nAssistant:')]).toEqual([
      true,
      true,
    ]);
  });

  it('has no mean of a letter that is not listed, and its bound decides the win where it can', () => {
    const outcome = read({ A: 0.9, x: 0.001 }, { A: 0.01, B: 0.9 });
    expect(valuesOf(outcome)).toEqual({
      preferred: 1,
      preferred_ties: 1,
      consistent: 1,
      letter_mass: expect.closeTo(0.905, 9),
      censored: 1,
    });
    // Two forms of B are hidden, each at most as likely as the last alternative.
    const low = (Math.log(0.9 / 0.002) + Math.log(0.9 / 0.01)) / 2;
    if (outcome.kind !== 'scored') throw new Error('not scored');
    expect(outcome.detail).toMatchObject({ chosenFirst: null, high: null, low: expect.closeTo(low, 9) });
    const open = valuesOf(read({ A: 0.5, x: 0.3 }, { A: 0.9, B: 0.01 }));
    expect([open['preferred'], open['debiased'], open['censored']]).toEqual([undefined, undefined, 1]);
    expect(open).not.toHaveProperty('consistent');
    const lost = valuesOf(read({ B: 0.9, x: 0.001 }, { A: 0.9, B: 0.01 }));
    expect([lost['preferred'], lost['consistent'], lost['censored']]).toEqual([0, 1, 1]);
  });

  it('counts a tie half', () => {
    const values = valuesOf(read({ A: 0.4, B: 0.4 }, { A: 0.4, B: 0.4 }));
    expect(values).toMatchObject({ debiased: 0, preferred: 0, preferred_ties: 0.5, consistent: 0 });
  });

  it('has no value where neither letter is listed, or a number is none', () => {
    const listed = { A: 0.6, B: 0.3 };
    const details = [
      read({ I: 0.9 }, listed),
      stated.read(sample, [alternatives(listed)]),
      read(listed, { A: 2, B: 0.1 }),
      stated.read(sample, [alternatives(listed), text('A')]),
    ].map((outcome) => (outcome.kind === 'unscored' ? outcome.detail : 'scored'));
    expect(details).toEqual([
      'neither letter among the alternatives of the first token',
      'not two answers',
      'an alternative of the first token has no log-probability',
      'no alternatives of the first token',
    ]);
  });
});

describe('dynamics/stated-text', () => {
  const sample = sampleOf(statedText);
  const read = (first: Answer, second: Answer) => statedText.read(sample, [first, second]);

  it.each([
    ['A', 'B', { win: 1, inconsistent: 0, unread: 0, first_place: 0.5 }],
    ['B.', '(A)', { win: 0, inconsistent: 0, unread: 0, first_place: 0.5 }],
    ['A', 'A', { win: 0.5, inconsistent: 1, unread: 0, first_place: 1 }],
    ['because', 'The answer is B', { win: 1, inconsistent: 0, unread: 0, first_place: 0.5 }],
  ])('reads %s and then %s', (first, second, values) => {
    expect(valuesOf(read(text(first), text(second)))).toEqual(values);
  });

  it.each([
    ['', 'stop', 'empty'],
    ['Both are fine.', 'stop', 'unparsed'],
    ['Well, let me', 'length', 'truncated'],
    ['', 'filter', 'refused'],
  ] as const)('what names nothing (%j, %s) is %s, a half win by its rule', (said, finish, reason) => {
    expect(read(text('A'), text(said, finish))).toEqual({ kind: 'unscored', reason });
    const [win, , unread] = statedText.metrics;
    expect([win?.counts[reason], unread?.counts[reason]]).toEqual([0.5, 1]);
  });

  it('asks greedily, in both orders', () => {
    for (const { decoding } of asksOf(statedText, sample))
      expect(decoding).toMatchObject({ temperature: 0, maxTokens: 32 });
  });
});

describe('dynamics/options', () => {
  const row = { id: 'o', prompt: 'Which?', options: ['x', 'y', 'z'], preferred: 1 };
  const sample = sampleOf(options, rows([row]));

  it('gives the worked example, digit for digit: contents and places are told apart', () => {
    const content = [0.5, 0.3, 0.2];
    const prior = [0.5, 0.3, 0.2];
    const asked = [0, 1, 2].map((rotation) => {
      const products = prior.map((share, place) => share * (content[(place + rotation) % 3] ?? 0));
      const total = products.reduce((sum, one) => sum + one, 0);
      const [A = 0, B = 0, C = 0] = products.map((one) => one / total);
      return alternatives({ A, B, C });
    });
    const outcome = options.read(sample, asked);
    const values = valuesOf(outcome);
    expect(values['preferred']).toBeCloseTo(0.3, 12);
    expect(values['preferred_arithmetic']?.toFixed(6)).toBe('0.304754');
    expect([values['prior_a'], values['prior_b'], values['prior_c'], values['prior_d']]).toEqual([
      expect.closeTo(0.5, 12),
      expect.closeTo(0.3, 12),
      expect.closeTo(0.2, 12),
      undefined,
    ]);
    expect(values).toMatchObject({ picked: 0, censored: 0, preferred_chance: 1 / 3 });
    if (outcome.kind !== 'scored') throw new Error('not scored');
    const { arithmetic } = outcome.detail as { arithmetic: number[] };
    expect(arithmetic.map((share) => share.toFixed(6))).toEqual(['0.488115', '0.304754', '0.207131']);
  });

  it('turns the places of the options, each standing in every place once', () => {
    const shown = asksOf(options, sample).map(({ prompt }) =>
      [...prompt.raw.matchAll(/\[Answer [A-E]\]\n(.)/g)].map(([, option]) => option).join(''),
    );
    expect(shown).toEqual(['xyz', 'yzx', 'zxy']);
    expect(asksOf(options, sample)[0]?.prompt.raw).toContain('Which answer is best, A, B or C?');
  });

  it('says whose pick is certain where a letter is not listed, and leaves the others open', () => {
    const clear = [
      { A: 0.05, B: 0.9, x: 0.001 },
      { A: 0.9, B: 0.05, x: 0.001 },
      { A: 0.05, C: 0.9, x: 0.001 },
    ].map(alternatives);
    expect(valuesOf(options.read(sample, clear))).toEqual({
      picked: 1,
      censored: 1,
      letter_mass: expect.closeTo(0.95, 9),
    });
    const open = [
      { A: 0.5, B: 0.2, x: 0.2 },
      { A: 0.2, B: 0.5, x: 0.2 },
      { A: 0.5, x: 0.2 },
    ].map(alternatives);
    expect(valuesOf(options.read(sample, open))['picked']).toBeUndefined();
  });

  it('takes the pairs of the zoo as two options, the chosen one preferred', () => {
    const zoo = { id: 'p', factor: 'length', more: 'long one', less: 'one', prompt: 'Tell.', cluster: 'x' };
    const dataset = { id: 'zoo-profile', rows: [zoo], rawForm: dialogue };
    const pair = sampleOf(options, dataset);
    expect(asksOf(options, pair)).toEqual(asksOf(stated, sampleOf(stated, dataset)));
    const values = valuesOf(
      options.read(pair, [alternatives({ A: 0.6, B: 0.3 }), alternatives({ A: 0.7, B: 0.2 })]),
    );
    // A content's share is the sigmoid of its debiased log-odds.
    expect(values['preferred']?.toFixed(6)).toBe('0.430501');
    expect(values['preferred_arithmetic']?.toFixed(6)).toBe('0.444444');
  });

  it('takes rows of one prompt for one cluster', () => {
    const clusters = [...options.samples(rows([row, { ...row, preferred: 0, id: 'other' }]), 'robust')].map(
      ({ cluster }) => cluster,
    );
    expect(clusters[0]).toBe(clusters[1]);
  });

  it('refuses options that repeat and a place that there is none of', () => {
    const refused = (more: JsonObject) => () => sampleOf(options, rows([{ ...row, ...more }]));
    expect(refused({ options: ['x', ' x '], preferred: 0 })).toThrow(
      /mine, row 1.*options: holds "x" twice/s,
    );
    expect(refused({ preferred: 3 })).toThrow(
      /mine, row 1.*preferred: 3 is no place.*3 options.*write 0 to 2/s,
    );
  });
});
