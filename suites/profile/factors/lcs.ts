/** Words of either side that are compared; the rest of a longer text is not. */
export const LCS_WORDS = 4_000;
const BITS = 30;
const FULL = 2 ** BITS - 1;

/** A text prepared for comparing many others with it. */
export interface LcsTarget {
  /** Number of its words that are compared. */
  readonly size: number;
  /** Where each word stands, as sets of bits. */
  readonly places: ReadonlyMap<number, Int32Array>;
}

export function lcsTarget(words: readonly number[]): LcsTarget {
  const size = Math.min(words.length, LCS_WORDS);
  const places = new Map<number, Int32Array>();
  for (let at = 0; at < size; at++) {
    const word = words[at] ?? -1;
    const bits = places.get(word) ?? new Int32Array(Math.ceil(size / BITS));
    const slot = Math.floor(at / BITS);
    bits[slot] = (bits[slot] ?? 0) | (1 << (at % BITS));
    places.set(word, bits);
  }
  return { size, places };
}

/**
 * Length of the longest common subsequence of two texts' first 4,000 words, 30 cells of the usual table at a time
 * (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): V := (V + (V & M)) | (V & ~M); a zero in V is a match.
 */
export function lcsLength(words: readonly number[], { size, places }: LcsTarget): number {
  const row = new Int32Array(Math.ceil(size / BITS)).fill(FULL);
  for (let at = 0; at < Math.min(words.length, LCS_WORDS); at++) {
    const matches = places.get(words[at] ?? -1);
    if (matches !== undefined) step(row, matches);
  }
  return size - row.reduce((ones, value, slot) => ones + onesIn(value & within(size - slot * BITS)), 0);
}

/** The bits of a slot that stand for places of the target, which ends after `left` more of them. */
function within(left: number): number {
  return left >= BITS ? FULL : (1 << left) - 1;
}

function onesIn(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function step(row: Int32Array, matches: Int32Array): void {
  let carry = 0;
  for (let slot = 0; slot < row.length; slot++) {
    const value = row[slot] ?? 0;
    const match = matches[slot] ?? 0;
    const sum = value + (value & match) + carry;
    carry = sum > FULL ? 1 : 0;
    row[slot] = (sum & FULL) | (value & ~match);
  }
}
