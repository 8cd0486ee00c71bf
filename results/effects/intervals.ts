import type { MetricSpec } from '../../suites/task.ts';
import { ALPHA } from '../settings.ts';
import { studentQuantile, studentUpperTail } from '../statistics/distributions.ts';
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

/**
 * Two one-sided t tests against ± margin (Schuirmann 1987, J. Pharmacokinetics and Biopharmaceutics 15:657-680); the
 * larger p counts. Where no sample differs there is no spread for a t test: were the true difference as large as the
 * margin, each cluster would differ with a chance of at least margin / width of the range, so that all of `clusters`
 * agree with a chance of at most (1 − margin / width) ^ clusters.
 *
 * @param differs whether any sample has different values on the two sides.
 */
export function equivalenceTest(
  { delta, error, clusters }: Measured,
  { range: [least, most] }: MetricSpec,
  margin: number,
  differs: boolean,
): Effect['equivalence'] {
  const p = pOf();
  return p === null ? null : { margin, p, equivalent: p <= ALPHA };

  function pOf(): number | null {
    if (!differs) {
      const width = most - least;
      return Number.isFinite(width) ? Math.max(0, 1 - margin / width) ** clusters : null;
    }
    if (error === null || error === 0 || clusters < 2) return null;
    const below = studentUpperTail((delta + margin) / error, clusters - 1);
    const above = studentUpperTail((margin - delta) / error, clusters - 1);
    return Math.max(below, above);
  }
}
