import { normalQuantile, normalUpperTail } from './distributions.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';
import { rootBetween } from './root.ts';
import { type ErrorPart, levelOfReach, reachOf } from './summed-errors.ts';

/** By what the mean over training seeds and items errs; variances of that mean, as in `methodEffectOverSeeds`. */
export interface MethodError {
  /** B/S with S − 1 degrees of freedom: the seeds, and what each of them makes of the items. */
  readonly seeds: ErrorPart;
  /** I with G − 1: the items, as if these seeds were all there are. */
  readonly items: ErrorPart;
  /** I − C/S, not below 0, with G − 1: the items, without what each seed makes of them. */
  readonly sharedItems: ErrorPart;
}

/**
 * Half the width of an interval at a two-sided level. Seeds and shared items err independently, so that their reaches
 * add up as `reachOf` says; never less than the items alone reach.
 */
export function methodReach({ seeds, items, sharedItems }: MethodError, level: number): number {
  return Math.max(reachOf([seeds, sharedItems], level), reachOf([items], level));
}

/** Two-sided p of "no effect of the method": the level at which the interval would end at 0. */
export function methodP({ seeds, items, sharedItems }: MethodError, mean: number): number {
  const nothing = { ...items, variance: 0 };
  return Math.max(
    ...[
      [seeds, sharedItems],
      [items, nothing],
    ]
      .filter((parts) => parts.some(({ variance }) => variance > 0))
      .map(([one = nothing, other = nothing]) => levelOfReach(one, other, mean)),
  );
}

/**
 * Two one-sided tests against ± margin (Schuirmann 1987): the level at which the one-sided interval that begins at the
 * mean would end at the margin.
 */
export function methodEquivalenceP(error: MethodError, mean: number, margin: number): number {
  const room = margin - Math.abs(mean);
  const p = methodP(error, room) / 2;
  return room >= 0 ? p : 1 - p;
}

/**
 * The smallest true effect that lies out of reach with the given power, were the estimated variances the true ones. The
 * reach varies with the seeds that were drawn, and strongly so with few of them: it is averaged over their χ²
 * distribution, which Bloom's sum of two quantiles (1995) would put at its middle. That of the items is taken as it is.
 * Good to about four digits.
 */
export function methodDetectable(error: MethodError, variance: number, alpha: number, power: number): number {
  const { missed, widest } = missing(error, variance, alpha);
  const far = widest + Math.sqrt(variance) * normalQuantile(power);
  return rootBetween((effect) => missed(effect) - (1 - power), 0, far);
}

/** The chance that a true effect of this size is found, on its own side of 0; otherwise as `methodDetectable`. */
export function methodPower(error: MethodError, variance: number, alpha: number, effect: number): number {
  return 1 - missing(error, variance, alpha).missed(effect);
}

/** How often the mean stays within reach of "no effect", by the true effect; and the widest reach that was looked at. */
function missing({ seeds, items, sharedItems }: MethodError, variance: number, alpha: number) {
  const [few, many] = [seeds, items].map(
    ({ degreesOfFreedom }) => -keptStudentQuantile(alpha / 2, degreesOfFreedom),
  ) as [number, number];
  const fixed = many * Math.sqrt(items.variance);
  const outcomes = scales(seeds.degreesOfFreedom).map(({ scale, weight }) => ({
    weight,
    reach: Math.max(
      fixed,
      Math.hypot(few * Math.sqrt(seeds.variance * scale), many * Math.sqrt(sharedItems.variance)),
    ),
  }));
  const deviation = Math.sqrt(variance);
  const missed = (effect: number): number =>
    outcomes.reduce(
      (sum, { reach, weight }) => sum + weight * normalUpperTail((effect - reach) / deviation),
      0,
    );
  return { missed, widest: Math.max(...outcomes.map(({ reach }) => reach)) };
}

/** Values of χ²/df on an even grid of its root, and how likely each is. */
function scales(degreesOfFreedom: number): { readonly scale: number; readonly weight: number }[] {
  const widest = 1 + 6 / Math.sqrt(2 * degreesOfFreedom);
  const roots = Array.from({ length: GRID }, (_, index) => ((index + 0.5) * widest) / GRID);
  const densities = roots.map((root) =>
    Math.exp((degreesOfFreedom - 1) * Math.log(root) - (degreesOfFreedom * (root * root - 1)) / 2),
  );
  const total = densities.reduce((sum, density) => sum + density, 0);
  return roots.map((root, index) => ({ scale: root * root, weight: (densities[index] as number) / total }));
}

const GRID = 200;
