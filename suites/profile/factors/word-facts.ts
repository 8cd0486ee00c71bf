import {
  APOLOGIES,
  CONTRACTED_ENDINGS,
  CONTRACTED_OTHERWISE,
  CONTRACTED_S_AFTER,
  COURTESIES,
  FIRST_AND_SECOND_PERSON,
  HEDGES,
  SLANG,
} from './lexica/register.ts';
import { STOP_WORDS } from './lexica/stop-words.ts';
import { type Phrases, phrasesByFirstWord } from './phrases.ts';

/** What is known of a word by itself. */
export interface WordFacts {
  /** A function word, or a contraction of one. */
  readonly isStop: boolean;
  readonly isContraction: boolean;
  readonly isFirstOrSecondPerson: boolean;
  readonly isSlang: boolean;
  /** At least seven letters. */
  readonly isLong: boolean;
  /** Holds a letter a-z. */
  readonly isLatin: boolean;
  readonly syllables: number;
  /** Phrases of each kind that begin with it, longest first; their words after the first. */
  readonly hedges: Phrases;
  readonly apologies: Phrases;
  readonly courtesies: Phrases;
}

const LONG = 7;
const stops = new Set(STOP_WORDS);
const persons = new Set(FIRST_AND_SECOND_PERSON);
const slang = new Set(SLANG);
const contractedOtherwise = new Set(CONTRACTED_OTHERWISE);
const contractedS = new Set(CONTRACTED_S_AFTER);
const hedges = phrasesByFirstWord(HEDGES);
const apologies = phrasesByFirstWord(APOLOGIES);
const courtesies = phrasesByFirstWord(COURTESIES);
const NONE: Phrases = [];

export function factsOf(word: string): WordFacts {
  const apostrophe = word.indexOf("'");
  const stem = apostrophe === -1 ? word : word.slice(0, apostrophe);
  const isContraction = contractedOtherwise.has(word) || (apostrophe !== -1 && contracts(word, stem));
  return {
    isStop: stops.has(word) || (isContraction && stops.has(bareStem(word, stem))),
    isContraction,
    isFirstOrSecondPerson: persons.has(word) || (isContraction && persons.has(stem)),
    isSlang: slang.has(word),
    isLong: word.length >= LONG && lettersIn(word) >= LONG,
    isLatin: /[a-z]/.test(word),
    syllables: syllablesIn(word),
    hedges: hedges.get(word) ?? NONE,
    apologies: apologies.get(word) ?? NONE,
    courtesies: courtesies.get(word) ?? NONE,
  };
}

function contracts(word: string, stem: string): boolean {
  if (word === `${stem}'s`) return contractedS.has(stem);
  return CONTRACTED_ENDINGS.some((ending) => word.endsWith(ending));
}

/** The verb of a negated contraction ("do" of "don't", "ca" of "can't" is mended), else what stands before the apostrophe. */
function bareStem(word: string, stem: string): string {
  if (!word.endsWith("n't")) return stem;
  const verb = word.slice(0, -3);
  return { ca: 'can', wo: 'will', sha: 'shall' }[verb] ?? verb;
}

function lettersIn(word: string): number {
  return word.match(/\p{L}/gu)?.length ?? 0;
}

/**
 * Syllables by the rule of thumb for English: groups of vowels (a, e, i, o, u, y), less one for a final "e" after a
 * consonant other than "l" after a consonant ("make", but "table"), at least one.
 */
function syllablesIn(word: string): number {
  const groups = word.match(/[aeiouy]+/g)?.length ?? 0;
  const isSilent = /[^aeiouy]e$/.test(word) && !/[^aeiouy]le$/.test(word);
  return Math.max(1, groups - (isSilent ? 1 : 0));
}
