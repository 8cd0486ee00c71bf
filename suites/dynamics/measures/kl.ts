import { finiteOrNull, requireFinite } from './numbers.ts';

/** Estimates of KL(checkpoint ‖ reference) in nats, from texts sampled of the checkpoint at temperature 1 without cuts. */
export interface KlEstimates {
  /** Mean of −r: unbiased, may fall below 0. r = ln p_ref − ln p. */
  readonly k1: number | null;
  /** Mean of r² / 2: biased, never below 0, of little variance. */
  readonly k2: number | null;
  /** Mean of e^r − 1 − r: unbiased, never below 0. Null where it overflows, as it can on whole sequences. */
  readonly k3: number | null;
}

/**
 * Estimators k1, k2 and k3 (Schulman 2020, Approximating KL Divergence) over draws: tokens or whole texts.
 * On tokens each is the KL per token; `klOfText` sums them over a text.
 *
 * @param checkpoint ln p of each draw under the checkpoint that it was drawn from, nats.
 * @param reference ln p of the same draws under the reference.
 * @returns null without a draw.
 * @throws RangeError for unequal lengths or a log-probability that is not finite.
 */
export function klEstimates(checkpoint: ArrayLike<number>, reference: ArrayLike<number>): KlEstimates | null {
  const n = checkpoint.length;
  return n === 0 && reference.length === 0 ? null : scaled(termSums(checkpoint, reference), 1 / n);
}

/** The same terms summed over the tokens of one text: its estimate of the sequence's KL, where k3 does not explode. */
export function klOfText(checkpoint: ArrayLike<number>, reference: ArrayLike<number>): KlEstimates {
  return scaled(termSums(checkpoint, reference), 1);
}

type Sums = readonly [k1: number, k2: number, k3: number];

function termSums(checkpoint: ArrayLike<number>, reference: ArrayLike<number>): Sums {
  if (checkpoint.length !== reference.length) {
    throw new RangeError(
      `${checkpoint.length} draws under the checkpoint, ${reference.length} under the reference`,
    );
  }
  let [k1, k2, k3] = [0, 0, 0];
  for (let index = 0; index < checkpoint.length; index++) {
    const [own, other] = [checkpoint[index] as number, reference[index] as number];
    requireFinite('a log-probability', own, other);
    const r = other - own;
    k1 -= r;
    k2 += (r * r) / 2;
    k3 += Math.expm1(r) - r;
  }
  return [k1, k2, k3];
}

function scaled([k1, k2, k3]: Sums, by: number): KlEstimates {
  return { k1: finiteOrNull(k1 * by), k2: finiteOrNull(k2 * by), k3: finiteOrNull(k3 * by) };
}
