import { verdictWord } from '../direction.ts';
import { ALPHA } from '../settings.ts';
import { benjaminiHochberg, holm } from '../statistics/adjust.ts';
import type { Effect, EffectFamily, Families, Verdict } from '../summary.ts';

/** What an effect is before the whole table is known. */
export interface Draft extends Omit<Effect, 'pAdjusted' | 'verdict' | 'detectable'> {
  /** Why the two sides must not be compared; null when they may. */
  readonly obstacle: string | null;
}

/** How many tests each family holds. */
export function countFamilies(drafts: readonly Draft[]): Families {
  const factors = membersOf(drafts, 'profile').length;
  return {
    alpha: ALPHA,
    primary: { adjustment: 'holm', tests: membersOf(drafts, 'primary').length },
    exploratory: { adjustment: 'benjamini-hochberg', tests: membersOf(drafts, 'exploratory').length },
    ...(factors === 0 ? {} : { profile: { adjustment: 'holm' as const, tests: factors } }),
  };
}

/** Adjusted p by draft: Holm in the primary family and in that of factors, Benjamini-Hochberg in the exploratory one. */
export function adjustFamilies(drafts: readonly Draft[]): Map<Draft, number> {
  const adjusted = new Map<Draft, number>();
  for (const [family, adjust] of [
    ['primary', holm],
    ['profile', holm],
    ['exploratory', benjaminiHochberg],
  ] as const) {
    const members = membersOf(drafts, family);
    const ps = adjust(members.map(({ p }) => p as number));
    for (const [index, draft] of members.entries()) adjusted.set(draft, ps[index] as number);
  }
  return adjusted;
}

/**
 * The verdict's fixed meaning: `improved` and `worsened` need an adjusted p of at most .05 (for controls the plain
 * p); `no detectable change` is everything else that could be tested, and never a claim of equality.
 */
export function verdictOf(draft: Draft, pAdjusted: number | null): Verdict {
  const p = pAdjusted ?? draft.p;
  if (draft.obstacle !== null || p === null || draft.delta === null) return 'not comparable';
  if (p > ALPHA || draft.delta === 0) return 'no detectable change';
  return verdictWord(draft.delta, draft.direction);
}

function membersOf(drafts: readonly Draft[], family: EffectFamily): Draft[] {
  return drafts.filter((draft) => draft.family === family && draft.p !== null);
}
