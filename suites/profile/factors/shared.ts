import { type Ngrams, newNgrams } from './ngrams.ts';
import { newVocabulary, type Vocabulary } from './vocabulary.ts';

/** The numbers by which the texts of an item are compared. */
export interface Shared {
  readonly vocabulary: Vocabulary;
  readonly sequences: Ngrams;
}

/** Large enough for many items in a row, small enough to stay in the processor's cache. */
const MOST_CHARACTERS = 200_000;
const MOST_SEQUENCES = 8_000;

let current: Shared = { vocabulary: newVocabulary(), sequences: newNgrams() };

/**
 * What all texts of one item are to share. Items in a row share it too, until it has grown large: their words are mostly the
 * same. Sequences are made of a vocabulary's numbers, so a new vocabulary brings new sequences.
 */
export function sharedByItems(): Shared {
  if (current.vocabulary.size() > MOST_CHARACTERS)
    current = { vocabulary: newVocabulary(), sequences: newNgrams() };
  else if (current.sequences.size() > MOST_SEQUENCES)
    current = { vocabulary: current.vocabulary, sequences: newNgrams() };
  return current;
}
