/** Two items on the samples that both have. */
export interface PairEvidence {
  readonly first: number;
  readonly second: number;
  /** Mean of first − second; null without a shared sample. */
  readonly difference: number | null;
  /** Cluster-robust standard error (CR1); null under two clusters. */
  readonly error: number | null;
  /** difference / error; infinite when every cluster differs by the same amount, 0 when none does. */
  readonly t: number;
  readonly n: number;
  readonly clusters: number;
}

export interface ItemPair {
  readonly evidence: PairEvidence;
  /** Summed residuals by cluster number, 0 for clusters that the pair does not share. */
  readonly residuals: Float64Array;
  readonly comparable: boolean;
}

const MINIMUM_CLUSTERS = 10;

/** Every two items with their paired difference, the first before the second. */
export function itemPairs(values: readonly ArrayLike<number>[], clusters: ArrayLike<number>): ItemPair[] {
  if (values.length === 0) throw new RangeError('ranks need at least one item');
  for (const column of values) {
    if (column.length !== clusters.length) throw new RangeError('every item needs one entry per sample');
  }
  const { numbers, count } = numbered(clusters);
  return values.flatMap((one, first) =>
    values.slice(first + 1).map((other, offset) => {
      const sums = pairSums(one, other, numbers, count);
      return pairOf(first, first + 1 + offset, sums);
    }),
  );
}

interface PairSums {
  readonly n: number;
  readonly differences: Float64Array;
  readonly sizes: Float64Array;
}

function pairSums(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  clusters: Uint32Array,
  count: number,
): PairSums {
  const [differences, sizes] = [new Float64Array(count), new Float64Array(count)];
  let n = 0;
  for (let sample = 0; sample < clusters.length; sample++) {
    const difference = (one[sample] as number) - (other[sample] as number);
    if (Number.isNaN(difference)) continue;
    const cluster = clusters[sample] as number;
    differences[cluster] = (differences[cluster] as number) + difference;
    sizes[cluster] = (sizes[cluster] as number) + 1;
    n++;
  }
  return { n, differences, sizes };
}

function pairOf(first: number, second: number, { n, differences, sizes }: PairSums): ItemPair {
  const clusters = sizes.reduce((count, size) => count + (size > 0 ? 1 : 0), 0);
  const difference = n === 0 ? null : differences.reduce((sum, each) => sum + each, 0) / n;
  const residuals = differences.map((sum, cluster) => sum - (sizes[cluster] as number) * (difference ?? 0));
  const squares = residuals.reduce((sum, each) => sum + each ** 2, 0);
  const error = clusters < 2 ? null : Math.sqrt((clusters / (clusters - 1)) * squares) / n;
  return {
    evidence: { first, second, difference, error, t: statistic(difference, error), n, clusters },
    residuals,
    comparable: clusters >= MINIMUM_CLUSTERS,
  };
}

function statistic(difference: number | null, error: number | null): number {
  if (difference === null || error === null || difference === 0) return 0;
  return difference / error;
}

/** Cluster numbers from 0, in the order in which they first occur. */
function numbered(clusters: ArrayLike<number>): { numbers: Uint32Array; count: number } {
  const known = new Map<number, number>();
  const numbers = Uint32Array.from(clusters, (cluster) => {
    const number = known.get(cluster) ?? known.size;
    known.set(cluster, number);
    return number;
  });
  return { numbers, count: known.size };
}
