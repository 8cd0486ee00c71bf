import { eventsBehind } from '../statistics/clustered-proportion.ts';
import type { Cell, Summary } from '../summary.ts';

/** Under so many effective events an interval of a clustered rate is not what it says (docs/statistics.md). */
const ENOUGH_EVENTS = 10;

/**
 * A rate of clustered samples that rests on fewer than ten events, the rarer of yes and no, on the sample size that the
 * clusters are worth. Where every sample is drawn by itself, Wilson's interval needs no such number.
 */
export function hasFewEvents({ value, low, high, interval, n, clusters }: Cell): boolean {
  if (interval !== 'wilson' || value === null || low === null || high === null || clusters >= n) return false;
  // What was an even ten must not fall short by the last bits of a division.
  return eventsBehind(value, { low, high }) < ENOUGH_EVENTS - 1e-6;
}

/** Null where no cell has the note. */
export function fewEventsInWords({ cells }: Summary): string | null {
  return cells.some(hasFewEvents)
    ? `"few events": fewer than ${ENOUGH_EVENTS} effective events (the rarer of yes and no, over the design effect) stand behind this rate of clustered samples: its interval can cover less, or more, than 95 %.`
    : null;
}
