import { POWER } from '../../results/settings.ts';
import { type MethodError, methodPower } from '../../results/statistics/method-error.ts';
import { rootBetween } from '../../results/statistics/root.ts';
import { MINIMUM_SEEDS } from '../../results/statistics/seed-variance.ts';

/** How training runs that differ in nothing but the seed spread about the method. */
export interface SeedSpread {
  /** Standard deviation of a run's true effect between seeds, in the metric's own unit. */
  readonly deviation: number;
  /** Share of the variance of one run's effect over the samples that is this run's own; the rest all runs share. */
  readonly own: number;
  /** Training runs it was measured on; null for an assumption. */
  readonly runs: number | null;
}

/** Without an earlier run: two points between seeds, and half of what a run makes of the samples its own. */
export const ASSUMED_SEEDS = { deviation: 0.02, own: 0.5 } as const;

/** @param range of the metric; null where it is open, so that nothing can be assumed. */
export function assumedSeeds([least, most]: readonly [number, number]): SeedSpread | null {
  const width = most - least;
  return Number.isFinite(width)
    ? { deviation: ASSUMED_SEEDS.deviation * width, own: ASSUMED_SEEDS.own, runs: null }
    : null;
}

/** A comparison of the definition, and how many training seeds stand behind it. */
export interface StageSeeds {
  readonly from: string;
  readonly to: string;
  readonly seeds: number;
}

/**
 * The numbers of training runs whose mean a spread must be judged for: those of its own stage, else of all stages, 1
 * where they are too few for a mean.
 */
export function runsBehind(
  measuredOn: { readonly from: string; readonly to: string } | null,
  stages: readonly StageSeeds[],
): number[] {
  const own = stages.filter(({ from, to }) => from === measuredOn?.from && to === measuredOn.to);
  const counts = (own.length > 0 ? own : stages).map(({ seeds }) => (seeds < MINIMUM_SEEDS ? 1 : seeds));
  return counts.length === 0 ? [1] : [...new Set(counts)];
}

export interface SeedDesign {
  /** At least three. */
  readonly seeds: number;
  readonly spread: SeedSpread;
  /** Variance of the effect of one run over n samples, were it truly so large. */
  readonly variance: (n: number, difference: number) => number;
  readonly clusters: number;
  readonly level: number;
}

/** The smallest true mean over seeds that is found with 80 % power; null where even `largest` would be missed. */
export function smallestOverSeeds(design: SeedDesign, n: number, largest: number): number | null {
  const short = (difference: number): number => powerOf(design, n, difference) - POWER;
  return short(largest) < 0 ? null : rootBetween(short, 0, largest);
}

/** Samples that such a mean needs; null where the seeds alone hide it, however many samples there are. */
export function neededOverSeeds(design: SeedDesign, difference: number): number | null {
  const isEnough = (n: number): boolean => powerOf(design, n, difference) >= POWER;
  if (!isEnough(MOST_SAMPLES)) return null;
  let [missed, found] = [0, MOST_SAMPLES];
  while (found - missed > 1) {
    const middle = Math.floor((missed + found) / 2);
    if (isEnough(middle)) found = middle;
    else missed = middle;
  }
  return found;
}

const MOST_SAMPLES = 1e9;

function powerOf(design: SeedDesign, n: number, difference: number): number {
  const { error, variance } = errorAt(design, n, difference);
  return variance > 0 ? methodPower(error, variance, design.level, difference) : 1;
}

/** What `methodEffectOverSeeds` is expected to estimate: B = σ² + C, I = shared + C/S, with C the runs' own part. */
function errorAt(
  { seeds, spread, variance: ofOneRun, clusters }: SeedDesign,
  n: number,
  difference: number,
): { readonly error: MethodError; readonly variance: number } {
  const whole = ofOneRun(n, difference);
  const own = spread.own * whole;
  const shared = whole - own;
  const between = (spread.deviation ** 2 + own) / seeds;
  const degreesOfFreedom = Math.max(1, clusters - 1);
  return {
    error: {
      seeds: { variance: between, degreesOfFreedom: seeds - 1 },
      items: { variance: shared + own / seeds, degreesOfFreedom },
      sharedItems: { variance: shared, degreesOfFreedom },
    },
    variance: between + shared,
  };
}
