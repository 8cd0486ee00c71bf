/** The factors that need no model: what they are (`RULE_FACTORS`) and their values (`measure`, `measurer`). */
export { LEXICON_VERSION } from './lexica/version.ts';
export { type ItemText, measure, measurer } from './measure.ts';
export { RULE_FACTORS } from './rules/index.ts';
export type { Factor, FactorInput, FactorValues } from './types.ts';
