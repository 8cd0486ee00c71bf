import type {
  Effect,
  EffectFamily,
  EffectKind,
  EffectTest,
  IntervalKind,
  RunFacts,
  SummaryMetric,
  Verdict,
} from './summary.ts';

// Whole lists of words: the compiler refuses one that is missing, or that the type does not have.

export const DIRECTIONS = {
  'higher-is-better': true,
  'lower-is-better': true,
  neutral: true,
} as const satisfies Record<Effect['direction'], true>;
export const UNITS = { share: true, nats: true, score: true } as const satisfies Record<
  SummaryMetric['unit'],
  true
>;
export const KINDS = { stage: true, total: true, method: true, control: true } satisfies Record<
  EffectKind,
  true
>;
export const EFFECT_FAMILIES = {
  primary: true,
  profile: true,
  dynamics: true,
  exploratory: true,
  none: true,
} satisfies Record<EffectFamily, true>;
export const TESTS = {
  'cluster-sign-flip-exact': true,
  'cluster-sign-flip-sampled': true,
  'mcnemar-exact': true,
  'confidence-sequence': true,
} satisfies Record<EffectTest, true>;
export const VERDICTS = {
  improved: true,
  worsened: true,
  raised: true,
  lowered: true,
  'no detectable change': true,
  'not comparable': true,
} satisfies Record<Verdict, true>;
export const INTERVALS = { wilson: true, 'clustered-t': true, 'jackknife-t': true } satisfies Record<
  IntervalKind,
  true
>;
export const STATUSES = { finished: true, interrupted: true, stopped: true } satisfies Record<
  RunFacts['status'],
  true
>;
