import { normalQuantile, normalUpperTail } from './distributions.ts';
import type { Interval } from './proportion.ts';

/** Percentile interval (Efron 1982, The Jackknife, the Bootstrap …, §10.4) of sorted bootstrap values. */
export function percentileInterval(sorted: Float64Array, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  return { low: interpolated(sorted, tail), high: interpolated(sorted, 1 - tail) };
}

/**
 * Bias-corrected and accelerated interval (Efron 1987, JASA 82:171-185): percentiles moved by the share of draws under
 * the estimate and by the skew of the jackknife values. Null when every draw lies on one side of the estimate.
 *
 * @param sorted bootstrap values, ascending.
 * @param leftOut the statistic without each cluster.
 */
export function bcaInterval(
  estimate: number,
  sorted: Float64Array,
  leftOut: ArrayLike<number>,
  confidence = 0.95,
): Interval | null {
  let [below, equal] = [0, 0];
  for (const value of sorted) {
    if (value < estimate) below++;
    else if (value === estimate) equal++;
  }
  const share = (below + equal / 2) / sorted.length;
  if (share <= 0 || share >= 1) return null;
  const bias = normalQuantile(share);
  const acceleration = accelerationOf(leftOut);
  const moved = (tail: number): number => {
    const reach = bias + normalQuantile(tail);
    return normalUpperTail(-(bias + reach / (1 - acceleration * reach)));
  };
  const tail = (1 - confidence) / 2;
  return { low: interpolated(sorted, moved(tail)), high: interpolated(sorted, moved(1 - tail)) };
}

/** Σ d³ / (6 (Σ d²)^1.5) with d the mean of the jackknife values less each (ibid., eq. 7.3). */
function accelerationOf(leftOut: ArrayLike<number>): number {
  let mean = 0;
  for (let index = 0; index < leftOut.length; index++) mean += (leftOut[index] as number) / leftOut.length;
  let [squares, cubes] = [0, 0];
  for (let index = 0; index < leftOut.length; index++) {
    const distance = mean - (leftOut[index] as number);
    squares += distance ** 2;
    cubes += distance ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Linear interpolation between order statistics (Hyndman & Fan 1996, definition 7). */
function interpolated(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  return low + (place - below) * (high - low);
}
