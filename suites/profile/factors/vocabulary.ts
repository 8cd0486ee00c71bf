import { factsOf, type WordFacts } from './word-facts.ts';

/** A word of a vocabulary. */
export interface Entry {
  readonly id: number;
  readonly facts: WordFacts;
}

/** Words as small numbers, so that texts are compared by numbers and no word is looked up in the lexica twice. */
export interface Vocabulary {
  readonly entry: (word: string) => Entry;
  /** Characters of all its words. */
  readonly size: () => number;
}

export function newVocabulary(): Vocabulary {
  const entries = new Map<string, Entry>();
  let characters = 0;
  const entry = (word: string): Entry => {
    const known = entries.get(word);
    if (known !== undefined) return known;
    const made = { id: entries.size, facts: factsOf(word) };
    entries.set(word, made);
    characters += word.length;
    return made;
  };
  return { entry, size: () => characters };
}
