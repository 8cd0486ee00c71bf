import {
  addTo,
  dot,
  meanState,
  minus,
  requireStates,
  type State,
  type StateClasses,
  sumOf,
} from './states.ts';

/** Which states are left out together: one whole number per state of each class; those of one cluster must share one. */
export interface Folds {
  readonly positive: ArrayLike<number>;
  readonly negative: ArrayLike<number>;
}

export interface HeldOutSeparability {
  /** Probability that the positive state of a pair lies farther along the difference, ties a half; .5 is chance. */
  readonly auc: number;
  /** Pairs that were compared: those that leave a state of both classes outside their folds. */
  readonly pairs: number;
}

/** Every state in a fold of its own. */
export function leaveOneOut({ positive, negative }: StateClasses): Folds {
  const first = positive.length;
  return {
    positive: positive.map((_, place) => place),
    negative: negative.map((_, place) => first + place),
  };
}

/**
 * Held-out separability: every positive state against every negative one, on the mean difference of the states outside
 * the folds of the two (leave-pair-out, Airola et al. 2011, Computational Statistics & Data Analysis 55:1828-1844). Only
 * what was held out together is compared: where classes do not differ, .5 is then what comes out on average, while
 * projections pooled over folds fall below it, each left-out state having moved the mean of its class away from itself.
 * In-sample projections would tell any two classes apart where the width exceeds the number of states. After Im & Li
 * 2024, arXiv 2403.18742. Time: a product of two states for every pair.
 *
 * @returns null where no pair leaves a state of both classes outside its folds.
 * @throws RangeError for folds that do not match, states of unequal width or with a number that is not finite.
 */
export function heldOutSeparability(classes: StateClasses, folds: Folds): HeldOutSeparability | null {
  const { positive, negative } = classes;
  requireStates([...positive, ...negative]);
  if (folds.positive.length !== positive.length || folds.negative.length !== negative.length) {
    throw new RangeError('folds need one number for each state');
  }
  if (positive.length === 0 || negative.length === 0) return null;
  const sides = sidesOf(classes, folds);
  const withUp = sides.clusters.filter(({ up }) => up.length > 0);
  const withDown = sides.clusters.filter(({ down }) => down.length > 0);
  const count = { pairs: 0, above: 0 };
  // Two folds at a time, which are often of one state: products of two states with all others are faster than twice one.
  for (let at = 0; at < withUp.length; at += 2) {
    const folds = withUp.slice(at, at + 2);
    const products = productsOf(
      folds.flatMap(({ up }) => up.map((place) => sides.up[place] as Float64Array)),
      sides.down,
    );
    for (const one of folds) {
      const own = products.splice(0, one.up.length);
      for (const other of withDown) compare(sides, one, other, own, count);
    }
  }
  return count.pairs === 0 ? null : { auc: count.above / count.pairs, pairs: count.pairs };
}

/** States of one fold: their places, and their sums. */
interface Cluster {
  readonly up: number[];
  readonly down: number[];
  readonly sumUp: Float64Array;
  readonly sumDown: Float64Array;
}

/** Of each state of a class, its products with the sums of all positive and of all negative states outside its fold. */
interface Outside {
  readonly withUp: Float64Array;
  readonly withDown: Float64Array;
}

/** States less the mean of all: `up` are the positive ones, `down` the negative. */
interface Sides {
  readonly up: readonly Float64Array[];
  readonly down: readonly Float64Array[];
  readonly ofUp: Outside;
  readonly ofDown: Outside;
  readonly clusters: readonly Cluster[];
  /** Differences up to this are rounding. */
  readonly tie: number;
  /** Room for the projections of one fold. */
  readonly highs: Float64Array;
}

const ROUNDING = 1e-12;

function sidesOf({ positive, negative }: StateClasses, folds: Folds): Sides {
  const mean = meanState([...positive, ...negative]);
  const less = (states: readonly State[]): Float64Array[] => states.map((state) => minus(state, mean));
  const [up, down] = [less(positive), less(negative)];
  const clusters = clustersOf(up, down, folds);
  const [sumUp, sumDown] = [sumOf(up), sumOf(down)];
  const [ofUp, ofDown] = [outside(up), outside(down)];
  for (const cluster of clusters) {
    const [restUp, restDown] = [minus(sumUp, cluster.sumUp), minus(sumDown, cluster.sumDown)];
    const enter = (to: Outside, states: readonly Float64Array[], places: readonly number[]): void => {
      for (const place of places) {
        to.withUp[place] = dot(states[place] as Float64Array, restUp);
        to.withDown[place] = dot(states[place] as Float64Array, restDown);
      }
    };
    enter(ofUp, up, cluster.up);
    enter(ofDown, down, cluster.down);
  }
  const longest = [...up, ...down].reduce((most, state) => Math.max(most, dot(state, state)), 0);
  const highs = new Float64Array(up.length);
  return { up, down, ofUp, ofDown, clusters, tie: ROUNDING * longest, highs };
}

function outside({ length }: readonly State[]): Outside {
  return { withUp: new Float64Array(length), withDown: new Float64Array(length) };
}

function clustersOf(up: readonly State[], down: readonly State[], folds: Folds): Cluster[] {
  const width = up[0]?.length ?? 0;
  const found = new Map<number, Cluster>();
  const at = (fold: number): Cluster => {
    const cluster = found.get(fold) ?? {
      up: [],
      down: [],
      sumUp: new Float64Array(width),
      sumDown: new Float64Array(width),
    };
    found.set(fold, cluster);
    return cluster;
  };
  for (const [place, state] of up.entries()) {
    const cluster = at(folds.positive[place] as number);
    cluster.up.push(place);
    addTo(cluster.sumUp, state);
  }
  for (const [place, state] of down.entries()) {
    const cluster = at(folds.negative[place] as number);
    cluster.down.push(place);
    addTo(cluster.sumDown, state);
  }
  return [...found.values()];
}

/** Of each state its products with all others. */
function productsOf(states: readonly Float64Array[], others: readonly Float64Array[]): Float64Array[] {
  const products = states.map(() => new Float64Array(others.length));
  for (let at = 0; at < states.length; at += 2) {
    const one = states[at] as Float64Array;
    const [toOne, toTwo] = [
      products[at] as Float64Array,
      products[at + 1] ?? new Float64Array(others.length),
    ];
    multiply(one, states[at + 1] ?? one, others, toOne, toTwo);
  }
  return products;
}

/** Products of two states with many, four at a time: every number is then read once for several of them. */
function multiply(
  one: Float64Array,
  two: Float64Array,
  others: readonly Float64Array[],
  toOne: Float64Array,
  toTwo: Float64Array,
): void {
  const whole = others.length - (others.length % 4);
  for (let at = 0; at < whole; at += 4) {
    const a = others[at] as Float64Array;
    const b = others[at + 1] as Float64Array;
    const c = others[at + 2] as Float64Array;
    const d = others[at + 3] as Float64Array;
    let oneA = 0;
    let oneB = 0;
    let oneC = 0;
    let oneD = 0;
    let twoA = 0;
    let twoB = 0;
    let twoC = 0;
    let twoD = 0;
    for (let index = 0; index < one.length; index++) {
      const x = one[index] as number;
      const y = two[index] as number;
      const ofA = a[index] as number;
      const ofB = b[index] as number;
      const ofC = c[index] as number;
      const ofD = d[index] as number;
      oneA += x * ofA;
      oneB += x * ofB;
      oneC += x * ofC;
      oneD += x * ofD;
      twoA += y * ofA;
      twoB += y * ofB;
      twoC += y * ofC;
      twoD += y * ofD;
    }
    toOne[at] = oneA;
    toOne[at + 1] = oneB;
    toOne[at + 2] = oneC;
    toOne[at + 3] = oneD;
    toTwo[at] = twoA;
    toTwo[at + 1] = twoB;
    toTwo[at + 2] = twoC;
    toTwo[at + 3] = twoD;
  }
  for (let at = whole; at < others.length; at++) {
    toOne[at] = dot(one, others[at] as Float64Array);
    toTwo[at] = dot(two, others[at] as Float64Array);
  }
}

/**
 * Positive states of one fold against negative states of another (or the same), on the difference of the means outside
 * both.
 *
 * @param products of the former with all negative states.
 */
function compare(
  { up, down, ofUp, ofDown, tie, highs }: Sides,
  one: Cluster,
  other: Cluster,
  products: readonly Float64Array[],
  count: { pairs: number; above: number },
): void {
  const isSame = one === other;
  const restUp = up.length - one.up.length - (isSame ? 0 : other.up.length);
  const restDown = down.length - one.down.length - (isSame ? 0 : other.down.length);
  if (restUp === 0 || restDown === 0) return;
  for (let i = 0; i < one.up.length; i++) {
    const place = one.up[i] as number;
    let withUp = ofUp.withUp[place] as number;
    let withDown = ofUp.withDown[place] as number;
    if (!isSame) {
      if (other.up.length > 0) withUp -= dot(up[place] as Float64Array, other.sumUp);
      const row = products[i] as Float64Array;
      for (let j = 0; j < other.down.length; j++) withDown -= row[other.down[j] as number] as number;
    }
    highs[i] = withUp / restUp - withDown / restDown;
  }
  for (let j = 0; j < other.down.length; j++) {
    const place = other.down[j] as number;
    let withUp = ofDown.withUp[place] as number;
    let withDown = ofDown.withDown[place] as number;
    if (!isSame) {
      for (let i = 0; i < products.length; i++) withUp -= products[i]?.[place] as number;
      if (one.down.length > 0) withDown -= dot(down[place] as Float64Array, one.sumDown);
    }
    const low = withUp / restUp - withDown / restDown;
    for (let i = 0; i < one.up.length; i++) {
      const difference = (highs[i] as number) - low;
      count.above += Math.abs(difference) <= tie ? 0.5 : Number(difference > 0);
    }
  }
  count.pairs += one.up.length * other.down.length;
}
