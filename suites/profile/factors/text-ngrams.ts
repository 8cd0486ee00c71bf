import { perText } from './per-text.ts';
import type { Text } from './text.ts';

const words = perText(({ ids }) => ids);
const pairs = perText(longer(words, 2));
const triples = perText(longer(pairs, 3));
const quadruples = perText(longer(triples, 4));

/** A text's n-grams by position, as numbers that mean the same in all texts of its item; by n. */
export const ngramsOf = { 1: words, 2: pairs, 3: triples, 4: quadruples } as const;

/** Distinct n-grams of a text; by n. */
export const ngramTypesOf = {
  1: types(words),
  2: types(pairs),
  3: types(triples),
  4: types(quadruples),
} as const;

function longer(shorter: (text: Text) => readonly number[], n: number): (text: Text) => readonly number[] {
  return (text) => text.sequences.extend(shorter(text), text.ids, n);
}

function types(ngrams: (text: Text) => readonly number[]): (text: Text) => ReadonlySet<number> {
  return perText((text) => new Set(ngrams(text)));
}
