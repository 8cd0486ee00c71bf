/** Values of one estimate's samples with their clusters; equal numbers are the same cluster in every column. */
export interface ClusteredColumn {
  readonly values: ArrayLike<number>;
  /** One whole number per value. */
  readonly clusters: ArrayLike<number>;
}

/**
 * Covariance of several means over the same items: the closed form of resampling whole clusters jointly for all of
 * them. Cov(m_a, m_b) = G/(G−1) · Σ_g e_ag e_bg / (n_a n_b), with e the summed residuals of cluster g and G the
 * clusters that either column has (the multivariate form of the CR1 variance: Liang & Zeger 1986, Biometrika 73:13-22).
 * Columns without a common cluster get 0.
 *
 * @returns one row per column; the diagonal equals `clusteredMean(…).error²`.
 * @throws RangeError for a column with fewer than two clusters.
 */
export function jointCovariance(columns: readonly ClusteredColumn[]): Float64Array[] {
  const residuals = columns.map(residualSums);
  return residuals.map((one) => Float64Array.from(residuals, (other) => covariance(one, other)));
}

interface Residuals {
  readonly n: number;
  readonly byCluster: ReadonlyMap<number, number>;
}

function residualSums({ values, clusters }: ClusteredColumn): Residuals {
  const n = values.length;
  if (n !== clusters.length) throw new RangeError('values and clusters must be equally long');
  let total = 0;
  for (let index = 0; index < n; index++) total += values[index] as number;
  const byCluster = new Map<number, number>();
  for (let index = 0; index < n; index++) {
    const cluster = clusters[index] as number;
    byCluster.set(cluster, (byCluster.get(cluster) ?? 0) + (values[index] as number) - total / n);
  }
  if (byCluster.size < 2) throw new RangeError('a covariance needs at least two clusters');
  return { n, byCluster };
}

function covariance(one: Residuals, other: Residuals): number {
  let [products, union] = [0, other.byCluster.size];
  for (const [cluster, sum] of one.byCluster) {
    const partner = other.byCluster.get(cluster);
    if (partner === undefined) union++;
    else products += sum * partner;
  }
  return ((union / (union - 1)) * products) / (one.n * other.n);
}
