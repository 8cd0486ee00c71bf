import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PairImport } from '../../../../suites/profile/pairs/import.ts';
import { fileOf, importOf, jsonl, refusalOf } from './files.ts';

const TLDR = {
  info: { id: 't3_1', post: 'My neighbour rings at dawn.', title: 'Dawn bells', subreddit: 'advice' },
  summaries: [
    { text: ' A neighbour rings early.', policy: 'sup1', note: null },
    { text: ' Bells.', policy: 'ref', note: 'short' },
  ],
  choice: 0,
  worker: 'w1',
  batch: 'batch9',
  split: 'train',
  extra: { confidence: 2 },
};

const SHP = {
  post_id: 'p7',
  domain: 'askbakers',
  upvote_ratio: 0.97,
  history: 'Why did my loaf sink?',
  c_root_id_A: 'cA',
  c_root_id_B: 'cB',
  score_A: 10,
  score_B: 40,
  human_ref_A: 'Too much water.',
  human_ref_B: 'The oven was cold. Wait until it is hot.',
  labels: 0,
  seconds_difference: 60.0,
  score_ratio: 4,
};

const WEBGPT = {
  question: { dataset: 'eli5', id: 'q1', full_text: 'Why is the sea salt?' },
  quotes_0: { title: ['Sea (example.org)'], extract: ['Rivers carry salt.'] },
  answer_0: 'Rivers carry salt into it [1].',
  quotes_1: { title: ['Salt', 'Sea'], extract: ['Salt is old.', 'Rivers carry salt.'] },
  answer_1: 'It was always salt.',
  score_0: 0.5,
  score_1: -0.5,
};

const PANDALM = {
  idx: 3,
  motivation_app: 'mail',
  cmp_key: 'opt-7b_bloom-7b',
  instruction: 'Shorten it.',
  input: 'The long letter is long.',
  response1: 'A letter.',
  response2: '',
  annotator1: 1,
  annotator2: '1',
  annotator3: 0,
};

const LLMBAR = { input: 'Name a tree.', output_1: 'Oak.', output_2: 'A stone.', label: 1 };

const START = '\n\nHuman: Hello\n\nAssistant: Hi.\n\nHuman: Which tree is tall?';
const HH = {
  chosen: `${START}\n\nAssistant: A redwood.`,
  rejected: `${START}\n\nAssistant: None.`,
};

const OWN = { id: '1', item: 'x', prompt: 'Name a tree.', a: 'Oak.', b: 'Stone.', preference: 'a' };

describe('formats', () => {
  it('reads summarize-from-feedback: post, summaries, choice, confidence', async () => {
    const article = { ...TLDR, info: { id: 'cnn', article: 'News.' }, choice: 1, extra: {} };
    const { pairs, source } = await importOf(fileOf(jsonl(TLDR, article)));
    expect(source.format).toBe('tldr');
    expect(pairs[0]).toMatchObject({
      item: 't3_1',
      prompt: 'Summarise this text in a few sentences.\n\nTitle: Dawn bells',
      source: 'My neighbour rings at dawn.',
      a: 'A neighbour rings early.',
      b: 'Bells.',
      modelA: 'sup1',
      modelB: 'ref',
      preference: 'a',
      strength: 0.75,
      meta: { subreddit: 'advice', worker: 'w1', batch: 'batch9', split: 'train' },
    });
    expect(pairs[1]).toMatchObject({ item: 'cnn', source: 'News.', preference: 'b' });
    expect(pairs[1]).not.toHaveProperty('strength');
  });

  it.each([
    [1, 1],
    [5, 0],
    [9, 1],
    [8, 0.75],
  ])('a confidence of %d is a strength of %d', async (confidence, strength) => {
    const { pairs } = await importOf(fileOf(jsonl({ ...TLDR, extra: { confidence } })));
    expect(pairs[0]?.strength).toBe(strength);
  });

  it('reads SHP: label 1 prefers A, strength from the ratio of scores', async () => {
    const other = { ...SHP, c_root_id_A: 'cC', human_ref_A: 'Less yeast.', labels: 1, score_ratio: 1 };
    const { pairs, source } = await importOf(fileOf(jsonl(SHP, other)));
    expect(source.format).toBe('shp');
    expect(pairs).toMatchObject([
      { id: 'p7:cA:cB', item: 'p7', prompt: SHP.history, preference: 'b', strength: 0.75 },
      { id: 'p7:cC:cB', item: 'p7', preference: 'a', strength: 0 },
    ]);
    expect(pairs[0]?.meta).toEqual({
      domain: 'askbakers',
      score_A: 10,
      score_B: 40,
      upvote_ratio: 0.97,
      seconds_difference: 60,
    });
  });

  it('reads WebGPT: passages of both answers, 0 is a tie, in copies and in the original lines', async () => {
    const tie = { ...WEBGPT, question: 'Why is it salt?', score_0: 0, score_1: 0, quotes_0: null };
    const original = [
      { question: WEBGPT.question, answer: 'One.', quotes: WEBGPT.quotes_0, score: -1 },
      { question: WEBGPT.question, answer: 'Two.', quotes: WEBGPT.quotes_1, score: 1 },
    ];
    const { pairs, source } = await importOf(fileOf(jsonl(WEBGPT, tie, original)));
    expect(source.format).toBe('webgpt');
    expect(pairs).toMatchObject([
      {
        item: 'q1',
        prompt: 'Why is the sea salt?',
        quotes: ['Rivers carry salt.', 'Salt is old.'],
        preference: 'a',
        strength: 0.5,
      },
      { prompt: 'Why is it salt?', preference: 'tie', strength: 0 },
      { item: 'q1', a: 'One.', b: 'Two.', preference: 'b', strength: 1 },
    ]);
    expect(source.counts.noted).toEqual({ tie: 1 });
    expect((await importOf(fileOf(jsonl(original, original)))).source.counts).toMatchObject({
      rows: 2,
      pairs: 1,
      left: { duplicate: 1 },
    });
  });

  it('reads PandaLM: labels as numbers or text, the majority as the main label, empty responses counted', async () => {
    const split = { ...PANDALM, idx: 4, response2: 'No.', annotator2: 2 };
    const { pairs, source } = await importOf(fileOf(JSON.stringify([PANDALM, split], null, 2), 'json'));
    expect(source.format).toBe('pandalm');
    expect(pairs).toMatchObject([
      {
        id: '3',
        prompt: 'Shorten it.',
        source: 'The long letter is long.',
        modelA: 'opt-7b',
        modelB: 'bloom-7b',
        preference: 'a',
        votes: { annotator1: 'a', annotator2: 'a', annotator3: 'tie' },
      },
      { id: '4', votes: { annotator1: 'a', annotator2: 'b', annotator3: 'tie' } },
    ]);
    expect(pairs[1]).not.toHaveProperty('preference');
    expect(source.counts.noted).toEqual({ empty_response: 1, no_label: 1 });
  });

  it('reads LLMBar', async () => {
    const { pairs, source } = await importOf(fileOf(JSON.stringify([LLMBAR]), 'json'));
    expect(source.format).toBe('llmbar');
    expect(pairs).toMatchObject([{ prompt: 'Name a tree.', a: 'Oak.', b: 'A stone.', preference: 'a' }]);
  });

  it('reads HH-RLHF: the shared conversation is the prompt, and no position means chosen', async () => {
    const asked = (name: string) => `\n\nHuman: Who is ${name}?\n\nAssistant:`;
    const many = Array.from({ length: 60 }, (_, index) => ({
      chosen: `${asked(`P${index}`)} Somebody.`,
      rejected: `${asked(`P${index}`)} Nobody.`,
    }));
    const { pairs, source } = await importOf(fileOf(gzipSync(jsonl(HH, ...many)), 'jsonl.gz'));
    expect(source.format).toBe('hh-rlhf');
    expect(pairs[0]?.prompt).toBe('Human: Hello\n\nAssistant: Hi.\n\nHuman: Which tree is tall?');
    const chosen = pairs.map(({ a, b, preference }) => (preference === 'a' ? a : b));
    expect(chosen.slice(0, 2)).toEqual(['A redwood.', 'Somebody.']);
    expect(pairs[1]?.prompt).toBe('Who is P0?');
    const first = pairs.filter(({ preference }) => preference === 'a').length;
    expect(first).toBeGreaterThan(15);
    expect(first).toBeLessThan(46);
  });

  it('counts what is no pair in HH-RLHF, by cause', async () => {
    const human = { chosen: `${START}\n\nAssistant: Yes.\n\nHuman: Which?`, rejected: HH.rejected };
    const differs = { chosen: HH.chosen, rejected: HH.rejected.replace('Hi.', 'Ho.') };
    const empty = { chosen: `${START} Now.\n\nAssistant: Yes.`, rejected: `${START} Now.\n\nAssistant:` };
    const swapped = { chosen: HH.rejected, rejected: HH.chosen };
    const self = { chosen: HH.chosen, rejected: HH.chosen };
    const { source } = await importOf(fileOf(jsonl(HH, human, differs, empty, swapped, self)));
    expect(source.counts).toEqual({
      rows: 6,
      pairs: 2,
      left: { ends_on_human: 1, contexts_differ: 1, duplicate: 1, self_pair: 1 },
      noted: { empty_response: 1, label_differs: 1 },
    });
  });

  it('reads own pairs as they are, and gives ids to those without', async () => {
    const { id: _id, item: _item, ...bare } = OWN;
    const { pairs, source } = await importOf(fileOf(jsonl(OWN, { ...bare, b: 'Sand.' })));
    expect(source.format).toBe('pairs');
    expect(pairs[0]).toEqual(OWN);
    expect(pairs[1]?.id).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('what is no new pair is counted by cause and reported', () => {
  it('the same pair again, mirrored, with another label, and one response twice', async () => {
    const mirrored = { ...OWN, id: '2', a: OWN.b, b: OWN.a, preference: 'b' };
    const denied = { ...OWN, id: '3', preference: 'b' };
    const self = { ...OWN, id: '4', b: OWN.a };
    const { source, pairs } = await importOf(fileOf(jsonl(OWN, mirrored, denied, self, { ...OWN, id: '5' })));
    expect(pairs).toHaveLength(1);
    expect(source.counts).toEqual({
      rows: 5,
      pairs: 1,
      left: { mirrored: 1, duplicate: 2, self_pair: 1 },
      noted: { label_differs: 1 },
    });
  });

  it('the same texts of other models, or about another text, are other pairs', async () => {
    const models = { ...OWN, id: '2', modelA: 'x', modelB: 'y' };
    const source = { ...OWN, id: '3', source: 'A forest.' };
    const { source: read } = await importOf(fileOf(jsonl(OWN, models, source)));
    expect(read.counts).toEqual({ rows: 3, pairs: 3, left: {}, noted: {} });
  });

  it('a taken id gets a number, whatever ids come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('x', 'x~2', 'x~3', 'y'), { maxLength: 8 }), async (ids) => {
        const rows = ids.map((id, place) => ({ ...OWN, id, a: `Answer ${place}` }));
        const file = fileOf(jsonl(...rows, { ...OWN, id: 'last' }));
        const { pairs, source } = await importOf(file);
        expect(new Set(pairs.map(({ id }) => id)).size).toBe(ids.length + 1);
        expect(source.counts.noted.id_repeated ?? 0).toBe(
          pairs.filter(({ id }, place) => id !== (ids[place] ?? 'last')).length,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('every row is a pair or counted once', async () => {
    const row = fc.record({
      a: fc.constantFrom('x', 'y', 'z', ''),
      b: fc.constantFrom('x', 'y', 'z', ''),
      strength: fc.constantFrom(0, 0.4, 0.9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const file = fileOf(jsonl(...rows.map((one) => ({ prompt: 'p', ...one }))));
        const { pairs, source } = await importOf(file, { minStrength: 0.4 });
        const left = Object.values(source.counts.left).reduce((sum, count) => sum + count, 0);
        expect(source.counts.rows).toBe(rows.length);
        expect(source.counts.pairs + left).toBe(rows.length);
        expect(pairs).toHaveLength(source.counts.pairs);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps so many, and only those that are clear enough', async () => {
    const rows = [0.1, 0.5, 0.9].map((strength, place) => ({
      ...OWN,
      id: `${place}`,
      a: `${place}`,
      strength,
    }));
    const file = fileOf(jsonl(...rows, OWN));
    const clear = await importOf(file, { minStrength: 0.5 });
    expect(clear.source.counts).toMatchObject({ pairs: 2, left: { below_strength: 1, no_strength: 1 } });
    const one = await importOf(file, { limit: 1 });
    expect(one.source.counts).toMatchObject({ rows: 1, pairs: 1 });
  });
});

describe('files that are something else', () => {
  it('names the format that a row looks like, with file and line', async () => {
    const refusal = await refusalOf(fileOf(jsonl(HH, LLMBAR)), { format: 'hh-rlhf' });
    expect(refusal).toMatch(/^FILE:2: is no row of HH-RLHF.* lacks the columns "chosen", "rejected"/);
    expect(refusal).toContain('it looks like LLMBar: try --from llmbar');
    const document = JSON.stringify({ metadata: {}, annotators: {}, comparisons: [] });
    expect(await refusalOf(fileOf(document), { format: 'shp' })).toContain('try --from annotated-pairs');
    expect(await refusalOf(fileOf(jsonl({ q: 1 })))).toMatch(/^FILE:1: is of no known format: it has "q"/);
    expect(await refusalOf(fileOf(jsonl('text')))).toMatch(/^FILE:1: is no object/);
  });

  it('names the closest format of a row with a misspelt column, and none for what is like nothing', async () => {
    const webgpt = { question: 'Why?', answer_0: 'A.', answer_one: 'B.', score_0: 1 };
    expect(await refusalOf(fileOf(jsonl(webgpt)))).toContain(
      'closest is webgpt, of which it lacks "answer_1"',
    );
    expect(await refusalOf(fileOf(jsonl({ q: 1 })))).not.toContain('closest');
  });

  it('refuses a confidence of summarize-from-feedback outside its scale', async () => {
    const summaries = [{ text: 'one' }, { text: 'two' }];
    const row = { info: { post: 'A post.' }, summaries, choice: 1, extra: { confidence: 12 } };
    expect(await refusalOf(fileOf(jsonl(row)))).toMatch(/extra\.confidence.* is 12: it goes from 1 to 9/);
  });

  it('refuses an unknown format at once, and says which is meant', () => {
    expect(() => new PairImport('nowhere', { format: 'hhrlhf' })).toThrow(
      /unknown format "hhrlhf"[\s\S]*hh-rlhf\?/,
    );
  });

  it.each<readonly [string, string | Uint8Array, RegExp]>([
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
      /Git LFS pointer/,
    ],
    ['Parquet', 'PAR1\u0015\u0000', /is Parquet/],
    ['a page', '<!DOCTYPE html><title>Sign in</title>', /is a web page/],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00]), /is UTF-16/],
    ['CSV', 'input,output_1,output_2,label\na,b,c,1\n', /^FILE:1: is no JSON; it looks like CSV/],
    ['an empty file', '\n \n', /^FILE: is empty/],
    ['a broken archive', gzipSync(jsonl(OWN)).subarray(0, 40), /^FILE: cannot be read/],
  ])('refuses %s', async (_name, content, message) => {
    expect(await refusalOf(fileOf(content))).toMatch(message);
  });

  it('names the line that is no JSON or no UTF-8', async () => {
    expect(await refusalOf(fileOf(`${jsonl(OWN)}{"prompt": \n${jsonl(OWN)}`))).toMatch(/^FILE:2: is no JSON/);
    const bytes = Buffer.concat([Buffer.from(jsonl(OWN)), Buffer.from([0x22, 0xe9, 0x22, 0x0a])]);
    expect(await refusalOf(fileOf(bytes))).toMatch(/^FILE:2: is not UTF-8 text/);
    expect(await refusalOf('/nowhere/at-all.jsonl')).toContain('there is no such file');
  });

  it('takes a byte order mark, empty lines and CR LF as what they are', async () => {
    const text = `\uFEFF${jsonl(OWN)}\n${jsonl({ ...OWN, id: '2', b: 'Sand.' })}`.replaceAll('\n', '\r\n');
    expect((await importOf(fileOf(text))).pairs).toHaveLength(2);
  });
});

describe('rows of another shape name line and field', () => {
  it.each<readonly [string, unknown, RegExp]>([
    ['choice', { ...TLDR, choice: 2 }, /:1 {2}choice: is neither 0 nor 1/],
    ['one summary', { ...TLDR, summaries: [TLDR.summaries[0]] }, /summaries: are not two/],
    ['no post', { ...TLDR, info: { id: 'x' } }, /article: is not a text/],
    ['label', { ...SHP, labels: '1' }, /labels: is neither 0 nor 1/],
    ['ratio below 1', { ...SHP, score_ratio: 0.5 }, /score_ratio: is no number from 1/],
    ['score beyond 1', { ...WEBGPT, score_0: 3 }, /score_0: is no number from -1 to 1/],
    ['scores that do not cancel', { ...WEBGPT, score_1: 0.4 }, /score_1: is not the opposite/],
    ['passages', { ...WEBGPT, quotes_0: { extract: [1] } }, /quotes_0: holds a passage/],
    ['annotator', { ...PANDALM, annotator2: 3 }, /annotator2: is "3" and none of 0, 1, 2/],
    ['LLMBar label', { ...LLMBAR, label: 0 }, /label: is neither 1 nor 2/],
    ['messages for transcripts', { chosen: [], rejected: [] }, /chosen: is not a text/],
    [
      'a misspelt column',
      { ...OWN, preferance: 'a' },
      /preferance: is no column of a pair[\s\S]*Did you mean preference/,
    ],
    ['a preference', { ...OWN, preference: 'A' }, /preference: must be equal to one of/],
    ['a strength', { ...OWN, strength: 2 }, /strength: must be <= 1/],
    ['a vote', { ...OWN, votes: { me: 'yes' } }, /votes\.me: must be equal to one of/],
  ])('%s', async (_name, row, message) => {
    expect(await refusalOf(fileOf(jsonl(row)))).toMatch(message);
  });
});
