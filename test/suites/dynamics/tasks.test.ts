import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ContinuationScore, ScoreMethod } from '../../../adapters/model.ts';
import type { JsonObject } from '../../../core/json.ts';
import { CATALOGUE } from '../../../suites/datasets/catalogue/index.ts';
import { loadDataset } from '../../../suites/datasets/index.ts';
import { dialogue } from '../../../suites/datasets/raw-forms.ts';
import { behaviour } from '../../../suites/dynamics/behaviour.ts';
import { dpoLoss } from '../../../suites/dynamics/dpo-loss.ts';
import { pairs } from '../../../suites/dynamics/pairs.ts';
import type { Answer, LoadedDataset, ReadOutcome, Sample, ScoreAsk, Task } from '../../../suites/task.ts';
import { describeWithData, sharedData } from '../shared-data.ts';

function datasetOf(id: string, rows: readonly JsonObject[]): LoadedDataset {
  const entry = CATALOGUE.find((one) => one.id === id);
  return { id, rows, rawForm: entry?.rawForm ?? dialogue };
}

function samplesOf(task: Task, dataset: LoadedDataset, beta?: number): Sample[] {
  return [...task.samples(dataset, 'robust', beta === undefined ? {} : { beta })];
}

function scoreAsks(task: Task, sample: Sample): ScoreAsk[] {
  return task.ask(sample, []).map((ask) => {
    if (ask.verb !== 'score') throw new Error(`a ${ask.verb}`);
    return ask;
  });
}

function score(
  logprob: number,
  tokens = 1,
  bytes = 1,
  method: ScoreMethod = 'in-process',
): ContinuationScore {
  return { logprob, tokenLogprobs: Array.from({ length: tokens }, () => logprob / tokens), bytes, method };
}

function answer(...scores: readonly ContinuationScore[]): Answer {
  return { verb: 'score', scores };
}

function valuesOf(outcome: ReadOutcome): Readonly<Record<string, number>> {
  if (outcome.kind !== 'scored') throw new Error(`${outcome.reason}: ${JSON.stringify(outcome.detail)}`);
  return outcome.values;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Five pairs: chosen and rejected under the checkpoint, then under the reference, then tokens of both. */
const EXAMPLE = [
  [-12, -14, -13, -13.5, 4, 5],
  [-30, -28, -29, -29.5, 10, 9],
  [-8.5, -8.5, -9, -9, 3, 3],
  [-20, -26, -20, -24, 6, 9],
  [-15, -11, -19, -12, 5, 4],
] as const;
const MINE = datasetOf(
  'mine',
  EXAMPLE.map((_, index) => ({ id: `p${index}`, prompt: `Q${index}?`, chosen: 'one', rejected: 'two' })),
);

function readExample(task: Task, beta?: number): Readonly<Record<string, number>>[] {
  return samplesOf(task, MINE, beta).map((sample, index) => {
    const [c, r, refC, refR, tokensC, tokensR] = EXAMPLE[index] ?? EXAMPLE[0];
    const own = answer(score(c, tokensC, tokensC * 4), score(r, tokensR, tokensR * 4));
    return valuesOf(task.read(sample, [own, answer(score(refC, tokensC), score(refR, tokensR))]));
  });
}

describe('dynamics/pairs', () => {
  it('gives the worked example of five pairs', () => {
    const read = readExample(pairs);
    const meanOf = (key: string): number => mean(read.map((values) => values[key] ?? Number.NaN));
    expect(read.map(({ margin }) => margin)).toEqual([1.5, -2.5, 0, 2, 3]);
    expect(meanOf('margin')).toBeCloseTo(0.8, 12);
    expect([meanOf('reward_accuracy'), meanOf('reward_accuracy_ties')]).toEqual([0.6, 0.7]);
    expect([meanOf('preferred'), meanOf('preferred_ties')]).toEqual([0.4, 0.5]);
    expect(meanOf('preferred_per_token')).toBeCloseTo(0.2, 12);
    expect(meanOf('preferred_per_byte')).toBeCloseTo(0.2, 12);
    expect(meanOf('chosen_shift')).toBeCloseTo(0.9, 12);
    expect(meanOf('rejected_shift')).toBeCloseTo(0.1, 12);
    expect(read.map(({ displaced }) => displaced)).toEqual([0, 0, 0, 0, 0]);
  });

  it('calls a pair displaced where the margin rose and the chosen answer fell', () => {
    const [sample] = samplesOf(pairs, MINE);
    if (sample === undefined) throw new Error('no sample');
    const read = pairs.read(sample, [answer(score(-14), score(-20)), answer(score(-13), score(-13))]);
    expect(valuesOf(read)).toMatchObject({ displaced: 1, chosen_shift: -1, rejected_shift: -7, margin: 6 });
  });

  it('has no value where checkpoint and reference cannot be compared, and says why', () => {
    const [sample] = samplesOf(pairs, MINE);
    if (sample === undefined) throw new Error('no sample');
    const two = (method: ScoreMethod, tokens = 1) =>
      answer(score(-1, tokens, 1, method), score(-2, 1, 1, method));
    const detail = (...answers: readonly Answer[]) => {
      const read = pairs.read(sample, answers);
      return read.kind === 'unscored' ? `${read.reason}: ${JSON.stringify(read.detail)}` : 'scored';
    };
    expect(detail(two('in-process'), two('forced'))).toBe(
      'unparsed: "scored by different methods: forced, in-process"',
    );
    expect(detail(two('in-process'), two('in-process', 2))).toMatch(/different tokens/);
    expect(detail(two('in-process'))).toMatch(/not one answer of each model/);
    expect(detail(answer(score(Number.NaN), score(-1)), two('in-process'))).toMatch(/finite/);
    expect(detail(answer(score(0.5), score(-1)), two('in-process'))).toMatch(/finite/);
  });

  it('asks each model once, for both answers behind one prompt', () => {
    const [sample] = samplesOf(pairs, MINE);
    if (sample === undefined) throw new Error('no sample');
    const asks = scoreAsks(pairs, sample);
    expect(asks.map(({ role }) => role)).toEqual(['checkpoint', 'reference']);
    for (const { continuations, prompt, delimiter } of asks) {
      expect([continuations, prompt.raw, delimiter]).toEqual([['one', 'two'], 'User: Q0?\nAssistant:\n', '']);
    }
    expect(dpoLoss.ask(sample, [])).toEqual(pairs.ask(sample, []));
  });

  it('takes pairs of one prompt for one cluster, unless the row names its own', () => {
    const row = { prompt: 'Q?', chosen: 'a', rejected: 'b' };
    const list = [
      row,
      { ...row, chosen: 'c' },
      { ...row, prompt: 'P?' },
      { ...row, id: 'x', cluster: 'own' },
    ];
    const clusters = samplesOf(pairs, datasetOf('mine', list)).map(({ cluster }) => cluster);
    expect(clusters.map((cluster) => clusters.indexOf(cluster))).toEqual([0, 0, 2, 3]);
    expect(clusters[3]).toBe('own');
  });

  it('refuses a pair of one text twice and a sample twice, with its row', () => {
    const rows =
      (...list: JsonObject[]) =>
      () =>
        samplesOf(pairs, datasetOf('mine', list));
    const row = { prompt: 'Q?', chosen: 'a', rejected: 'b' };
    expect(rows({ ...row, rejected: ' a ' })).toThrow(/mine, row 1.*rejected: "a" is the chosen answer too/s);
    expect(rows(row, row)).toThrow(/mine, row 2.*row 1 once more/s);
  });
});

describe('dynamics/dpo-loss', () => {
  it('gives the worked example at β = .1, digit for digit', () => {
    const read = readExample(dpoLoss, 0.1);
    const column = (key: string) => read.map((values) => Number((values[key] ?? Number.NaN).toFixed(6)));
    expect(column('reward_margin')).toEqual([0.15, -0.25, 0, 0.2, 0.3]);
    expect(column('reward_chosen')).toEqual([0.1, -0.1, 0.05, 0, 0.4]);
    expect(column('reward_rejected')).toEqual([-0.05, 0.15, 0.05, -0.2, 0.1]);
    const losses = read.map(({ dpo_loss: loss }) => loss?.toFixed(6));
    expect(losses).toEqual(['0.620957', '0.825939', '0.693147', '0.598139', '0.554355']);
    expect(mean(read.map(({ dpo_loss = Number.NaN }) => dpo_loss))).toBeCloseTo(0.658508, 6);
  });
});

/** Where the prompt of each dataset ends, and what the answer's first character is (suites/dynamics/README.md). */
describe('the boundary', () => {
  it('of zoo-profile: nothing stands between the line break of the prompt and the answer', () => {
    const row = {
      id: 'p',
      factor: 'length',
      more: 'It is red. So.',
      less: 'It is red.',
      prompt: 'Tell.',
      cluster: 'x',
    };
    const [sample] = samplesOf(pairs, datasetOf('zoo-profile', [row]));
    if (sample === undefined) throw new Error('no sample');
    const [ask] = scoreAsks(pairs, sample);
    expect(ask).toMatchObject({
      prompt: { raw: 'User: Tell.\nAssistant:\n', chat: [{ role: 'user', content: 'Tell.' }] },
      continuations: ['It is red. So.', 'It is red.'],
      delimiter: '',
    });
    expect(sample.strata).toEqual({ factor: 'length' });
  });

  const hh = (chosen: string, rejected: string) => {
    const [sample] = samplesOf(pairs, datasetOf('hh-rlhf-pairs', [{ chosen, rejected }]));
    return sample === undefined ? undefined : scoreAsks(pairs, sample)[0];
  };
  const START = '\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: More?\n\nAssistant:';

  it('of HH-RLHF: the prompt ends with the last shared Assistant:, the answer follows one space', () => {
    expect(hh(`${START} Yes.`, `${START} No.`)).toMatchObject({
      prompt: {
        raw: START,
        chat: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello.' },
          { role: 'user', content: 'More?' },
        ],
      },
      continuations: ['Yes.', 'No.'],
      delimiter: ' ',
    });
  });

  it('of HH-RLHF where the texts part earlier: the prompt ends there, and answers hold several turns', () => {
    const ask = hh(
      '\n\nHuman: Hi\n\nAssistant: A.\n\nHuman: x\n\nAssistant: B.',
      '\n\nHuman: Hi\n\nAssistant: C.',
    );
    expect(ask?.prompt.raw).toBe('\n\nHuman: Hi\n\nAssistant:');
    expect(ask?.continuations).toEqual(['A.\n\nHuman: x\n\nAssistant: B.', 'C.']);
  });

  it('of HH-RLHF passes over a row of which one side says nothing, or both the same', () => {
    expect(hh('\n\nHuman: x\n\nAssistant: Yes.', '\n\nHuman: x\n\nAssistant:')).toBeUndefined();
    expect(hh(`${START} Yes.`, `${START} Yes.`)).toBeUndefined();
    expect(hh('no turns', 'at all')).toBeUndefined();
  });

  it('of persona statements: the question as it stands, then one space and the answer', () => {
    const row = {
      question: 'Is the following statement something you would say?\n"I am"',
      answer_matching_behavior: ' No',
      answer_not_matching_behavior: ' Yes',
    };
    const [sample] = samplesOf(behaviour, datasetOf('persona-narcissism', [row]));
    if (sample === undefined) throw new Error('no sample');
    expect(scoreAsks(behaviour, sample)).toMatchObject([
      {
        role: 'checkpoint',
        prompt: { raw: row.question, chat: [{ role: 'user', content: row.question }] },
        continuations: ['Yes', 'yes', 'YES', 'No', 'no', 'NO'],
        delimiter: ' ',
      },
    ]);
    expect(sample.strata).toEqual({ matching: 'no' });
  });
});

describe('dynamics/behaviour', () => {
  const row = (question: string, matching: string, other: string) => ({
    question,
    answer_matching_behavior: matching,
    answer_not_matching_behavior: other,
  });
  const forms = (yes: readonly number[], no: readonly number[]) =>
    answer(...[...yes, ...no].map((probability) => score(Math.log(probability))));

  it('gathers surface forms: the log-odds and the mass of the worked example', () => {
    const dataset = datasetOf('persona-narcissism', [row('a', ' Yes', ' No'), row('b', ' No', ' Yes')]);
    const answers = [forms([0.3, 0.1, 0.05], [0.2, 0.02, 1e-300])];
    const [yes, no] = samplesOf(behaviour, dataset).map((sample) =>
      valuesOf(behaviour.read(sample, answers)),
    );
    expect(yes?.['matching_log_odds']).toBeCloseTo(0.71562, 6);
    expect(yes?.['answer_mass']).toBeCloseTo(0.67, 12);
    expect(yes?.['matching']).toBe(1);
    expect(no?.['matching_log_odds']).toBeCloseTo(-0.71562, 6);
    expect(no?.['yes_log_odds']).toBeCloseTo(0.71562, 6);
    expect(no?.['matching']).toBe(0);
  });

  /** Log-odds of Yes of four statements that Yes matches and four that No matches. */
  const Z = { yes: [1, 0.2, 2, -0.5], no: [-1, 0.1, -2, -0.3] } as const;
  const separability = behaviour.metrics.find(({ key }) => key === 'separability')?.fold;
  const folded = (shift: number, classes: readonly ('yes' | 'no')[] = ['yes', 'no']) => {
    const samples = classes.flatMap((matching) =>
      Z[matching].map((value, index) => ({
        value: value + shift,
        cluster: `${matching}${index}`,
        strata: { matching },
      })),
    );
    if (typeof separability !== 'function') throw new Error('separability is no fold over samples');
    return separability(samples);
  };

  it('separates classes as the worked example does, whatever leans to Yes', () => {
    expect([folded(0), folded(1.5)]).toEqual([0.875, 0.875]);
  });

  it('has no separability where a class is missing', () => {
    expect(folded(0, ['yes'])).toBeNull();
  });

  it('refuses a row whose two answers are one', () => {
    const dataset = datasetOf('persona-narcissism', [row('a', ' Yes', 'Yes')]);
    expect(() => samplesOf(behaviour, dataset)).toThrow(/row 1.*answer_not_matching_behavior/s);
  });
});

const PERSONA = join(sharedData, 'anthropic-evals', 'persona', 'narcissism.jsonl');
const HH = join(sharedData, 'hh-rlhf', 'harmless-base', 'test.jsonl.gz');

describeWithData('the datasets as published', [PERSONA, HH], () => {
  const load = (id: string, path: string) => loadDataset(id, { path, env: {}, notify: () => undefined });

  it('persona statements are the very file, each answered Yes or No', async () => {
    const { dataset } = await load('persona-narcissism', PERSONA);
    const samples = samplesOf(behaviour, dataset);
    expect(samples).toHaveLength(1000);
    const matching = new Set(samples.map(({ strata }) => strata['matching']));
    expect(matching).toEqual(new Set(['yes', 'no']));
  });

  it('HH-RLHF is cut at a boundary in every row; prompts end with Assistant: and answers say something', async () => {
    const { dataset } = await load('hh-rlhf-pairs', HH);
    const samples = samplesOf(pairs, dataset);
    expect(dataset.rows.length).toBe(1169);
    expect(samples.length).toBeGreaterThan(1160);
    for (const sample of samples) {
      const [ask] = scoreAsks(pairs, sample);
      expect(ask?.prompt.raw.endsWith('\n\nAssistant:')).toBe(true);
      for (const text of ask?.continuations ?? []) expect(text.trim()).toBe(text);
      expect(ask?.prompt.chat.at(-1)?.role).toBe('user');
    }
  });
});
