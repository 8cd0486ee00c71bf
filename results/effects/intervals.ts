import type { MetricSpec } from '../../suites/task.ts';
import { ALPHA } from '../settings.ts';
import { studentQuantile } from '../statistics/distributions.ts';
import { equivalenceP } from '../statistics/equivalence.ts';
import type { Effect } from '../summary.ts';

/** A difference with its standard error over clusters. */
export interface Measured {
  readonly delta: number;
  /** Null where no cluster moves the difference. */
  readonly error: number | null;
  readonly clusters: number;
}

/**
 * One of `tests` intervals that hold together with 95 % confidence: each at level .05 / tests (Bonferroni), which needs
 * no assumption on how the effects depend on each other.
 */
export function simultaneousInterval(
  { delta, error, clusters }: Measured,
  tests: number,
): Effect['simultaneous'] {
  if (error === null || clusters < 2) return null;
  const half = studentQuantile(1 - ALPHA / (2 * Math.max(1, tests)), clusters - 1) * error;
  return { low: delta - half, high: delta + half };
}

/** The size of a difference, or null for one that no two values of the metric can have. */
export function possible(size: number, { range: [least, most] }: MetricSpec): number | null {
  return size <= most - least ? size : null;
}

/** A difference of two values of a metric lies no further from 0 than its range is wide. */
export function withinRange(
  { low, high }: { readonly low: number; readonly high: number },
  { range: [least, most] }: MetricSpec,
): { readonly low: number; readonly high: number } {
  const width = most - least;
  return { low: Math.max(-width, low), high: Math.min(width, high) };
}

/** A difference with the degrees of freedom of its standard error. */
export interface Spread {
  readonly delta: number;
  readonly error: number | null;
  readonly degreesOfFreedom: number | null;
}

/**
 * Two one-sided t tests against ± margin (Schuirmann 1987, J. Pharmacokinetics and Biopharmaceutics 15:657-680); the
 * larger p counts. Null without a standard error.
 */
export function equivalenceTest(
  { delta, error, degreesOfFreedom }: Spread,
  margin: number,
): Effect['equivalence'] {
  if (error === null || error === 0 || degreesOfFreedom === null || degreesOfFreedom <= 0) return null;
  return equivalenceResult(margin, equivalenceP(delta, error, degreesOfFreedom, margin));
}

/**
 * The same where no sample differs, so that there is no spread for a t test: were the true difference as large as the
 * margin, each cluster would differ with a chance of at least margin / width of the range, and all of them would agree
 * with a chance of at most (1 − margin / width) ^ clusters. Null where the range is open.
 */
export function equivalenceOfEqual(
  clusters: number,
  { range: [least, most] }: MetricSpec,
  margin: number,
): Effect['equivalence'] {
  const width = most - least;
  return Number.isFinite(width)
    ? equivalenceResult(margin, Math.max(0, 1 - margin / width) ** clusters)
    : null;
}

export function equivalenceResult(margin: number, p: number): Effect['equivalence'] {
  return { margin, p, equivalent: p <= ALPHA };
}
