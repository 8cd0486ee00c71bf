import { GrowingNumbers } from './columns.ts';

/** Which answers each instrument was read from: keys of requests, shortened to 52 bits. */
export class AnswerKeys {
  readonly #keys = new Map<string, { readonly numbers: GrowingNumbers; count: number }>();

  enter(instrument: string, keys: readonly string[]): void {
    const own = this.#keys.get(instrument) ?? { numbers: new GrowingNumbers(0), count: 0 };
    for (const key of keys) {
      const number = Number.parseInt(key.slice(0, 13), 16);
      if (!Number.isNaN(number)) own.numbers.set(own.count++, number);
    }
    this.#keys.set(instrument, own);
  }

  /** Whether two instruments were read from at least one common answer: their numbers then err together. */
  share(one: string, other: string): boolean {
    if (one === other) return true;
    const [a, b] = [this.#sorted(one), this.#sorted(other)];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const [x, y] = [a[i] as number, b[j] as number];
      if (x === y) return true;
      if (x < y) i++;
      else j++;
    }
    return false;
  }

  #sorted(instrument: string): Float64Array {
    const own = this.#keys.get(instrument);
    if (own === undefined) return new Float64Array(0);
    return own.numbers.arranged(Uint32Array.from({ length: own.count }, (_, place) => place)).sort();
  }
}
