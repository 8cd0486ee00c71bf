import { sha256 } from '../../../core/digest.ts';
import type { MetricSpec } from '../../task.ts';
import { JUDGE_FACTORS } from '../factors/judge-factors.ts';
import type { Judged } from './judge.ts';

/** One sample in ten is judged a second time. */
const REPEATED = 10;

export function isRepeated(id: string): boolean {
  return Number.parseInt(sha256(`repeat ${id}`).slice(0, 8), 16) % REPEATED === 0;
}

/** How far a judge agrees with itself: of the responses judged twice, the share of factors with an equal value. */
export const JUDGE_REPEAT: MetricSpec = {
  key: 'judge_repeat',
  label: 'factors with an equal value when the judge is asked again',
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: false,
  chance: null,
  counts: {},
  fold: 'mean',
};

export const JUDGE_UNREADABLE: MetricSpec = {
  key: 'judge_unreadable',
  label: 'responses of which the judge gave no readable rating',
  range: [0, 1],
  unit: 'share',
  direction: 'lower-is-better',
  binary: false,
  chance: null,
  counts: {},
  fold: 'mean',
};

/** Null where nothing was judged readably twice. */
export function selfAgreement(first: readonly Judged[], second: readonly Judged[]): number | null {
  let [equal, compared] = [0, 0];
  for (const [index, one] of first.entries()) {
    const other = second[index];
    if (one.kind !== 'measured' || other?.kind !== 'measured') continue;
    for (const { key } of JUDGE_FACTORS) {
      compared++;
      if (Object.is(one.values[key] ?? null, other.values[key] ?? null)) equal++;
    }
  }
  return compared === 0 ? null : equal / compared;
}

/** Share of responses without a rating, among those that were there to judge. */
export function unreadableShare(judged: readonly Judged[]): number {
  return judged.filter(({ kind }) => kind === 'invalid').length / Math.max(1, judged.length);
}
