/**
 * From text to words. Regular expressions are of fixed meaning, not those of a locale's segmenter, whose results change
 * with its version; all of them read any text in linear time.
 */

/** Longer texts are read in their beginning only (UTF-16 units): no answer is that long, and a hostile one must end. */
export const READ_CHARACTERS = 1_000_000;

/** One character may become eighteen, a hostile text eighteen times as long; no text of a language grows twofold. */
const GROWTH = 2;
const SHORT = 10_000;

/** Unicode's stream-safe limit (UAX 15): longer runs of combining marks make normalising quadratic and mean nothing. */
const MARK_RUN = /(\p{M}{30})\p{M}+/gu;
const BEYOND_ASCII = /[\u0080-\uffff]/;
const WORD = /[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*/gu;
/** The same for plain text, in half of the time. */
const ASCII_WORD = /[a-z0-9]+(?:['-][a-z0-9]+)*/g;

/**
 * NFKC with the case kept. "İ" is written "I", because its lower case alone is of another length; so every offset is
 * also an offset of the lower-cased text.
 */
export function normalised(text: string): string {
  const read = text.slice(0, READ_CHARACTERS);
  if (!BEYOND_ASCII.test(read)) return read;
  const normal = read.replace(MARK_RUN, '$1').normalize('NFKC');
  return normal.slice(0, Math.max(SHORT, GROWTH * read.length)).replaceAll('İ', 'I');
}

/**
 * The words of a normalised text: runs of letters and digits, joined by single apostrophes and hyphens; in lower case with
 * straight apostrophes. Each starts at `starts` and is as long in the text.
 */
export function wordsOf(normal: string): { words: string[]; starts: number[] } {
  const lower = normal.toLowerCase();
  const plain = lower.includes('’') ? lower.replaceAll('’', "'") : lower;
  const words = plain.match(BEYOND_ASCII.test(plain) ? WORD : ASCII_WORD) ?? [];
  const starts: number[] = [];
  let end = 0;
  for (const word of words) {
    // Between two words stands nothing that a word begins with, so the first place is the right one.
    const start = plain.indexOf(word, end);
    starts.push(start);
    end = start + word.length;
  }
  return { words, starts };
}
