/** Words of either side that are compared; the rest of a longer text is not. */
export const LCS_WORDS = 4_000;
const BITS = 30;
const FULL = 2 ** BITS - 1;

/** A text prepared for comparing many others with it. */
export interface LcsTarget {
  /** Number of its words that are compared. */
  readonly size: number;
  /** Of each word, where its row of `bits` begins. */
  readonly rows: ReadonlyMap<number, number>;
  /** A row a word: a bit a place where it stands. */
  readonly bits: Int32Array;
}

export function lcsTarget(words: readonly number[]): LcsTarget {
  const size = Math.min(words.length, LCS_WORDS);
  const slots = Math.ceil(size / BITS);
  const rows = new Map<number, number>();
  for (let at = 0; at < size; at++) {
    const word = words[at] ?? -1;
    if (!rows.has(word)) rows.set(word, rows.size * slots);
  }
  const bits = new Int32Array(rows.size * slots);
  for (let at = 0; at < size; at++) {
    const slot = (rows.get(words[at] ?? -1) ?? 0) + Math.floor(at / BITS);
    bits[slot] = (bits[slot] ?? 0) | (1 << (at % BITS));
  }
  return { size, rows, bits };
}

/**
 * Length of the longest common subsequence of two texts' first 4,000 words, 30 cells of the usual table at a time
 * (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): V := (V + (V & M)) | (V & ~M); a zero in V is a match.
 */
export function lcsLength(words: readonly number[], { size, rows, bits }: LcsTarget): number {
  const row = new Int32Array(Math.ceil(size / BITS)).fill(FULL);
  for (let at = 0; at < Math.min(words.length, LCS_WORDS); at++) {
    const from = rows.get(words[at] ?? -1);
    if (from !== undefined) step(row, bits, from);
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

function step(row: Int32Array, bits: Int32Array, from: number): void {
  let carry = 0;
  for (let slot = 0; slot < row.length; slot++) {
    const value = row[slot] ?? 0;
    const match = bits[from + slot] ?? 0;
    const sum = value + (value & match) + carry;
    carry = sum > FULL ? 1 : 0;
    row[slot] = (sum & FULL) | (value & ~match);
  }
}
