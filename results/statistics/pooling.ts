import { studentQuantile } from './distributions.ts';
import { type SymmetricMatrix, solveSymmetric } from './matrix.ts';

/** One effect of one base family, with the variance of its sampling error. */
export interface FamilyEffect {
  readonly estimate: number;
  /** Squared standard error, above 0. */
  readonly variance: number;
}

export interface PoolingOptions {
  /**
   * Covariance of the families' sampling errors, one row a family, its diagonal the variances: families that
   * answered the same items err together (`jointCovariance` gives it). Independent errors without it.
   */
  readonly covariance?: SymmetricMatrix;
  readonly confidence?: number;
}

export interface PooledMean {
  readonly families: number;
  /** Mean effect over base families; null, like all that follows, under three families. */
  readonly mean: number | null;
  /** Standard error of the mean after Hartung and Knapp, floored. */
  readonly error: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Where the true effect of another base family would lie. */
  readonly predictionLow: number | null;
  readonly predictionHigh: number | null;
  /** Between-family variance. */
  readonly tau2: number | null;
  /** Cochran's Q at tau² = 0, families − 1 expected without heterogeneity. */
  readonly q: number | null;
  /** Why there is no mean. */
  readonly reason: string | null;
}

/** Under this many families nothing is pooled: the variance between two says next to nothing. */
export const MINIMUM_FAMILIES = 3;

/**
 * Random-effects mean over base families.
 *
 * tau² after Paule & Mandel (1982, J. Res. NBS 87:377-385): the value at which the generalised Q equals families − 1,
 * 0 when Q is smaller than that already. Interval of the mean after Hartung & Knapp (2001, Statistics in Medicine
 * 20:3875-3889) with t on families − 1 degrees of freedom and the multiplier Q/(families − 1) never under 1 (Knapp &
 * Hartung 2003, ibid. 22:2693-2710; Röver et al. 2015, BMC Med. Res. Methodol. 15:99). Prediction interval after
 * Higgins, Thompson & Spiegelhalter (2009, JRSS A 172:137-159, eq. 12): t on families − 2 degrees of freedom.
 *
 * @param effects one per base family, in any order.
 * @throws RangeError for a variance that is not above 0, an estimate that is no number, or a covariance of the wrong
 *   shape or not positive definite.
 */
export function poolRandomEffects(
  effects: readonly FamilyEffect[],
  options: PoolingOptions = {},
): PooledMean {
  const families = effects.length;
  for (const effect of effects) requireEffect(effect);
  if (families < MINIMUM_FAMILIES) return refused(families);
  const { confidence = 0.95, covariance = diagonal(effects) } = options;
  if (covariance.length !== families) throw new RangeError('the covariance needs one row per family');
  const estimates = effects.map(({ estimate }) => estimate);
  const tau2 = pauleMandel(estimates, covariance);
  const fit = generalisedMean(estimates, covariance, tau2);
  const multiplier = Math.max(1, fit.q / (families - 1));
  const error = Math.sqrt(multiplier * fit.variance);
  const half = studentQuantile((1 + confidence) / 2, families - 1) * error;
  const reach = studentQuantile((1 + confidence) / 2, families - 2) * Math.sqrt(tau2 + error * error);
  return {
    families,
    mean: fit.mean,
    error,
    low: fit.mean - half,
    high: fit.mean + half,
    predictionLow: fit.mean - reach,
    predictionHigh: fit.mean + reach,
    tau2,
    q: generalisedMean(estimates, covariance, 0).q,
    reason: null,
  };
}

/** Q falls as tau² grows; the root is bracketed by doubling and then halved down to the last bits. */
function pauleMandel(estimates: readonly number[], covariance: SymmetricMatrix): number {
  const target = estimates.length - 1;
  const q = (tau2: number): number => generalisedMean(estimates, covariance, tau2).q;
  if (q(0) <= target) return 0;
  let low = 0;
  let high = Math.max(
    ...estimates.map((_, index) => (covariance[index] as ArrayLike<number>)[index] as number),
  );
  while (q(high) > target) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    if (q(middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

interface GeneralisedFit {
  readonly mean: number;
  /** Of the mean, for the given covariance plus tau². */
  readonly variance: number;
  readonly q: number;
}

/** Generalised least squares on a constant, with covariance + tau² I. */
function generalisedMean(
  estimates: readonly number[],
  covariance: SymmetricMatrix,
  tau2: number,
): GeneralisedFit {
  const total = Array.from(covariance, (row, i) =>
    Float64Array.from(row, (entry, j) => entry + (i === j ? tau2 : 0)),
  );
  const [weights] = solveSymmetric(total, new Float64Array(estimates.length).fill(1)) as [Float64Array];
  const precision = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = estimates.reduce((sum, each, index) => sum + each * (weights[index] as number), 0) / precision;
  const residuals = Float64Array.from(estimates, (each) => each - mean);
  const [solved] = solveSymmetric(total, residuals) as [Float64Array];
  const q = residuals.reduce((sum, each, index) => sum + each * (solved[index] as number), 0);
  return { mean, variance: 1 / precision, q };
}

function diagonal(effects: readonly FamilyEffect[]): Float64Array[] {
  return effects.map(({ variance }, i) => Float64Array.from(effects, (_, j) => (i === j ? variance : 0)));
}

function requireEffect({ estimate, variance }: FamilyEffect): void {
  if (!(Number.isFinite(estimate) && variance > 0 && Number.isFinite(variance))) {
    throw new RangeError(`no effect to pool: ${estimate} with variance ${variance}`);
  }
}

function refused(families: number): PooledMean {
  return {
    families,
    mean: null,
    error: null,
    low: null,
    high: null,
    predictionLow: null,
    predictionHigh: null,
    tau2: null,
    q: null,
    reason: `not pooled: ${families} base ${families === 1 ? 'family' : 'families'}, at least ${MINIMUM_FAMILIES} are needed`,
  };
}
