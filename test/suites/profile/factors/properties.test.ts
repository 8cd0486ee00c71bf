import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distinct } from '../../../../suites/profile/factors/distinct.ts';
import { measure, measurer, RULE_FACTORS } from '../../../../suites/profile/factors/factor.ts';
import { fragmentSource, sharedFragments } from '../../../../suites/profile/factors/fragments.ts';
import { lcsLength, lcsTarget } from '../../../../suites/profile/factors/lcs.ts';
import { newNgrams } from '../../../../suites/profile/factors/ngrams.ts';

const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    '\ud800',
    '\udc00',
    '\0',
    '\u0007',
    '😀',
    '👩‍👩‍👧',
    'ﷺ',
    'İ',
    '\u0301',
    '**',
    '```',
    '1. ',
    '\n# ',
    '!',
    '?',
    '…',
  ),
  fc.constantFrom('sorry', "don't", 'The', 'fox', 'Bob’s', '1,000.50', 'please', 'hey', 'maybe', ' ', '. '),
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const words = fc.array(fc.constantFrom('a', 'b', 'c', 'fox', 'Bob', '12', 'is'), { maxLength: 60 });
const ids = fc.array(fc.nat(5), { maxLength: 90 });

const inUnit = [
  'novel_ngram_1',
  'novel_ngram_2',
  'novel_ngram_3',
  'source_coverage_lex',
  'fragment_coverage',
  'rouge1_f',
  'rougeL_f',
  'number_support',
  'name_support',
  'quote_support',
  'question_overlap',
  'refusal',
  'followup_question',
  'formality',
  'hedge_rate',
  'courtesy',
  'apology',
  'distinct_2',
  'repeat_rate',
];

describe('any text', () => {
  it('gives each factor null or a finite number in its range', () => {
    fc.assert(
      fc.property(text, text, text, text, (prompt, source, reference, response) => {
        const values = measure({ prompt, source, reference, quotes: [source, prompt], response });
        for (const { key } of RULE_FACTORS) {
          const value = values[key];
          if (value === null) continue;
          expect([key, Number.isFinite(value)]).toEqual([key, true]);
          if (inUnit.includes(key)) expect(value).toBeGreaterThanOrEqual(0);
          if (inUnit.includes(key)) expect(value).toBeLessThanOrEqual(1);
        }
        expect(JSON.parse(JSON.stringify(values))).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  it('is measured alike alone, after others of its item, and after other items', () => {
    fc.assert(
      fc.property(text, text, text, text, (prompt, source, other, response) => {
        const alone = measure({ prompt, source, response });
        const measureOne = measurer({ prompt, source });
        measureOne(other);
        measure({ prompt: other, response: source });
        expect(measureOne(response)).toEqual(alone);
      }),
    );
  });

  it('is measured like its copy with Windows line ends and curly apostrophes', () => {
    const lines = fc.array(fc.constantFrom("It's a fox.", '- one', '2. two', '# Head', 'Why?', '```'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lines, (some) => {
        const { length_chars: _, ...plain } = measure({ prompt: 'fox', response: some.join('\n') });
        const other = some.join('\r\n').replaceAll("'", '’');
        expect(measure({ prompt: 'fox', response: other })).toMatchObject(plain);
      }),
    );
  });
});

/** Each must pass in one reading; what grows faster than the text takes hours here. */
const hostile: readonly [string, string][] = [
  ['one word', 'a'.repeat(100_000)],
  ['one word over and over', 'a '.repeat(50_000)],
  ['a repetitive text', 'a b a a '.repeat(12_500)],
  ['a word with many neighbours', Array.from({ length: 10_000 }, (_, place) => `a x${place}`).join(' ')],
  ['full stops', `${'.'.repeat(100_000)}x`],
  ['full stops and quotation marks', '."'.repeat(50_000)],
  ['combining marks out of order', `a${'\u0301\u0316'.repeat(50_000)}`],
  ['ligatures of eighteen letters', 'ﷺ'.repeat(100_000)],
  ['zeros', `1.${'0'.repeat(100_000)}1`],
  ['numbers', '1,'.repeat(50_000)],
  ['asterisks', '*'.repeat(100_000)],
  ['fences', '```\n'.repeat(25_000)],
  ['line breaks', '\n'.repeat(100_000)],
  ['spaces', `${' '.repeat(100_000)}x`],
  ['dashes', '- - -'.repeat(20_000)],
  ['lone surrogates', '\ud800'.repeat(100_000)],
  ['beginnings of phrases', 'to the best of '.repeat(7_000)],
  ['apologies', "I'm sorry, but ".repeat(7_000)],
  ['emoji', '😀'.repeat(50_000)],
  ['control characters', '\0\u0001\u001b'.repeat(33_000)],
];

describe('100 kB of', () => {
  it.each(hostile)('%s, as response, prompt, source, quote and reference', (_, response) => {
    const values = measure({
      prompt: response,
      source: response,
      quotes: [response],
      reference: response,
      response,
    });
    for (const value of Object.values(values)) expect(value === null || Number.isFinite(value)).toBe(true);
  });

  it('reads no more than twice a long text, however much its characters stand for; a short one in full', () => {
    // Four words each.
    expect(measure({ prompt: '', response: 'ﷺ ﷺ' })['length']).toBe(8);
    expect(measure({ prompt: '', response: 'ﷺ'.repeat(100_000) })['length']).toBeLessThan(50_000);
  });

  it('reads no more than a million characters of a text', () => {
    const response = `${'a'.repeat(999_998)} b c d`;
    expect(measure({ prompt: '', response })['length']).toBe(2);
  });
});

describe('what order and identity mean', () => {
  it('the order of the source’s words matters to sequences alone', () => {
    const shuffledFree = [
      'novel_ngram_1',
      'source_coverage_lex',
      'rouge1_f',
      'compression',
      'number_support',
    ];
    fc.assert(
      fc.property(words, fc.infiniteStream(fc.nat()), words, (some, keys, answer) => {
        const order = some.map((word) => ({ word, key: Number(keys.next().value) }));
        const shuffled = order.sort((a, b) => a.key - b.key).map(({ word }) => word);
        const one = measure({ prompt: '', source: some.join(' '), response: answer.join(' ') });
        const other = measure({ prompt: '', source: shuffled.join(' '), response: answer.join(' ') });
        for (const key of shuffledFree) expect([key, one[key]]).toEqual([key, other[key]]);
      }),
    );
  });

  it('a copy of the source is covered, supported and not novel', () => {
    fc.assert(
      fc.property(
        words.filter((some) => some.length >= 3),
        (some) => {
          const copy = some.join(' ');
          const found = measure({ prompt: '', source: copy, response: copy });
          const { novel_ngram_1, novel_ngram_3, fragment_coverage, fragment_density, rougeL_f, compression } =
            found;
          expect([
            novel_ngram_1,
            novel_ngram_3,
            fragment_coverage,
            fragment_density,
            rougeL_f,
            compression,
          ]).toEqual([0, 0, 1, some.length, 1, 1]);
          expect([1, null]).toContain(found['number_support']);
          expect([1, null]).toContain(found['name_support']);
          expect(found['formality_alignment_lex']).toBeCloseTo(0, 12);
        },
      ),
    );
  });

  it('one more word is one more in length and never less covered', () => {
    fc.assert(
      fc.property(words, words, fc.constantFrom('fox', 'a', 'new'), (some, answer, word) => {
        const [source, response] = [some.join(' '), answer.join(' ')];
        const [one, more] = [response, `${response} ${word}`].map((each) =>
          measure({ prompt: '', source, response: each }),
        );
        expect(more?.['length']).toBe((one?.['length'] ?? 0) + 1);
        expect(more?.['source_coverage_lex'] ?? 0).toBeGreaterThanOrEqual(one?.['source_coverage_lex'] ?? 0);
      }),
    );
  });
});

describe('the fast ways agree with the plain ones', () => {
  it('longest common subsequence: the usual table', () => {
    fc.assert(
      fc.property(ids, ids, (left, right) => {
        expect(lcsLength(left, lcsTarget(right))).toBe(plainLcs(left, right));
      }),
    );
  });

  it('longest common subsequence: only the first 4,000 words of either are read', () => {
    const long = Array.from({ length: 5_000 }, (_, place) => place);
    expect(lcsLength(long, lcsTarget(long))).toBe(4_000);
  });

  it('shared fragments: trying every place', () => {
    fc.assert(
      fc.property(ids, ids, (response, given) => {
        expect(sharedFragments(response, fragmentSource(given))).toEqual(plainFragments(response, given));
      }),
      { numRuns: 500 },
    );
  });

  it('distinct numbers and how often they occur: a map, whatever was counted before and however large they are', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.oneof(fc.nat(4), fc.nat(100_000)))), (texts) => {
        for (const some of texts) {
          const counts = new Map<number, number>();
          for (const one of some) counts.set(one, (counts.get(one) ?? 0) + 1);
          expect(distinct(some)).toEqual({ ids: [...counts.keys()], counts: [...counts.values()] });
        }
      }),
    );
    // Numbers that outgrow the store in the middle of a text.
    const rising = Array.from({ length: 400_000 }, (_, place) => (place % 2 === 0 ? 0 : place));
    expect(distinct(rising).counts[0]).toBe(200_000);
  });

  it('n-grams: two places have one number if and only if the words are the same, also in large texts', () => {
    const many = Array.from({ length: 4_000 }, (_, place) => (place * place) % 83);
    fc.assert(
      fc.property(fc.oneof(ids, fc.constant(many)), (some) => {
        const table = newNgrams();
        const pairs = table.extend(some, some, 2);
        const triples = table.extend(pairs, some, 3);
        expect(triples.length).toBe(Math.max(0, some.length - 2));
        const names = triples.map((_, place) => some.slice(place, place + 3).join(' '));
        expect(new Set(triples.map((id, place) => `${id}: ${names[place]}`)).size).toBe(new Set(names).size);
        expect(new Set(triples).size).toBe(new Set(names).size);
      }),
    );
  });
});

function plainLcs(left: readonly number[], right: readonly number[]): number {
  let row: number[] = Array.from({ length: right.length + 1 }, () => 0);
  for (const one of left) {
    const next = [0];
    for (const [place, other] of right.entries()) {
      const taken = (row[place] ?? 0) + 1;
      next.push(one === other ? taken : Math.max(row[place + 1] ?? 0, next[place] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function plainFragments(response: readonly number[], given: readonly number[]): number[] {
  const lengths: number[] = [];
  for (let place = 0; place < response.length; ) {
    let best = 0;
    for (let start = 0; start < given.length; start++) {
      let length = 0;
      while (place + length < response.length && response[place + length] === given[start + length]) length++;
      best = Math.max(best, length);
    }
    if (best > 0) lengths.push(best);
    place += Math.max(1, best);
  }
  return lengths;
}
