import { VERBS } from '../../adapters/model.ts';
import type { JsonObject } from '../../core/json.ts';
import { UNSCORED_REASONS } from '../../suites/task.ts';

/**
 * The shape of what an extension exports, with every function replaced by the text `function`. Fields beyond these
 * are passed over, because objects may carry what only they themselves use.
 */

const text = { type: 'string', minLength: 1 } as const;
const verbs = { type: 'array', items: { type: 'string', enum: [...VERBS] } } as const;

const called = (description: string): JsonObject => ({ type: 'string', const: 'function', description });

const roleVerbs: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: { reference: verbs, judge: verbs, classifier: verbs },
};

const metric: JsonObject = {
  type: 'object',
  required: ['key', 'label', 'range', 'unit', 'direction', 'binary', 'chance', 'counts', 'fold'],
  properties: {
    key: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_]*$',
      description: 'a name in small letters, digits and _',
    },
    label: text,
    range: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'number' } },
    unit: { type: 'string', enum: ['share', 'nats', 'score'] },
    direction: { type: 'string', enum: ['higher-is-better', 'lower-is-better', 'neutral'] },
    binary: { type: 'boolean' },
    chance: { anyOf: [{ type: 'number' }, { type: 'null' }, { type: 'string', const: 'per-sample' }] },
    counts: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(UNSCORED_REASONS.map((reason) => [reason, { type: 'number' }])),
    },
    fold: { type: 'string', enum: ['mean', 'function'] },
    within: {
      type: 'object',
      additionalProperties: { type: 'array', minItems: 1, items: text },
    },
  },
};

const task: JsonObject = {
  type: 'object',
  required:
    'name dimension version question source needs roles datasets presets cluster headline metrics samples ask read'.split(
      ' ',
    ),
  properties: {
    name: {
      type: 'string',
      pattern: '^[a-z0-9-]+/[a-z0-9-]+$',
      description: 'suite/task in small letters, digits and -',
    },
    dimension: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$', description: 'a word in small letters' },
    version: { type: 'integer', minimum: 1 },
    question: text,
    source: text,
    needs: verbs,
    roles: roleVerbs,
    datasets: { type: 'array', items: text },
    ownRows: { type: 'object' },
    presets: { type: 'array', minItems: 1, items: { type: 'string', enum: ['paper', 'robust'] } },
    cluster: text,
    headline: metric,
    metrics: { type: 'array', minItems: 1, items: metric },
    labels: {
      type: 'object',
      required: ['question', 'labels', 'scorer', 'valuesOf'],
      properties: {
        question: text,
        labels: { type: 'object', minProperties: 2, additionalProperties: text },
        scorer: {
          type: ['object', 'null'],
          required: ['name', 'version'],
          properties: { name: text, version: text },
        },
        valuesOf: called(
          'valuesOf(label, strata): a function that gives 0 or 1 for each metric that a label decides',
        ),
      },
    },
    samples: called('samples(dataset, preset): a function that gives the samples'),
    ask: called('ask(sample, answers): a function that gives the next requests'),
    read: called('read(sample, answers): a function that gives the outcome'),
  },
};

const dataset: JsonObject = {
  type: 'object',
  required: [
    'id',
    'version',
    'title',
    'licence',
    'citation',
    'note',
    'file',
    'format',
    'rows',
    'rowSchema',
    'rawForm',
  ],
  properties: {
    id: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', description: 'letters, digits and . _ -' },
    version: text,
    title: text,
    licence: text,
    citation: text,
    note: { type: 'string' },
    file: {
      oneOf: [
        {
          type: 'object',
          required: ['kind', 'name', 'urls', 'sha256', 'bytes'],
          properties: {
            kind: { const: 'download' },
            name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' },
            urls: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^https?://' } },
            sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
            bytes: { type: 'integer', minimum: 1 },
          },
        },
        {
          type: 'object',
          required: ['kind', 'path'],
          properties: { kind: { const: 'package' }, path: text },
        },
        {
          type: 'object',
          required: ['kind', 'homepage'],
          properties: { kind: { const: 'given' }, homepage: text },
        },
      ],
      description:
        "{ kind: 'package', path: ABSOLUTE_PATH }, { kind: 'download', name, urls, sha256, bytes } or { kind: 'given', homepage }",
    },
    format: { type: 'string', enum: ['csv', 'tsv', 'json', 'jsonl', 'lines', 'parquet'] },
    rows: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
    rowSchema: { type: 'object' },
    rawForm: {
      type: 'object',
      required: ['before', 'after', 'delimiter', 'stop'],
      properties: {
        before: { type: 'string' },
        after: { type: 'string' },
        delimiter: { type: 'string' },
        stop: { type: 'array', items: text },
      },
    },
  },
};

const adapter: JsonObject = {
  type: 'object',
  required: ['name', 'description', 'optionsSchema', 'createSession'],
  properties: {
    name: { type: 'string', pattern: '^[a-z][a-z0-9-]*$', description: 'a word in small letters' },
    description: text,
    optionsSchema: { type: 'object' },
    createSession: called('createSession(context): a function that gives a session'),
  },
};

export const extensionSchema: JsonObject = {
  type: 'object',
  properties: {
    tasks: { type: 'array', items: task },
    datasets: { type: 'array', items: dataset },
    adapters: { type: 'array', items: adapter },
  },
};
