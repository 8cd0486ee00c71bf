import { type Markdown, markdownOf } from '../markdown.ts';
import { perText } from '../per-text.ts';
import type { Text } from '../text.ts';
import { distinctOf, ngramsOf } from '../text-ngrams.ts';
import { countWhere, type Rule, share } from './rule.ts';

const READABILITY = { level1: 'form', level2: 'readability', needs: [] } as const;

export const READABILITY_RULES: readonly Rule[] = [
  {
    ...READABILITY,
    key: 'fk_grade',
    label: 'Flesch-Kincaid grade',
    unit: 'school years',
    note: '0.39 words per sentence + 11.8 syllables per word − 15.59; syllables are groups of vowels. English only: null where less than half of the words have a letter a-z.',
    of: ({ facts, sentences }) => {
      const latin = countWhere(facts, ({ isLatin }) => isLatin);
      if (sentences.length === 0 || 2 * latin < facts.length) return null;
      const syllables = facts.reduce((sum, one) => sum + one.syllables, 0);
      return (0.39 * facts.length) / sentences.length + (11.8 * syllables) / facts.length - 15.59;
    },
  },
  ...markdownRules(),
  {
    ...READABILITY,
    key: 'distinct_2',
    label: 'distinct word pairs',
    unit: 'share, above 0 to 1',
    note: 'Distinct word pairs per word pair; null under two words. Falls with length by itself.',
    of: (response) => distinctShare(response, 2),
  },
  {
    ...READABILITY,
    key: 'repeat_rate',
    label: 'repetition',
    unit: 'share, 0 to below 1',
    note: 'Share of the runs of four words that stood earlier in the response; null under four words.',
    of: (response) => {
      const distinct = distinctShare(response, 4);
      return distinct === null ? null : 1 - distinct;
    },
  },
];

function distinctShare(response: Text, n: 2 | 4): number | null {
  return share(distinctOf[n](response).ids.length, ngramsOf[n](response).length);
}

const markdown = perText(({ raw }) => markdownOf(raw));

function markdownRules(): Rule[] {
  const rule = (key: keyof Markdown, label: string, note: string): Rule => ({
    ...READABILITY,
    key,
    label,
    unit: 'count',
    note,
    of: (response) => markdown(response)[key],
  });
  return [
    rule('md_headers', 'headings', 'Markdown headings (# to ######) outside code.'),
    rule('md_bold', 'bold spans', 'Markdown bold (** or __) within a line, outside fenced code.'),
    rule(
      'md_list',
      'list items',
      'Lines that begin with “-”, “*”, “+”, “•” or a number of one to three digits with “.” or “)”, outside code.',
    ),
    rule('code_blocks', 'code blocks', 'Fences of ``` or ~~~ that open; one that stays open counts.'),
  ];
}
