import { type Sentence, sentencesOf } from './sentences.ts';
import { normalised, type Token, tokensOf } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { WordFacts } from './word-facts.ts';

/** A text, read once for all factors. */
export interface Text {
  /** As it was given. */
  readonly raw: string;
  /** NFKC, case kept; offsets of tokens refer to it. */
  readonly normal: string;
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  /** Of each word, in the item's vocabulary. */
  readonly ids: readonly number[];
  readonly facts: readonly WordFacts[];
  readonly sentences: readonly Sentence[];
  /** Distinct words. */
  readonly types: ReadonlySet<number>;
  /** Distinct words other than function words. */
  readonly contentTypes: ReadonlySet<number>;
  /** Ids of its n-grams by position, n = 1 to 4. */
  readonly ngrams: (n: number) => readonly number[];
  /** Distinct n-grams. */
  readonly ngramTypes: (n: number) => ReadonlySet<number>;
}

export function readText(raw: string, vocabulary: Vocabulary): Text {
  const normal = normalised(raw);
  const tokens = tokensOf(normal);
  const words = tokens.map(({ word }) => word);
  const ids = words.map(vocabulary.id);
  const facts = ids.map((id) => vocabulary.facts[id]).filter((one) => one !== undefined);
  const ngrams: Text['ngrams'] = memo((n) => (n === 1 ? ids : vocabulary.ngrams(ngrams(n - 1), ids, n)));
  return {
    raw,
    normal,
    tokens,
    words,
    ids,
    facts,
    sentences: sentencesOf(normal, tokens),
    types: new Set(ids),
    contentTypes: new Set(ids.filter((_, place) => facts[place]?.isStop === false)),
    ngrams,
    ngramTypes: memo((n) => new Set(ngrams(n))),
  };
}

function memo<Value>(make: (n: number) => Value): (n: number) => Value {
  const made: (Value | undefined)[] = [];
  return (n) => {
    made[n] ??= make(n);
    return made[n];
  };
}
