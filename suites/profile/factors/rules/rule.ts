import type { Members } from '../distinct.ts';
import type { Item } from '../item.ts';
import type { Text } from '../text.ts';
import type { Factor } from '../types.ts';

/** A factor that is computed from the texts alone. */
export interface Rule extends Factor {
  /** Null where it does not apply; never NaN. */
  readonly of: (response: Text, item: Item) => number | null;
}

/** A share of nothing is not known. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** How many of the first are in the second. */
export function countIn(some: readonly number[], others: Members): number {
  let count = 0;
  for (const one of some) if (others.has(one)) count++;
  return count;
}

export function countWhere<Value>(values: Iterable<Value>, holds: (value: Value) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  return count;
}

/** 1 or 0; null for a text without words. */
export function yesNo({ words }: Text, holds: boolean): number | null {
  if (words.length === 0) return null;
  return holds ? 1 : 0;
}
