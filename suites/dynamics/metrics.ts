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

/** How an instrument behaves rather than what a checkpoint learned: no effect of it is among those that are corrected. */
export function diagnostic(metric: MetricSpec): MetricSpec {
  return { ...metric, diagnostic: true };
}

/** How much of the first token the answers explain. */
export function massOf(key: string, label: string): MetricSpec {
  return {
    key,
    label,
    range: [0, 1],
    unit: 'share',
    direction: 'higher-is-better',
    binary: false,
    chance: null,
    counts: {},
    fold: 'mean',
  };
}

/** A metric that has no value for a sample with a bound only; that bound is what moves furthest. */
export function uncensored(metric: MetricSpec): MetricSpec {
  return { ...metric, label: `${metric.label}; of answers that are not censored` };
}

/** Share of samples of which an answer is missing from the alternatives: they have bounds, and enter no mean. */
export const CENSORED: MetricSpec = {
  ...asShare('censored', 'an answer is not among the alternatives of the first token', 'strict'),
  direction: 'lower-is-better',
};
