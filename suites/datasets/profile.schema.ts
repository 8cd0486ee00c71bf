import type { JsonObject } from '../../core/json.ts';

const words: JsonObject = { type: 'string', pattern: '\\S' };

/** Two answers of equal content, one with more of a factor. */
export const zooProfileRow: JsonObject = {
  type: 'object',
  required: ['id', 'prompt', 'factor', 'more', 'less', 'cluster'],
  properties: { id: words, prompt: words, factor: words, more: words, less: words, cluster: words },
};

/** An instruction, two outputs, and the better one of them. */
export const llmbarRow: JsonObject = {
  type: 'object',
  required: ['input', 'output_1', 'output_2', 'label'],
  properties: { input: words, output_1: words, output_2: words, label: { type: 'integer', enum: [1, 2] } },
};

const annotation: JsonObject = { enum: [0, 1, 2, '0', '1', '2'] };

/** Two responses, of which some are empty, and three annotators: 1 and 2 for the better one, 0 for a tie. */
export const pandalmRow: JsonObject = {
  type: 'object',
  required: ['instruction', 'response1', 'response2', 'annotator1'],
  properties: {
    idx: { type: ['integer', 'string'] },
    cmp_key: { type: 'string' },
    instruction: words,
    input: { type: 'string' },
    response1: { type: 'string' },
    response2: { type: 'string' },
    annotator1: annotation,
    annotator2: annotation,
    annotator3: annotation,
  },
};
