import type { MetricSpec } from '../../suites/task.ts';
import { ALPHA } from '../settings.ts';
import { clusteredPairsEquivalence } from '../statistics/clustered-pairs.ts';
import { equivalenceP } from '../statistics/equivalence.ts';
import { keptStudentQuantile } from '../statistics/kept-quantiles.ts';
import type { Interval } from '../statistics/proportion.ts';
import type { Effect } from '../summary.ts';
import type { Paired } from './paired.ts';

/** Student's t around a difference, at a two-sided level. */
export function studentInterval(
  delta: number,
  error: number,
  degreesOfFreedom: number,
  level: number,
): Interval {
  const half = keptStudentQuantile(1 - level / 2, degreesOfFreedom) * error;
  return { low: delta - half, high: delta + half };
}

/** The size of a difference, or null for one that no two values of the metric can have. */
export function possible(size: number, { range: [least, most] }: MetricSpec): number | null {
  return size <= most - least ? size : null;
}

/** A difference of two values of a metric lies no further from 0 than its range is wide. */
export function withinRange({ low, high }: Interval, { range: [least, most] }: MetricSpec): Interval {
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

/** The same for values of 0 and 1, by Tango's score on the pairs that the clusters are worth. */
export function equivalenceOfFlips({ differences, clusters }: Paired, margin: number): Effect['equivalence'] {
  if (margin >= 1) return null;
  const p = clusteredPairsEquivalence(differences, clusters, margin, ALPHA);
  return p === null ? null : equivalenceResult(margin, p);
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
