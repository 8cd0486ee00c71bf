import { normalQuantile, studentUpperTail } from './distributions.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';
import type { RandomSource } from './sign-flip.ts';

/** Draws behind one quantile: its own error is then about .02 of a multiplier of some 2.7. */
export const MAX_T_DRAWS = 5_000;

/** Draws whose numbers stay in the processor's cache while they are combined. */
const BLOCK = 500;

/** Independent standard normal numbers, block by block: of an estimate, and of its standard error. */
interface Normals {
  readonly estimate: readonly Float64Array[];
  readonly error: readonly Float64Array[];
}

/**
 * Quantiles of max |t| over several correlated estimates from the same clusters: the multiplier of the standard errors
 * with which their intervals hold all at once. The plug-in of Montiel Olea & Plagborg-Møller 2019 (J. Applied
 * Econometrics 34:1-17, algorithm 1): estimates drawn as jointly normal with the correlation that the clusters show;
 * for few clusters each is divided by an estimated standard error of its own, as in the Wishart distribution that the
 * errors of normal clusters have: squared, with `degreesOfFreedom`, correlated like the squares of the correlations.
 *
 * The draws are shared by all quantiles of a report, so that they are repeatable and cheap.
 */
export class MaxT {
  readonly #random: RandomSource;
  readonly #draws: number;
  /** For each estimate. */
  readonly #normals: Normals[] = [];

  constructor(random: RandomSource, draws = MAX_T_DRAWS) {
    this.#random = random;
    this.#draws = draws;
  }

  /**
   * Exact for one estimate, or several that say the same; never outside what holds whatever the correlations are: a
   * single estimate's quantile, and Bonferroni's.
   *
   * @param correlations one row per estimate, of which there is at least one.
   * @param degreesOfFreedom clusters − 1, positive.
   */
  quantile(correlations: readonly ArrayLike<number>[], degreesOfFreedom: number, confidence = 0.95): number {
    const distinct = withoutRepeats(correlations);
    const quantileOf = (tests: number): number =>
      keptStudentQuantile(1 - (1 - confidence) / (2 * tests), degreesOfFreedom);
    if (distinct.length < 2) return quantileOf(1);
    const largest = this.#largest(distinct, degreesOfFreedom).sort();
    const place = Math.min(largest.length, Math.ceil(confidence * (largest.length + 1))) - 1;
    return Math.min(Math.max(largest[place] as number, quantileOf(1)), quantileOf(distinct.length));
  }

  /** max |t| of every draw. */
  #largest(correlations: readonly Float64Array[], degreesOfFreedom: number): Float64Array {
    const [estimates, errors] = [
      factorOf(correlations),
      factorOf(correlations.map((row) => row.map((r) => r * r))),
    ];
    const largest = new Float64Array(this.#draws);
    // Wilson & Hilferty 1931, PNAS 17:684-688: the cube root of chi-square over its degrees of freedom is about normal.
    const spread = 2 / (9 * degreesOfFreedom);
    const [centre, scale] = [1 - spread, Math.sqrt(spread)];
    for (let block = 0; block * BLOCK < this.#draws; block++) {
      const most = largest.subarray(block * BLOCK, (block + 1) * BLOCK);
      for (const [index, row] of estimates.entries()) {
        const z = this.#combined(row, 'estimate', block);
        const w = this.#combined(errors[index] as Float64Array, 'error', block);
        for (let draw = 0; draw < most.length; draw++) {
          const root = Math.max(centre + scale * (w[draw] as number), 1e-3);
          const square = (z[draw] as number) ** 2 / (root * root * root);
          if (square > (most[draw] as number)) most[draw] = square;
        }
      }
    }
    return largest.map(Math.sqrt);
  }

  /** Σ weights[k] · normals of estimate k for the draws of a block, four estimates at a time: this is where the time goes. */
  #combined(weights: Float64Array, of: keyof Normals, block: number): Float64Array {
    const last = weights.length;
    const at = (index: number): Float64Array =>
      this.#normalsOf(Math.min(index, last - 1))[of][block] as Float64Array;
    const sum = new Float64Array(at(0).length);
    for (let index = 0; index < last; index += 4) {
      const [a, b, c, d] = [at(index), at(index + 1), at(index + 2), at(index + 3)];
      const p = weights[index] as number;
      const [q, r, s] = [weights[index + 1] ?? 0, weights[index + 2] ?? 0, weights[index + 3] ?? 0];
      for (let draw = 0; draw < sum.length; draw++) {
        sum[draw] =
          (sum[draw] as number) +
          (p * (a[draw] as number) + q * (b[draw] as number)) +
          (r * (c[draw] as number) + s * (d[draw] as number));
      }
    }
    return sum;
  }

  #normalsOf(index: number): Normals {
    while (this.#normals.length <= index)
      this.#normals.push({ estimate: this.#drawn(), error: this.#drawn() });
    return this.#normals[index] as Normals;
  }

  #drawn(): Float64Array[] {
    // Half a step of the 32 bits keeps the ends out.
    const normal = (): number => normalQuantile(this.#random.next() + 2 ** -33);
    return Array.from({ length: Math.ceil(this.#draws / BLOCK) }, (_, block) =>
      Float64Array.from({ length: Math.min(BLOCK, this.#draws - block * BLOCK) }, normal),
    );
  }
}

/** The two-sided level at which a single Student's t interval has this multiplier. */
export function levelOfMultiplier(multiplier: number, degreesOfFreedom: number): number {
  return 2 * studentUpperTail(multiplier, degreesOfFreedom);
}

/**
 * Correlations of estimates from what each cluster contributes to them.
 *
 * @param contributions one row per estimate, one entry per cluster, in the same order; each has some spread.
 */
export function correlationsOf(contributions: readonly ArrayLike<number>[]): Float64Array[] {
  const unit = contributions.map(standardised);
  return unit.map((one) => Float64Array.from(unit, (other) => dot(one, other)));
}

function standardised(values: ArrayLike<number>): Float64Array {
  let mean = 0;
  for (let index = 0; index < values.length; index++) mean += (values[index] as number) / values.length;
  const centred = Float64Array.from(values, (value) => value - mean);
  const length = Math.sqrt(dot(centred, centred));
  return centred.map((value) => value / length);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] as number) * (other[index] as number);
  return sum;
}

/** Without estimates that another one repeats up to rounding, or mirrors: they say nothing more. */
function withoutRepeats(correlations: readonly ArrayLike<number>[]): Float64Array[] {
  const kept: number[] = [];
  for (const [index, row] of correlations.entries()) {
    if (!kept.some((other) => Math.abs(row[other] as number) > 1 - 1e-12)) kept.push(index);
  }
  return kept.map((index) => Float64Array.from(kept, (other) => correlations[index]?.[other] as number));
}

/**
 * The lower triangular L with L Lᵀ = the matrix, row i up to its diagonal (Cholesky). What is left of a row that the
 * earlier ones determine is rounding and counts as 0, since more estimates than clusters give a matrix without full rank.
 */
function factorOf(matrix: readonly Float64Array[]): Float64Array[] {
  const factor: Float64Array[] = [];
  for (const [i, given] of matrix.entries()) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      const other = j === i ? row : (factor[j] as Float64Array);
      let rest = given[j] as number;
      for (let k = 0; k < j; k++) rest -= (row[k] as number) * (other[k] as number);
      if (j === i) row[j] = rest > ROUNDING ? Math.sqrt(rest) : 0;
      else row[j] = (other[j] as number) === 0 ? 0 : rest / (other[j] as number);
    }
    factor.push(row);
  }
  return factor;
}

const ROUNDING = 1e-10;
