import { sha256 } from '../../core/digest.ts';
import type { Outcome, UnscoredReason } from '../../suites/task.ts';
import { unreadOf } from './unread.ts';

/** What happened to a sample, as a small number; 0 is a sample that was never asked. */
export const KIND = {
  absent: 0,
  scored: 1,
  refused: 2,
  empty: 3,
  truncated: 4,
  unparsed: 5,
  failed: 6,
  skipped: 7,
} as const;

export const UNSCORED_KINDS: Readonly<Record<UnscoredReason, number>> = {
  refused: KIND.refused,
  empty: KIND.empty,
  truncated: KIND.truncated,
  unparsed: KIND.unparsed,
};

/** One checkpoint's outcomes under one instrument; entry u belongs to unit u of the instrument. */
export interface Column {
  readonly kinds: Uint8Array;
  /** By metric key; NaN where the sample has no value of its own. */
  readonly values: ReadonlyMap<string, Float64Array>;
  /** A fingerprint of what was answered, equal for equal answers; NaN where nothing was. */
  readonly contents: Float64Array;
  /** Number of a text in `texts`: the error's code, the missing capability, or why a judge's reply could not be read; 0 for none. */
  readonly notes: Uint16Array;
  /** Share of what a judge was given of which it gave no readable verdict; null where it always did. */
  readonly unread: Float64Array | null;
  readonly texts: readonly string[];
}

/** A column that grows while outcomes arrive in any order. */
export class GrowingColumn {
  #kinds = new Uint8Array(64);
  #contents = new Float64Array(64).fill(Number.NaN);
  #notes = new Uint16Array(64);
  readonly #unread = new Map<number, number>();
  readonly #values = new Map<string, Float64Array>();
  readonly #texts = [''];
  readonly #textNumbers = new Map<string, number>();

  constructor(keys: readonly string[]) {
    for (const key of keys) this.#values.set(key, new Float64Array(64).fill(Number.NaN));
  }

  /**
   * Enters an outcome. A failure gives way to any other outcome of the same unit, whichever came first, because a
   * resumed run asks again what failed.
   *
   * @returns false when the unit already has another outcome that contradicts this one.
   */
  enter(unit: number, outcome: Outcome, content: string | null): boolean {
    this.#reach(unit);
    const present = this.#kinds[unit] as number;
    const kind = kindOf(outcome);
    if (present !== KIND.absent && present !== KIND.failed) {
      return kind === KIND.failed || this.#agrees(unit, kind, outcome, content);
    }
    if (present === KIND.failed && kind === KIND.failed) return true;
    this.#kinds[unit] = kind;
    this.#contents[unit] = fingerprint(content);
    const unread = unreadOf(outcome);
    if (unread !== null) this.#unread.set(unit, unread.share);
    this.#notes[unit] = this.#noteNumber(unread?.problem ?? noteOf(outcome));
    if (outcome.kind === 'scored') {
      for (const [key, column] of this.#values) column[unit] = outcome.values[key] ?? Number.NaN;
    }
    return true;
  }

  /** The column in a new order: entry i comes from unit order[i]. */
  arranged(order: Uint32Array): Column {
    this.#reach(order.length);
    const values = new Map<string, Float64Array>();
    for (const [key, column] of this.#values)
      values.set(
        key,
        Float64Array.from(order, (unit) => column[unit] as number),
      );
    return {
      kinds: Uint8Array.from(order, (unit) => this.#kinds[unit] as number),
      contents: Float64Array.from(order, (unit) => this.#contents[unit] as number),
      notes: Uint16Array.from(order, (unit) => this.#notes[unit] as number),
      unread:
        this.#unread.size === 0 ? null : Float64Array.from(order, (unit) => this.#unread.get(unit) ?? 0),
      values,
      texts: this.#texts,
    };
  }

  #agrees(unit: number, kind: number, outcome: Outcome, content: string | null): boolean {
    if (kind !== this.#kinds[unit] || !Object.is(fingerprint(content), this.#contents[unit])) return false;
    if (outcome.kind !== 'scored') return true;
    return [...this.#values].every(([key, column]) =>
      Object.is(outcome.values[key] ?? Number.NaN, column[unit]),
    );
  }

  #reach(unit: number): void {
    if (unit < this.#kinds.length) return;
    const size = Math.max(unit + 1, this.#kinds.length * 2);
    this.#kinds = grown(this.#kinds, new Uint8Array(size));
    this.#notes = grown(this.#notes, new Uint16Array(size));
    this.#contents = grown(this.#contents, new Float64Array(size).fill(Number.NaN));
    for (const [key, column] of this.#values) {
      this.#values.set(key, grown(column, new Float64Array(size).fill(Number.NaN)));
    }
  }

  #noteNumber(text: string): number {
    if (text === '') return 0;
    const known = this.#textNumbers.get(text);
    if (known !== undefined) return known;
    // Sixteen bits are plenty for error codes; should a backend invent more, the rest share the last one.
    if (this.#texts.length === 0xffff) return 0xfffe;
    this.#texts.push(text);
    this.#textNumbers.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }
}

function kindOf(outcome: Outcome): number {
  return outcome.kind === 'unscored' ? UNSCORED_KINDS[outcome.reason] : KIND[outcome.kind];
}

function noteOf(outcome: Outcome): string {
  if (outcome.kind === 'failed') return outcome.error.code;
  return outcome.kind === 'skipped' ? outcome.missing : '';
}

/** The first 52 bits of a hexadecimal digest, as a whole number: two different answers share it once in 10^15. */
function fingerprint(content: string | null): number {
  if (content === null) return Number.NaN;
  return Number.parseInt((/^[0-9a-f]{13}/.test(content) ? content : sha256(content)).slice(0, 13), 16);
}

function grown<T extends Uint8Array | Uint16Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
