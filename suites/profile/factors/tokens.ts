/**
 * From text to words. Regular expressions are of fixed meaning, not those of a locale's segmenter, whose results change
 * with its version; all of them read any text in linear time.
 */

/** Longer texts are read in their beginning only (UTF-16 units): no answer is that long, and a hostile one must end. */
export const READ_CHARACTERS = 1_000_000;

/** Unicode's stream-safe limit (UAX 15): longer runs of combining marks make normalising quadratic and mean nothing. */
const MARK_RUN = /(\p{M}{30})\p{M}+/gu;
const BEYOND_ASCII = /[\u0080-\uffff]/;
const WORD = /[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*/gu;

/**
 * NFKC with the case kept. "İ" is written "I", because its lower case alone is of another length; so every offset is
 * also an offset of the lower-cased text.
 */
export function normalised(text: string): string {
  const read = text.slice(0, READ_CHARACTERS);
  if (!BEYOND_ASCII.test(read)) return read;
  // One character may become eighteen.
  const normal = read.replace(MARK_RUN, '$1').normalize('NFKC').slice(0, READ_CHARACTERS);
  return normal.replaceAll('İ', 'I');
}

/**
 * The words of a normalised text: runs of letters and digits, joined by single apostrophes and hyphens; in lower case with
 * straight apostrophes. Each starts at `starts` and is as long in the text.
 */
export function wordsOf(normal: string): { words: string[]; starts: number[] } {
  const lower = normal.toLowerCase();
  const plain = lower.includes('’') ? lower.replaceAll('’', "'") : lower;
  const words: string[] = [];
  const starts: number[] = [];
  WORD.lastIndex = 0;
  for (let found = WORD.exec(plain); found !== null; found = WORD.exec(plain)) {
    words.push(found[0]);
    starts.push(found.index);
  }
  return { words, starts };
}
