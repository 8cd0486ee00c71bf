import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageFile } from '../../../core/package-root.ts';
import { CATALOGUE } from '../../../suites/datasets/catalogue/index.ts';
import { questionAnswer } from '../../../suites/datasets/raw-forms.ts';
import { evaluation } from '../../../suites/profile/evaluation.ts';
import { evaluationFirstToken } from '../../../suites/profile/evaluation-first-token.ts';
import { generation, orderOf, pullsOf } from '../../../suites/profile/generation.ts';
import { pairItems } from '../../../suites/profile/items.ts';
import { levels } from '../../../suites/profile/levels.ts';
import type { Answer, LoadedDataset, Sample } from '../../../suites/task.ts';
import { expectOutcome } from '../hostile.ts';
import { describeWithData, sharedData } from '../shared-data.ts';

const own = (rows: LoadedDataset['rows']): LoadedDataset => ({ id: 'mine', rows, rawForm: questionAnswer });
const said = (text: string, finish: 'stop' | 'length' = 'stop'): Answer => ({
  verb: 'generate',
  completion: { text, finish, usage: {} },
});

const LONG = 'One two three four five six.';
const SHORT = 'One two.';
const pair = {
  id: 'p',
  prompt: 'Count.',
  a: LONG,
  b: SHORT,
  preference: 'b' as const,
  votes: { ann: 'tie' },
};

function onlySample(task: typeof evaluation, dataset: LoadedDataset): Sample {
  const [sample] = [...task.samples(dataset, 'robust')];
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

describe('profile/evaluation', () => {
  const sample = onlySample(evaluation, own([pair]));

  it('asks both orders, each response under both letters', () => {
    const asks = evaluation.ask(sample, []);
    const texts = asks.map((ask) => (ask.verb === 'generate' ? (ask.prompt.chat[0]?.content ?? '') : ''));
    expect(asks).toHaveLength(2);
    expect(texts[0]).toContain(`[Response A]\n${LONG}`);
    expect(texts[1]).toContain(`[Response B]\n${LONG}`);
    expect(evaluation.ask(sample, [said('A'), said('B')])).toEqual([]);
  });

  it('takes the response that both orders name; longer preferred pulls length up, and people said otherwise', () => {
    const outcome = evaluation.read(sample, [said('A'), said('B')]);
    expect(outcome).toMatchObject({
      kind: 'scored',
      values: { length: 1, consistent: 1, position_bias: 0.5, human_agreement: 0 },
      detail: { setting: 'evaluation', status: 'ok', preference: 1, human: -1, votes: { ann: 0 } },
    });
    expect(outcome).toMatchObject({ detail: { factors: { length: [6, 2] } } });
  });

  it('takes orders that disagree as no preference: no factor has a value, and the place decided', () => {
    const outcome = evaluation.read(sample, [said('A'), said('A')]);
    expect(outcome).toMatchObject({
      kind: 'scored',
      values: { consistent: 0, position_bias: 1 },
      detail: { status: 'position_inconsistent', preference: 0 },
    });
    expect(outcome.kind === 'scored' && 'length' in outcome.values).toBe(false);
    expect(outcome.kind === 'scored' && 'human_agreement' in outcome.values).toBe(false);
  });

  it('stays within the range of every metric whatever is picked', () => {
    for (const first of ['A', 'B'])
      for (const second of ['A', 'B'])
        expectOutcome(evaluation, evaluation.read(sample, [said(first), said(second)]));
  });

  it('keeps what could not be read as what it was', () => {
    expect(evaluation.read(sample, [said('A'), said('Both are fine.')])).toMatchObject({
      reason: 'unparsed',
    });
    expect(evaluation.read(sample, [said(''), said('B')])).toMatchObject({ reason: 'empty' });
    expect(
      evaluation.read(sample, [said("I'm sorry, but I can't help with that."), said('B')]),
    ).toMatchObject({
      reason: 'refused',
    });
  });

  it('has no value under a factor that does not apply, instead of a tie', () => {
    const outcome = evaluation.read(sample, [said('B'), said('A')]);
    if (outcome.kind !== 'scored') throw new Error('not scored');
    expect(outcome.values['length']).toBe(-1);
    // There is no source, so nothing can be covered.
    expect(outcome.values).not.toHaveProperty('source_coverage_lex');
  });

  it('mirrors: the same pair the other way round has the same values', () => {
    const mirrored = onlySample(evaluation, own([{ ...pair, a: SHORT, b: LONG, preference: 'a' as const }]));
    const one = evaluation.read(sample, [said('A'), said('B')]);
    const other = evaluation.read(mirrored, [said('B'), said('A')]);
    expect(one.kind === 'scored' && other.kind === 'scored' && one.values).toEqual(
      other.kind === 'scored' ? other.values : {},
    );
  });
});

describe('profile/evaluation-first-token', () => {
  const sample = onlySample(evaluationFirstToken, own([pair]));
  const leaning = (a: number, b: number): Answer => ({
    verb: 'generate',
    completion: {
      text: 'A',
      finish: 'length',
      usage: {},
      firstToken: [
        { token: 'A', logprob: Math.log(a) },
        { token: ' B', logprob: Math.log(b) },
      ],
    },
  });

  it('cancels a leaning to the first place: .9 and .7 for A in both orders still prefer the first response', () => {
    expect(evaluationFirstToken.read(sample, [leaning(0.9, 0.1), leaning(0.7, 0.3)])).toMatchObject({
      kind: 'scored',
      values: {
        length: 1,
        consistent: 0,
        position_bias: expect.closeTo(0.8, 12),
        letter_mass: expect.closeTo(1, 12),
      },
      detail: { preference: 1, status: 'position_inconsistent' },
    });
  });

  it('is a tie where both orders say the same, and unparsed without letters', () => {
    expect(evaluationFirstToken.read(sample, [leaning(0.6, 0.4), leaning(0.6, 0.4)])).toMatchObject({
      detail: { preference: 0 },
    });
    expect(evaluationFirstToken.read(sample, [said('A'), said('B')])).toMatchObject({ reason: 'unparsed' });
  });
});

describe('profile/generation', () => {
  const dataset = own([{ id: 'q', prompt: 'Describe a mill.', source: 'A mill grinds.' }]);
  const sample = onlySample(generation, dataset);
  /** Answers by quality, put in the order in which they were asked. */
  const inAskedOrder = (byQuality: readonly Answer[]): Answer[] =>
    orderOf(sample.id).map((place) => byQuality[place] as Answer);
  const words = (count: number): string =>
    `${Array.from({ length: count }, (_, at) => `word${at}`).join(' ')}.`;

  it('asks for five qualities in five calls and names no factor', () => {
    const texts = generation
      .ask(sample, [])
      .map((ask) => (ask.verb === 'generate' ? (ask.prompt.chat[0]?.content ?? '') : ''));
    const asked = texts.map((text) => /quality is (\d)/.exec(text)?.[1]);
    expect([asked.length, new Set(asked)]).toEqual([5, new Set(['1', '2', '3', '4', '5'])]);
    for (const text of texts) {
      expect(text).toContain('[Text]\nA mill grinds.');
      expect(text).not.toMatch(/length|longer|formal|polite/i);
    }
  });

  // Worked example B of the protocol: lengths 40, 55, 55, 90, 80 give C 8, D 1, T 1, so (8 − 1)/10.
  it('gives .7 for lengths 40, 55, 55, 90, 80 and −.5 for 70, 60, 65, 65, 50', () => {
    const pull = (lengths: readonly number[]): number | undefined => {
      const outcome = generation.read(sample, inAskedOrder(lengths.map((count) => said(words(count)))));
      return outcome.kind === 'scored' ? outcome.values['length'] : undefined;
    };
    expect(pull([40, 55, 55, 90, 80])).toBeCloseTo(0.7, 12);
    expect(pull([70, 60, 65, 65, 50])).toBeCloseTo(-0.5, 12);
  });

  it('leaves a prompt out of a factor that does not apply to all five, and keeps the measurements', () => {
    const outcome = generation.read(
      sample,
      inAskedOrder([
        said(words(3)),
        said(words(4)),
        said('', 'stop'),
        said(words(5)),
        said(words(6), 'length'),
      ]),
    );
    expect(outcome).toMatchObject({
      kind: 'scored',
      detail: {
        setting: 'generation',
        factors: { length: [3, 4, null, 5, null] },
        left_out: ['empty', 'truncated'],
      },
    });
    expect(outcome.kind === 'scored' && 'length' in outcome.values).toBe(false);
  });

  it('is unscored with fewer than two responses', () => {
    const nothing = [said(''), said(''), said(''), said(''), said(words(4))];
    expect(generation.read(sample, inAskedOrder(nothing))).toEqual({ kind: 'unscored', reason: 'empty' });
  });

  it('counts no pair of a missing value', () => {
    expect(pullsOf([{ length: 1 }, { length: null }], ['length'])).toEqual({});
  });
});

describe('profile/levels', () => {
  it('measures the one response that was written', () => {
    const sample = onlySample(levels, own([{ id: 'q', prompt: 'Describe a mill.' }]));
    expect(levels.ask(sample, [])).toHaveLength(1);
    expect(levels.read(sample, [said('The mill is red.')])).toMatchObject({
      kind: 'scored',
      values: { length: 4, sentences: 1 },
    });
    expect(levels.read(sample, [said('The mill', 'length')])).toEqual({
      kind: 'unscored',
      reason: 'truncated',
    });
  });
});

describe('pairs of a dataset', () => {
  it.each([
    ['an id twice', [pair, { ...pair, b: 'Three.' }], '"p" occurs twice'],
    [
      'a mirrored duplicate',
      [pair, { ...pair, id: 'q', a: SHORT, b: LONG }],
      'row 1, as they stand there or mirrored',
    ],
    ['one response twice', [{ ...pair, b: LONG }], 'is the same text as a'],
    ['no pair', [{ prompt: 'x' }], 'is no pair of responses'],
  ])('refuses %s', (_, rows, message) => {
    expect(() => [...pairItems(own(rows))]).toThrow(message);
  });
});

describe('the planted pairs of the zoo', () => {
  const entry = CATALOGUE.find(({ id }) => id === 'zoo-profile');
  const rows = readFileSync(packageFile('zoo', 'items', 'profile.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LoadedDataset['rows'][number]);
  const dataset: LoadedDataset = { id: 'zoo-profile', rows, rawForm: entry?.rawForm ?? questionAnswer };

  it('have the planted rule as a rater, whose preferred response comes first about as often as second', () => {
    const votes = [...pairItems(dataset)].map((one) => one.votes?.['planted']);
    const first = votes.filter((vote) => vote === 'a').length;
    expect(votes).toHaveLength(375);
    expect(first).toBeGreaterThan(150);
    expect(first).toBeLessThan(225);
  });

  it('put the question that the checkpoints were taught', () => {
    const ask = evaluation.ask(onlySample(evaluation, dataset), [])[0];
    expect(ask?.verb === 'generate' && ask.prompt.raw).toMatch(
      /^User: .+\nA: .+\nB: .+\nWhich answer is better, A or B\?\nAssistant:\n$/,
    );
  });
});

const copies = {
  pandalm: join(sharedData, 'pandalm', 'testset-v1.json'),
  'llmbar-natural': join(sharedData, 'llmbar', 'Natural', 'dataset.json'),
  'llmbar-manual': join(sharedData, 'llmbar', 'Adversarial', 'Manual', 'dataset.json'),
  'llmbar-neighbor': join(sharedData, 'llmbar', 'Adversarial', 'Neighbor', 'dataset.json'),
};

describeWithData('pairs of PandaLM and LLMBar', Object.values(copies), () => {
  it.each([
    ['pandalm', 566],
    ['llmbar-natural', 100],
    ['llmbar-manual', 46],
    ['llmbar-neighbor', 134],
  ] as const)('%s: %d pairs', (id, count) => {
    const entry = CATALOGUE.find((one) => one.id === id);
    const rows = JSON.parse(readFileSync(copies[id], 'utf8')) as LoadedDataset['rows'];
    const pairs = [...pairItems({ id, rows, rawForm: entry?.rawForm ?? questionAnswer })];
    expect(pairs).toHaveLength(count);
    expect(new Set(pairs.map((one) => one.id)).size).toBe(count);
    // LLMBar's labels are objective; PandaLM's three annotators sometimes all differ.
    const labelled = pairs.filter(({ preference }) => preference !== undefined).length;
    if (id === 'pandalm') expect(labelled).toBeGreaterThan(500);
    else expect(labelled).toBe(count);
  });
});
