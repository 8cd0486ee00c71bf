import { verdictWord } from '../direction.ts';
import { ALPHA } from '../settings.ts';
import { benjaminiHochberg, holm } from '../statistics/adjust.ts';
import type { Effect, EffectFamily, Families, Verdict } from '../summary.ts';

/** What an effect is before the whole table is known. */
export interface Draft extends Omit<Effect, 'pAdjusted' | 'verdict' | 'detectable'> {
  /** Why the two sides must not be compared; null when they may. */
  readonly obstacle: string | null;
}

/** What a correction needs of a test: of one effect, or of a mean over training seeds. */
export interface Tested {
  readonly family: EffectFamily;
  /** Null where nothing was tested. */
  readonly p: number | null;
}

/** How many tests each family holds. */
export function countFamilies(tests: readonly Tested[]): Families {
  const [factors, learned] = [membersOf(tests, 'profile').length, membersOf(tests, 'dynamics').length];
  return {
    alpha: ALPHA,
    primary: { adjustment: 'holm', tests: membersOf(tests, 'primary').length },
    exploratory: { adjustment: 'benjamini-hochberg', tests: membersOf(tests, 'exploratory').length },
    ...(factors === 0 ? {} : { profile: { adjustment: 'holm' as const, tests: factors } }),
    ...(learned === 0 ? {} : { dynamics: { adjustment: 'holm' as const, tests: learned } }),
  };
}

/** Adjusted p by test: Holm in the primary family and in those of factors and of dynamics, Benjamini-Hochberg in the
 * exploratory one. */
export function adjustFamilies(tests: readonly Tested[]): ReadonlyMap<Tested, number> {
  const adjusted = new Map<Tested, number>();
  for (const [family, adjust] of [
    ['primary', holm],
    ['profile', holm],
    ['dynamics', holm],
    ['exploratory', benjaminiHochberg],
  ] as const) {
    const members = membersOf(tests, family);
    const ps = adjust(members.map(({ p }) => p as number));
    for (const [index, test] of members.entries()) adjusted.set(test, ps[index] as number);
  }
  return adjusted;
}

/**
 * The verdict's fixed meaning: `improved` and `worsened` need an adjusted p of at most .05 (for controls the plain
 * p); `no detectable change` is everything else that could be tested, and never a claim of equality.
 */
export function verdictOf(draft: Draft, pAdjusted: number | null): Verdict {
  const p = pAdjusted ?? draft.p;
  if (!isComparable(draft) || p === null || draft.delta === null) return 'not comparable';
  if (p > ALPHA || draft.delta === 0) return 'no detectable change';
  return verdictWord(draft.delta, draft.direction);
}

/** Both sides may be compared and could be tested. */
export function isComparable({ obstacle, p, delta }: Pick<Draft, 'obstacle' | 'p' | 'delta'>): boolean {
  return obstacle === null && p !== null && delta !== null;
}

/** The level of a family's first step: what its strongest effect must reach. */
export function levelOf(family: EffectFamily, families: Families): number {
  return family === 'none' ? ALPHA : ALPHA / Math.max(1, families[family]?.tests ?? 1);
}

function membersOf(tests: readonly Tested[], family: EffectFamily): Tested[] {
  return tests.filter((test) => test.family === family && test.p !== null);
}
