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
const STARTING_ROWS = 20_000;
const LAST_STEP = 1e-5;
/** Rows that are worked on while they are in the processor's cache. */
const BLOCK = 256;

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
  const constant = design.scales.indexOf(0);
  if (constant !== -1) return refused(differences.length, rows.length, 'a factor never differs');
  const penalties = differences.map((_, factor) => (factor === control ? 0 : penalty));
  const found = minimised(design, penalties, startOf(design, penalties));
  if (found === null)
    return refused(
      differences.length,
      rows.length,
      'the fit does not converge: length may decide every pair',
    );
  return {
    coefficients: [...found.beta],
    errors: [...robustErrors(design, found)],
    pairs: rows.length,
    reason: null,
  };
}

function refused(factors: number, pairs: number, reason: string): PreferenceModel {
  const nothing = Array.from({ length: factors }, () => null);
  return { coefficients: nothing, errors: nothing, pairs, reason };
}

function completeRows({ differences, preference }: PreferenceModelInput): Uint32Array {
  const rows = new Uint32Array(preference.length);
  let count = 0;
  for (let pair = 0; pair < rows.length; pair++) {
    if (preference[pair] !== 1 && preference[pair] !== -1) continue;
    let isComplete = true;
    for (const column of differences) if (Number.isNaN(column[pair] as number)) isComplete = false;
    if (isComplete) rows[count++] = pair;
  }
  return rows.subarray(0, count);
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
  const turned = (column: ArrayLike<number>, scale: number): Float64Array => {
    const result = new Float64Array(rows.length);
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as number;
      result[place] = ((column[row] as number) * (preference[row] as number)) / scale;
    }
    return result;
  };
  const owners = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++) owners[place] = prompts[rows[place] as number] as number;
  return {
    columns: differences.map((column, factor) => turned(column, scales[factor] as number)),
    scales,
    prompts: owners,
  };
}

/**
 * Where the search begins: for very many rows near the fit already, by steps that take their curvature from the fit of every
 * so-manieth row. Curvature is what a step of Newton's method pays for, and the full one is then needed once, at the end.
 */
function startOf(design: Design, penalties: readonly number[]): Float64Array {
  const origin = new Float64Array(penalties.length);
  const stride = Math.floor(design.prompts.length / STARTING_ROWS);
  if (stride < 3) return origin;
  const taken = (column: Float64Array): Float64Array => column.filter((_, row) => row % stride === 0);
  const fewer = { ...design, columns: design.columns.map(taken), prompts: taken(design.prompts) };
  const found = minimised(fewer, penalties, origin);
  return found === null ? origin : approached(design, penalties, found, stride);
}

/** Steps with a curvature that stands still; ends when Newton's method would take its last step, or when they stop shrinking. */
function approached(
  { columns }: Design,
  penalties: readonly number[],
  { beta: start, hessian }: Minimum,
  stride: number,
): Float64Array {
  const curvature = hessian.map((line, i) =>
    line.map((each, j) => {
      const penalty = i === j ? (penalties[i] as number) : 0;
      return (each - penalty) * stride + penalty;
    }),
  );
  let beta = start;
  let before = Number.POSITIVE_INFINITY;
  for (let count = 0; count < MOST_STEPS; count++) {
    const step = solved(curvature, gradientAt(columns, penalties, beta, wrongShares(columns, beta)));
    const largest = step === null ? Number.POSITIVE_INFINITY : largestOf(step);
    if (step === null || !(largest < before / 2)) return beta;
    beta = moved(beta, step, 1);
    if (largest < LAST_STEP) return beta;
    before = largest;
  }
  return beta;
}

/** Newton's method, halving a step that makes the loss larger; null where it does not converge. */
function minimised(design: Design, penalties: readonly number[], start: Float64Array): Minimum | null {
  let beta = start;
  let loss: number | null = null;
  for (let count = 0; count < MOST_STEPS; count++) {
    const { gradient, hessian, wrong } = derivatives(design, penalties, beta);
    const step = solved(hessian, gradient);
    if (step === null) return null;
    // Newton's method doubles its digits a step: the next one would be far below rounding.
    if (largestOf(step) < LAST_STEP) return { beta: moved(beta, step, 1), hessian, wrong };
    loss ??= lossAt(design, penalties, beta);
    let size = 1;
    let next = moved(beta, step, size);
    let nextLoss = lossAt(design, penalties, next);
    while (nextLoss > loss * (1 + 1e-12) && size > 1e-6) {
      size /= 2;
      next = moved(beta, step, size);
      nextLoss = lossAt(design, penalties, next);
    }
    [beta, loss] = [next, nextLoss];
    // Separated by the control alone: its coefficient runs away.
    if (beta.some((each) => Math.abs(each) > 50)) return null;
  }
  return null;
}

function largestOf(step: Float64Array): number {
  return step.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
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

/** x·β by row. */
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
  /** By row the modelled probability of the preference that was not stated. */
  readonly wrong: Float64Array;
}

/** The coefficients, with what the last step saw. */
interface Minimum extends Pick<Derivatives, 'hessian' | 'wrong'> {
  readonly beta: Float64Array;
}

function derivatives({ columns }: Design, penalties: readonly number[], beta: Float64Array): Derivatives {
  const wrong = wrongShares(columns, beta);
  const gradient = gradientAt(columns, penalties, beta, wrong);
  const hessian = penalties.map((penalty, i) => {
    const line = new Float64Array(i + 1);
    line[i] = penalty;
    return line;
  });
  const weighted = new Float64Array(BLOCK);
  for (let start = 0; start < wrong.length; start += BLOCK) {
    const block = columns.map((column) => column.subarray(start, start + BLOCK));
    const shares = wrong.subarray(start, start + BLOCK);
    for (const [i, column] of block.entries()) {
      for (let row = 0; row < shares.length; row++) {
        const share = shares[row] as number;
        weighted[row] = share * (1 - share) * (column[row] as number);
      }
      const line = hessian[i] as Float64Array;
      for (let j = 0; j <= i; j++) {
        line[j] = (line[j] as number) + dot(block[j] as Float64Array, weighted);
      }
    }
  }
  return { gradient, hessian, wrong };
}

function gradientAt(
  columns: readonly Float64Array[],
  penalties: readonly number[],
  beta: Float64Array,
  wrong: Float64Array,
): Float64Array {
  return Float64Array.from(columns, (column, i) => {
    return (penalties[i] as number) * (beta[i] as number) - dot(column, wrong);
  });
}

function wrongShares(columns: readonly Float64Array[], beta: Float64Array): Float64Array {
  const result = margins(columns, beta);
  for (let row = 0; row < result.length; row++) result[row] = 1 / (1 + Math.exp(result[row] as number));
  return result;
}

/** Σ a_r b_r over the length of `a`; four sums, because each addition waits for the last. */
function dot(a: Float64Array, b: Float64Array): number {
  let [one, two, three, four] = [0, 0, 0, 0];
  let row = 0;
  for (; row + 3 < a.length; row += 4) {
    one += (a[row] as number) * (b[row] as number);
    two += (a[row + 1] as number) * (b[row + 1] as number);
    three += (a[row + 2] as number) * (b[row + 2] as number);
    four += (a[row + 3] as number) * (b[row + 3] as number);
  }
  for (; row < a.length; row++) one += (a[row] as number) * (b[row] as number);
  return one + two + (three + four);
}

/** √ diag(H⁻¹ M H⁻¹), M the sum over prompts of squared scores. */
function robustErrors(design: Design, { hessian, wrong }: Minimum): Float64Array {
  const { columns } = design;
  const scores = scoresByPrompt(design, wrong);
  const units = columns.map((_, i) => Float64Array.from(columns, (_unused, j) => (i === j ? 1 : 0)));
  const inverse = solveSymmetric(hessian, ...units);
  const squares = new Float64Array(columns.length);
  for (let start = 0; start < scores.length; start += columns.length) {
    const own = scores.subarray(start, start + columns.length);
    for (const [i, row] of inverse.entries()) squares[i] = (squares[i] as number) + dot(row, own) ** 2;
  }
  return squares.map(Math.sqrt);
}

/** Σ over a prompt's rows of what each says of every coefficient; one run of numbers a prompt. */
function scoresByPrompt({ columns, prompts }: Design, wrong: Float64Array): Float64Array {
  const numbers = new Map<number, number>();
  const places = Uint32Array.from(prompts, (prompt) => {
    const known = numbers.get(prompt);
    if (known !== undefined) return known;
    numbers.set(prompt, numbers.size);
    return numbers.size - 1;
  });
  const sums = new Float64Array(numbers.size * columns.length);
  for (const [factor, column] of columns.entries()) {
    for (let row = 0; row < wrong.length; row++) {
      const place = (places[row] as number) * columns.length + factor;
      sums[place] = (sums[place] as number) + (wrong[row] as number) * (column[row] as number);
    }
  }
  return sums;
}
