import { digestOf } from '../../../../core/digest.ts';
import { metaOf, numberOf, optionalText, textOf, unusableRow } from '../cells.ts';
import type { PairRow } from '../pair.ts';
import type { PairFormat } from './format.ts';

/**
 * SHP and SHP-2 (Ethayarajh et al. 2022, arXiv 2110.08420): a post, two comments, and which one readers voted up more
 * although it came later. `score_ratio` is the better score over the worse, at least 1; `strength` is 1 − 1/ratio: 0
 * where both scored alike, .5 where one scored twice the other.
 */
export const shp: PairFormat = {
  name: 'shp',
  title: 'Stanford Human Preferences, SHP or SHP-2',
  columns: ['post_id', 'history', 'human_ref_A', 'human_ref_B', 'labels'],
  read: (row, where) => {
    const label = row['labels'];
    if (label !== 0 && label !== 1) throw unusableRow(where, 'labels', 'is neither 0 nor 1');
    const [a, b] = [textOf(row, 'human_ref_A', where, ''), textOf(row, 'human_ref_B', where, '')];
    const item =
      optionalText(row, 'post_id') ?? digestOf({ post: textOf(row, 'history', where) }).slice(0, 16);
    const comments = [optionalText(row, 'c_root_id_A'), optionalText(row, 'c_root_id_B')];
    const names = comments.includes(undefined) ? digestOf({ a, b }).slice(0, 16) : comments.join(':');
    const hasRatio = row['score_ratio'] !== undefined && row['score_ratio'] !== null;
    return {
      id: `${item}:${names}`,
      item,
      prompt: textOf(row, 'history', where),
      a,
      b,
      preference: label === 1 ? 'a' : 'b',
      ...(hasRatio ? { strength: 1 - 1 / numberOf(row, 'score_ratio', where, [1, Number.MAX_VALUE]) } : {}),
      ...metaOf(row, ['domain', 'score_A', 'score_B', 'upvote_ratio', 'seconds_difference']),
    } satisfies PairRow;
  },
};
