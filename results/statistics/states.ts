/** A hidden state: as many numbers as the model is wide. */
export type State = ArrayLike<number>;

/** Hidden states of one behaviour's prompts by their preferred answer: D+ (Yes) and D− (No). */
export interface StateClasses {
  readonly positive: readonly State[];
  readonly negative: readonly State[];
}

export interface ScreenedStates {
  /** Places of the states that can be used. */
  readonly usable: readonly number[];
  readonly notFinite: readonly number[];
  readonly allZero: readonly number[];
  /** Every usable state has length 1: the server normalised them, and their distances lost their scale. */
  readonly normalised: boolean;
}

/** How far from 1 a length may be and still be a normalised one in single precision. */
const UNIT_TOLERANCE = 1e-3;

/** Sorts out what a server sent: broken vectors are named, never averaged in. */
export function screenStates(states: readonly State[]): ScreenedStates {
  const found = { usable: [] as number[], notFinite: [] as number[], allZero: [] as number[] };
  let normalised = true;
  for (const [place, state] of states.entries()) {
    const square = dot(state, state);
    if (!Number.isFinite(square)) found.notFinite.push(place);
    else if (square === 0) found.allZero.push(place);
    else {
      found.usable.push(place);
      normalised &&= Math.abs(Math.sqrt(square) - 1) <= UNIT_TOLERANCE;
    }
  }
  return { ...found, normalised: normalised && found.usable.length > 0 };
}

/** @throws RangeError for states of unequal width, of no width, or with a number that is not finite. */
export function requireStates(states: readonly State[]): void {
  const width = states[0]?.length ?? 1;
  if (width === 0) throw new RangeError('a hidden state has no number');
  for (const state of states) {
    if (state.length !== width) throw new RangeError(`hidden states of ${width} and ${state.length} numbers`);
    for (let index = 0; index < width; index++) {
      if (!Number.isFinite(state[index]))
        throw new RangeError('a hidden state holds a number that is not finite');
    }
  }
}

/** Σ a_i b_i of two vectors of one width. */
export function dot(a: State, b: State): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

/** a − b. */
export function minus(a: State, b: State): Float64Array {
  const difference = new Float64Array(a.length);
  for (let index = 0; index < a.length; index++)
    difference[index] = (a[index] as number) - (b[index] as number);
  return difference;
}

/** Adds `by` × `other` to `to`, in place. */
export function addTo(to: Float64Array, other: State, by = 1): void {
  for (let index = 0; index < to.length; index++)
    to[index] = (to[index] as number) + by * (other[index] as number);
}

/** Sum of at least one vector of one width. */
export function sumOf(states: readonly State[]): Float64Array {
  const sum = new Float64Array(states[0]?.length ?? 0);
  for (const state of states) addTo(sum, state);
  return sum;
}

/** Divides a vector in place. */
export function divided(vector: Float64Array, by: number): Float64Array {
  for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] as number) / by;
  return vector;
}

/** Mean of at least one vector of one width. */
export function meanState(states: readonly State[]): Float64Array {
  return divided(sumOf(states), states.length);
}

/** Every vector less their mean. */
export function centred(states: readonly State[]): Float64Array[] {
  const mean = meanState(states);
  return states.map((state) => minus(state, mean));
}
