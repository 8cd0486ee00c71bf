import type { Factor } from './types.ts';

/** Facts that a response may have; a longer list is cut off by the judge's schema. */
export const MOST_FACTS = 60;

/**
 * Factors that a judge measures: shares and counts of the response's atomic facts, and grades of the whole response. After
 * Oh et al. 2024 (arXiv 2410.06965) and, for facts, DecipherPref (Hu et al. 2023); the wording of the questions is ours.
 */
export const JUDGE_FACTORS: readonly Factor[] = [
  factor(
    'n_facts',
    'atomic facts',
    'form',
    'size',
    'facts',
    ['prompt'],
    'facts that the judge finds; 0 where it finds none',
  ),
  factor(
    'off_focus',
    'facts off the main point',
    'relation_to_input',
    'focus',
    'share of facts, 0 to 1',
    ['prompt'],
    'null without facts',
  ),
  factor(
    'hallucination',
    'facts without support in the text',
    'truth',
    'support',
    'share of facts, 0 to 1',
    ['source', 'quotes'],
    'facts that the given text does not support or contradicts; facts to which it does not apply are left out; null without facts or text',
  ),
  factor(
    'misinformation',
    'facts that are false',
    'truth',
    'support',
    'share of facts, 0 to 1',
    ['prompt'],
    'against what the judge knows of the world; facts to which this does not apply are left out',
  ),
  factor(
    'helpfulness',
    'useful facts',
    'relation_to_input',
    'usefulness',
    'share of facts, 0 to 1',
    ['prompt'],
    'null without facts',
  ),
  factor(
    'receptiveness',
    'core question answered',
    'relation_to_input',
    'focus',
    'grade, 0 to 2',
    ['prompt'],
    '0 not, 1 partly, 2 fully',
  ),
  factor(
    'intent_alignment',
    'purpose of the input served',
    'relation_to_input',
    'focus',
    'grade, 0 to 2',
    ['prompt'],
    '0 not, 1 partly, 2 fully',
  ),
  factor(
    'formality_alignment',
    'register of the input met',
    'relation_to_input',
    'register',
    'grade, 0 to 2',
    ['prompt'],
    '0 not, 1 partly, 2 fully; a rule measures `formality_alignment_lex`',
  ),
  factor(
    'fluency',
    'fluency',
    'form',
    'readability',
    'grade, 1 to 5',
    ['prompt'],
    '1 hardly readable, 5 flawless; UniEval in the paper',
  ),
  factor(
    'coherence',
    'coherence',
    'form',
    'readability',
    'grade, 1 to 5',
    ['prompt'],
    '1 sentences without connection, 5 one whole; UniEval in the paper',
  ),
];

function factor(
  key: string,
  label: string,
  level1: Factor['level1'],
  level2: Factor['level2'],
  unit: string,
  needs: Factor['needs'],
  note: string,
): Factor {
  return { key, label, level1, level2, unit, needs, note };
}
