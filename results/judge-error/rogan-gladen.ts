import type { Random } from '../../core/random.ts';
import { normalQuantile, studentQuantile } from '../statistics/distributions.ts';
import { dirichlet } from './dirichlet.ts';
import type { ConfusionRow } from './evidence.ts';

/** Draws of a scorer's Se + Sp − 1 that its labelled data leave plausible, and the estimate itself. */
export interface YoudenDraws {
  readonly estimate: number;
  /** The 2.5 % quantile of the draws. */
  readonly low: number;
  readonly draws: Float64Array;
}

/** Below this the correction would blow noise up more than fivefold. */
export const LEAST_YOUDEN = 0.2;
/** Enough that the ends of an interval repeat to about two hundredths of its length. */
export const ERROR_DRAWS = 4000;
const FLOOR = 0.05;

/**
 * A scorer's sensitivity + specificity − 1 for the event "the label is one of `event`", with the uncertainty of the labelled
 * data: each row of the confusion matrix is a multinomial with Jeffreys' prior, on its effective number of cases. Rows
 * that share a side of the event are mixed as in the data. Null when the data have no case on one of the sides.
 */
export function youdenDraws(
  rows: readonly ConfusionRow[],
  labels: readonly string[],
  event: ReadonlySet<string>,
  random: Random,
): YoudenDraws | null {
  const counted = rows.map(({ label, said, effectiveShare }) => ({
    inside: event.has(label),
    effectiveShare,
    counts: labels.map((one) => said[one] ?? 0),
  }));
  const totals = counted.map(({ counts }) => sumOf(counts));
  const sides = [true, false].map((inside) =>
    sumOf(totals.filter((_, index) => counted[index]?.inside === inside)),
  );
  if (sides.some((side) => side === 0)) return null;
  const hits = labels.map((one) => event.has(one));
  const youden = (shareOf: (row: (typeof counted)[number]) => readonly number[]): number =>
    counted.reduce((sum, row, index) => {
      const found = sumOf(shareOf(row).filter((_, label) => hits[label] === row.inside));
      return sum + (found * (totals[index] as number)) / (sides[row.inside ? 0 : 1] as number);
    }, -1);
  const estimate = youden(({ counts }) => counts.map((count) => count / Math.max(1, sumOf(counts))));
  const draws = Float64Array.from({ length: ERROR_DRAWS }, () =>
    youden(({ counts, effectiveShare }) =>
      dirichlet(
        counts.map((count) => count * effectiveShare + 0.5),
        random,
      ),
    ),
  );
  return { estimate, low: quantile(draws.toSorted(), 0.025), draws };
}

/** One part of an observed difference that a single Se and Sp apply to: all of a mean, one stratum of a contrast. */
export interface ObservedPart {
  readonly coefficient: number;
  /** Difference of the scorer's means. */
  readonly delta: number;
  readonly youden: YoudenDraws;
}

/**
 * The difference that would stand if the scorer erred here, on both sides alike, as on its labelled data: each part divided
 * by Se + Sp − 1 (Rogan & Gladen 1978, Am. J. Epidemiol. 107:71-76). The 95 % interval is by simulation from both
 * sources of uncertainty, the samples and the labelled data (as Lang & Reiczigel 2014, Prev. Vet. Med. 113:13-22, do in
 * closed form for one prevalence).
 *
 * @param covariance of the parts' differences, from whole clusters.
 */
export function roganGladen(
  parts: readonly ObservedPart[],
  covariance: readonly (readonly number[])[],
  clusters: number,
  random: Random,
): { readonly delta: number; readonly low: number; readonly high: number } {
  const at = (factors: readonly number[]): number =>
    parts.reduce(
      (sum, { coefficient, delta }, index) => sum + coefficient * delta * (factors[index] as number),
      0,
    );
  const errorAt = (factors: readonly number[]): number => {
    const weights = parts.map(({ coefficient }, index) => coefficient * (factors[index] as number));
    return Math.sqrt(
      Math.max(
        0,
        weights.reduce(
          (sum, a, row) =>
            sum + weights.reduce((inner, b, column) => inner + a * b * (covariance[row]?.[column] ?? 0), 0),
          0,
        ),
      ),
    );
  };
  const widening = studentQuantile(0.975, clusters - 1) / normalQuantile(0.975);
  const draws = Float64Array.from({ length: ERROR_DRAWS }, (_, draw) => {
    const factors = parts.map(({ youden }) => 1 / Math.max(FLOOR, youden.draws[draw] as number));
    const shift = normalQuantile(Math.max(2 ** -33, random.next())) * widening;
    return at(factors) + errorAt(factors) * shift;
  }).sort();
  return {
    delta: at(parts.map(({ youden }) => 1 / youden.estimate)),
    low: quantile(draws, 0.025),
    high: quantile(draws, 0.975),
  };
}

/** Linear between order statistics (Hyndman & Fan's type 7). */
function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
