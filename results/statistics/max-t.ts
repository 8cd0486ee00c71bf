import { deriveSeed, type Random, seededRandom } from '../../core/random.ts';
import { studentUpperTail } from './distributions.ts';
import { keptStudentQuantile } from './kept-quantiles.ts';

/** Draws behind one quantile: what it covers then errs by .15 points. */
export const MAX_T_DRAWS = 20_000;
/** Of so many estimates that this would take too long a quarter is taken, which errs by .3 points. */
const MANY = 24;

/** Draws whose numbers stay in the processor's cache while they are combined. */
const BLOCK = 500;

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
  readonly #seed: number;
  readonly #draws: number;
  /** For each estimate, and for its standard error. */
  readonly #normals: Record<Part, Normals[]> = { estimate: [], error: [] };

  constructor(seed: number, draws = MAX_T_DRAWS) {
    this.#seed = seed;
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
    const draws = correlations.length > MANY ? Math.ceil(this.#draws / 4) : this.#draws;
    const largest = new Float64Array(draws);
    // Wilson & Hilferty 1931, PNAS 17:684-688: the cube root of chi-square over its degrees of freedom is about normal.
    const spread = 2 / (9 * degreesOfFreedom);
    const [centre, scale] = [1 - spread, Math.sqrt(spread)];
    const [z, w] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
    for (let block = 0; block * BLOCK < draws; block++) {
      const most = largest.subarray(block * BLOCK, (block + 1) * BLOCK);
      for (const [index, row] of estimates.entries()) {
        this.#combined(z, row, 'estimate', block);
        this.#combined(w, errors[index] as Float64Array, 'error', block);
        for (let draw = 0; draw < most.length; draw++) {
          const cube = centre + scale * (w[draw] as number);
          const root = cube > SMALLEST ? cube : SMALLEST;
          const square = (z[draw] as number) ** 2 / (root * root * root);
          if (square > (most[draw] as number)) most[draw] = square;
        }
      }
    }
    return largest.map(Math.sqrt);
  }

  /** Σ weights[k] · normals of estimate k for the draws of a block, four estimates at a time: this is where the time goes. */
  #combined(sum: Float64Array, weights: Float64Array, of: Part, block: number): void {
    const last = weights.length;
    sum.fill(0);
    for (let index = 0; index < last; index += 4) {
      const a = this.#normalsOf(index, of).block(block);
      const b = this.#normalsOf(Math.min(index + 1, last - 1), of).block(block);
      const c = this.#normalsOf(Math.min(index + 2, last - 1), of).block(block);
      const d = this.#normalsOf(Math.min(index + 3, last - 1), of).block(block);
      const p = weights[index] as number;
      const q = index + 1 < last ? (weights[index + 1] as number) : 0;
      const r = index + 2 < last ? (weights[index + 2] as number) : 0;
      const s = index + 3 < last ? (weights[index + 3] as number) : 0;
      for (let draw = 0; draw < BLOCK; draw++) {
        sum[draw] =
          (sum[draw] as number) +
          (p * (a[draw] as number) + q * (b[draw] as number)) +
          (r * (c[draw] as number) + s * (d[draw] as number));
      }
    }
  }

  #normalsOf(index: number, of: Part): Normals {
    const known = this.#normals[of];
    while (known.length <= index) known.push(new Normals(deriveSeed(this.#seed, of, known.length)));
    return known[index] as Normals;
  }
}

type Part = 'estimate' | 'error';

/** Standard normal numbers of one seed, a block at a time, made when first needed. */
class Normals {
  readonly #random: Random;
  readonly #blocks: Float64Array[] = [];

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  block(index: number): Float64Array {
    while (this.#blocks.length <= index) this.#blocks.push(this.#drawn());
    return this.#blocks[index] as Float64Array;
  }

  /** Two at a time (Box & Muller 1958, Annals of Mathematical Statistics 29:610-611). */
  #drawn(): Float64Array {
    const numbers = new Float64Array(BLOCK);
    const { cos, log, sin, sqrt } = Math;
    for (let place = 0; place < BLOCK; place += 2) {
      // Half a step of the 32 bits keeps 0 out.
      const radius = sqrt(-2 * log(this.#random.next() + 2 ** -33));
      const angle = TURN * this.#random.next();
      numbers[place] = radius * cos(angle);
      numbers[place + 1] = radius * sin(angle);
    }
    return numbers;
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
/** Far below any root of chi-square that occurs: the cube root of the normal approximation must not turn negative. */
const SMALLEST = 1e-3;
const TURN = 2 * Math.PI;
