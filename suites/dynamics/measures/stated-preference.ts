import { finiteOrNull, requireFinite } from './numbers.ts';

/** One item asked as A or B, first with the chosen answer at A, then at B: ln p of the two letters. */
export interface SwappedScores {
  readonly chosenFirst: { readonly a: number; readonly b: number };
  readonly chosenSecond: { readonly a: number; readonly b: number };
}

export interface StatedPreference {
  /** Log-odds of the chosen answer, position taken out, in nats; above 0 the chosen answer is preferred. */
  readonly debiased: number;
  /** Pull towards A, in nats. */
  readonly positionBias: number;
  /** Sigmoid of `debiased`, 0 to 1. */
  readonly probability: number;
}

/**
 * A stated preference from two orders, for servers that cannot score a given answer. No margin in nats follows from it:
 * `debiased` less the reference's is an analogue under a name of its own.
 *
 * @throws RangeError for a log-probability that is not finite.
 */
export function statedPreference({ chosenFirst, chosenSecond }: SwappedScores): StatedPreference {
  requireFinite('a log-probability', chosenFirst.a, chosenFirst.b, chosenSecond.a, chosenSecond.b);
  const [first, second] = [chosenFirst.a - chosenFirst.b, chosenSecond.b - chosenSecond.a];
  const debiased = (first + second) / 2;
  return { debiased, positionBias: (first - second) / 2, probability: 1 / (1 + Math.exp(-debiased)) };
}

/**
 * Log-odds of k wins in n sampled texts with Jeffreys' half on both sides, in nats: finite for 0 and for n wins.
 *
 * @throws RangeError unless 0 ≤ k ≤ n, in halves at the finest (an inconsistent text is half a win).
 */
export function jeffreysLogOdds(wins: number, n: number): number {
  if (!(Number.isInteger(2 * wins) && Number.isInteger(n) && wins >= 0 && wins <= n)) {
    throw new RangeError(`${wins} wins of ${n}`);
  }
  return Math.log((wins + 0.5) / (n - wins + 0.5));
}

export interface RotatedOptions {
  /** Probability of each content, its place taken out: geometric mean over the rotations, exact where prior and content factorise. */
  readonly contents: readonly number[];
  /** What the places themselves attract: softmax over places of the mean ln p (PriDe, Zheng et al. 2023, arXiv 2309.03882). */
  readonly prior: readonly number[];
}

/**
 * Cyclic permutation of K options: rotation r puts content (place + r) mod K at each place.
 *
 * @param rows K rows of K log-probabilities by place, one for each rotation.
 * @returns null of no option.
 * @throws RangeError for rows that are not K by K or a log-probability that is not finite.
 */
export function rotatedOptions(rows: readonly (readonly number[])[]): RotatedOptions | null {
  const k = rows.length;
  if (k === 0) return null;
  const contents = new Float64Array(k);
  const places = new Float64Array(k);
  for (const [rotation, row] of rows.entries()) {
    if (row.length !== k) throw new RangeError(`${k} rotations of ${row.length} options`);
    requireFinite('a log-probability', ...row);
    for (const [place, value] of row.entries()) {
      const content = (place + rotation) % k;
      contents[content] = (contents[content] as number) + value / k;
      places[place] = (places[place] as number) + value / k;
    }
  }
  return { contents: softmax(contents), prior: softmax(places) };
}

/**
 * Probability of each content by the arithmetic mean over the rotations, each normalised over its places. Not exact where
 * prior and content factorise, unlike the geometric mean; both agree where places attract nothing. Errors as `rotatedOptions`.
 */
export function arithmeticContents(rows: readonly (readonly number[])[]): number[] | null {
  const k = rows.length;
  if (k === 0) return null;
  const contents = Array.from({ length: k }, () => 0);
  for (const [rotation, row] of rows.entries()) {
    if (row.length !== k) throw new RangeError(`${k} rotations of ${row.length} options`);
    requireFinite('a log-probability', ...row);
    for (const [place, share] of softmax(row).entries()) {
      const content = (place + rotation) % k;
      contents[content] = (contents[content] as number) + share / k;
    }
  }
  return contents;
}

/** Content probabilities of one unrotated row with a known prior of places divided out. Errors as `rotatedOptions`. */
export function withoutPrior(row: readonly number[], prior: readonly number[]): number[] {
  if (row.length !== prior.length) throw new RangeError(`${row.length} options and ${prior.length} priors`);
  const rest = row.map(
    (value, place) => finiteOrNull(value - Math.log(prior[place] as number)) ?? Number.NaN,
  );
  requireFinite('a log-probability', ...rest);
  return softmax(rest);
}

function softmax(logs: ArrayLike<number>): number[] {
  const values = Array.from(logs);
  const largest = Math.max(...values);
  const shares = values.map((value) => Math.exp(value - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
