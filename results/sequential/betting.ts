/** One cluster of paired differences: their sum and how many there are. */
export interface Step {
  readonly sum: number;
  readonly count: number;
}

/** What is known of the differences before any of them is seen. */
export interface Bounds {
  /** No difference is larger than this in either direction. */
  readonly reach: number;
  /** No cluster holds more samples. */
  readonly largestCluster: number;
  /**
   * Width of the interval that is aimed at, and clusters that can be asked at most: bets are chosen to reach the width
   * soonest, or the narrowest one that so many clusters allow. The interval is valid with any of both.
   */
  readonly width: number;
  readonly clusters: number;
}

export interface SequenceInterval {
  readonly low: number;
  readonly high: number;
}

/** 2 log(2/α) at the level of the interval that is aimed at: the best bet on n clusters wins about its root over n. */
const TWO_LOGS = 2 * Math.log(2 / 0.05);
/** No bet risks more than this share of the capital (Waudby-Smith & Ramdas recommend 1/2 or 3/4). */
const MOST_AT_STAKE = 0.75;
const HALVINGS = 50;

/**
 * A confidence sequence for the mean of bounded paired differences: an interval after any number of clusters, such that
 * with probability 1 − alpha none of all these intervals ever misses the true mean. It may therefore be looked at
 * after every cluster, and the asking may stop for any reason that the data give.
 *
 * By betting (Waudby-Smith & Ramdas 2024, JRSS B 86:1-27, arXiv 2010.09686, §4.3, the hedged capital process;
 * the bets are their approximate GRAPA of appendix B.3 at the distance that is aimed at or can be reached): for every candidate mean θ a gambler bets on the sign of each next cluster's residual
 * Z = Σ differences − θ · count, which has mean zero only if θ is true. The capital against a true θ is a nonnegative
 * martingale and so passes 1/alpha with probability of at most alpha (Ville's inequality). Candidates against which
 * either of the two gamblers (one for larger, one for smaller means) has passed 2/alpha are ruled out.
 *
 * Clusters are drawn in random order; residuals are taken over whole clusters, so samples of one cluster may depend on
 * each other in any way, and large clusters weigh by their size, as in the mean over samples.
 */
export class BettingSequence {
  readonly #reach: number;
  /** Share of the largest cluster, the mean on [0, 1] and the bet of every step. */
  readonly #weights: number[] = [];
  readonly #means: number[] = [];
  readonly #bets: number[] = [];
  readonly #largest: number;
  /** Half the width aimed at, on the scale of the means. */
  readonly #distance: number;
  readonly #clusters: number;
  // Running estimates before the next step: they begin at the middle with the largest possible variance.
  #weightedSum = 0.5;
  #weightSum = 1;
  #squares = 0.25;

  /** @throws RangeError without a finite reach: the method needs bounded differences. */
  constructor({ reach, largestCluster, width, clusters }: Bounds) {
    if (!(reach > 0 && Number.isFinite(reach) && largestCluster >= 1 && width > 0 && clusters >= 1))
      throw new RangeError(`no bounds: reach ${reach}, largest cluster ${largestCluster}, width ${width}`);
    this.#distance = width / 4 / reach;
    this.#reach = reach;
    this.#clusters = clusters;
    this.#largest = largestCluster;
  }

  get steps(): number {
    return this.#bets.length;
  }

  /** @throws RangeError when a step is out of the bounds given: nothing would hold any more. */
  add({ sum, count }: Step): void {
    const most = count * this.#reach * (1 + ROUNDING);
    if (!(count >= 1 && count <= this.#largest && Math.abs(sum) <= most))
      throw new RangeError(`a step out of its bounds: sum ${sum}, count ${count}`);
    const weight = count / this.#largest;
    const mean = Math.min(1, Math.max(0, (sum / count / this.#reach + 1) / 2));
    const step = this.steps + 1;
    const variance = this.#squares / step;
    const aimed = (this.#distance * this.#weightSum) / step;
    const gain = Math.max(aimed, Math.sqrt((TWO_LOGS * variance) / this.#clusters));
    this.#weights.push(weight);
    this.#means.push(mean);
    this.#bets.push(gain / (variance + gain ** 2));
    this.#weightedSum += weight * mean;
    this.#weightSum += weight;
    this.#squares += (weight * (mean - this.#weightedSum / this.#weightSum)) ** 2;
  }

  /** The interval after the steps so far, in the unit of the differences; the whole range when they rule out nothing. */
  interval(alpha: number): SequenceInterval {
    const threshold = Math.log(2 / alpha);
    const low = boundary((mean) => this.#capital(mean, 1) < threshold);
    const high = 1 - boundary((mean) => this.#capital(1 - mean, -1) < threshold);
    // Where all candidates of one side are ruled out, rounding has met the end of the range.
    return { low: this.#inUnit(Math.min(low, high)), high: this.#inUnit(Math.max(low, high)) };
  }

  /**
   * The level at which the candidate would just be ruled out: a p value that is valid whenever one stops, in (0, 1].
   *
   * @param candidate a mean difference, within the reach.
   */
  p(candidate: number): number {
    const mean = (candidate / this.#reach + 1) / 2;
    const capital = Math.max(this.#capital(mean, 1), this.#capital(mean, -1));
    return Math.min(1, 2 * Math.exp(-capital));
  }

  /** Logarithm of the capital of the gambler who bets that the mean is larger (1) or smaller (-1) than the candidate. */
  #capital(candidate: number, side: 1 | -1): number {
    const room = side === 1 ? candidate : 1 - candidate;
    const most = MOST_AT_STAKE / Math.max(room, Number.MIN_VALUE);
    let [log, product] = [0, 1];
    for (let step = 0; step < this.#bets.length; step++) {
      const residual = (this.#weights[step] as number) * ((this.#means[step] as number) - candidate);
      product *= 1 + side * Math.min(this.#bets[step] as number, most) * residual;
      if (product > LARGE || product < SMALL) {
        log += Math.log(product);
        product = 1;
      }
    }
    return log + Math.log(product);
  }

  #inUnit(mean: number): number {
    return (2 * mean - 1) * this.#reach;
  }
}

const ROUNDING = 1e-9;
const [LARGE, SMALL] = [1e100, 1e-100];

/** The smallest candidate in [0, 1] that is not ruled out, from below by one part in 2^50; candidates are ruled out from 0 upwards. */
function boundary(stands: (candidate: number) => boolean): number {
  if (stands(0)) return 0;
  let [out, kept] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (out + kept) / 2;
    if (stands(middle)) kept = middle;
    else out = middle;
  }
  return out;
}
