/** Grows by doubling; what was not set is the given filling. */
export class GrowingNumbers {
  #values: Float64Array;
  readonly #filling: number;

  constructor(filling: number, size = 64) {
    this.#filling = filling;
    this.#values = new Float64Array(size).fill(filling);
  }

  get(place: number): number {
    return place < this.#values.length ? (this.#values[place] as number) : this.#filling;
  }

  set(place: number, value: number): void {
    if (place >= this.#values.length) {
      const grown = new Float64Array(Math.max(place + 1, 2 * this.#values.length)).fill(this.#filling);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[place] = value;
  }

  /** Entry i comes from place order[i]. */
  arranged(order: Uint32Array): Float64Array {
    const result = new Float64Array(order.length);
    for (let place = 0; place < order.length; place++) result[place] = this.get(order[place] as number);
    return result;
  }
}

const CHUNK_ROWS = 4096;

/** Rows of equal width, kept in chunks: growing copies nothing, and a row is written in one place. */
export class GrowingRows {
  readonly #width: number;
  readonly #filling: number;
  readonly #chunks: Float64Array[] = [];

  constructor(width: number, filling: number) {
    this.#width = width;
    this.#filling = filling;
  }

  /** The row itself, to be read and written. */
  row(place: number): Float64Array {
    const chunk = Math.floor(place / CHUNK_ROWS);
    while (this.#chunks.length <= chunk) {
      this.#chunks.push(new Float64Array(CHUNK_ROWS * this.#width).fill(this.#filling));
    }
    const start = (place % CHUNK_ROWS) * this.#width;
    return (this.#chunks[chunk] as Float64Array).subarray(start, start + this.#width);
  }

  /** Entry i of a column comes from row order[i]; what was never written is the filling. */
  columns(order: Uint32Array): Float64Array[] {
    const result = Array.from({ length: this.#width }, () => new Float64Array(order.length));
    for (let place = 0; place < order.length; place++) {
      const row = this.row(order[place] as number);
      for (let index = 0; index < row.length; index++) {
        (result[index] as Float64Array)[place] = row[index] as number;
      }
    }
    return result;
  }
}

/** As GrowingNumbers, of small whole numbers: a byte each. */
export class GrowingSigns {
  #values: Int8Array;
  readonly #filling: number;

  constructor(filling: number, size = 64) {
    this.#filling = filling;
    this.#values = new Int8Array(size).fill(filling);
  }

  get(place: number): number {
    return place < this.#values.length ? (this.#values[place] as number) : this.#filling;
  }

  set(place: number, value: number): void {
    if (place >= this.#values.length) {
      const grown = new Int8Array(Math.max(place + 1, 2 * this.#values.length)).fill(this.#filling);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[place] = value;
  }

  arranged(order: Uint32Array): Int8Array {
    const result = new Int8Array(order.length);
    for (let place = 0; place < order.length; place++) result[place] = this.get(order[place] as number);
    return result;
  }
}

/** Places 0 … n − 1 in the order of their names. */
export function orderOf(names: readonly string[]): Uint32Array {
  const order = Uint32Array.from({ length: names.length }, (_, place) => place);
  return order.sort((a, b) => {
    const [one, other] = [names[a] as string, names[b] as string];
    return one < other ? -1 : one > other ? 1 : 0;
  });
}
