import { digestOf } from '../../../../core/digest.ts';
import type { JsonValue } from '../../../../core/json.ts';
import { isRecord, metaOf, optionalText, recordOf, textOf, unusableRow } from '../cells.ts';
import type { PairRow } from '../pair.ts';
import type { PairFormat } from './format.ts';

/** The request that the summaries answer; the files hold none. */
const REQUEST = 'Summarise this text in a few sentences.';
/** `extra.confidence` goes from 1 (surely the first) over 5 (no idea) to 9 (surely the second). */
const [SUREST_FIRST, MIDDLE, SUREST_SECOND] = [1, 5, 9] as const;

/**
 * Comparisons of summarize-from-feedback (Stiennon et al. 2020, arXiv 2009.01325): a post or an article, two summaries,
 * and which one a worker chose. `strength` is |confidence − 5| / 4.
 */
export const tldr: PairFormat = {
  name: 'tldr',
  title: 'summarize-from-feedback comparisons',
  columns: ['info', 'summaries', 'choice'],
  read: (row, where) => {
    const info = recordOf(row['info'], where, 'info');
    const [a, b] = summariesOf(row['summaries'], where);
    const { choice } = row;
    if (choice !== 0 && choice !== 1) throw unusableRow(where, 'choice', 'is neither 0 nor 1');
    const source = optionalText(info, 'post') ?? textOf(info, 'article', where);
    const title = optionalText(info, 'title');
    const strength = strengthOf(row['extra'], where);
    return {
      id: digestOf({
        post: info['id'] ?? source,
        a: a.text,
        b: b.text,
        policies: [a.policy ?? '', b.policy ?? ''],
      }).slice(0, 16),
      item: optionalText(info, 'id') ?? digestOf({ source }).slice(0, 16),
      prompt: title === undefined ? REQUEST : `${REQUEST}\n\nTitle: ${title}`,
      source,
      a: a.text.trim(),
      b: b.text.trim(),
      ...(a.policy === undefined || b.policy === undefined ? {} : { modelA: a.policy, modelB: b.policy }),
      preference: choice === 0 ? 'a' : 'b',
      ...(strength === undefined ? {} : { strength }),
      ...metaOf({ ...row, subreddit: info['subreddit'] ?? null }, ['subreddit', 'worker', 'batch', 'split']),
    } satisfies PairRow;
  },
};

interface Summary {
  readonly text: string;
  readonly policy: string | undefined;
}

function summariesOf(value: JsonValue | undefined, where: string): readonly [Summary, Summary] {
  if (!Array.isArray(value) || value.length !== 2) throw unusableRow(where, 'summaries', 'are not two');
  const [a, b] = value.map((one: JsonValue, index) => {
    const summary = recordOf(one, where, `summaries[${index}]`);
    return { text: textOf(summary, 'text', where, ''), policy: optionalText(summary, 'policy') };
  });
  return [a as Summary, b as Summary];
}

function strengthOf(extra: JsonValue | undefined, where: string): number | undefined {
  const confidence = isRecord(extra) ? extra['confidence'] : undefined;
  if (typeof confidence !== 'number') return undefined;
  if (confidence < SUREST_FIRST || confidence > SUREST_SECOND) {
    throw unusableRow(
      where,
      'extra.confidence',
      `is ${confidence}: it goes from ${SUREST_FIRST} to ${SUREST_SECOND}`,
    );
  }
  return Math.abs(confidence - MIDDLE) / (MIDDLE - SUREST_FIRST);
}
