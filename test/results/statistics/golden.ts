import { readFileSync } from 'node:fs';

export interface Golden {
  readonly normalQuantile: readonly { p: number; value: number }[];
  readonly logGamma: readonly { x: number; value: number }[];
  readonly incompleteBeta: readonly { x: number; a: number; b: number; value: number }[];
  readonly student: {
    readonly quantiles: readonly { p: number; df: number; value: number }[];
    readonly tails: readonly { t: number; df: number; value: number }[];
  };
  readonly wilson: readonly { successes: number; n: number; confidence: number; low: number; high: number }[];
  readonly clusteredMean: readonly {
    values: number[];
    clusters: number[];
    mean: number;
    error: number;
    low: number;
    high: number;
  }[];
  readonly signFlipExact: readonly { sums: number[]; p: number }[];
  readonly signFlipLarge: readonly { sums: number[]; p: number }[];
  readonly mcnemarExact: readonly { gained: number; lost: number; p: number }[];
  readonly adjustments: readonly { ps: number[]; holm: number[]; benjaminiHochberg: number[] }[];
  readonly detectable: readonly {
    n: number;
    discordance: number;
    alpha: number;
    power: number;
    designEffect: number;
    value: number;
  }[];
  readonly jackknife: { estimate: number; leftOut: number[]; error: number; low: number; high: number };
  readonly normalUpperTail: readonly { x: number; value: number }[];
  readonly betaQuantile: readonly { p: number; a: number; b: number; value: number }[];
  readonly clopperPearson: Golden['wilson'];
  readonly newcombe: readonly GoldenPairs[];
  readonly tango: readonly GoldenPairs[];
  readonly coinTests: readonly { gained: number; lost: number; exact: number; midP: number }[];
  readonly resampling: {
    readonly values: number[];
    readonly estimate: number;
    readonly leftOut: number[];
    readonly drawn: number[];
    readonly percentile: [number, number];
    readonly bca: [number, number];
    readonly quantiles: readonly { share: number; n: number; value: number }[];
  };
  readonly effectSizes: {
    readonly corrections: readonly { degrees: number; value: number }[];
    readonly one: number[];
    readonly other: number[];
    readonly hedgesG: number;
    readonly change: { differences: number[]; clusters: number[]; value: number; low: number; high: number };
  };
  readonly required: readonly {
    difference: number;
    discordance: number;
    alpha: number;
    power: number;
    designEffect: number;
    n: number;
  }[];
  readonly pooling: readonly {
    name: string;
    effects: { estimate: number; variance: number }[];
    tau2: number;
    mean: number;
    error: number;
    low: number;
    high: number;
    predictionLow: number;
    predictionHigh: number;
    q: number;
  }[];
  readonly poolingJointly: {
    estimates: number[];
    covariance: number[][];
    tau2: number;
    mean: number;
    low: number;
    high: number;
  };
  readonly jointCovariance: { columns: number[][]; clusters: number[]; covariance: number[][] };
  readonly seeds: readonly {
    differences: number[][];
    mean: number;
    seedVariance: number;
    itemVariance: number;
    variance: number;
    degreesOfFreedom: number;
    low: number;
    high: number;
    p: number;
    simultaneous: number;
    equivalence: number;
    detectable: number;
  }[];
  readonly clusteredPairs: readonly {
    differences: number[];
    clusters: number[];
    wide: [number, number];
    narrow: [number, number];
    family: [number, number];
    equivalence: number;
  }[];
  readonly clusteredProportion: readonly {
    values: number[];
    clusters: number[];
    size: number;
    low: number;
    high: number;
  }[];
  readonly oddsRatios: readonly { gained: number; lost: number; value: number; low: number; high: number }[];
  readonly rankSets: readonly { values: number[][]; clusters: number[]; t: number[]; sets: number[][] }[];
  readonly correlations: readonly {
    x: number[];
    y: number[];
    tau: number;
    tauP: number;
    exact: boolean;
    rho: number;
    rhoP: number;
  }[];
  readonly equivalence: readonly { values: number[]; margin: number; p: number; low: number; high: number }[];
  readonly ranksByHolm: { means: number[]; error: number; sets: [number, number][] };
}

/** Both, gained, lost, neither. */
export interface GoldenPairs {
  readonly counts: [number, number, number, number];
  readonly low: number;
  readonly high: number;
}

/** Values that SciPy and statsmodels gave (scripts/statistics/golden.py). */
export const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/results/statistics.json', import.meta.url), 'utf8'),
) as Golden;

/** |value − expected| relative to |expected|, or absolute where 0 is expected. */
export function relativeError(value: number, expected: number): number {
  return Math.abs(value - expected) / (expected === 0 ? 1 : Math.abs(expected));
}
