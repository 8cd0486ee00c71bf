/** Up to this many clusters that differ, every sign pattern is tried: 2^16 of them. */
export const EXACT_CLUSTERS = 16;
export const DRAWS = 10_000;
/** Clusters whose signs share one 32-bit word. */
const BLOCK = 32;

/** What draws at random: `next` gives a float in [0, 1) with 32 random bits. */
export interface RandomSource {
  next(): number;
}

export interface SignFlipResult {
  /** Two-sided. */
  readonly p: number;
  readonly exact: boolean;
}

/**
 * Paired randomisation test over whole clusters: under the null, each cluster's summed difference is as likely to
 * have the other sign (Fisher 1935, §21; Ernst 2004, Statistical Science 19:676-685, for sampled permutations;
 * Phipson & Smyth 2010, SAGMB 9:39, for the (b+1)/(m+1) rule, which keeps the test valid).
 *
 * Clusters that sum to 0 change nothing and are left out. With at most 16 others every pattern is enumerated,
 * otherwise patterns are drawn. The result depends on the sizes |sum| and on the observed total alone, not on the
 * order of the clusters nor on which side is called the first.
 *
 * @param sums one summed difference per cluster.
 */
export function signFlipTest(sums: ArrayLike<number>, patterns: SignPatterns): SignFlipResult {
  const differing = Array.from(sums).filter((sum) => sum !== 0);
  const sizes = Float64Array.from(differing, Math.abs).sort();
  if (sizes.length === 0) return { p: 1, exact: true };
  const observed = Math.abs(compensatedTotal(differing));
  // Sums of the same numbers in another order may differ in their last bits and still count as equal.
  const threshold = observed - 1e-10 * compensatedTotal(sizes);
  return sizes.length <= EXACT_CLUSTERS
    ? { p: enumerate(sizes, threshold), exact: true }
    : { p: sample(sizes, threshold, patterns), exact: false };
}

/**
 * Random signs, shared by all tests of a report: one block of 32 clusters × 10,000 draws at a time, made when first
 * needed. Sharing them makes tests repeatable and cheap; each test stays valid by itself, and corrections such as
 * Holm's hold under any dependence between tests.
 */
export class SignPatterns {
  readonly draws: number;
  readonly #random: RandomSource;
  readonly #blocks: Uint32Array[] = [];

  constructor(random: RandomSource, draws = DRAWS) {
    this.#random = random;
    this.draws = draws;
  }

  /** Bit c of word d is the sign of cluster 32·index + c in draw d. */
  block(index: number): Uint32Array {
    while (this.#blocks.length <= index) {
      this.#blocks.push(Uint32Array.from({ length: this.draws }, () => this.#random.next() * 2 ** 32));
    }
    return this.#blocks[index] as Uint32Array;
  }
}

/** Share of the 2^k patterns at least as far from 0; the first sign is fixed, since its mirror image is as far. */
function enumerate(sizes: Float64Array, threshold: number): number {
  const totals = signedTotals(sizes.subarray(1));
  const first = sizes[0] as number;
  let extreme = 0;
  for (const rest of totals) if (Math.abs(first + rest) >= threshold) extreme++;
  return extreme / totals.length;
}

function sample(sizes: Float64Array, threshold: number, patterns: SignPatterns): number {
  let extreme = 0;
  for (const total of totalsByDraw(sizes, patterns)) if (Math.abs(total) >= threshold) extreme++;
  return (extreme + 1) / (patterns.draws + 1);
}

/** Σ ±sums for every draw of the signs: entry d of the result belongs to draw d. */
export function totalsByDraw(sums: ArrayLike<number>, patterns: SignPatterns): Float64Array {
  const totals = new Float64Array(patterns.draws);
  // Clusters of size 0 fill the last block up and change nothing.
  const filled = new Float64Array(Math.ceil(sums.length / BLOCK) * BLOCK);
  filled.set(sums);
  for (let start = 0; start < filled.length; start += BLOCK) {
    addBlock(totals, filled.subarray(start, start + BLOCK), patterns.block(start / BLOCK));
  }
  return totals;
}

/** Adds 32 signed sizes to every draw's total: for each eight of them the 256 possible sums are looked up. */
function addBlock(totals: Float64Array, sizes: Float64Array, words: Uint32Array): void {
  const [a, b, c, d] = [0, 8, 16, 24].map((start) => signedTotals(sizes.subarray(start, start + 8))) as Four;
  for (let draw = 0; draw < totals.length; draw++) {
    const word = words[draw] as number;
    const low = (a[word & 255] as number) + (b[(word >>> 8) & 255] as number);
    const high = (c[(word >>> 16) & 255] as number) + (d[word >>> 24] as number);
    totals[draw] = (totals[draw] as number) + low + high;
  }
}

type Four = [Float64Array, Float64Array, Float64Array, Float64Array];

/** All 2^k totals of ±size; bit c of the index says whether size c is taken with a plus. */
function signedTotals(sizes: Float64Array): Float64Array {
  const totals = new Float64Array(2 ** sizes.length);
  let filled = 1;
  for (const size of sizes) {
    for (let index = 0; index < filled; index++) {
      const rest = totals[index] as number;
      totals[index] = rest - size;
      totals[filled + index] = rest + size;
    }
    filled *= 2;
  }
  return totals;
}

/** Neumaier's compensated sum (1974), so that the order of the clusters cannot matter to the observed total. */
function compensatedTotal(values: Iterable<number>): number {
  let sum = 0;
  let compensation = 0;
  for (const value of values) {
    const next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + compensation;
}
