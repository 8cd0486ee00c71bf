import type { JsonObject } from '../../core/json.ts';

const words: JsonObject = { type: 'string', pattern: '\\S' };
const name: JsonObject = { type: ['string', 'integer'], pattern: '\\S' };
const strata: JsonObject = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};

/** A preference pair of the user's own; fields beyond these are passed over. */
export const ownPairRow: JsonObject = {
  type: 'object',
  required: ['prompt', 'chosen', 'rejected'],
  properties: { id: name, cluster: name, strata, prompt: words, chosen: words, rejected: words },
};

/** A question with two to five options; `preferred` is the place of the preferred one, counted from 0. */
export const ownOptionsRow: JsonObject = {
  type: 'object',
  required: ['prompt', 'options', 'preferred'],
  properties: {
    id: name,
    cluster: name,
    strata,
    prompt: words,
    options: { type: 'array', minItems: 2, maxItems: 5, items: words },
    preferred: { type: 'integer', minimum: 0, maximum: 4 },
  },
};

/** A prompt to be answered; the answers of a preference pair beside it are passed over. */
export const ownPromptRow: JsonObject = {
  type: 'object',
  required: ['prompt'],
  properties: { id: name, cluster: name, strata, prompt: words },
};
