import { sha256 } from '../../../core/digest.ts';
import type { PairRow } from './pair.ts';

/** What is left of a digest: 52 bits, so that a number holds it. Of five million pairs two meet by chance once in 350 files. */
const DIGITS = 13;

const LABELS = { a: 1, b: -1, tie: 0 } as const;
const NO_LABEL = 2;

/** Knows pairs and ids again, in some 50 bytes each. */
export class Repeats {
  /** By content its label, as seen from the response that comes first in the alphabet. */
  readonly #labels = new Map<number, number>();
  /** By content whether that response was `a`. */
  readonly #straight = new Set<number>();
  /** By id the number that its next namesake gets. */
  readonly #ids = new Map<number, number>();

  /** Undefined for a pair that was not seen before: the same responses of the same models to the same prompt. */
  pairAgain(pair: PairRow): { readonly mirrored: boolean; readonly labelDiffers: boolean } | undefined {
    const { prompt, source = '', a, b, modelA = '', modelB = '', preference } = pair;
    const [one, other] = [`${a}\u0000${modelA}`, `${b}\u0000${modelB}`];
    const isStraight = one < other;
    const [first, second] = isStraight ? [one, other] : [other, one];
    const content = shortened(`${prompt}\u0001${source}\u0001${first}\u0001${second}`);
    const said = preference === undefined ? NO_LABEL : LABELS[preference] * (isStraight ? 1 : -1) + 0;
    const known = this.#labels.get(content);
    if (known === undefined) {
      this.#labels.set(content, said);
      if (isStraight) this.#straight.add(content);
      return undefined;
    }
    return { mirrored: this.#straight.has(content) !== isStraight, labelDiffers: known !== said };
  }

  /** The id, or where it is taken the id with a number behind. */
  freeId(id: string): string {
    const key = shortened(id);
    for (let number = this.#ids.get(key) ?? 1; ; number++) {
      const name = number === 1 ? id : `${id}~${number}`;
      const short = number === 1 ? key : shortened(name);
      if (number > 1 && this.#ids.has(short)) continue;
      this.#ids.set(key, number + 1);
      if (number > 1) this.#ids.set(short, 2);
      return name;
    }
  }
}

function shortened(text: string): number {
  return Number.parseInt(sha256(text).slice(0, DIGITS), 16);
}
