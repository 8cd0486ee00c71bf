import { logGamma } from './distributions.ts';
import { hasSpread, jackknifeInterval } from './jackknife.ts';
import { clopperPearsonInterval, type Interval } from './proportion.ts';

/**
 * Hedges' correction J(m) for the small-sample bias of a standardised mean with m degrees of freedom, exact: Γ(m/2) /
 * (√(m/2) Γ((m−1)/2)) (Hedges 1981, Journal of Educational Statistics 6:107-128, eq. 6e).
 *
 * @param degrees above 1.
 */
export function hedgesCorrection(degrees: number): number {
  if (!(degrees > 1)) throw new RangeError(`no correction with ${degrees} degrees of freedom`);
  return Math.exp(logGamma(degrees / 2) - logGamma((degrees - 1) / 2) - Math.log(degrees / 2) / 2);
}

export interface StandardisedEffect {
  /** In standard deviations; null without spread. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason: string | null;
}

/**
 * Standardised mean of paired differences: d_z = mean / standard deviation of the differences (Cohen 1988, Statistical
 * Power Analysis, §2.3.5), times Hedges' correction with clusters − 1 degrees of freedom. Interval by the jackknife over
 * whole clusters, from ten clusters on.
 *
 * @param differences one a sample.
 * @param clusters one whole number per sample.
 */
export function standardisedChange(
  differences: ArrayLike<number>,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): StandardisedEffect {
  const moments = momentsByCluster(differences, clusters);
  const all = moments.reduce(added, NONE);
  const plain = standardised(all);
  if (moments.length < 3 || plain === null) return nothing(null, 'no spread to standardise by');
  const correction = hedgesCorrection(moments.length - 1);
  const value = plain * correction;
  if (moments.length < MINIMUM_CLUSTERS) {
    return nothing(
      value,
      `too few clusters for an interval: ${moments.length}, at least ${MINIMUM_CLUSTERS} are needed`,
    );
  }
  const leftOut = moments.map((own) => standardised(subtracted(all, own)));
  if (!leftOut.every((each) => each !== null) || !hasSpread(leftOut)) {
    return nothing(value, 'no interval: one cluster alone makes the spread');
  }
  const { low, high } = jackknifeInterval(plain, leftOut, confidence);
  return { value, low: low * correction, high: high * correction, reason: null };
}

/**
 * Hedges' g of two independent groups: difference of the means over the pooled standard deviation, corrected (Hedges
 * 1981). Null without spread.
 *
 * @throws RangeError for a group of fewer than two values.
 */
export function hedgesG(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  const [a, b] = [momentsOf(one), momentsOf(other)];
  if (a.n < 2 || b.n < 2) throw new RangeError('both groups need at least two values');
  const degrees = a.n + b.n - 2;
  const pooled = Math.sqrt((squaresOf(a) + squaresOf(b)) / degrees);
  return pooled > 0 ? (hedgesCorrection(degrees) * (a.sum / a.n - b.sum / b.n)) / pooled : null;
}

/**
 * Paired odds ratio: gained over lost, the conditional estimate from discordant pairs, with the exact interval from
 * Clopper & Pearson's for the share that was gained (Breslow & Day 1980, Statistical Methods in Cancer Research I,
 * §5.2). Infinite without losses; null without discordant pairs.
 */
export function pairedOddsRatio(
  gained: number,
  lost: number,
  confidence = 0.95,
): (Interval & { readonly value: number }) | null {
  if (gained + lost === 0) return null;
  const { low, high } = clopperPearsonInterval(gained, gained + lost, confidence);
  return { value: gained / lost, low: low / (1 - low), high: high / (1 - high) };
}

const MINIMUM_CLUSTERS = 10;

/** Count, sum and sum of squares around a fixed origin. */
interface Moments {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

const NONE: Moments = { n: 0, sum: 0, squares: 0 };

function added(a: Moments, b: Moments): Moments {
  return { n: a.n + b.n, sum: a.sum + b.sum, squares: a.squares + b.squares };
}

function subtracted(a: Moments, b: Moments): Moments {
  return { n: a.n - b.n, sum: a.sum - b.sum, squares: a.squares - b.squares };
}

/** Squares around the mean; rounding alone counts as none. */
function squaresOf({ n, sum, squares }: Moments): number {
  const centred = squares - sum ** 2 / n;
  return centred > 1e-13 * squares ? centred : 0;
}

function standardised(moments: Moments): number | null {
  const { n, sum } = moments;
  const deviation = n < 2 ? 0 : Math.sqrt(squaresOf(moments) / (n - 1));
  return deviation > 0 ? sum / n / deviation : null;
}

function momentsOf(values: ArrayLike<number>): Moments {
  return Array.from(values, (value) => ({ n: 1, sum: value, squares: value * value })).reduce(added, NONE);
}

function momentsByCluster(values: ArrayLike<number>, clusters: ArrayLike<number>): Moments[] {
  if (values.length !== clusters.length) throw new RangeError('values and clusters must be equally long');
  const found = new Map<number, Moments>();
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const own = found.get(clusters[index] as number) ?? NONE;
    found.set(clusters[index] as number, added(own, { n: 1, sum: value, squares: value * value }));
  }
  return [...found.values()];
}

function nothing(value: number | null, reason: string): StandardisedEffect {
  return { value, low: null, high: null, reason };
}
