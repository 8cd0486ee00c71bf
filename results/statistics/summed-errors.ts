import { studentUpperTail } from './distributions.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';
import { rootBetween } from './root.ts';

/** One of several independent errors of an estimate. */
export interface ErrorPart {
  /** Estimated, of the estimate, not below 0. */
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/**
 * How far an estimate can lie from the truth when it errs for several independent reasons, each with a variance that
 * was estimated on its own: √ Σ t²(1 − level/2, df) · variance. With normal errors it is exceeded no more often than
 * `level` says, however few degrees of freedom a part has and whatever the true variances are (Banerjee 1960, Sankhyā
 * 22:357-358; Hájek 1962, Selected Translations in Mathematical Statistics and Probability 2:63-74). Satterthwaite's one number of degrees of freedom has no such warranty: a part with
 * few of them that is small by chance makes them many, and deep in the tail, where corrections for many tests look,
 * that happens several times too often (docs/statistics.md).
 *
 * @param level two-sided, in (0, 1).
 */
export function reachOf(parts: readonly ErrorPart[], level: number): number {
  return Math.hypot(
    ...parts.map(({ variance, degreesOfFreedom }) =>
      variance > 0 ? -keptStudentQuantile(level / 2, degreesOfFreedom) * Math.sqrt(variance) : 0,
    ),
  );
}

/**
 * The level at which an estimate that lies so far off would just be within reach of two errors: the two-sided p of "the
 * truth is 0". Both errors share the distance so that their tails are equal.
 */
export function levelOfReach(one: ErrorPart, other: ErrorPart, distance: number): number {
  const far = Math.abs(distance);
  const tail = ({ variance, degreesOfFreedom }: ErrorPart, share: number): number =>
    Math.max(Number.MIN_VALUE, studentUpperTail((far * share) / Math.sqrt(variance), degreesOfFreedom));
  if (far === 0) return 1;
  if (other.variance === 0) return 2 * tail(one, 1);
  if (one.variance === 0) return 2 * tail(other, 1);
  const angle = rootBetween(
    (at) => Math.log(tail(one, Math.cos(at))) - Math.log(tail(other, Math.sin(at))),
    0,
    Math.PI / 2,
  );
  // The two tails are equal there; beside a trace of variance, which rounding leaves, only that of the larger error can
  // be told.
  return 2 * (one.variance > other.variance ? tail(one, Math.cos(angle)) : tail(other, Math.sin(angle)));
}
