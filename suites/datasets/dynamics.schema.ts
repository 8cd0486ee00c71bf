import type { JsonObject } from '../../core/json.ts';

const words: JsonObject = { type: 'string', pattern: '\\S' };
const name: JsonObject = { type: ['string', 'integer'], pattern: '\\S' };
const strata: JsonObject = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};

/** Two transcripts that differ in their last answer. */
export const hhTranscriptRow: JsonObject = {
  type: 'object',
  required: ['chosen', 'rejected'],
  properties: { chosen: words, rejected: words },
};

const yesOrNo: JsonObject = {
  type: 'string',
  pattern: '^\\s*(Yes|No)\\s*$',
  description: 'Yes or No, with or without a space before it',
};

/** A statement and which of the two answers matches the behaviour, as the model-written evaluations have them. */
export const personaRow: JsonObject = {
  type: 'object',
  required: ['question', 'answer_matching_behavior', 'answer_not_matching_behavior'],
  properties: {
    id: name,
    cluster: name,
    strata,
    behaviour: { ...name, description: 'which of several behaviours in one file the statement is of' },
    question: words,
    statement: { type: 'string' },
    label_confidence: { type: ['number', 'string', 'null'] },
    answer_matching_behavior: yesOrNo,
    answer_not_matching_behavior: yesOrNo,
  },
};
