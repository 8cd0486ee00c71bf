/** A quantile of clustered values that can be taken again after clusters were drawn or left out. */
export interface ClusteredQuantile {
  readonly estimate: number;
  readonly clusters: number;
  /** The quantile with every cluster taken as often as its entry says; at least one entry above 0. */
  resampled(times: Uint32Array): number;
  /** The quantile without each cluster, in the order in which clusters first occur. */
  leftOut(): Float64Array;
}

/**
 * Sorts once; a resample then costs one pass over the values, and leaving out a cluster one pass over that cluster.
 *
 * @param share in (0, 1).
 * @throws RangeError without values, for a value that is no number, or for a share outside (0, 1).
 */
export function clusteredQuantile(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  share: number,
): ClusteredQuantile {
  const n = values.length;
  if (!(share > 0 && share < 1)) throw new RangeError(`no quantile at ${share}`);
  if (n === 0 || clusters.length !== n) throw new RangeError('a quantile needs values, each with a cluster');
  const { numbers, sizes } = numbered(clusters);
  const order = Uint32Array.from({ length: n }, (_, index) => index).sort(
    (a, b) => (values[a] as number) - (values[b] as number) || a - b,
  );
  const sorted = Float64Array.from(order, (index) => values[index] as number);
  if (sorted.some(Number.isNaN)) throw new RangeError('a quantile needs numbers');
  const owners = Uint32Array.from(order, (index) => numbers[index] as number);
  return {
    estimate: quantileAt(sorted, places(share, n)),
    clusters: sizes.length,
    resampled: (times) => resampled(sorted, owners, times, places(share, drawnSize(sizes, times))),
    leftOut: () => leftOut(sorted, owners, sizes, share),
  };
}

/** Both places, counted from 0, whose mean is the quantile; mostly the same one. */
type Places = readonly [number, number];

function places(share: number, n: number): Places {
  const exact = share * n;
  const whole = Math.round(exact);
  // .1 × 30 is a little more than 3 in floating point.
  if (Math.abs(exact - whole) < 1e-9 * n) return [Math.max(whole - 1, 0), Math.min(whole, n - 1)];
  return [Math.ceil(exact) - 1, Math.ceil(exact) - 1];
}

function quantileAt(sorted: Float64Array, [low, high]: Places): number {
  return ((sorted[low] as number) + (sorted[high] as number)) / 2;
}

function resampled(
  sorted: Float64Array,
  owners: Uint32Array,
  times: Uint32Array,
  [low, high]: Places,
): number {
  let [passed, index] = [0, 0];
  const valueAt = (place: number): number => {
    while (passed <= place) passed += times[owners[index++] as number] as number;
    return sorted[index - 1] as number;
  };
  const first = valueAt(low);
  return (first + valueAt(high)) / 2;
}

function leftOut(
  sorted: Float64Array,
  owners: Uint32Array,
  sizes: readonly number[],
  share: number,
): Float64Array {
  const own: number[][] = sizes.map(() => []);
  for (const [place, owner] of owners.entries()) own[owner]?.push(place);
  return Float64Array.from(own, (taken) => {
    const [low, high] = places(share, sorted.length - taken.length);
    return quantileAt(sorted, [placeWithout(taken, low), placeWithout(taken, high)]);
  });
}

/** Where the k-th of the remaining places lies among all; `taken` ascends. */
function placeWithout(taken: readonly number[], k: number): number {
  let place = k;
  for (const each of taken) {
    if (each > place) break;
    place++;
  }
  return place;
}

function drawnSize(sizes: readonly number[], times: Uint32Array): number {
  return sizes.reduce((sum, size, cluster) => sum + size * (times[cluster] as number), 0);
}

function numbered(clusters: ArrayLike<number>): { numbers: Uint32Array; sizes: number[] } {
  const known = new Map<number, number>();
  const sizes: number[] = [];
  const numbers = Uint32Array.from(clusters, (cluster) => {
    const number = known.get(cluster) ?? known.size;
    known.set(cluster, number);
    sizes[number] = (sizes[number] ?? 0) + 1;
    return number;
  });
  return { numbers, sizes };
}
