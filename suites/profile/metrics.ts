import { distanceFromHalf } from '../scorers/letter-orders.ts';
import type { MetricSpec } from '../task.ts';
import { type Factor, RULE_FACTORS } from './factors/factor.ts';
import { JUDGE_FACTORS } from './factors/judge-factors.ts';

/** The pull of a factor: +1 where whoever prefers always takes more of it, −1 where always less. */
export function pullOf({ key, label }: Factor): MetricSpec {
  return {
    key,
    label: `pull of ${label}`,
    range: [-1, 1],
    unit: 'score',
    direction: 'neutral',
    binary: false,
    chance: null,
    counts: {},
    fold: 'mean',
  };
}

/** How much of a factor the responses have, in its own unit. */
export function levelOf({ key, label, unit }: Factor): MetricSpec {
  return {
    key,
    label: `${label}, ${unit}`,
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    unit: 'score',
    direction: 'neutral',
    binary: false,
    chance: null,
    counts: {},
    fold: 'mean',
  };
}

export const RULE_PULLS: readonly MetricSpec[] = RULE_FACTORS.map(pullOf);
/** Factors that a judge measures, and length, which every model of preference is controlled for. */
export const JUDGE_PULLS: readonly MetricSpec[] = [
  ...JUDGE_FACTORS,
  ...RULE_FACTORS.filter(({ key }) => key === 'length'),
].map(pullOf);
export const RULE_LEVELS: readonly MetricSpec[] = RULE_FACTORS.map(levelOf);

const SHARE = { range: [0, 1], unit: 'share', chance: null, counts: {} } as const;

/** Both orders of the two responses got the same answer. */
export const CONSISTENT: MetricSpec = {
  ...SHARE,
  key: 'consistent',
  label: 'the same response preferred in both orders',
  direction: 'higher-is-better',
  binary: true,
  fold: 'mean',
};

/** All five responses could be measured; a prompt of which one could not has no value under any factor. */
export const COMPLETE: MetricSpec = {
  ...SHARE,
  key: 'complete',
  label: 'prompts of which all five responses could be measured',
  direction: 'higher-is-better',
  binary: true,
  fold: 'mean',
};

export const POSITION_BIAS: MetricSpec = {
  ...SHARE,
  key: 'position_bias',
  label: 'distance of picks of the first response from one half',
  direction: 'lower-is-better',
  binary: false,
  fold: distanceFromHalf,
};

/** Where people and the checkpoint both prefer one of the two. */
export const HUMAN_AGREEMENT: MetricSpec = {
  ...SHARE,
  key: 'human_agreement',
  label: 'prefers what people prefer',
  direction: 'higher-is-better',
  binary: true,
  fold: 'mean',
  chance: 0.5,
};
