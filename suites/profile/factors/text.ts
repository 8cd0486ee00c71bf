import { distinct, membersOf } from './distinct.ts';
import type { Ngrams } from './ngrams.ts';
import { perText } from './per-text.ts';
import { type Sentence, sentencesOf } from './sentences.ts';
import type { Shared } from './shared.ts';
import { normalised, wordsOf } from './tokens.ts';
import type { WordFacts } from './word-facts.ts';

/** A text, read once for all factors. */
export interface Text {
  /** As it was given. */
  readonly raw: string;
  /** NFKC, case kept. */
  readonly normal: string;
  /** Lower case, apostrophes straight. */
  readonly words: readonly string[];
  /** Where each word starts in `normal`; it is as long there. */
  readonly starts: readonly number[];
  /** Of each word, in the item's vocabulary. */
  readonly ids: readonly number[];
  readonly facts: readonly WordFacts[];
  readonly sentences: readonly Sentence[];
  /** Numbers the word sequences of this text and of those it is compared with. */
  readonly sequences: Ngrams;
  /** What `perText` has read. */
  readonly readings: unknown[];
}

export function readText(raw: string, { vocabulary, sequences }: Shared): Text {
  const normal = normalised(raw);
  const { words, starts } = wordsOf(normal);
  const ids: number[] = [];
  const facts: WordFacts[] = [];
  for (const word of words) {
    const entry = vocabulary.entry(word);
    ids.push(entry.id);
    facts.push(entry.facts);
  }
  const sentences = sentencesOf(normal, words, starts);
  return { raw, normal, words, starts, ids, facts, sentences, sequences, readings: [] };
}

/** Distinct words other than function words. */
export const contentTypes = perText(({ ids, facts }) =>
  membersOf(distinct(ids.filter((_, place) => facts[place]?.isStop === false)).ids),
);
