import { type Distinct, distinct, type Members, membersOf } from './distinct.ts';
import { perText } from './per-text.ts';
import type { Text } from './text.ts';

type Reading<Value> = (text: Text) => Value;

const words = perText(({ ids }): readonly number[] => ids);
const pairs = perText(longer(words, 2));
const triples = perText(longer(pairs, 3));
const quadruples = perText(longer(triples, 4));

/** A text's n-grams by position, as numbers that mean the same in all texts of its item; by n. */
export const ngramsOf = { 1: words, 2: pairs, 3: triples, 4: quadruples } as const;

/** Distinct n-grams of a text, and how often each occurs; by n. */
export const distinctOf = {
  1: distinctIn(words),
  2: distinctIn(pairs),
  3: distinctIn(triples),
  4: distinctIn(quadruples),
} as const;

/** The same as sets, for what many texts are compared with; by n. */
export const typesOf = { 1: typesIn(1), 2: typesIn(2), 3: typesIn(3) } as const;

function longer(shorter: Reading<readonly number[]>, n: number): Reading<readonly number[]> {
  return (text) => text.sequences.extend(shorter(text), text.ids, n);
}

function distinctIn(ngrams: Reading<readonly number[]>): Reading<Distinct> {
  return perText((text) => distinct(ngrams(text)));
}

function typesIn(n: 1 | 2 | 3): Reading<Members> {
  return perText((text) => membersOf(distinctOf[n](text).ids));
}
