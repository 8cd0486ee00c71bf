import type { Families, MethodEffect } from '../summary.ts';
import { type EffectInput, type Estimated, finishEffects } from './effects.ts';
import { adjustFamilies, countFamilies } from './families.ts';
import { draftMethods, finishMethods, type MethodDraft } from './relations/methods.ts';
import type { Drafted } from './seeds.ts';

/** Every effect with its verdict: of two checkpoints, and of methods over their training seeds. */
export interface EffectTable {
  readonly estimated: readonly Estimated[];
  readonly methods: readonly MethodEffect[];
  readonly families: Families;
}

/**
 * Means over training seeds, and one correction over all tests of each family. The primary one holds exactly the tests
 * that the overview shows: the mean over seeds where there are enough of them, else the main run. A run behind a mean is
 * exploratory.
 *
 * @param isFixedSize false for a run that was stopped by what it saw: means rest on standard errors, which hold for a
 *   number of samples that was fixed beforehand.
 */
export function effectTable(
  drafted: readonly Drafted[],
  inputs: readonly EffectInput[],
  isFixedSize = true,
): EffectTable {
  const means = isFixedSize ? draftMethods(drafted, inputs) : [];
  const settled = drafted.map((each) => (standsBehind(each, means) ? asExploratory(each) : each));
  const tests = [...settled.map(({ draft }) => draft), ...means];
  const [families, adjusted] = [countFamilies(tests), adjustFamilies(tests)];
  return {
    estimated: finishEffects(settled, inputs, adjusted, families),
    methods: finishMethods(means, inputs, adjusted, families),
    families,
  };
}

function standsBehind({ draft }: Drafted, means: readonly MethodDraft[]): boolean {
  return (
    draft.family === 'primary' &&
    means.some(
      ({ family, task, from, to }) =>
        family === 'primary' && task === draft.task && from === draft.from && to === draft.to,
    )
  );
}

function asExploratory({ draft, ...rest }: Drafted): Drafted {
  return { ...rest, draft: { ...draft, family: 'exploratory' } };
}
