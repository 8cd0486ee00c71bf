import { type Separation, separation } from './dynamics-separation.ts';
import { addTo, divided, dot, minus, requireStates, type State, type StateClasses, sumOf } from './states.ts';

/** Which states are left out together: one whole number per state of each class; those of one cluster must share one. */
export interface Folds {
  readonly positive: ArrayLike<number>;
  readonly negative: ArrayLike<number>;
}

/** Every state in a fold of its own: leave-one-out. */
export function leaveOneOut({ positive, negative }: StateClasses): Folds {
  const first = positive.length;
  return {
    positive: positive.map((_, place) => place),
    negative: negative.map((_, place) => first + place),
  };
}

/**
 * Held-out separability: each state is projected on the mean difference of the states outside its fold, measured from
 * the midpoint of their means, over the length of that difference. In-sample projections would tell any two classes
 * apart where the width exceeds the number of states. After Im & Li 2024, arXiv 2403.18742.
 *
 * @returns the separation of the projections: AUC, accuracy, d′; null where a class is missing, or missing outside a fold.
 * @throws RangeError for folds that do not match, states of unequal width or with a number that is not finite.
 */
export function heldOutSeparability(classes: StateClasses, folds: Folds): Separation | null {
  const { positive, negative } = classes;
  requireStates([...positive, ...negative]);
  if (folds.positive.length !== positive.length || folds.negative.length !== negative.length) {
    throw new RangeError('folds need one number for each state');
  }
  if (positive.length === 0 || negative.length === 0) return null;
  const sums = { positive: sumOf(positive), negative: sumOf(negative) };
  const projected = {
    positive: positive.map(() => 0),
    negative: negative.map(() => 0),
  };
  for (const { up, down } of membersByFold(folds)) {
    const plus = meanWithout(sums.positive, positive, up);
    const less = meanWithout(sums.negative, negative, down);
    if (plus === null || less === null) return null;
    const project = projection(plus, less);
    for (const place of up) projected.positive[place] = project(positive[place] as State);
    for (const place of down) projected.negative[place] = project(negative[place] as State);
  }
  return separation(projected);
}

interface Members {
  readonly up: number[];
  readonly down: number[];
}

function membersByFold({ positive, negative }: Folds): Iterable<Members> {
  const found = new Map<number, Members>();
  const membersOf = (fold: number): Members => {
    const members = found.get(fold) ?? { up: [], down: [] };
    found.set(fold, members);
    return members;
  };
  for (let place = 0; place < positive.length; place++) membersOf(positive[place] as number).up.push(place);
  for (let place = 0; place < negative.length; place++) membersOf(negative[place] as number).down.push(place);
  return found.values();
}

function meanWithout(
  sum: Float64Array,
  states: readonly State[],
  left: readonly number[],
): Float64Array | null {
  const rest = states.length - left.length;
  if (rest === 0) return null;
  const mean = sum.slice();
  for (const place of left) addTo(mean, states[place] as State, -1);
  return divided(mean, rest);
}

/** Signed distance from the plane half-way between two means; 0 everywhere where they are one. */
function projection(plus: State, less: State): (state: State) => number {
  const delta = minus(plus, less);
  const length = Math.sqrt(dot(delta, delta));
  if (length === 0) return () => 0;
  const middle = (dot(delta, plus) + dot(delta, less)) / 2;
  return (state) => (dot(delta, state) - middle) / length;
}
