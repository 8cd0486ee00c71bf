import { solveSymmetric } from './matrix.ts';

export interface PreferenceModelInput {
  /** By factor, one entry a pair: first response less second; NaN where missing. */
  readonly differences: readonly ArrayLike<number>[];
  /** 1 or −1 a pair; ties and unknown preferences (any other number) leave the model. */
  readonly preference: ArrayLike<number>;
  /** One whole number a pair; errors are robust to dependence within. */
  readonly prompts: ArrayLike<number>;
  /** The factor that is controlled for and not shrunk (length); null for none. */
  readonly control: number | null;
  /** Weight λ of λ/2 Σβ² on the standardised coefficients, 1 by default. */
  readonly penalty?: number;
}

export interface PreferenceModel {
  /** By factor: change of the log-odds per standard size of its difference; null where nothing was fitted. */
  readonly coefficients: readonly (number | null)[];
  /** Cluster-robust standard errors; of shrunk coefficients they say how these vary, not how far they are shrunk. */
  readonly errors: readonly (number | null)[];
  /** Pairs with a decided preference and every factor. */
  readonly pairs: number;
  /** Why there are none. */
  readonly reason: string | null;
}

const PENALTY = 1;
/** Fewer pairs a coefficient than this, and the fit describes the noise. */
const PAIRS_A_FACTOR = 10;
const MOST_STEPS = 60;

/**
 * Logistic model of preference on the differences of factors, with a ridge penalty (Hoerl & Kennard 1970; le Cessie & van
 * Houwelingen 1992, Applied Statistics 41:191-201). Each difference is divided by its root mean square, and there is no
 * intercept, so that swapping the two responses of any pair changes nothing. Errors by the sandwich over prompts
 * (Liang & Zeger 1986, Biometrika 73:13-22), without a small-sample factor.
 */
export function preferenceModel(input: PreferenceModelInput): PreferenceModel {
  const { differences, control, penalty = PENALTY } = input;
  const rows = completeRows(input);
  const needed = PAIRS_A_FACTOR * differences.length;
  if (rows.length < needed)
    return refused(
      differences.length,
      rows.length,
      `${rows.length} complete pairs: at least ${needed} are needed`,
    );
  const design = designOf(input, rows);
  const constant = design.scales.findIndex((scale) => scale === 0);
  if (constant !== -1) return refused(differences.length, rows.length, 'a factor never differs');
  const penalties = differences.map((_, factor) => (factor === control ? 0 : penalty));
  const beta = minimised(design, penalties);
  if (beta === null)
    return refused(
      differences.length,
      rows.length,
      'the fit does not converge: length may decide every pair',
    );
  return {
    coefficients: [...beta],
    errors: [...robustErrors(design, penalties, beta)],
    pairs: rows.length,
    reason: null,
  };
}

function refused(factors: number, pairs: number, reason: string): PreferenceModel {
  const nothing = Array.from({ length: factors }, () => null);
  return { coefficients: nothing, errors: nothing, pairs, reason };
}

function completeRows({ differences, preference }: PreferenceModelInput): Uint32Array {
  const rows: number[] = [];
  for (let pair = 0; pair < preference.length; pair++) {
    if (preference[pair] !== 1 && preference[pair] !== -1) continue;
    if (differences.every((column) => !Number.isNaN(column[pair]))) rows.push(pair);
  }
  return Uint32Array.from(rows);
}

/** Rows turned so that the first response is the preferred one: the log-likelihood of a row is −log(1 + exp(−x·β)). */
interface Design {
  readonly columns: readonly Float64Array[];
  readonly scales: readonly number[];
  readonly prompts: Float64Array;
}

function designOf({ differences, preference, prompts }: PreferenceModelInput, rows: Uint32Array): Design {
  const scales = differences.map((column) => {
    let squares = 0;
    for (const row of rows) squares += (column[row] as number) ** 2;
    return Math.sqrt(squares / rows.length);
  });
  return {
    columns: differences.map((column, factor) =>
      Float64Array.from(
        rows,
        (row) => ((column[row] as number) * (preference[row] as number)) / (scales[factor] as number),
      ),
    ),
    scales,
    prompts: Float64Array.from(rows, (row) => prompts[row] as number),
  };
}

/** Newton's method, halving a step that makes the loss larger; null where it does not converge. */
function minimised(design: Design, penalties: readonly number[]): Float64Array | null {
  let beta: Float64Array = new Float64Array(penalties.length);
  let loss = lossAt(design, penalties, beta);
  for (let count = 0; count < MOST_STEPS; count++) {
    const { gradient, hessian } = derivatives(design, penalties, beta);
    const step = solved(hessian, gradient);
    if (step === null) return null;
    let size = 1;
    let next = moved(beta, step, size);
    let nextLoss = lossAt(design, penalties, next);
    while (nextLoss > loss && size > 1e-6) {
      size /= 2;
      next = moved(beta, step, size);
      nextLoss = lossAt(design, penalties, next);
    }
    const largest = step.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    [beta, loss] = [next, nextLoss];
    // Separated by the control alone: its coefficient runs away.
    if (beta.some((each) => Math.abs(each) > 50)) return null;
    if (largest < 1e-9) return beta;
  }
  return null;
}

function moved(beta: Float64Array, step: Float64Array, size: number): Float64Array {
  return beta.map((each, factor) => each - size * (step[factor] as number));
}

function solved(hessian: readonly Float64Array[], side: Float64Array): Float64Array | null {
  try {
    return solveSymmetric(hessian, side)[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function lossAt({ columns }: Design, penalties: readonly number[], beta: Float64Array): number {
  let loss = 0;
  for (const margin of margins(columns, beta)) {
    // log(1 + e^−m) without overflow.
    loss += Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin);
  }
  return loss + penalties.reduce((sum, each, factor) => sum + (each * (beta[factor] as number) ** 2) / 2, 0);
}

function margins(columns: readonly Float64Array[], beta: Float64Array): Float64Array {
  const result = new Float64Array(columns[0]?.length ?? 0);
  for (const [factor, column] of columns.entries()) {
    const weight = beta[factor] as number;
    for (let row = 0; row < result.length; row++) {
      result[row] = (result[row] as number) + weight * (column[row] as number);
    }
  }
  return result;
}

interface Derivatives {
  readonly gradient: Float64Array;
  readonly hessian: readonly Float64Array[];
}

function derivatives({ columns }: Design, penalties: readonly number[], beta: Float64Array): Derivatives {
  const wrong = margins(columns, beta).map((margin) => 1 / (1 + Math.exp(margin)));
  const weights = wrong.map((share) => share * (1 - share));
  const weighted = new Float64Array(weights.length);
  const hessian = columns.map((column, i) => {
    for (let row = 0; row < weighted.length; row++) {
      weighted[row] = (weights[row] as number) * (column[row] as number);
    }
    const line = Float64Array.from(columns.slice(0, i + 1), (other) => dot(weighted, other));
    line[i] = (line[i] as number) + (penalties[i] as number);
    return line;
  });
  const gradient = Float64Array.from(
    columns,
    (column, i) => (penalties[i] as number) * (beta[i] as number) - dot(wrong, column),
  );
  return { gradient, hessian };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += (a[row] as number) * (b[row] as number);
  return sum;
}

/** √ diag(H⁻¹ M H⁻¹), M the sum over prompts of squared scores. */
function robustErrors(design: Design, penalties: readonly number[], beta: Float64Array): Float64Array {
  const { columns, prompts } = design;
  const { hessian } = derivatives(design, penalties, beta);
  const wrong = margins(columns, beta).map((margin) => 1 / (1 + Math.exp(margin)));
  const byPrompt = new Map<number, Float64Array>();
  for (const [row, prompt] of prompts.entries()) {
    const sums = byPrompt.get(prompt) ?? new Float64Array(columns.length);
    for (const [factor, column] of columns.entries()) {
      sums[factor] = (sums[factor] as number) + (wrong[row] as number) * (column[row] as number);
    }
    byPrompt.set(prompt, sums);
  }
  const units = columns.map((_, i) => Float64Array.from(columns, (_unused, j) => (i === j ? 1 : 0)));
  const inverse = solveSymmetric(hessian, ...units);
  const squares = new Float64Array(columns.length);
  for (const sums of byPrompt.values()) {
    for (const [i, row] of inverse.entries()) squares[i] = (squares[i] as number) + dot(row, sums) ** 2;
  }
  return squares.map(Math.sqrt);
}
