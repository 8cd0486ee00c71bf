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
