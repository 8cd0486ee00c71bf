import { type Correlation, kendallTauB, midRanks, pearson, spearman } from './correlation.ts';
import { type FactorInterval, replicateInterval } from './factor-bootstrap.ts';

/** With fewer factors no rank correlation can be told from chance: with four even |τ| = 1 has p = .083. */
export const MINIMUM_FACTORS = 5;
/** Up to this many factors every order is tried: 8! = 40,320. */
const EXACT_FACTORS = 8;

/** A correlation of two raters' factor scores. A description: factors are no random sample of anything. */
export interface AlignmentMeasure extends FactorInterval {
  readonly value: number | null;
  /** Two-sided, over all orders of the factors; null above eight factors. Descriptive. */
  readonly p: number | null;
}

export interface ScoreAlignment {
  readonly rho: AlignmentMeasure;
  readonly tauB: AlignmentMeasure;
  readonly r: AlignmentMeasure;
}

export interface ScoreVector {
  readonly scores: readonly number[];
  /** One array a score, from the same resamples on both sides. */
  readonly replicates: readonly Float64Array[];
}

type Measure = keyof ScoreAlignment;
const MEASURES: Readonly<Record<Measure, (xs: ArrayLike<number>, ys: ArrayLike<number>) => Correlation>> = {
  rho: spearman,
  tauB: kendallTauB,
  r: pearson,
};

/**
 * Spearman's ρ, Kendall's τ_b and Pearson's r between the factor scores of two raters, each with an interval over
 * resampled prompts and the share of all orders of the factors that correlate as strongly.
 *
 * @param prompts that give the interval: the fewer of both raters.
 * @returns null under five factors.
 */
export function alignScores(one: ScoreVector, other: ScoreVector, prompts: number): ScoreAlignment | null {
  if (one.scores.length < MINIMUM_FACTORS) return null;
  const measure = (name: Measure): AlignmentMeasure => {
    const { value } = MEASURES[name](one.scores, other.scores);
    const interval = value === null ? CONSTANT : replicateInterval(correlated(one, other, name), prompts);
    return { value, p: value === null ? null : exactP(one.scores, other.scores, name), ...interval };
  };
  return { rho: measure('rho'), tauB: measure('tauB'), r: measure('r') };
}

const CONSTANT: FactorInterval = {
  low: null,
  high: null,
  undefinedReplicates: 0,
  reason: 'all scores of one rater are equal',
};

/** The correlation in every resample; NaN where it or a score is not defined. */
export function correlated(one: ScoreVector, other: ScoreVector, name: Measure): Float64Array {
  const draws = one.replicates[0]?.length ?? 0;
  const [xs, ys] = [new Float64Array(one.scores.length), new Float64Array(one.scores.length)];
  return Float64Array.from({ length: draws }, (_, draw) => {
    let sum = 0;
    for (let factor = 0; factor < xs.length; factor++) {
      const x = (one.replicates[factor] as Float64Array)[draw] as number;
      const y = (other.replicates[factor] as Float64Array)[draw] as number;
      [xs[factor], ys[factor]] = [x, y];
      sum += x + y;
    }
    return Number.isNaN(sum) ? Number.NaN : (MEASURES[name](xs, ys).value ?? Number.NaN);
  });
}

/** Share of all orders of `ys` whose |correlation| is at least the one seen. */
function exactP(xs: readonly number[], ys: readonly number[], name: Measure): number | null {
  if (xs.length > EXACT_FACTORS) return null;
  const score = name === 'tauB' ? concordance(xs, ys) : products(xs, ys, name);
  // Equal sums in another order may differ in their last bits.
  const least = Math.abs(score(ys.map((_, index) => index))) * (1 - 1e-9) - 1e-15;
  let [extreme, all] = [0, 0];
  for (const order of permutations(ys.map((_, index) => index))) {
    all++;
    if (Math.abs(score(order)) >= least) extreme++;
  }
  return extreme / all;
}

type OrderScore = (order: readonly number[]) => number;

/** Σ (x − x̄)(y − ȳ), of values or of ranks: what ρ and r are up to factors that no order changes. */
function products(xs: readonly number[], ys: readonly number[], name: 'rho' | 'r'): OrderScore {
  const centred = (values: readonly number[]): Float64Array => {
    const taken = name === 'rho' ? midRanks(values) : Float64Array.from(values);
    const mean = taken.reduce((sum, value) => sum + value, 0) / taken.length;
    return taken.map((value) => value - mean);
  };
  const [a, b] = [centred(xs), centred(ys)];
  return (order) => {
    let sum = 0;
    for (const [place, other] of order.entries()) sum += (a[place] as number) * (b[other] as number);
    return sum;
  };
}

/** Pairs in the same order less pairs in opposite order: what τ_b is up to a factor that no order changes. */
function concordance(xs: readonly number[], ys: readonly number[]): OrderScore {
  const signs = (values: readonly number[]): Int8Array[] =>
    values.map((value) => Int8Array.from(values, (other) => Math.sign(value - other)));
  const [a, b] = [signs(xs), signs(ys)];
  return (order) => {
    let sum = 0;
    for (let i = 0; i < order.length; i++) {
      const [row, other] = [a[i] as Int8Array, b[order[i] as number] as Int8Array];
      for (let j = 0; j < i; j++) sum += (row[j] as number) * (other[order[j] as number] as number);
    }
    return sum;
  };
}

/** Every order once, in place (Heap 1963, The Computer Journal 6:293-298). */
function* permutations(values: number[]): Generator<readonly number[]> {
  const counters = values.map(() => 0);
  yield values;
  for (let place = 1; place < values.length; ) {
    const counter = counters[place] as number;
    if (counter >= place) {
      counters[place++] = 0;
      continue;
    }
    const other = place % 2 === 0 ? 0 : counter;
    [values[other], values[place]] = [values[place] as number, values[other] as number];
    yield values;
    counters[place] = counter + 1;
    place = 1;
  }
}
