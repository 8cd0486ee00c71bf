import { GROUP } from './words.ts';

/** How n-grams become numbers, as `scripts/toxicity/features.py` has it. */
export interface Hashing {
  readonly charBits: number;
  /** Shortest and longest window of characters. */
  readonly charNgrams: readonly [number, number];
  readonly wordBits: number;
  readonly lengthPower: number;
}

const CHAR_SEED = 0x811c9dc5;
const WORD_SEED = 0x2f0b4c47;
const PRIME = 0x01000193;
const MIXER = 0x2c1b3c6d;
const SPACE = 32;
/** No text that is read has as many n-grams. */
const MOST_TOUCHED = 1 << 17;

/** Counts by bucket, summed up against weights and emptied again; one for all texts, because it is large. */
export class BucketCounts {
  readonly #counts: Uint16Array;
  readonly #touched = new Uint32Array(MOST_TOUCHED);
  readonly #weights: Int8Array;
  readonly #table: Float64Array;
  #size = 0;

  /**
   * @param codes one signed byte a bucket
   * @param table weights by code + 128
   */
  constructor(codes: Int8Array, table: Float64Array) {
    this.#counts = new Uint16Array(codes.length);
    this.#weights = codes;
    this.#table = table;
  }

  add(buckets: ArrayLike<number>): void {
    const counts = this.#counts;
    const touched = this.#touched;
    let size = this.#size;
    for (let place = 0; place < buckets.length; place++) {
      const bucket = buckets[place] ?? 0;
      const count = counts[bucket] ?? 0;
      if (count === 0) {
        if (size === MOST_TOUCHED) break;
        touched[size++] = bucket;
      }
      counts[bucket] = count + 1;
    }
    this.#size = size;
  }

  /** Σ weight · damped count, where damped is (1 + ln count) / (Σ (1 + ln count)²)^power. Leaves all counts at 0. */
  drain(power: number): number {
    const counts = this.#counts;
    const touched = this.#touched;
    const weights = this.#weights;
    const table = this.#table;
    let sum = 0;
    let square = 0;
    for (let place = 0; place < this.#size; place++) {
      const bucket = touched[place] ?? 0;
      const count = counts[bucket] ?? 0;
      const value = count === 1 ? 1 : 1 + Math.log(count);
      sum += value * (table[(weights[bucket] ?? 0) + 128] ?? 0);
      square += value * value;
      counts[bucket] = 0;
    }
    this.#size = 0;
    return sum / Math.max(square, 1) ** power;
  }
}

/** Words whose windows are kept, so that frequent ones are hashed once. */
const MOST_KNOWN = 20_000;

/** Buckets of every window of characters within a word that has a space on both sides; the sign of a group has none. */
export function windowsOf({ charBits, charNgrams }: Hashing): (word: string) => Uint32Array {
  const known = new Map<string, Uint32Array>([[GROUP, new Uint32Array()]]);
  return (word) => {
    const old = known.get(word);
    if (old !== undefined) return old;
    const windows = hashedWindows(word, charBits, charNgrams);
    if (known.size < MOST_KNOWN) known.set(word, windows);
    return windows;
  };
}

function hashedWindows(
  word: string,
  bits: number,
  [shortest, longest]: readonly [number, number],
): Uint32Array {
  const out: number[] = [];
  const end = word.length + 2;
  for (let start = 0; start < end; start++) {
    let hash = CHAR_SEED;
    const last = Math.min(start + longest, end);
    for (let place = start; place < last; place++) {
      const code = place === 0 || place === end - 1 ? SPACE : word.charCodeAt(place - 1);
      hash = Math.imul(hash ^ code, PRIME);
      if (place - start + 1 >= shortest) out.push(bucketOf(hash, bits));
    }
  }
  return Uint32Array.from(out);
}

/** Buckets of every word and every pair of neighbours; the sign of a group counts in pairs only. */
export function wordBuckets(words: readonly string[], bits: number): number[] {
  const out: number[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const single = extended(WORD_SEED, word);
    if (word !== GROUP) out.push(bucketOf(single, bits));
    const next = words[index + 1];
    if (next !== undefined) {
      out.push(bucketOf(extended(Math.imul(single ^ SPACE, PRIME), next), bits));
    }
  }
  return out;
}

/** 32-bit FNV-1a. */
function extended(hash: number, text: string): number {
  let value = hash;
  for (let place = 0; place < text.length; place++) {
    value = Math.imul(value ^ text.charCodeAt(place), PRIME);
  }
  return value;
}

function bucketOf(hash: number, bits: number): number {
  return Math.imul(hash ^ (hash >>> 15), MIXER) >>> (32 - bits);
}
