import { factsOf, type WordFacts } from './word-facts.ts';

/** Ids stay below this, so that a pair of ids is one exact number: 2^26 words in one item are out of reach. */
const PAIR = 2 ** 26;

/**
 * Words and word sequences of one item's texts as small numbers, the same in all of them, so that its responses are
 * compared by numbers and no word is looked up in the lexica twice.
 */
export interface Vocabulary {
  readonly id: (word: string) => number;
  /** By id. */
  readonly facts: readonly WordFacts[];
  /** Ids of a text's n-grams, one per position, from its (n-1)-grams and its words: each is a shorter one and the next word. */
  readonly ngrams: (shorter: readonly number[], words: readonly number[], n: number) => number[];
}

export function newVocabulary(): Vocabulary {
  const ids = new Map<string, number>();
  const facts: WordFacts[] = [];
  const sequences: Map<number, number>[] = [];
  const id = (word: string): number => {
    const known = ids.get(word);
    if (known !== undefined) return known;
    const made = facts.length;
    ids.set(word, made);
    facts.push(knownFacts(word));
    return made;
  };
  const ngrams = (shorter: readonly number[], words: readonly number[], n: number): number[] => {
    sequences[n] ??= new Map();
    const known = sequences[n];
    const longer: number[] = [];
    for (let at = 0; at + n <= words.length; at++) {
      const pair = (shorter[at] ?? 0) * PAIR + (words[at + n - 1] ?? 0);
      let one = known.get(pair);
      if (one === undefined) {
        one = known.size;
        known.set(pair, one);
      }
      longer.push(one);
    }
    return longer;
  };
  return { id, facts, ngrams };
}

const MOST_KNOWN = 20_000;
const LONGEST_KNOWN = 30;
const known = new Map<string, WordFacts>();

/** Facts of words that many texts share are kept; the store is emptied when it is full and takes no word of hostile length. */
function knownFacts(word: string): WordFacts {
  const found = known.get(word);
  if (found !== undefined) return found;
  const facts = factsOf(word);
  if (word.length > LONGEST_KNOWN) return facts;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(word, facts);
  return facts;
}
