import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnnotatedWriter } from '../../../../suites/profile/pairs/annotated-writer.ts';
import { annotatorHash, DEFAULT_ANNOTATOR } from '../../../../suites/profile/pairs/annotators.ts';
import { withHeader } from '../../../../suites/profile/pairs/import.ts';
import type { PairRow } from '../../../../suites/profile/pairs/pair.ts';
import { fileOf, importOf, jsonl, refusalOf } from './files.ts';

const CREATED = '2026-01-02T03:04:05Z';

const DOCUMENT = {
  metadata: {
    version: '2.0',
    description: 'Two small comparisons',
    created_at: '2025-04-02T16:02:37Z',
    dataset_name: 'small',
    default_annotator: 'd1',
    available_metadata_keys_per_comparison: ['source'],
  },
  annotators: {
    d1: { name: 'Human', description: 'People', type: 'human' },
    p1: { description: 'Select the response that is shorter', type: 'principle' },
    m1: { name: 'gpt', description: 'A judge', type: 'ai', temperature: 0 },
  },
  comparisons: [
    {
      id: 'c1',
      prompt: 'Name a tree.',
      response_a: { text: 'An oak.', model: 'X', rating: 5 },
      response_b: { text: 'A large and ancient oak.', model: 'Y', timestamp: '2025-04-01T12:00:00Z' },
      annotations: {
        d1: { pref: 'a' },
        p1: { pref: 'a', reasoning: 'Two words.' },
        m1: { pref: null, no_pref_reason: 'not_applicable' },
      },
      metadata: { source: 'forest', difficulty: 2 },
    },
    {
      id: 'c2',
      prompt: null,
      response_a: { text: 'Left.' },
      response_b: { text: '' },
      annotations: { d1: { pref: null, no_pref_reason: 'both' }, unknown: { pref: 'b' } },
    },
  ],
};

async function writtenAgain(file: string): Promise<unknown> {
  const { pairs, source } = await importOf(file);
  const { header } = source;
  const writer = new AnnotatedWriter({
    datasetName: 'x',
    createdAt: CREATED,
    ...(header === undefined ? {} : { header }),
  });
  const comparisons = pairs.map((pair, place) => writer.comparison(pair, place === 0)).join('');
  return JSON.parse(`${writer.head()}${comparisons}${writer.foot()}`);
}

/** By way of a pairs file, whose first line carries the header. */
async function throughPairs(file: string): Promise<unknown> {
  const { pairs, source } = await importOf(file);
  const rows = pairs.map((pair, place) =>
    place === 0 && source.header !== undefined ? withHeader(pair, source.header) : pair,
  );
  return writtenAgain(fileOf(jsonl(...rows)));
}

describe('annotated-pairs, in', () => {
  it('reads the default annotator as the main label and the others as raters by name', async () => {
    const { pairs, source } = await importOf(fileOf(JSON.stringify(DOCUMENT), 'json'));
    expect(source.format).toBe('annotated-pairs');
    expect(pairs).toMatchObject([
      {
        id: 'c1',
        prompt: 'Name a tree.',
        modelA: 'X',
        modelB: 'Y',
        preference: 'a',
        votes: { 'Select the response that is shorter': 'a', gpt: 'neither' },
      },
      { id: 'c2', item: 'c2', prompt: '', b: '', votes: { unknown: 'b' } },
    ]);
    expect(pairs[1]).not.toHaveProperty('preference');
    expect(source.counts.noted).toEqual({ no_label: 1, empty_response: 1 });
  });

  it('tells annotators of one name apart by their hash', async () => {
    const twins = { m1: { name: 'twin' }, m2: { name: 'twin' } };
    const annotations = { m1: { pref: 'a' }, m2: { pref: 'invalid?' } };
    const document = {
      ...DOCUMENT,
      annotators: twins,
      comparisons: [{ ...DOCUMENT.comparisons[0], annotations }],
    };
    const { pairs } = await importOf(fileOf(JSON.stringify(document), 'json'));
    expect(pairs[0]?.votes).toEqual({ 'twin (m1)': 'a', 'twin (m2)': 'invalid' });
  });

  it('reads version 1, whose responses are plain texts and whose votes are called text_a', async () => {
    const comparison = {
      id: '1',
      prompt: 'p',
      text_a: 'one',
      text_b: 'two',
      annotations: { d1: { pref: 'text_b' } },
    };
    const old = { ...DOCUMENT, metadata: { default_annotator: 'd1' }, comparisons: [comparison] };
    const file = fileOf(JSON.stringify(old), 'json');
    expect((await importOf(file)).pairs).toMatchObject([{ a: 'one', b: 'two', preference: 'b' }]);
    expect(await writtenAgain(file)).toMatchObject({
      metadata: { version: '2.0', default_annotator: 'd1' },
      comparisons: [{ id: '1', response_a: { text: 'one' }, annotations: { d1: { pref: 'text_b' } } }],
    });
  });

  it.each<readonly [string, object, RegExp]>([
    ['another version', { metadata: { version: '3.0' } }, /metadata\.version: is "3\.0"/],
    ['no list', { comparisons: {} }, /comparisons: is no list/],
    ['no annotators', { annotators: [] }, /annotators: is no object/],
    [
      'no text',
      { comparisons: [{ id: '1', response_a: {}, response_b: {} }] },
      /comparison 1 {2}text: is not/,
    ],
    [
      'no id',
      { comparisons: [{ response_a: { text: '' }, response_b: { text: '' } }] },
      /comparison 1 {2}id/,
    ],
  ])('refuses %s, with the place', async (_name, change, message) => {
    expect(await refusalOf(fileOf(JSON.stringify({ ...DOCUMENT, ...change }, undefined, 2)))).toMatch(
      message,
    );
  });
});

const json = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
const facts = fc.dictionary(
  fc.string().filter((key) => !['name', 'description', 'pref', 'no_pref_reason'].includes(key)),
  json,
  { maxKeys: 3 },
);
const hash = fc.stringMatching(/^[0-9a-f]{8}$/);

const annotation = fc.oneof(
  fc.record({ pref: fc.constantFrom('a', 'b', 'tie', 'both', 'neither') }),
  fc.record({ pref: fc.constantFrom('a', 'b'), reasoning: fc.string() }),
  fc.record({
    pref: fc.constant(null),
    no_pref_reason: fc.constantFrom('not_applicable', 'invalid', 'tie', '?'),
  }),
);

/** Files as others may write them: unknown annotators, absent prompts, further fields everywhere. */
function documents(prompt: fc.Arbitrary<string | null | undefined>) {
  return fc
    .record({
      annotators: fc.dictionary(
        hash,
        fc.record({ name: fc.string(), description: fc.string(), type: fc.string() }, { requiredKeys: [] }),
        { maxKeys: 4 },
      ),
      metadata: facts,
      more: facts,
      comparisons: fc.array(
        fc.record({
          prompt,
          a: fc.string(),
          b: fc.string(),
          of: facts,
          meta: facts,
          votes: fc.array(annotation),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      stranger: hash,
      isDefaultKnown: fc.boolean(),
    })
    .map(({ annotators, metadata, more, comparisons, stranger, isDefaultKnown }) => {
      const hashes = [...Object.keys(annotators), stranger];
      const [main = stranger] = hashes;
      return {
        ...more,
        metadata: { ...metadata, version: '2.0', ...(isDefaultKnown ? { default_annotator: main } : {}) },
        annotators,
        comparisons: comparisons.map(({ prompt: asked, a, b, of, meta, votes }, place) => ({
          id: `id ${place}`,
          ...(asked === undefined ? {} : { prompt: asked }),
          // Responses of equal text are no pair, and are counted: another test.
          response_a: { ...of, text: `${a}A${place}`, model: 'm' },
          response_b: { ...of, text: place === 0 ? ' ' : `${b}B${place}` },
          annotations: Object.fromEntries(
            votes.flatMap((vote, index) => {
              const key = hashes[index];
              return key === undefined ? [] : [[key, vote]];
            }),
          ),
          metadata: meta,
        })),
      };
    });
}

describe('annotated-pairs, there and back', () => {
  it('loses nothing of a small file', async () => {
    expect(await writtenAgain(fileOf(JSON.stringify(DOCUMENT), 'json'))).toEqual(DOCUMENT);
  });

  it('loses nothing of any file', async () => {
    await fc.assert(
      fc.asyncProperty(documents(fc.constantFrom('p', 'q', '', ' ', null, undefined)), async (document) => {
        expect(await writtenAgain(fileOf(JSON.stringify(document), 'json'))).toEqual(
          JSON.parse(JSON.stringify(document)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('loses nothing by way of a pairs file either, where every comparison has a prompt', async () => {
    await fc.assert(
      fc.asyncProperty(documents(fc.constantFrom('p', 'q')), async (document) => {
        expect(await throughPairs(fileOf(JSON.stringify(document, undefined, 1), 'json'))).toEqual(
          JSON.parse(JSON.stringify(document)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('writes a vote that was changed or added since, and keeps the others as they were', async () => {
    const { pairs, source } = await importOf(fileOf(JSON.stringify(DOCUMENT), 'json'));
    const [first] = pairs;
    if (first === undefined || source.header === undefined) throw new Error('nothing was read');
    const writer = new AnnotatedWriter({ header: source.header, datasetName: 'x', createdAt: CREATED });
    const body = writer.comparison({ ...first, votes: { ...first.votes, gpt: 'b', new: 'tie' } }, true);
    const written = JSON.parse(`${writer.head()}${body}${writer.foot()}`);
    const added = annotatorHash('Votes of new');
    expect(written.annotators).toEqual({
      ...DOCUMENT.annotators,
      [added]: { name: 'new', description: 'Votes of new', type: 'unknown' },
    });
    expect(written.comparisons[0].annotations).toEqual({
      ...DOCUMENT.comparisons[0]?.annotations,
      m1: { pref: 'b' },
      [added]: { pref: null, no_pref_reason: 'tie' },
    });
  });
});

const texts = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');

/** Pairs of any content, as own files hold them. */
const ownPairs: fc.Arbitrary<PairRow[]> = fc
  .array(
    fc.record(
      {
        prompt: texts,
        source: texts,
        quotes: fc.array(fc.string(), { minLength: 1 }),
        reference: texts,
        modelA: texts,
        modelB: texts,
        preference: fc.constantFrom('a' as const, 'b' as const, 'tie' as const),
        strength: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
        votes: fc.dictionary(
          fc.constantFrom('ann', 'bob', 'shorter'),
          fc.constantFrom('a' as const, 'b' as const, 'tie' as const, 'both' as const, 'neither' as const),
          { minKeys: 1 },
        ),
        meta: fc.dictionary(fc.constantFrom('topic', 'batch'), fc.string(), { minKeys: 1 }),
      },
      { requiredKeys: ['prompt'] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((rows) =>
    rows.map((row, place) => ({
      id: `id ${place}`,
      item: `item ${place}`,
      a: `A${place}`,
      b: `B${place}`,
      ...row,
    })),
  );

describe('pairs, out to annotated-pairs and back', () => {
  it('come back as they were, beside what the format adds', async () => {
    await fc.assert(
      fc.asyncProperty(ownPairs, async (rows) => {
        const document = await writtenAgain(fileOf(jsonl(...rows)));
        const { pairs } = await importOf(fileOf(JSON.stringify(document), 'json'));
        const plain = pairs.map(({ meta, ...pair }) => {
          const { annotated_pairs: _kept, ...own } = meta ?? {};
          return Object.keys(own).length === 0 ? pair : { ...pair, meta: own };
        });
        expect(plain).toEqual(JSON.parse(JSON.stringify(rows)));
      }),
      { numRuns: 80 },
    );
  });

  it('the main label goes where Feedback Forensics looks for it', async () => {
    const row = { prompt: 'p', a: 'x', b: 'y', preference: 'b' };
    const document = await writtenAgain(fileOf(jsonl(row)));
    // MD5 of the description, first 8 digits, by another implementation.
    expect(document).toMatchObject({
      metadata: { version: '2.0', default_annotator: 'ba751e7b', created_at: CREATED, dataset_name: 'x' },
      annotators: { ba751e7b: DEFAULT_ANNOTATOR },
      comparisons: [{ prompt: 'p', annotations: { ba751e7b: { pref: 'b' } } }],
    });
  });

  it('no annotator stands there without a vote, which would break readers by column', async () => {
    const document = await writtenAgain(fileOf(jsonl({ prompt: 'p', a: 'x', b: 'y', votes: { me: 'a' } })));
    const hashes = Object.keys((document as { annotators: object }).annotators);
    expect(hashes).toEqual([annotatorHash('Votes of me')]);
    expect((document as { metadata: object }).metadata).not.toHaveProperty('default_annotator');
  });
});
