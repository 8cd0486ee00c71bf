/**
 * From text to words. Regular expressions are of fixed meaning, not those of a locale's segmenter, whose results change
 * with its version; all of them read any text in linear time.
 */

/** Longer texts are read in their beginning only (UTF-16 units): no answer is that long, and a hostile one must end. */
export const READ_CHARACTERS = 1_000_000;

/** Unicode's stream-safe limit (UAX 15): longer runs of combining marks make normalising quadratic and mean nothing. */
const MARK_RUN = /(\p{M}{30})\p{M}+/gu;
const BEYOND_ASCII = /\P{ASCII}/u;
const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

export interface Token {
  /** Lower case, apostrophes straight. */
  readonly word: string;
  /** Offset in the normalised text, and one past the end. */
  readonly start: number;
  readonly end: number;
}

/**
 * NFKC with the case kept. "İ" is written "I", because its lower case alone is of another length; so every offset is
 * also an offset of the lower-cased text.
 */
export function normalised(text: string): string {
  const read = text.length > READ_CHARACTERS ? text.slice(0, READ_CHARACTERS) : text;
  if (!BEYOND_ASCII.test(read)) return read;
  return read.replace(MARK_RUN, '$1').normalize('NFKC').replaceAll('İ', 'I');
}

/** The words of a normalised text: runs of letters and digits, joined by single apostrophes and hyphens. */
export function tokensOf(normal: string): Token[] {
  const lower = normal.toLowerCase();
  const curly = lower.includes('’');
  const tokens: Token[] = [];
  WORD.lastIndex = 0;
  for (let found = WORD.exec(lower); found !== null; found = WORD.exec(lower)) {
    const word = found[0];
    const start = found.index;
    tokens.push({ word: curly ? word.replaceAll('’', "'") : word, start, end: start + word.length });
  }
  return tokens;
}
