/** A hidden state: as many numbers as the model is wide. */
type State = ArrayLike<number>;

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
  const width = chosen[0]?.length ?? 0;
  const [a, b] = [sumOf(chosen, width), sumOf(rejected, width)];
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

/** @throws RangeError for another width, or a number that is not finite. */
function sumOf(states: readonly State[], width: number): Float64Array {
  const sum = new Float64Array(width);
  for (const state of states) {
    if (state.length !== width || width === 0)
      throw new RangeError(`hidden states of ${width} and ${state.length} numbers`);
    for (let index = 0; index < width; index++)
      sum[index] = (sum[index] as number) + (state[index] as number);
  }
  if (!sum.every(Number.isFinite)) throw new RangeError('a hidden state holds a number that is not finite');
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
