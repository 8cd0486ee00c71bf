import type { JsonObject } from '../../../core/json.ts';

const words: JsonObject = { type: 'string', pattern: '\\S' };
const name: JsonObject = { type: ['string', 'integer'], pattern: '\\S' };
const vote = (...more: string[]): JsonObject => ({ type: 'string', enum: ['a', 'b', 'tie', ...more] });

/** A row of a pairs file. A response may be empty: some models said nothing. */
export const pairRow: JsonObject = {
  type: 'object',
  required: ['prompt', 'a', 'b'],
  properties: {
    id: name,
    item: name,
    prompt: words,
    source: { type: 'string' },
    quotes: { type: 'array', items: { type: 'string' } },
    reference: { type: 'string' },
    a: { type: 'string' },
    b: { type: 'string' },
    modelA: { type: 'string' },
    modelB: { type: 'string' },
    preference: vote(),
    strength: { type: 'number', minimum: 0, maximum: 1 },
    votes: { type: 'object', additionalProperties: vote('both', 'neither', 'invalid') },
    meta: { type: 'object' },
  },
};

/** A row that is asked without two responses beside it: a prompt, and what it speaks about. */
export const promptRow: JsonObject = {
  type: 'object',
  required: ['prompt'],
  properties: {
    id: name,
    item: name,
    prompt: words,
    source: { type: 'string' },
    quotes: { type: 'array', items: { type: 'string' } },
    reference: { type: 'string' },
  },
};
