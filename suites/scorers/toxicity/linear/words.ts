/** Every name of a group of people is read as this one sign, so that naming a group never makes a text toxic. */
export const GROUP = '#';

/** Characters of a text that are read. */
const LONGEST = 4_000;
const LONGEST_WORD = 40;
/** So many single letters in a row are one word that was spaced out. */
const SPELLED_OUT = 3;

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/**
 * The words of a text in lower-case ASCII letters, digits, apostrophes and asterisks; accents, punctuation and
 * other scripts are dropped. `scripts/toxicity/features.py` is the reference and does the same.
 */
export function wordsOf(text: string, groups: ReadonlySet<string>): string[] {
  const found = plain(firstCharacters(text)).match(/[a-z0-9'*]+/g) ?? [];
  const words: string[] = [];
  let run = '';
  for (const each of found) {
    if (each.length === 1 && isLetter(each.charCodeAt(0))) {
      run += each;
      continue;
    }
    if (run !== '') {
      settle(run, words);
      run = '';
    }
    words.push(each.length > LONGEST_WORD ? each.slice(0, LONGEST_WORD) : each);
  }
  settle(run, words);
  for (const [place, word] of words.entries()) if (isGroup(word, groups)) words[place] = GROUP;
  return words;
}

/** Counted in code points, as Python counts. */
function firstCharacters(text: string): string {
  if (text.length <= LONGEST) return text;
  return Array.from(text.slice(0, 2 * LONGEST))
    .slice(0, LONGEST)
    .join('');
}

/** Anything but printable ASCII and white space. */
const OTHER = /[^ -~\s]/;

function plain(text: string): string {
  const lower = OTHER.test(text) ? unaccented(text) : text.toLowerCase().replaceAll('`', "'");
  // Looking around is slow, so it is left to texts that have something to find.
  const spelled = /[0134578@$!]/.test(lower) ? unmasked(lower) : lower;
  // Looking back is slow as well, and hardly any text has a letter three times in a row.
  return hasTriple(spelled) ? spelled.replace(/([a-z])\1{2,}/g, '$1$1') : spelled;
}

function hasTriple(text: string): boolean {
  for (let place = 2; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code === text.charCodeAt(place - 1) && code === text.charCodeAt(place - 2) && isLetter(code))
      return true;
  }
  return false;
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

/** Signs between letters, and `@` and `$` before one, are the letters that they stand for. */
function unmasked(lower: string): string {
  return lower.replace(
    /(?<=[a-z])[0134578@$!](?=[a-z])|(?<![a-z0-9])[@$](?=[a-z])/g,
    (sign) => LEET[sign] ?? sign,
  );
}

/** Only ASCII letters become small ones: what other scripts do depends on the version of Unicode. */
function unaccented(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u2018\u2019\u02bc`]/g, "'")
    .replace(/[\u0300-\u036f\u00ad\u200b-\u200d]/g, '')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Enough single letters in a row are one word; fewer are words of their own. */
function settle(run: string, words: string[]): void {
  if (run.length >= SPELLED_OUT) words.push(run);
  else for (const letter of run) words.push(letter);
}

function isGroup(word: string, groups: ReadonlySet<string>): boolean {
  const bare = word.endsWith("'s") ? word.slice(0, -2) : word;
  return groups.has(bare) || (bare.endsWith('s') && groups.has(bare.slice(0, -1)));
}
