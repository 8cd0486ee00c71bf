import type { Factor } from '../types.ts';
import { FOCUS } from './focus.ts';
import { OVERLAP } from './overlap.ts';
import { READABILITY_RULES } from './readability.ts';
import { REGISTER_RULES } from './register.ts';
import type { Rule } from './rule.ts';
import { SIZE } from './size.ts';
import { SUPPORT_RULES } from './support.ts';

/** All rule factors in the order of the tables; `length` first. */
export const RULES: readonly Rule[] = [
  ...SIZE,
  ...OVERLAP,
  ...SUPPORT_RULES,
  ...FOCUS,
  ...REGISTER_RULES,
  ...READABILITY_RULES,
];

/** What the rule factors are, in the same order, as plain data. */
export const RULE_FACTORS: readonly Factor[] = RULES.map(
  ({ key, label, level1, level2, unit, needs, note }) => ({ key, label, level1, level2, unit, needs, note }),
);
