import { kendallTauB, midRanks, snapped, spearman } from './correlation.ts';

/** Under this many behaviours no relation is computed: with three, no p falls below 1/3. */
export const MINIMUM_BEHAVIOURS = 4;
/** Up to this many, p counts every permutation; from one more on `spearman` gives it by Student's t. */
export const EXACT_BEHAVIOURS = 9;

export interface SpeedRelation {
  /** Spearman's ρ of distinguishability and speed, ties sharing their mean rank; above 0 as the theory says. */
  readonly rho: number;
  /** Kendall's τ_b of the same. */
  readonly tau: number;
  /** P(ρ this high) and P(|ρ| this far from 0) when every order is equally likely, ties kept. */
  readonly oneSidedP: number;
  readonly twoSidedP: number;
  readonly exact: boolean;
  /** The smallest two-sided p that so few behaviours can reach, 2 / n!: print it, and n, beside ρ. */
  readonly smallestP: number;
  readonly n: number;
}

export interface NoRelation {
  readonly rho: null;
  readonly reason: 'too-few' | 'constant';
  readonly n: number;
}

/**
 * Whether behaviours are learned in the order of their distinguishability. After Im & Li 2024, arXiv 2403.18742, whose
 * claim speaks of DPO; for other methods the relation describes. Distinguishability must come from the first checkpoint
 * and speed from later ones, or the relation is circular.
 *
 * @param distinguishability one number per behaviour.
 * @param speeds of the same behaviours, higher is faster (`crossingSpeeds` for crossings).
 * @throws RangeError for unequal lengths or a number that is not finite.
 */
export function speedRelation(
  distinguishability: ArrayLike<number>,
  speeds: ArrayLike<number>,
): SpeedRelation | NoRelation {
  requirePairs(distinguishability, speeds);
  const n = distinguishability.length;
  if (n < MINIMUM_BEHAVIOURS) return { rho: null, reason: 'too-few', n };
  // Equal slopes from different starts differ by rounding, and ranks would make an order of that.
  const [xs, ys] = [snapped(distinguishability), snapped(speeds)];
  const { value: rho, p } = spearman(xs, ys);
  const { value: tau } = kendallTauB(xs, ys);
  if (rho === null || tau === null) return { rho: null, reason: 'constant', n };
  const smallestP = 2 / factorial(n);
  const exact = n <= EXACT_BEHAVIOURS;
  if (exact || p === null) {
    return {
      rho,
      tau,
      ...permutationP(midRanks(xs), midRanks(ys)),
      exact: true,
      smallestP,
      n,
    };
  }
  return { rho, tau, oneSidedP: rho > 0 ? p / 2 : 1 - p / 2, twoSidedP: p, exact, smallestP, n };
}

/** Counts all orders of one side against the other; twice a mid-rank is whole, so that equal sums are equal exactly. */
function permutationP(a: Float64Array, b: Float64Array): { oneSidedP: number; twoSidedP: number } {
  const n = a.length;
  // Twice the rank less its mean: whole numbers around 0, whose sum of products is ρ up to a factor.
  const [one, other] = [a.map((rank) => 2 * rank - n - 1), b.map((rank) => 2 * rank - n - 1)];
  const observed = one.reduce((sum, value, i) => sum + value * (other[i] as number), 0);
  const counts = { high: 0, far: 0 };
  const used = new Uint8Array(n);
  const place = (at: number, sum: number): void => {
    if (at === n) {
      if (sum >= observed) counts.high++;
      if (Math.abs(sum) >= Math.abs(observed)) counts.far++;
      return;
    }
    for (let i = 0; i < n; i++) {
      if (used[i] === 1) continue;
      used[i] = 1;
      place(at + 1, sum + (one[at] as number) * (other[i] as number));
      used[i] = 0;
    }
  };
  place(0, 0);
  const orders = factorial(n);
  return { oneSidedP: counts.high / orders, twoSidedP: counts.far / orders };
}

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}

function requirePairs(xs: ArrayLike<number>, ys: ArrayLike<number>): void {
  if (xs.length !== ys.length) throw new RangeError(`${xs.length} behaviours and ${ys.length} speeds`);
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(xs[i]) || !Number.isFinite(ys[i])) {
      throw new RangeError('distinguishability and speed must be finite numbers');
    }
  }
}
