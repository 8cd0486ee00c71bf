/**
 * Version of everything that turns text into rule factors: the word lists of this folder, the tokeniser, the sentence
 * rule and the formulas. Raised by any change that can move a number; numbers of two versions share no column.
 */
export const LEXICON_VERSION = 'rules-1';
