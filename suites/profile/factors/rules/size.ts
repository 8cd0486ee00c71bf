import type { Rule } from './rule.ts';

const FORM = { level1: 'form', level2: 'size', needs: [] } as const;
/** Surrogate pairs: each is one character of two units. */
const PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

export const SIZE: readonly Rule[] = [
  {
    ...FORM,
    key: 'length',
    label: 'length',
    unit: 'words',
    note: 'Words as the tokeniser makes them. Chinese and Japanese write no spaces, so their runs count as one word: use length_chars there.',
    of: ({ ids }) => ids.length,
  },
  {
    ...FORM,
    key: 'length_chars',
    label: 'length in characters',
    unit: 'characters',
    note: 'Code points of the text as it stands, white space at both ends left out.',
    of: ({ raw }) => {
      const trimmed = raw.trim();
      return trimmed.length - (trimmed.match(PAIRS)?.length ?? 0);
    },
  },
  {
    ...FORM,
    key: 'sentences',
    label: 'sentences',
    unit: 'sentences',
    note: 'By final marks and line breaks; each item of a list and each heading is one.',
    of: ({ sentences }) => sentences.length,
  },
];
