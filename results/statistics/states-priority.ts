import { dot, meanState, requireStates, type State } from './states.ts';

export interface PriorityLevels {
  /** p_i = δ̄ᵀ δ_i / ‖δ̄‖ of each behaviour; higher is learned first, below 0 it gets worse first. */
  readonly levels: readonly number[];
  /** ‖δ̄‖, the length of the mixture's mean direction. */
  readonly length: number;
}

/**
 * Which behaviours of an equally weighted mixture training favours at first. After Im & Li 2024, arXiv 2403.18742
 * (the authors' `priority_levels.ipynb`): at the start E_i[margin] grows at β²/4 × δ̄ᵀ δ_i.
 *
 * @param deltas of each behaviour the mean state of D+ less that of D−, all at one checkpoint.
 * @returns null of no behaviour, or where the directions cancel.
 * @throws RangeError for vectors of unequal width or with a number that is not finite.
 */
export function priorityLevels(deltas: readonly State[]): PriorityLevels | null {
  if (deltas.length === 0) return null;
  requireStates(deltas);
  const mean = meanState(deltas);
  const length = Math.sqrt(dot(mean, mean));
  return length === 0 ? null : { levels: deltas.map((delta) => dot(mean, delta) / length), length };
}

/**
 * Priority gap of two behaviours mixed by halves: (p_1 − p_2) / max(‖δ_1‖, ‖δ_2‖). Above 0 the first crowds out the
 * second. Null where the directions cancel. Source and errors as `priorityLevels`.
 */
export function priorityGap(first: State, second: State): number | null {
  const found = priorityLevels([first, second]);
  if (found === null) return null;
  const [one = 0, other = 0] = found.levels;
  return (one - other) / Math.sqrt(Math.max(dot(first, first), dot(second, second)));
}
