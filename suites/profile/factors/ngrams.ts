/** Word sequences of one item's texts as small numbers, the same in all of them. */
export interface Ngrams {
  /**
   * Ids of a text's n-grams by position, from those one word shorter: each is a shorter one and the word after it. Empty
   * where the text is shorter than n.
   */
  readonly extend: (shorter: readonly number[], words: readonly number[], n: number) => number[];
  /** Distinct n-grams of the order that has most of them. */
  readonly size: () => number;
}

export function newNgrams(): Ngrams {
  const tables: PairTable[] = [];
  return {
    extend: (shorter, words, n) => {
      tables[n] ??= newPairTable();
      const table = tables[n];
      const longer: number[] = [];
      for (let at = 0; at + n <= words.length; at++)
        longer.push(table.id(shorter[at] ?? 0, words[at + n - 1] ?? 0));
      return longer;
    },
    size: () => tables.reduce((most, table) => Math.max(most, table.size()), 0),
  };
}

interface PairTable {
  readonly id: (first: number, second: number) => number;
  readonly size: () => number;
}

const FIRST_SLOTS = 4096;

/** Numbers pairs in the order in which they come: a hash table with open addressing, at most half full. */
function newPairTable(): PairTable {
  const firsts: number[] = [];
  const seconds: number[] = [];
  let slots = new Int32Array(FIRST_SLOTS).fill(-1);
  const find = (first: number, second: number): number => {
    const last = slots.length - 1;
    let at = mixed(first, second) & last;
    for (let id = slots[at] ?? -1; id !== -1; id = slots[at] ?? -1) {
      if (firsts[id] === first && seconds[id] === second) break;
      at = (at + 1) & last;
    }
    return at;
  };
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let id = 0; id < firsts.length; id++) slots[find(firsts[id] ?? 0, seconds[id] ?? 0)] = id;
  };
  return {
    id: (first, second) => {
      const at = find(first, second);
      const known = slots[at] ?? -1;
      if (known !== -1) return known;
      const id = firsts.push(first) - 1;
      seconds.push(second);
      slots[at] = id;
      if (2 * firsts.length >= slots.length) grow();
      return id;
    },
    size: () => firsts.length,
  };
}

/** Spreads pairs of small numbers over 32 bits (multipliers and shifts of MurmurHash3's final mix). */
function mixed(first: number, second: number): number {
  let hash = Math.imul(first, 0x85ebca6b) ^ Math.imul(second + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
