import type { Completion } from '../../adapters/model.ts';
import type { UnscoredReason } from '../task.ts';
import { isRefusal } from './refusal.ts';

/** What a generated answer to a lettered question chose, or why it chose nothing. */
export type TextChoice =
  | { readonly kind: 'chosen'; readonly option: number }
  | { readonly kind: 'unscored'; readonly reason: UnscoredReason };

/** Answers longer than this are read in their beginning only: a choice comes early or not at all. */
const READ_CHARACTERS = 4_000;

/**
 * Reads a choice among options shown as `A: …`, `B: …` in this order. A choice is a letter (alone, at the start
 * with punctuation, or after a cue such as "the answer is") or the full text of an option; when letter and text
 * name different options, or several options are named, nothing was chosen and the answer is `unparsed`. Lines that
 * list two letters or more are the question said again; what stands beside them decides ("A: …\nB: …\nThe answer is: B").
 * Without a choice the answer is, in this order, `empty`, `refused`, `truncated` or `unparsed`.
 *
 * @param options at most 26
 */
export function readTextChoice(completion: Completion, options: readonly string[]): TextChoice {
  const text = completion.text.slice(0, READ_CHARACTERS);
  const named = new Set(namedIn(withoutList(text, options), options));
  const [option] = named;
  if (option !== undefined && named.size === 1) return { kind: 'chosen', option };
  return { kind: 'unscored', reason: named.size > 1 ? 'unparsed' : reasonOf(completion, text) };
}

function reasonOf({ finish }: Completion, text: string): UnscoredReason {
  if (finish === 'filter') return 'refused';
  if (normalise(text) === '') return finish === 'length' ? 'truncated' : 'empty';
  if (isRefusal(text)) return 'refused';
  return finish === 'length' ? 'truncated' : 'unparsed';
}

/** A line that opens with an option's letter. */
const LISTED = /^[\s"'`*_([]*([A-Z])[)\].:][^\n]*$/gm;

/** The text without the lines of a list of options; one such line alone is an answer and no list. */
function withoutList(text: string, options: readonly string[]): string {
  const letters = [...text.matchAll(LISTED)].map((match) => match[1]);
  return new Set(places(letters, options)).size > 1 ? text.replace(LISTED, '') : text;
}

/** A letter that is the whole answer. */
const ALONE = /^[\s"'`*(_[]*([a-z])[\s"'`*)_\].:!]*$/i;
/** A capital that opens the answer, set off by punctuation or a line break: "B. Paris", "(B) Paris", "**B**". */
const OPENING = /^[\s"'`*_]*(?:[([]([A-Z])[)\]]|([A-Z])(?=[.:)*_"'`]|\s*\n))/;
/** A capital after words that announce it. */
const CUED =
  /\b(?:[Aa]nswer|[Oo]ption|[Cc]hoice|[Cc]hoose|[Pp]ick|[Ss]elect|is)(?: is)?:?[\s"'`*(_[]*([A-Z])(?=$|[\s.,:;!?)"'`*_\]])/g;

function namedIn(text: string, options: readonly string[]): number[] {
  const alone = ALONE.exec(text)?.[1];
  if (alone !== undefined) return places([alone.toUpperCase()], options);
  return [...lettersIn(text, options), ...optionsIn(text, options)];
}

function lettersIn(text: string, options: readonly string[]): number[] {
  const opening = OPENING.exec(text);
  const cued = [...text.matchAll(CUED)]
    .filter((match) => !opensWords(text, match) && !isRejected(text, match))
    .map((match) => match[1]);
  return places([opening?.[1] ?? opening?.[2], ...cued], options);
}

/** "The answer is A dog" and "the choice I made" hold a word and not a letter of an option. */
function opensWords(text: string, match: RegExpExecArray): boolean {
  const letter = match[1];
  const after = text.slice(match.index + match[0].length);
  return (letter === 'A' || letter === 'I') && /^ [a-z]/.test(after);
}

/** "The other option, option B, is incorrect." */
function isRejected(text: string, match: RegExpExecArray): boolean {
  return /^["'`*)\]]*,? (?:is|would be) (?:not|incorrect|wrong|false)\b/.test(
    text.slice(match.index + match[0].length),
  );
}

function places(letters: readonly (string | undefined)[], options: readonly string[]): number[] {
  return letters
    .flatMap((letter) => (letter === undefined ? [] : letter.charCodeAt(0) - 'A'.charCodeAt(0)))
    .filter((place) => place >= 0 && place < options.length);
}

/** Options this short ("no", "yes") occur in sentences about anything, so they must open the answer. */
const SHORT_CHARACTERS = 3;

/** Options whose whole text stands in the answer; one that lies within a longer one found does not count. */
function optionsIn(text: string, options: readonly string[]): number[] {
  const answer = ` ${normalise(text)} `;
  const wanted = options.map((option) => normalise(option));
  const found = wanted.flatMap((option, place) => (stands(option, answer) ? [place] : []));
  return found.filter((place) => !found.some((other) => other !== place && swallows(wanted, other, place)));
}

function stands(option: string, answer: string): boolean {
  if (option === '') return false;
  if (option.length <= SHORT_CHARACTERS) return answer.startsWith(` ${option} `);
  return answer.includes(` ${option} `);
}

function swallows(wanted: readonly string[], longer: number, shorter: number): boolean {
  const [long = '', short = ''] = [wanted[longer], wanted[shorter]];
  return long.length > short.length && ` ${long} `.includes(` ${short} `);
}

/** Letters and digits in lower case, everything between them one space: wording counts, typography does not. */
function normalise(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim();
}
