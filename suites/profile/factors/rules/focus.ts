import { refusalOf } from '../../../scorers/refusal.ts';
import { contentTypes } from '../text.ts';
import { distinctOf } from '../text-ngrams.ts';
import { countIn, type Rule, share, yesNo } from './rule.ts';

/** What a response does with the question. */
export const FOCUS: readonly Rule[] = [
  {
    key: 'question_overlap',
    label: 'words of the question taken up',
    level1: 'relation_to_input',
    level2: 'focus',
    unit: 'share, 0 to 1',
    needs: ['prompt'],
    note: 'Share of the prompt’s distinct content words that the response has; null where the prompt has none. A weak proxy for receptiveness.',
    of: (response, { prompt }) =>
      prompt && share(countIn(distinctOf[1](response).ids, contentTypes(prompt)), contentTypes(prompt).size),
  },
  {
    key: 'refusal',
    label: 'refusal',
    level1: 'relation_to_input',
    level2: 'usefulness',
    needs: [],
    unit: '1 declined altogether, 0.5 in part, 0 not',
    note: 'The refusal suite’s rule, which reads the opening sentences; null without words. It misses about one refusal in four of other models (suites/refusal/README.md).',
    of: ({ raw, ids }) =>
      ids.length === 0 ? null : { refused: 1, partly: 0.5, complied: 0 }[refusalOf(raw)],
  },
  {
    key: 'followup_question',
    label: 'follow-up question',
    level1: 'relation_to_input',
    level2: 'usefulness',
    needs: [],
    unit: '0 or 1',
    note: 'Whether the last sentence ends in a question mark; null without words.',
    of: (response) => yesNo(response, response.sentences.at(-1)?.asks === true),
  },
];
