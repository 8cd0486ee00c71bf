/** Phrases that share their first word, longest first, each as the words after the first; a single word is an empty list. */
export type Phrases = readonly (readonly string[])[];

export function phrasesByFirstWord(phrases: readonly string[]): ReadonlyMap<string, Phrases> {
  const byFirst = new Map<string, string[][]>();
  for (const phrase of phrases) {
    const [first = '', ...rest] = phrase.split(' ');
    byFirst.set(first, [...(byFirst.get(first) ?? []), rest]);
  }
  for (const list of byFirst.values()) list.sort((a, b) => b.length - a.length);
  return byFirst;
}

/**
 * How often phrases occur among the words: from left to right, the longest at each place, none inside another.
 *
 * @param facts by place, what is known of the word there
 * @param begun the phrases that begin with such a word
 */
export function countPhrases<Facts>(
  words: readonly string[],
  facts: readonly Facts[],
  begun: (facts: Facts) => Phrases,
): number {
  let count = 0;
  for (let place = 0; place < words.length; place++) {
    const known = facts[place];
    const phrases = known && begun(known);
    if (phrases === undefined || phrases.length === 0) continue;
    const found = phrases.find((rest) => follows(words, place + 1, rest));
    if (found === undefined) continue;
    count++;
    place += found.length;
  }
  return count;
}

function follows(words: readonly string[], from: number, rest: readonly string[]): boolean {
  return rest.every((word, offset) => words[from + offset] === word);
}
