import type { MetricSpec } from '../task.ts';

/** A log-probability or a difference of some, without a better side: it says what moved, not whether it should. */
export function inNats(key: string, label: string, least = Number.NEGATIVE_INFINITY): MetricSpec {
  return {
    key,
    label,
    range: [least, Number.POSITIVE_INFINITY],
    unit: 'nats',
    direction: 'neutral',
    binary: false,
    chance: null,
    counts: {},
    fold: 'mean',
  };
}

/** A share of pairs or statements. A strict one counts a tie as 0, so that guessing has no fixed value. */
export function asShare(key: string, label: string, form: 'strict' | 'half-ties'): MetricSpec {
  return {
    key,
    label,
    range: [0, 1],
    unit: 'share',
    direction: 'neutral',
    binary: form === 'strict',
    chance: form === 'strict' ? null : 0.5,
    counts: {},
    fold: 'mean',
  };
}
