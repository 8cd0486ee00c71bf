import { describe, expect, it } from '@jest/globals';
import type { Completion, ContinuationScore, ScoreMethod } from '../../../adapters/model.ts';
import { asWritten, dialogue } from '../../../suites/datasets/raw-forms.ts';
import { kl } from '../../../suites/dynamics/kl.ts';
import type { Answer, LoadedDataset, ReadOutcome, Sample } from '../../../suites/task.ts';

const MINE: LoadedDataset = {
  id: 'mine',
  rows: [
    { prompt: 'Why?', chosen: 'because', rejected: 'so' },
    { prompt: 'Why?', chosen: 'why not', rejected: 'so' },
    { prompt: 'How?', cluster: 'c' },
  ],
  rawForm: dialogue,
};

function sampleOf(dataset = MINE): Sample {
  const [sample] = kl.samples(dataset, 'robust');
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

function draw(text: string, finish: Completion['finish'] = 'stop'): Answer {
  return { verb: 'generate', completion: { text, finish, usage: {} } };
}

function scores(...texts: readonly (readonly number[])[]): Answer {
  return scoresBy('in-process', ...texts);
}

function scoresBy(method: ScoreMethod, ...texts: readonly (readonly number[])[]): Answer {
  const each = texts.map(
    (tokenLogprobs): ContinuationScore => ({
      logprob: tokenLogprobs.reduce((sum, one) => sum + one, 0),
      tokenLogprobs,
      bytes: 4,
      method,
    }),
  );
  return { verb: 'score', scores: each };
}

function valuesOf(outcome: ReadOutcome): Readonly<Record<string, number>> {
  if (outcome.kind !== 'scored') throw new Error(`${outcome.reason}: ${JSON.stringify(outcome.detail)}`);
  return outcome.values;
}

const DRAWS = ['a', 'b', 'c', 'd'].map((text) => draw(text));
/** ln p of four draws of one token each, under the checkpoint and under the reference. */
const OWN = [[-5], [-7], [-6], [-9]];
const REFERENCE = [[-6], [-6.5], [-6], [-11]];

describe('dynamics/kl', () => {
  it('gives the worked example, digit for digit', () => {
    const values = valuesOf(kl.read(sampleOf(), [...DRAWS, scores(...OWN), scores(...REFERENCE)]));
    expect(values['kl_k1']?.toFixed(3)).toBe('0.625');
    expect(values['kl_k2']?.toFixed(5)).toBe('0.65625');
    expect(values['kl_k3_per_token']?.toFixed(6)).toBe('0.412984');
    expect(values).toMatchObject({ kl_k1_per_token: 0.625, truncated_draws: 0, empty_draws: 0 });
  });

  it('is that of whole answers, and per token where it says so', () => {
    const draws = [draw('ab'), draw('ab'), draw('c'), draw('')];
    const read = kl.read(sampleOf(), [...draws, scores([-1, -2], [-4]), scores([-2, -2], [-3])]);
    const values = valuesOf(read);
    // Two draws of one text count twice: r is -1, -1 and 1 of whole answers, and -1, 0, -1, 0, 1 of tokens.
    expect(values['kl_k1']).toBeCloseTo(1 / 3, 12);
    expect(values['kl_k2']).toBeCloseTo(1 / 2, 12);
    expect(values['kl_k1_per_token']).toBeCloseTo(1 / 5, 12);
    expect(values['kl_k3_per_token']).toBeCloseTo((2 * Math.exp(-1) + Math.E - 2) / 5, 12);
    expect(values['empty_draws']).toBe(0.25);
  });

  it('is of texts without their ends, and says so: an end that moved leaves it where it was', () => {
    const [k1] = kl.metrics;
    expect(k1?.label).toMatch(/without the end/);
    for (const { label } of kl.metrics) expect(label).not.toContain('unbiased');
  });

  it('is exactly 0 where both score alike', () => {
    const values = valuesOf(kl.read(sampleOf(), [...DRAWS, scores(...OWN), scores(...OWN)]));
    for (const key of ['kl_k1', 'kl_k2', 'kl_k3_per_token', 'kl_k1_per_token'])
      expect(Math.abs(values[key] ?? 1)).toBe(0);
  });

  it('draws at temperature 1 without cuts, each draw of its own, and then has each different text scored by both', () => {
    const sample = sampleOf();
    const asks = kl.ask(sample, []);
    expect(asks).toHaveLength(4);
    for (const [index, ask] of asks.entries()) {
      expect(ask).toMatchObject({
        verb: 'generate',
        role: 'checkpoint',
        draw: index,
        decoding: { maxTokens: 64, temperature: 1, topP: 1, stop: dialogue.stop },
      });
    }
    const draws = [draw(' a'), draw('b'), draw(' a'), draw('\n')];
    const next = kl.ask(sample, draws);
    const continuations = [' a', 'b'];
    const score = {
      verb: 'score',
      continuations,
      delimiter: '',
      prompt: asks[0]?.verb === 'generate' ? asks[0].prompt : null,
    };
    expect(next).toEqual([
      { ...score, role: 'checkpoint' },
      { ...score, role: 'reference' },
    ]);
    expect(kl.ask(sample, [...draws, scores([-1], [-1]), scores([-1], [-1])])).toEqual([]);
    expect(
      kl.ask(
        sample,
        ['', ' ', '\n', ''].map((text) => draw(text)),
      ),
    ).toEqual([]);
  });

  it('a cut answer is a sample of what was cut, and its share is published', () => {
    const draws = [draw('a', 'length'), ...DRAWS.slice(1)];
    const values = valuesOf(kl.read(sampleOf(), [...draws, scores(...OWN), scores(...REFERENCE)]));
    expect(values).toMatchObject({ truncated_draws: 0.25, kl_k1: 0.625 });
  });

  it('has no value where nothing was drawn, or both models did not measure alike, and says why', () => {
    const sample = sampleOf();
    const detail = (...answers: readonly Answer[]) => {
      const read = kl.read(sample, answers);
      return read.kind === 'unscored'
        ? [read.reason, ...(read.detail === undefined ? [] : [read.detail])]
        : 'scored';
    };
    const empty = ['', ' ', '', ''].map((text) => draw(text));
    expect(detail(...empty)).toEqual(['empty']);
    expect(detail(...empty.map(() => draw('', 'filter')))).toEqual(['refused']);
    expect(detail()).toEqual(['unparsed', 'no draw']);
    expect(detail(...DRAWS, scores(...OWN))).toEqual(['unparsed', 'not one score of each model']);
    expect(detail(...DRAWS, scores(...OWN), scores([-1, -5], [-7], [-6], [-9]))).toEqual([
      'unparsed',
      'cut into different tokens by the checkpoint and by the reference',
    ]);
    expect(detail(...DRAWS, scores(...OWN), scoresBy('forced', ...OWN))).toEqual([
      'unparsed',
      'scored by different methods: forced, in-process',
    ]);
    for (const bad of [Number.NaN, 1, Number.NEGATIVE_INFINITY, -1e12])
      expect(detail(...DRAWS, scores([bad], ...OWN.slice(1)), scores(...OWN))).toEqual([
        'unparsed',
        'not one finite log-probability for each token',
      ]);
    const long = [draw('a'.repeat(10_000)), ...DRAWS.slice(1)];
    expect(kl.ask(sample, long)).toEqual([]);
    expect(detail(...long)).toEqual(['unparsed', 'a draw is longer than 64 tokens can be']);
  });

  it('asks each prompt once, however many pairs it has', () => {
    const samples = [...kl.samples(MINE, 'robust')];
    expect(samples.map(({ data }) => data['raw'])).toEqual([
      'User: Why?\nAssistant:\n',
      'User: How?\nAssistant:\n',
    ]);
    expect(samples.map(({ id, cluster }) => cluster === id)).toEqual([true, false]);
  });

  it('stops a transcript where it would go on with the next turn', () => {
    const start = '\n\nHuman: Hi\n\nAssistant:';
    const rows = [{ chosen: `${start} Yes.`, rejected: `${start} No.` }];
    const [ask] = kl.ask(sampleOf({ id: 'hh-rlhf-pairs', rows, rawForm: asWritten }), []);
    expect(ask).toMatchObject({ prompt: { raw: start }, decoding: { stop: ['\n\nHuman:'] } });
  });
});
