import type { Outcome } from '../../suites/task.ts';

/** What of an outcome a judge should have read, and gave no readable verdict on. */
export interface Unread {
  /** Share of the texts that were there to judge, in (0, 1]. */
  readonly share: number;
  /** What was wrong with the first reply that could not be read. */
  readonly problem: string;
}

/** Longer texts are a model's, not a reader's. */
const LONGEST_PROBLEM = 80;

/**
 * From the detail that tasks with a judge leave: `judge`, the problem or the list of problems, and `judged`, of how many
 * texts (one, where it is absent). Null where every verdict was read. Details come from files: what is no such thing is
 * none.
 */
export function unreadOf(outcome: Outcome): Unread | null {
  if (outcome.kind !== 'scored' && outcome.kind !== 'unscored') return null;
  const { detail } = outcome;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return null;
  const { judge, judged } = detail as { readonly judge?: unknown; readonly judged?: unknown };
  const problems = (Array.isArray(judge) ? judge : [judge]).filter((each) => typeof each === 'string');
  const [first] = problems;
  if (first === undefined) return null;
  const texts = typeof judged === 'number' && judged >= problems.length ? judged : problems.length;
  return { share: problems.length / texts, problem: first.slice(0, LONGEST_PROBLEM) };
}
