import { ABBREVIATIONS } from './lexica/abbreviations.ts';

/** A run of terminators with closing marks, or line breaks. What follows a terminator is looked at outside the pattern: linear. */
const END = /[.!?。]+["'”’)\]}»*_]*|[\n\r\u2028\u2029]+/g;
const LINE_BREAK = /[\n\r\u2028\u2029]/;
const SPACE = /\s/;
const LETTER = /^\p{L}$/u;
const DIGITS = /^\d{1,3}$/;
const abbreviations = new Set(ABBREVIATIONS);

export interface Sentence {
  /** Its tokens: the first, and one past the last; never none. */
  readonly from: number;
  readonly to: number;
  /** Whether it ends in a question mark. */
  readonly asks: boolean;
}

/**
 * Sentences of a normalised text: ended by ". ! ?" before white space, by "。" and by every line break (so an item of a list or a
 * heading is one). A full stop after an abbreviation, a single letter other than "I", or a number that opens a line ends
 * none. What holds no word is no sentence.
 */
export function sentencesOf(normal: string, words: readonly string[], starts: readonly number[]): Sentence[] {
  const sentences: Sentence[] = [];
  let from = 0;
  let next = 0;
  const close = (asks: boolean): void => {
    if (next > from) sentences.push({ from, to: next, asks });
    from = next;
  };
  END.lastIndex = 0;
  for (let found = END.exec(normal); found !== null; found = END.exec(normal)) {
    while (next < words.length && (starts[next] ?? 0) < found.index) next++;
    const last = { word: words[next - 1] ?? '', start: starts[next - 1] ?? 0 };
    if (endsHere(normal, found, last)) close(found[0].includes('?'));
  }
  next = words.length;
  close(false);
  return sentences;
}

/** The last word before a mark. */
interface Last {
  readonly word: string;
  readonly start: number;
}

function endsHere(normal: string, { 0: mark, index }: RegExpExecArray, last: Last): boolean {
  if (LINE_BREAK.test(mark) || mark.startsWith('。')) return true;
  const following = normal[index + mark.length];
  if (following !== undefined && !SPACE.test(following)) return false;
  return mark !== '.' || last.start + last.word.length !== index || !goesOnAfter(normal, last);
}

/** Whether a full stop after this word belongs to it. */
function goesOnAfter(normal: string, { word, start }: Last): boolean {
  if (abbreviations.has(word) || (LETTER.test(word) && word !== 'i')) return true;
  return DIGITS.test(word) && opensLine(normal, start);
}

function opensLine(normal: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && (normal[at] === ' ' || normal[at] === '\t')) at--;
  return at < 0 || LINE_BREAK.test(normal[at] ?? '');
}
