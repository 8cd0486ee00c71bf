import { normalUpperTail } from './distributions.ts';

/**
 * What last-layer DPO does at its start, in closed form. It is logistic regression without intercept on ±g(x), so that
 * everything follows from δ = mean of D+ − mean of D−, for balanced classes. Derived after Im & Li 2024, arXiv
 * 2403.18742, whose theorems bound the same quantities; their constants are not these.
 */
export interface StartOfTraining {
  /** ‖∇L‖ at step 0 (Frobenius and spectral norm agree: it has rank one): β D / (2√2). */
  readonly gradientNorm: number;
  /** d loss / d time: −β² D² / 8, in nats. */
  readonly lossRate: number;
  /** d E[margin] / d time: β² D² / 4. */
  readonly marginRate: number;
}

/** @throws RangeError unless D is at least 0 and β over 0. */
export function startOfTraining(distance: number, beta: number): StartOfTraining {
  requireNumber('D', distance, distance >= 0);
  requireNumber('beta', beta, beta > 0);
  return {
    gradientNorm: (beta * distance) / (2 * Math.SQRT2),
    lossRate: -((beta * distance) ** 2) / 8,
    marginRate: (beta * distance) ** 2 / 4,
  };
}

/**
 * Accuracy after few steps for Gaussian classes of one covariance and no prior gap: Φ(D / (2 σ)), σ the standard
 * deviation along δ. Distance alone is not enough. Null without spread.
 */
export function earlyAccuracy(distance: number, spreadAlong: number): number | null {
  requireNumber('D', distance, distance >= 0);
  requireNumber('the spread', spreadAlong, spreadAlong >= 0);
  return spreadAlong === 0 ? null : normalUpperTail(-distance / (2 * spreadAlong));
}

/**
 * Susceptibility proxy: how much faster flipped labels are learned from a checkpoint than from its reference at the
 * start, (D / D_ref)² (claim 4 of Im & Li 2024, arXiv 2403.18742). Above 1: alignment made misalignment easier. No
 * evidence of misalignment by itself. Also for the grey-box d′ of both. Null where the reference's is not over 0, or
 * the checkpoint's below 0.
 *
 * @throws RangeError for a number that is not finite.
 */
export function susceptibility(checkpoint: number, reference: number): number | null {
  requireNumber('D', checkpoint);
  requireNumber("the reference's D", reference);
  if (reference <= 0 || checkpoint < 0) return null;
  const ratio = (checkpoint / reference) ** 2;
  return Number.isFinite(ratio) ? ratio : null;
}

function requireNumber(what: string, value: number, isInRange = true): void {
  if (!Number.isFinite(value) || !isInRange) throw new RangeError(`${what} is ${value}`);
}
