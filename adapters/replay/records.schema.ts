import type { JsonObject } from '../../core/json.ts';

/** JSON Schemas of the lines that can be replayed. Extra members are passed over: only these are read. */

const message = {
  type: 'object',
  required: ['role', 'content'],
  properties: {
    role: { type: 'string', enum: ['system', 'user', 'assistant'] },
    content: { type: 'string' },
  },
} as const;

const messages = { type: 'array', minItems: 1, items: message } as const;

const prompt = {
  oneOf: [
    {
      type: 'object',
      required: ['format', 'text'],
      properties: { format: { type: 'string', const: 'raw' }, text: { type: 'string' } },
    },
    {
      type: 'object',
      required: ['format', 'messages'],
      properties: { format: { type: 'string', const: 'chat' }, messages },
    },
  ],
} as const;

const decoding = {
  type: 'object',
  required: ['maxTokens', 'temperature'],
  properties: {
    maxTokens: { type: 'integer', minimum: 1 },
    temperature: { type: 'number', minimum: 0 },
    topP: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    stop: { type: 'array', items: { type: 'string' } },
  },
} as const;

const logprob = { type: 'number', maximum: 0 } as const;
const finish = { type: 'string', enum: ['stop', 'length', 'filter'] } as const;
const count = { type: 'integer', minimum: 0 } as const;

const firstToken = {
  type: 'array',
  items: {
    type: 'object',
    required: ['token', 'logprob'],
    properties: { token: { type: 'string' }, logprob },
  },
} as const;

const usage = { type: 'object', properties: { promptTokens: count, completionTokens: count } } as const;

const completion = {
  type: 'object',
  required: ['text', 'finish', 'usage'],
  properties: { text: { type: 'string' }, finish, usage, firstToken, fingerprint: { type: 'string' } },
} as const;

const score = {
  type: 'object',
  required: ['logprob', 'tokenLogprobs', 'bytes', 'method'],
  properties: {
    logprob,
    tokenLogprobs: { type: 'array', items: logprob },
    bytes: count,
    method: {
      type: 'string',
      enum: ['in-process', 'prompt_logprobs', 'echo', 'forced', 'replayed', 'scripted'],
    },
  },
} as const;

const texts = { type: 'array', minItems: 1, items: { type: 'string' } } as const;
const vectors = { type: 'array', items: { type: 'array', minItems: 1, items: { type: 'number' } } } as const;

const labels = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { type: 'number', minimum: 0, maximum: 1 },
} as const;
const classifications = {
  type: 'array',
  items: { type: 'object', required: ['scores'], properties: { scores: labels } },
} as const;

/** Members that a request may lack. */
const OPTIONAL: readonly string[] = ['topLogprobs', 'answer'];

function answered(verb: string, request: JsonObject, member: string, value: JsonObject): JsonObject {
  const answer = {
    type: 'object',
    required: ['verb', member],
    properties: { verb: { type: 'string', const: verb }, [member]: value },
  };
  return {
    type: 'object',
    required: ['request', 'result'],
    properties: {
      request: {
        type: 'object',
        required: ['verb', ...Object.keys(request).filter((key) => !OPTIONAL.includes(key))],
        properties: { verb: { type: 'string', const: verb }, ...request },
      },
      result: { type: 'object', required: ['answer'], properties: { answer } },
    },
  };
}

const seed = { type: 'integer' } as const;
const topLogprobs = { type: 'integer', minimum: 0, maximum: 20 } as const;

/** An answered line of a run's answers.jsonl. */
export const journalSchema: JsonObject = {
  type: 'object',
  required: ['checkpoint', 'request'],
  properties: {
    checkpoint: { type: 'string' },
    request: {
      type: 'object',
      required: ['identity'],
      properties: { identity: { type: 'string' }, control: { type: 'string' } },
    },
  },
  oneOf: [
    answered('generate', { prompt, decoding, seed, topLogprobs }, 'completion', completion),
    answered('score', { prompt, continuations: texts }, 'scores', { type: 'array', items: score }),
    answered('embed', { texts }, 'vectors', vectors),
    answered('embed', { prompt, answer: { type: 'string', minLength: 1 } }, 'vectors', vectors),
    answered('classify', { texts }, 'classifications', classifications),
  ],
};

/** A line that a person or another tool wrote. */
export const plainSchema: JsonObject = {
  type: 'object',
  anyOf: [
    { type: 'object', required: ['text'] },
    { type: 'object', required: ['continuations', 'scores'] },
    { type: 'object', required: ['labels'] },
  ],
  oneOf: [
    { type: 'object', required: ['prompt'] },
    { type: 'object', required: ['messages'] },
    { type: 'object', required: ['classify', 'labels'] },
  ],
  properties: {
    prompt: { type: 'string' },
    messages,
    text: { type: 'string' },
    finish,
    seed,
    firstToken,
    continuations: texts,
    scores: { type: 'array', minItems: 1, items: logprob },
    classify: { type: 'string' },
    labels,
  },
};

/** What is read of a run's manifest.json. */
export const manifestSchema: JsonObject = {
  type: 'object',
  required: ['run', 'models'],
  properties: {
    run: { type: 'string' },
    models: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['identity', 'identityDigest'],
        properties: {
          identity: {
            type: 'object',
            required: ['adapter', 'engine'],
            properties: { adapter: { type: 'string' }, engine: { type: 'string' } },
          },
          identityDigest: { type: 'string' },
        },
      },
    },
    definition: {
      type: 'object',
      properties: {
        checkpoints: {
          type: 'array',
          items: {
            type: 'object',
            properties: { id: { type: 'string' }, control: { type: 'string' } },
          },
        },
      },
    },
  },
};
