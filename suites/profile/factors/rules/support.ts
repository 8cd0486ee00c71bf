import { distinct, type Members } from '../distinct.ts';
import { MOST_QUOTES } from '../item.ts';
import { perText } from '../per-text.ts';
import type { Text } from '../text.ts';
import { typesOf } from '../text-ngrams.ts';
import { countIn, countWhere, type Rule, share } from './rule.ts';

const SUPPORT = { level1: 'truth', level2: 'support', unit: 'share, 0 to 1' } as const;
/** A sentence counts as quoted from here. */
const QUOTED_OVERLAP = 0.5;

export const SUPPORT_RULES: readonly Rule[] = [
  {
    ...SUPPORT,
    key: 'number_support',
    label: 'numbers found in the source',
    needs: ['source'],
    note: 'Share of the distinct numbers in digits that the source has; null without numbers. Numbers of list items are left out; “1,000” is 1000 and “2.50” is 2.5. A weak proxy for hallucination.',
    of: (response, { source }) => {
      if (source === null) return null;
      const known = numbersIn(source);
      const found = numbersIn(response);
      return share(
        countWhere(found, (number) => known.has(number)),
        found.size,
      );
    },
  },
  {
    ...SUPPORT,
    key: 'name_support',
    label: 'names found in the source',
    needs: ['source'],
    note: 'Share of the distinct capitalised words, not first in their sentence and no function words, that the source has in any case; null without such words. A weak proxy for hallucination; titles in capitals mislead it.',
    of: (response, { source }) => {
      if (source === null) return null;
      const names = namesIn(response);
      if (names.size === 0) return null;
      const known = bareWords(source);
      return share(
        countWhere(names, (name) => known.has(name)),
        names.size,
      );
    },
  },
  {
    ...SUPPORT,
    key: 'quote_support',
    label: 'sentences backed by quotes',
    needs: ['quotes'],
    note: `Share of the sentences of which one quoted passage has at least ${QUOTED_OVERLAP} of the distinct content words; sentences without content words are left out; at most ${MOST_QUOTES} passages are read. A proxy for faithfulness.`,
    of: (response, { quotes }) => {
      if (quotes.length === 0) return null;
      const sentences = contentOfSentences(response);
      const backed = countWhere(sentences, (content) =>
        quotes.some((quote) => isBacked(content, typesOf[1](quote))),
      );
      return share(backed, sentences.length);
    },
  },
];

const NUMBER = /\d+(?:[.,]\d+)*/g;
const LIST_NUMBER = /^[ \t]*\d{1,3}[.)](?=\s)/gm;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** Distinct numbers of a text, written one way: no thousands separators, no leading zeros, no trailing zeros of a fraction. */
const numbersIn = perText(({ normal }) => {
  const found = normal.replace(LIST_NUMBER, '').match(NUMBER) ?? [];
  return new Set(found.map(canonicalNumber));
});

function canonicalNumber(written: string): string {
  const plain = THOUSANDS.test(written) ? written.replaceAll(',', '') : written;
  const parts = plain.split('.');
  const [whole = '', fraction = ''] = parts;
  if (parts.length > 2 || plain.includes(',')) return plain;
  const digits = withoutTrailingZeros(fraction);
  return withoutLeadingZeros(whole) + (digits === '' ? '' : `.${digits}`);
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** By hand: a pattern for the end of a string is tried at every zero. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

const bareWords = perText(({ words }) => new Set(words.map(withoutPossessive)));

const CAPITAL = /^\p{Lu}/u;
/** Most words begin with one of these and need no pattern. */
const LOWER_A = 97;
const LOWER_Z = 122;

function namesIn({ normal, words, starts, facts, sentences }: Text): Set<string> {
  const names = new Set<string>();
  for (const { from, to } of sentences) {
    for (let place = from + 1; place < to; place++) {
      const known = facts[place];
      if (known === undefined || known.isStop || known.isContraction) continue;
      if (isCapital(normal, starts[place] ?? 0)) names.add(withoutPossessive(words[place] ?? ''));
    }
  }
  return names;
}

function isCapital(normal: string, at: number): boolean {
  const unit = normal.charCodeAt(at);
  if (unit >= LOWER_A && unit <= LOWER_Z) return false;
  return CAPITAL.test(normal.slice(at, at + 2));
}

function withoutPossessive(word: string): string {
  return word.endsWith("'s") ? word.slice(0, -2) : word;
}

/** Distinct content words of each sentence that has some. */
function contentOfSentences({ ids, facts, sentences }: Text): (readonly number[])[] {
  return sentences
    .map(({ from, to }) => {
      const content = ids.slice(from, to).filter((_, offset) => facts[from + offset]?.isStop === false);
      return distinct(content).ids;
    })
    .filter(({ length }) => length > 0);
}

function isBacked(content: readonly number[], passage: Members): boolean {
  return countIn(content, passage) >= QUOTED_OVERLAP * content.length;
}
