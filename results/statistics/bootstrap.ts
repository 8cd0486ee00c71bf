import { bcaInterval, percentileInterval } from './bootstrap-intervals.ts';
import { clusteredQuantile } from './clustered-quantile.ts';
import { sumByCluster } from './clusters.ts';
import type { RandomSource } from './sign-flip.ts';

export type BootstrapMethod = 'percentile' | 'bca';

export interface BootstrapOptions {
  /** `bca` by default. */
  readonly method?: BootstrapMethod;
  readonly confidence?: number;
  /** 2,000 by default. */
  readonly draws?: number;
}

export interface BootstrapEstimate {
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly clusters: number;
  /** Why there is no interval. */
  readonly reason: string | null;
}

/** Under this many clusters, or events of a proportion, resampling repeats too few things to say how they vary. */
const MINIMUM = 10;
const BOOTSTRAP_DRAWS = 2_000;

/**
 * Mean over all values with a bootstrap interval over whole clusters: as many clusters as there are, drawn with
 * replacement, each with all its values (Field & Welsh 2007, JRSS B 69:369-390, §2, the cluster bootstrap; percentile
 * and BCa: Efron 1987, JASA 82:171-185; Davison & Hinkley 1997, Bootstrap Methods, ch. 5).
 *
 * No interval under ten clusters, nor for a proportion (every value 0 or 1) with fewer than ten of either value: use
 * Wilson's or Clopper and Pearson's there.
 *
 * @param clusters one whole number per value.
 * @param random seeded; the same seed gives the same interval.
 * @throws RangeError without values.
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  random: RandomSource,
  options: BootstrapOptions = {},
): BootstrapEstimate {
  const { sums, counts } = sumByCluster(values, clusters);
  const [total, n] = [totalOf(sums), values.length];
  if (n === 0) throw new RangeError('a mean needs at least one value');
  const facts = { estimate: total / n, n, clusters: sums.length };
  const refusal = tooFewClusters(sums.length) ?? tooFewEvents(values);
  if (refusal !== null) return { ...facts, low: null, high: null, reason: refusal };
  const drawn = new Float64Array(options.draws ?? BOOTSTRAP_DRAWS);
  for (let draw = 0; draw < drawn.length; draw++) {
    let [sum, count] = [0, 0];
    for (let place = 0; place < sums.length; place++) {
      const cluster = Math.floor(random.next() * sums.length);
      sum += sums[cluster] as number;
      count += counts[cluster] as number;
    }
    drawn[draw] = sum / count;
  }
  const leftOut = (): Float64Array => sums.map((sum, g) => (total - sum) / (n - (counts[g] as number)));
  return { ...facts, ...intervalOf(facts.estimate, drawn, leftOut, options) };
}

/**
 * A quantile of all values (the mean of both neighbours where it falls between two: Hyndman & Fan 1996, American
 * Statistician 50:361-365, definition 2) with a bootstrap interval over whole clusters, as above. No interval under ten
 * clusters, nor where fewer than ten values lie beyond the quantile on either side.
 *
 * @param share in (0, 1); .5 is the median.
 */
export function bootstrapQuantile(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  share: number,
  random: RandomSource,
  options: BootstrapOptions = {},
): BootstrapEstimate {
  const sample = clusteredQuantile(values, clusters, share);
  const facts = { estimate: sample.estimate, n: values.length, clusters: sample.clusters };
  const beyond = Math.floor(Math.min(share, 1 - share) * values.length + 1e-9);
  const refusal =
    tooFewClusters(sample.clusters) ??
    (beyond < MINIMUM ? `${beyond} values beyond the quantile: at least ${MINIMUM} are needed` : null);
  if (refusal !== null) return { ...facts, low: null, high: null, reason: refusal };
  const drawn = new Float64Array(options.draws ?? BOOTSTRAP_DRAWS);
  const times = new Uint32Array(sample.clusters);
  for (let draw = 0; draw < drawn.length; draw++) {
    times.fill(0);
    for (let place = 0; place < times.length; place++) {
      const cluster = Math.floor(random.next() * times.length);
      times[cluster] = (times[cluster] as number) + 1;
    }
    drawn[draw] = sample.resampled(times);
  }
  return { ...facts, ...intervalOf(facts.estimate, drawn, () => sample.leftOut(), options) };
}

function intervalOf(
  estimate: number,
  drawn: Float64Array,
  leftOut: () => Float64Array,
  { method = 'bca', confidence = 0.95 }: BootstrapOptions,
): Pick<BootstrapEstimate, 'low' | 'high' | 'reason'> {
  drawn.sort();
  if (drawn[0] === drawn.at(-1))
    return { low: null, high: null, reason: 'no draw moves the value: there is no spread' };
  if (method === 'percentile') return { ...percentileInterval(drawn, confidence), reason: null };
  const found = bcaInterval(estimate, drawn, leftOut(), confidence);
  return found === null
    ? { low: null, high: null, reason: 'every draw lies on one side of the value' }
    : { ...found, reason: null };
}

function tooFewClusters(clusters: number): string | null {
  return clusters < MINIMUM
    ? `too few clusters for an interval: ${clusters}, at least ${MINIMUM} are needed`
    : null;
}

function tooFewEvents(values: ArrayLike<number>): string | null {
  let ones = 0;
  for (let index = 0; index < values.length; index++) {
    if (values[index] === 1) ones++;
    else if (values[index] !== 0) return null;
  }
  const events = Math.min(ones, values.length - ones);
  return events < MINIMUM
    ? `too few events to resample a proportion: ${events}, at least ${MINIMUM} are needed`
    : null;
}

function totalOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
