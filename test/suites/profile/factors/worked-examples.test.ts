import { describe, expect, it } from '@jest/globals';
import { type FactorInput, measure, RULE_FACTORS } from '../../../../suites/profile/factors/factor.ts';

type Row = [factor: string, input: Partial<FactorInput>, expected: number | null];

function check(rows: readonly Row[]): void {
  it.each(rows)('%s of %j is %p', (key, input, expected) => {
    const found = measure({ prompt: '', response: '', ...input })[key];
    if (typeof expected === 'number') expect(found).toBeCloseTo(expected, 12);
    else expect(found).toBe(expected);
  });
}

const source = 'The red fox ran over the old stone bridge. It ran in 1998.';

describe('size', () => {
  check([
    // don't · well-known · 3.5 is two runs of digits · café
    ['length', { response: "Don't go: a well-known 3.5 café!" }, 7],
    ['length', { response: 'Don’t ' }, 1],
    ['length', { response: '' }, 0],
    // ligature and full-width letters are NFKC's
    ['length', { response: 'ﬁne ＡＢ' }, 2],
    ['length', { response: 'İstanbul is big' }, 3],
    // A lone apostrophe or hyphen joins nothing; two hyphens do not join either.
    ['length', { response: "'tis - a rock -- n- roll" }, 5],
    // a, space, one emoji (one code point of two units), b; outer white space is left out
    ['length_chars', { response: '  a 😀b\n' }, 4],
    ['length_chars', { response: '\ud800' }, 1],
    ['sentences', { response: 'One. Two! Three? Four' }, 4],
    // Neither the decimal point, nor the abbreviation, the initial, nor the ellipsis before a letter ends one.
    ['sentences', { response: 'Dr. J. Smith paid 3.50 for it, e.g. once...twice. "Really?" he asked.' }, 3],
    // A heading, two items whose numbers end nothing, a last line; the empty line and the dots hold no word.
    ['sentences', { response: '# List\n1. One\n2. Two\n\n...\nEnd' }, 4],
    ['sentences', { response: '你好。再见。' }, 2],
    ['sentences', { response: '' }, 0],
  ]);
});

describe('overlap with the source', () => {
  check([
    // types {a, red, dog, ran}; "a" and "dog" are new: 2/4
    ['novel_ngram_1', { source, response: 'A red dog ran ran' }, 0.5],
    // pairs {the red, red fox, fox slept}: one of three is new
    ['novel_ngram_2', { source, response: 'The red fox slept' }, 1 / 3],
    // triples {the red fox, red fox slept}: one of two
    ['novel_ngram_3', { source, response: 'The red fox slept' }, 0.5],
    ['novel_ngram_3', { source, response: 'The red' }, null],
    ['novel_ngram_2', { source: 'Fox', response: 'The red fox' }, null],
    ['novel_ngram_1', { response: 'The red fox' }, null],
    // content words of the source: red, fox, ran, old, stone, bridge, 1998; three of the seven
    ['source_coverage_lex', { source, response: 'A fox crossed the stone bridge' }, 3 / 7],
    ['source_coverage_lex', { source, response: '' }, 0],
    ['source_coverage_lex', { source: 'It is on the other.', response: 'It is' }, null],
    // fragments "the red fox" (3) and "ran" (1) of 5 words: coverage 4/5, density (9 + 1)/5
    ['fragment_coverage', { source, response: 'The red fox quickly ran' }, 0.8],
    ['fragment_density', { source, response: 'The red fox quickly ran' }, 2],
    ['fragment_coverage', { source, response: '' }, null],
    // matches: the ×2, fox, ran = 4 of 5 words and of 12: 2·4/(5 + 12)
    [
      'rouge1_f',
      { source: 'The red fox ran over the old stone bridge today at noon', response: 'Fox ran the the the' },
      8 / 17,
    ],
    // the longest common subsequence is "the fox ran" or "the fox bridge": 3; 2·3/(4 + 9)
    [
      'rougeL_f',
      { source: 'The red fox ran over the old stone bridge', response: 'the fox bridge ran' },
      6 / 13,
    ],
    // The reference goes before the source: identical to it is 1, without a common word 0.
    ['rouge1_f', { source, reference: 'Nothing alike', response: 'nothing ALIKE' }, 1],
    ['rougeL_f', { source, reference: 'Nothing alike', response: 'the fox' }, 0],
    ['rougeL_f', { response: 'the fox' }, null],
    // 13 words to 4
    ['compression', { source, response: 'A fox ran away' }, 13 / 4],
    ['compression', { source, response: '' }, null],
  ]);
});

describe('support', () => {
  check([
    // 1,998 → 1998 is there; 12.50 → 12.5 is not; the numbers of the items do not count: 1/2
    ['number_support', { source, response: '1. In 1,998 it ran\n2. for 12.50' }, 0.5],
    ['number_support', { source: 'It cost 7.5 in 0099.', response: 'It cost 7.50, 7.500 in 99' }, 1],
    ['number_support', { source, response: 'No number' }, null],
    ['number_support', { response: 'In 1998' }, null],
    // Names: Bob's → bob, Fox, Rome. "Today" and "He" open sentences, "I" is a function word. fox is in the source: 1/3
    ['name_support', { source, response: "Today Bob's Fox and I went to Rome. He ran." }, 1 / 3],
    ['name_support', { source, response: 'Today nothing happened' }, null],
    // Sentence 1: {fox, ran, away}: 2/3 are in the first passage. Sentence 2: {cows, sleep}: none. "It is." has no content.
    [
      'quote_support',
      { quotes: ['The fox ran.', 'A cow.'], response: 'The fox ran away. Cows sleep. It is.' },
      0.5,
    ],
    // Half is enough, but of one passage: fox is in one, cow in the other; {fox, cow}: 1/2
    ['quote_support', { quotes: ['fox', 'cow'], response: 'A fox, a cow' }, 1],
    ['quote_support', { quotes: ['fox', 'cow'], response: 'A fox, a cow, a hen' }, 0],
    ['quote_support', { quotes: [], response: 'A fox' }, null],
    ['quote_support', { quotes: ['fox'], response: 'It is.' }, null],
  ]);
});

describe('focus and usefulness', () => {
  check([
    // content words of the question: tell, colour, fox; the answer has colour and fox
    [
      'question_overlap',
      { prompt: 'Tell me the colour of the fox.', response: 'The fox’s colour? The fox is red.' },
      2 / 3,
    ],
    ['question_overlap', { prompt: 'Who is it?', response: 'Bob' }, null],
    ['refusal', { response: "I'm sorry, but I can't help with that." }, 1],
    ['refusal', { response: 'Sure. First take a pan.' }, 0],
    ['refusal', { response: ' ' }, null],
    ['followup_question', { response: 'It is red. Would you like more? 😀' }, 1],
    ['followup_question', { response: 'Why? Because it is red.' }, 0],
    ['followup_question', { response: '' }, null],
  ]);
});

describe('register', () => {
  check([
    // 10 words: contractions it's, don't (2/10); persons we, you (2/10); slang hey and two "!" (3/10); seven letters: wonderful (1/10)
    // (0.8 + 0.8 + 0.7 + 0.1)/4
    ['formality', { response: "Hey! It's a wonderful day, we don't need you now!" }, 0.6],
    // I'm is a contraction and a person, Bob's neither: (2/3 + 2/3 + 1 + 0)/4
    ['formality', { response: "I'm Bob's dog" }, 7 / 12],
    // More loud marks than words count as one a word; "™" is none: (1 + 1 + 0 + 0)/4
    ['formality', { response: 'Dog😀🐶!!™' }, 0.5],
    ['formality', { response: '!!!' }, null],
    // The prompt "Dog!" has (1 + 1 + 0 + 0)/4 = .5, the response .75
    ['formality_alignment_lex', { prompt: 'Dog!', response: 'Dog.' }, -0.25],
    // The source goes before the prompt.
    ['formality_alignment_lex', { prompt: 'Dog!', source: 'Cat.', response: 'Dog.' }, 0],
    ['formality_alignment_lex', { prompt: '', response: 'Dog.' }, null],
    // "as far as i know" is one hit, "may" another: 2 of 11 words
    ['hedge_rate', { response: 'As far as I know it may rain here, not there' }, 2 / 11],
    ['hedge_rate', { response: '' }, null],
    // "thank you", "you're welcome", "please": 3 of 7; "thank" alone is none
    ['courtesy', { response: "Thank you! You're welcome. Please thank Bob" }, 3 / 7],
    ['courtesy', { response: 'With pleasure, dear' }, 2 / 3],
    ['apology', { response: 'Pardon me, it rains' }, 1],
    ['apology', { response: 'Pardon him' }, 0],
    ['apology', { response: '' }, null],
  ]);
});

describe('readability and form', () => {
  check([
    // 7 words in 2 sentences; syllables: the 1, ta-ble 2, makes 2 (a, e), a 1, noise 1, we 1, slept 1 = 9
    // .39·3.5 + 11.8·9/7 − 15.59
    ['fk_grade', { response: 'The table makes a noise. We slept.' }, 1.365 + (11.8 * 9) / 7 - 15.59],
    ['fk_grade', { response: 'Привет мир, OK' }, null],
    ['fk_grade', { response: '' }, null],
    ['md_headers', { response: '# One\n###### Six\n####### seven\n#hash\n```\n# code\n```' }, 2],
    // Two asterisk spans and one of underscores; "2 ** 3", "a__b__" and what is in code are none.
    ['md_bold', { response: '**a** and **b c**, __d__, 2 ** 3 ** 4, a__b__\n```\n**x**\n```' }, 3],
    // A dash without a space, a rule across the page, code and a year are no items.
    ['md_list', { response: '- a\n * b\n3) c\n• d\n-e\n- - -\n1998. f\n```\n- g\n```' }, 4],
    // The last one stays open; the third is code within a line.
    ['code_blocks', { response: '```js\nx\n```\n~~~\n```\n~~~\n```x```\n```' }, 3],
    // pairs: a b, b a, a b → 2 of 3
    ['distinct_2', { response: 'a b a b' }, 2 / 3],
    ['distinct_2', { response: 'a' }, null],
    // runs of four: abab, baba, abab → one of three stood earlier
    ['repeat_rate', { response: 'a b a b a b' }, 1 / 3],
    ['repeat_rate', { response: 'a b c' }, null],
  ]);
});

describe('the table of factors', () => {
  it('has every key once, length first, and a value or null of each for every response', () => {
    const keys = RULE_FACTORS.map(({ key }) => key);
    expect(keys[0]).toBe('length');
    expect(new Set(keys).size).toBe(keys.length);
    expect(Object.keys(measure({ prompt: '', response: 'x' }))).toEqual(keys);
  });

  it('names all factors of the design', () => {
    const designed =
      'length length_chars sentences novel_ngram_1 novel_ngram_2 novel_ngram_3 source_coverage_lex fragment_coverage fragment_density rouge1_f rougeL_f compression number_support name_support quote_support question_overlap formality formality_alignment_lex fk_grade hedge_rate refusal apology followup_question md_headers md_bold md_list code_blocks distinct_2 repeat_rate courtesy';
    expect(RULE_FACTORS.map(({ key }) => key).sort()).toEqual(designed.split(' ').sort());
  });

  it('is null where a part that a factor needs is missing, and only there for a plain text', () => {
    const response = 'In 1998 the red Fox ran over the old stone bridge, and Bob saw it.';
    const bare = measure({ prompt: '', response });
    const full = measure({
      prompt: 'Where did the fox run?',
      source,
      quotes: [source],
      reference: source,
      response,
    });
    for (const { key, needs } of RULE_FACTORS) {
      expect([key, bare[key] === null]).toEqual([key, needs.length > 0]);
      expect([key, full[key] === null]).toEqual([key, false]);
    }
  });
});
