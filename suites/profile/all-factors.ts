import { type Factor, RULE_FACTORS } from './factors/factor.ts';
import { JUDGE_FACTORS } from './factors/judge-factors.ts';

/** The factor that says how long a response is. */
export const LENGTH_FACTOR = 'length';

/** Every factor that some task of the suite measures, in the order of tables. */
export function allFactors(): readonly Factor[] {
  return [...RULE_FACTORS, ...JUDGE_FACTORS];
}
