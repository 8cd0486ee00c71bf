/** Distinct numbers in the order of their first places, and how often each occurs. */
export interface Distinct {
  readonly ids: readonly number[];
  readonly counts: readonly number[];
}

/** By number, its place among the distinct ones of the text read last; what earlier texts left there is seen by itself. */
let places = new Int32Array(1024);

/** @param ids whole numbers from 0; memory grows with the largest */
export function distinct(all: readonly number[]): Distinct {
  const ids: number[] = [];
  const counts: number[] = [];
  for (const id of all) {
    if (id >= places.length) places = grown(places, 2 * id);
    const place = places[id] ?? 0;
    if (ids[place] === id) counts[place] = (counts[place] ?? 0) + 1;
    else {
      places[id] = ids.length;
      ids.push(id);
      counts.push(1);
    }
  }
  return { ids, counts };
}

function grown(old: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(old);
  return larger;
}

/** A set of whole numbers from 0. */
export interface Members {
  readonly has: (id: number) => boolean;
  readonly size: number;
}

/** @param ids each once; memory grows with the largest */
export function membersOf(ids: readonly number[]): Members {
  const marks = new Uint8Array(ids.reduce((most, id) => Math.max(most, id), -1) + 1);
  for (const id of ids) marks[id] = 1;
  return { has: (id) => marks[id] === 1, size: ids.length };
}
