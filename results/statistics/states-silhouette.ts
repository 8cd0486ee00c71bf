import { requireStates, type State, type StateClasses } from './states.ts';

/**
 * Mean silhouette of the two classes (Rousseeuw 1987, Journal of Computational and Applied Mathematics 20:53-65) with
 * Euclidean distances: −1 to 1, higher is further apart; 0 for a state alone in its class or without any distance.
 *
 * @returns null where a class is missing or both hold one state.
 * @throws RangeError for states of unequal width or with a number that is not finite.
 */
export function silhouette({ positive, negative }: StateClasses): number | null {
  const states = [...positive, ...negative];
  requireStates(states);
  if (positive.length === 0 || negative.length === 0 || states.length < 3) return null;
  const toPositive = new Float64Array(states.length);
  const toNegative = new Float64Array(states.length);
  const isPositive = (place: number): boolean => place < positive.length;
  for (const [i, state] of states.entries()) {
    for (let j = 0; j < i; j++) {
      const far = distance(state, states[j] as State);
      const [fromI, fromJ] = [
        isPositive(j) ? toPositive : toNegative,
        isPositive(i) ? toPositive : toNegative,
      ];
      fromI[i] = (fromI[i] as number) + far;
      fromJ[j] = (fromJ[j] as number) + far;
    }
  }
  const widths = states.map((_, i) => {
    const [near, far] = [toPositive[i] as number, toNegative[i] as number];
    return isPositive(i)
      ? widthOf(near, positive.length, far / negative.length)
      : widthOf(far, negative.length, near / positive.length);
  });
  return widths.reduce((sum, width) => sum + width, 0) / states.length;
}

function widthOf(ownSum: number, ownSize: number, other: number): number {
  if (ownSize === 1) return 0;
  const own = ownSum / (ownSize - 1);
  const larger = Math.max(own, other);
  return larger === 0 ? 0 : (other - own) / larger;
}

function distance(a: State, b: State): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += ((a[index] as number) - (b[index] as number)) ** 2;
  return Math.sqrt(sum);
}
