import { countPhrases, type Phrases } from '../phrases.ts';
import type { Text } from '../text.ts';
import type { WordFacts } from '../word-facts.ts';
import { formalityOf } from './formality.ts';
import { type Rule, share, yesNo } from './rule.ts';

const REGISTER = { level1: 'form', level2: 'register', needs: [] } as const;
const RATE = 'hits per word, from 0';

export const REGISTER_RULES: readonly Rule[] = [
  {
    ...REGISTER,
    key: 'formality',
    label: 'formality',
    unit: '0 to 1',
    note: 'Mean of four parts: 1 − rate of contractions, 1 − rate of first and second persons, 1 − rate of slang, emoji and “!”, share of words of seven letters or more. A proxy, English only.',
    of: formalityOf,
  },
  {
    ...REGISTER,
    key: 'formality_alignment_lex',
    label: 'formality as the input’s',
    level1: 'relation_to_input',
    unit: '−1 to 0, 0 is the same',
    needs: ['source', 'prompt'],
    note: 'Minus the distance between the formality of the response and of the source, or else of the prompt.',
    of: (response, { source, prompt }) => {
      const own = formalityOf(response);
      const input = source ?? prompt;
      const other = input && formalityOf(input);
      return own === null || other === null ? null : 0 - rounded(Math.abs(own - other));
    },
  },
  {
    ...REGISTER,
    key: 'hedge_rate',
    label: 'hedging',
    unit: RATE,
    note: 'Words and phrases that weaken a claim (may, perhaps, it depends). English only.',
    of: (response) => phraseRate(response, ({ hedges }) => hedges),
  },
  {
    ...REGISTER,
    key: 'courtesy',
    label: 'courtesy',
    unit: RATE,
    note: 'Expressions of courtesy (please, gladly, you are welcome). Our own factor: not among those after Oh et al. English only.',
    of: (response) => phraseRate(response, ({ courtesies }) => courtesies),
  },
  {
    ...REGISTER,
    key: 'apology',
    label: 'apology',
    unit: '0 or 1',
    note: 'Whether wording of an apology stands anywhere; null without words. English only.',
    of: (response) => yesNo(response, phraseHits(response, ({ apologies }) => apologies) > 0),
  },
];

/** Distances to both sides of the input are equal to the last bit. */
function rounded(value: number): number {
  return Math.round(value * 1e12) / 1e12;
}

function phraseHits({ words, facts }: Text, kind: (facts: WordFacts) => Phrases): number {
  return countPhrases(words, facts, kind);
}

function phraseRate(response: Text, kind: (facts: WordFacts) => Phrases): number | null {
  return share(phraseHits(response, kind), response.words.length);
}
