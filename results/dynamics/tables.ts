import type { TwoClasses } from '../statistics/dynamics-separation.ts';
import type { State, StateClasses } from '../statistics/states.ts';
import type { Folds } from '../statistics/states-held-out.ts';
import type { Matching } from './detail.ts';

/** States of one width, in one block of memory that grows: 4 bytes a number. */
class Rows {
  readonly width: number;
  readonly isPositive: boolean[] = [];
  readonly folds: number[] = [];
  #numbers: Float32Array;

  constructor(width: number) {
    this.width = width;
    this.#numbers = new Float32Array(8 * width);
  }

  get length(): number {
    return this.folds.length;
  }

  add(vector: Float32Array, matching: Matching, fold: number): void {
    const at = this.length * this.width;
    if (at === this.#numbers.length) {
      const larger = new Float32Array(2 * at);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers.set(vector, at);
    this.isPositive.push(matching === 'yes');
    this.folds.push(fold);
  }

  classes(): StateClasses & { readonly folds: Folds } {
    const of = (isPositive: boolean): { states: State[]; folds: number[] } => {
      const places = this.folds.flatMap((_, place) => (this.isPositive[place] === isPositive ? [place] : []));
      return {
        // In double precision, like every vector that is made of them: one kind of array is faster than two.
        states: places.map(
          (place) => new Float64Array(this.#numbers.subarray(place * this.width, (place + 1) * this.width)),
        ),
        folds: places.map((place) => this.folds[place] as number),
      };
    };
    const [up, down] = [of(true), of(false)];
    return {
      positive: up.states,
      negative: down.states,
      folds: { positive: up.folds, negative: down.folds },
    };
  }
}

/** Hidden states of one behaviour in one checkpoint. Memory: 4 bytes a number, and the names of clusters. */
export class StateTable {
  readonly #byWidth = new Map<number, Rows>();
  readonly #clusters = new Map<string, number>();
  #unusable = 0;
  #farthestFromUnit = 0;

  add(vector: Float32Array, matching: Matching, cluster: string): void {
    const rows = this.#byWidth.get(vector.length) ?? new Rows(vector.length);
    this.#byWidth.set(vector.length, rows);
    const fold = this.#clusters.get(cluster) ?? this.#clusters.size;
    this.#clusters.set(cluster, fold);
    rows.add(vector, matching, fold);
    let square = 0;
    for (const value of vector) square += value * value;
    this.#farthestFromUnit = Math.max(this.#farthestFromUnit, Math.abs(Math.sqrt(square) - 1));
  }

  addUnusable(): void {
    this.#unusable++;
  }

  /** Largest distance of a vector's length from 1. */
  get farthestFromUnit(): number {
    return this.#farthestFromUnit;
  }

  /** Vectors by their width. */
  get widths(): ReadonlyMap<number, number> {
    return new Map([...this.#byWidth].map(([width, rows]) => [width, rows.length]));
  }

  /** The two classes of the vectors of one width; those of another are unusable beside them. */
  classes(width: number): StateClasses & { readonly folds: Folds; readonly unusable: number } {
    const rows = this.#byWidth.get(width) ?? new Rows(width);
    const others = [...this.#byWidth.values()].reduce((sum, one) => sum + (one === rows ? 0 : one.length), 0);
    return { ...rows.classes(), unusable: this.#unusable + others };
  }
}

/** Log-odds of one behaviour in one checkpoint. */
export class OddsTable {
  readonly #values = { yes: [] as number[], no: [] as number[] };
  censored = 0;
  readonly #mass = { sum: 0, count: 0 };
  readonly #matches = { sum: 0, count: 0 };

  add(odds: {
    readonly matching: Matching;
    readonly yesLogOdds: number;
    readonly censored: boolean;
    readonly mass: number | null;
    readonly matches: number | null;
  }): void {
    this.#values[odds.matching].push(odds.yesLogOdds);
    this.censored += Number(odds.censored);
    tally(this.#mass, odds.mass);
    tally(this.#matches, odds.matches);
  }

  get classes(): TwoClasses {
    return { positive: this.#values.yes, negative: this.#values.no };
  }

  get mass(): number | null {
    return meanOf(this.#mass);
  }

  /** Share of statements whose matching answer is the likelier one. */
  get matching(): number | null {
    return meanOf(this.#matches);
  }
}

interface Tally {
  sum: number;
  count: number;
}

function tally(to: Tally, value: number | null): void {
  if (value === null) return;
  to.sum += value;
  to.count++;
}

function meanOf({ sum, count }: Tally): number | null {
  return count === 0 ? null : sum / count;
}
