import { dot, requireStates, type State, sumOf } from './states.ts';

export interface Ches {
  /** ⟨A, B⟩ − ‖A‖², A and B the sums of hidden states over the chosen and the rejected answer. */
  readonly raw: number;
  /** The same on means over positions, which takes the answers' lengths out. */
  readonly perToken: number;
}

/**
 * Centred hidden embedding similarity of one pair: higher means that training on the pair is expected to make its chosen
 * answer less likely (likelihood displacement). Razin et al. 2024, arXiv 2410.08847.
 *
 * @param chosen one hidden state per position of `chesPositions`, all of one width; likewise rejected.
 * @returns null where an answer has no position.
 * @throws RangeError for states of unequal width or with a number that is not finite.
 */
export function ches(chosen: readonly State[], rejected: readonly State[]): Ches | null {
  if (chosen.length === 0 || rejected.length === 0) return null;
  requireStates([...chosen, ...rejected]);
  const [a, b] = [sumOf(chosen), sumOf(rejected)];
  const [crossed, own] = [dot(a, b), dot(a, a)];
  return {
    raw: crossed - own,
    perToken: crossed / (chosen.length * rejected.length) - own / chosen.length ** 2,
  };
}

/** The positions whose states predict an answer: from the last token of the prompt, without the answer's last token. */
export function chesPositions(promptTokens: number, allTokens: number): { from: number; below: number } {
  if (!(Number.isInteger(promptTokens) && promptTokens > 0 && Number.isInteger(allTokens))) {
    throw new RangeError(`a prompt of ${promptTokens} tokens among ${allTokens}`);
  }
  if (allTokens <= promptTokens) throw new RangeError('the answer has no token');
  return { from: promptTokens - 1, below: allTokens - 1 };
}
