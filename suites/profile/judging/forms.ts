import type { JsonObject } from '../../../core/json.ts';
import { MOST_FACTS } from '../factors/judge-factors.ts';

/** Raised by any change of wording, schema or reading; enters every detail that rests on a judge. */
export const JUDGING_VERSION = 'profile-judge-v1';

/** One thing that a response states. Ids are numbered from 1 without a gap. */
export type Fact = { readonly id: number; readonly text: string };

export const SUPPORT = ['yes', 'no', 'contradicted', 'n/a'] as const;
export const TRUTH = ['yes', 'no', 'unsure', 'n/a'] as const;

export type FactRating = {
  readonly id: number;
  readonly supported: (typeof SUPPORT)[number];
  readonly on_focus: boolean;
  readonly useful: boolean;
  readonly true: (typeof TRUTH)[number];
};

export type Ratings = {
  readonly facts: readonly FactRating[];
  readonly receptive: number;
  readonly intent_match: number;
  readonly register_match: number;
  readonly fluency: number;
  readonly coherence: number;
};

const id: JsonObject = { type: 'integer', minimum: 1, maximum: MOST_FACTS };

function whole(least: number, most: number): JsonObject {
  return { type: 'integer', minimum: least, maximum: most };
}

function closed(properties: Readonly<Record<string, JsonObject>>): JsonObject {
  return { type: 'object', required: Object.keys(properties), additionalProperties: false, properties };
}

export const factsSchema: JsonObject = closed({
  facts: {
    type: 'array',
    maxItems: MOST_FACTS,
    items: closed({ id, text: { type: 'string', pattern: '\\S', maxLength: 1000 } }),
  },
});

export const ratingsSchema: JsonObject = closed({
  facts: {
    type: 'array',
    maxItems: MOST_FACTS,
    items: closed({
      id,
      supported: { type: 'string', enum: [...SUPPORT] },
      on_focus: { type: 'boolean' },
      useful: { type: 'boolean' },
      true: { type: 'string', enum: [...TRUTH] },
    }),
  },
  receptive: whole(0, 2),
  intent_match: whole(0, 2),
  register_match: whole(0, 2),
  fluency: whole(1, 5),
  coherence: whole(1, 5),
});

export const FACTS_FORM = `{"facts": [{"id": 1, "text": "…"}, {"id": 2, "text": "…"}]}`;

export const RATINGS_FORM =
  '{"facts": [{"id": 1, "supported": "yes" | "no" | "contradicted" | "n/a", "on_focus": true | false, "useful": true | false, ' +
  '"true": "yes" | "no" | "unsure" | "n/a"}, …], "receptive": 0 | 1 | 2, "intent_match": 0 | 1 | 2, "register_match": 0 | 1 | 2, ' +
  '"fluency": 1 to 5, "coherence": 1 to 5}';

export const FACTS_INSTRUCTION = [
  'List what the response below states, as atomic facts: each one sentence that says one thing and can be understood alone.',
  `Number them from 1; at most ${MOST_FACTS}. Opinions and advice count as what they are ("The author advises to …").`,
  'A response that states nothing has an empty list.',
].join(' ');

export const RATINGS_INSTRUCTION = [
  'Rate the response below, and every one of its numbered facts.',
  'For each fact: "supported" by the given text (yes; no: the text does not say it; contradicted; n/a where there is no text);',
  '"on_focus": it concerns the main point of the input; "useful" to whoever wrote the input; "true" as far as is known of the world (n/a for opinions).',
  'For the response: "receptive": does it answer the core question (0 not, 1 partly, 2 fully); "intent_match": does it serve the purpose of the input;',
  '"register_match": does its register meet that of the input; "fluency" and "coherence" from 1 (poor) to 5 (excellent).',
].join(' ');
