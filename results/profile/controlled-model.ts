import { preferenceModel } from '../statistics/factor-model.ts';
import type { ScoredFactors } from '../statistics/factor-table.ts';
import type { ControlledModel, FactorFacts } from './profile-summary.ts';
import type { CollectedTable } from './tables.ts';

/** Smallest share of the decided pairs that must have a factor before it enters the model. */
const MOSTLY = 0.9;
/** With fewer pairs that go with a factor, or against it, its coefficient rests on a handful. */
const LEAST_EACH_WAY = 10;

interface Candidate {
  readonly key: string;
  readonly index: number;
  readonly C: number;
  readonly D: number;
}

/**
 * Preference on length and every factor that is not another measure of size, that nearly all pairs have and that at
 * least ten decided pairs go with and ten against. Nothing is fitted where length itself has fewer on a side: what it
 * decides alone leaves nothing for the others to explain.
 */
export function controlledModel(
  { pairs }: CollectedTable,
  preference: Int8Array,
  { scores }: ScoredFactors,
  { factors, lengthFactor }: { readonly factors: readonly FactorFacts[]; readonly lengthFactor: string },
): ControlledModel {
  const candidates = candidatesOf(preference, scores, factors, lengthFactor);
  const length = candidates.find(({ key }) => key === lengthFactor);
  if (length === undefined) return unfitted('the length of the responses is not known or never differs');
  if (isOneSided(length)) {
    return unfitted(
      `the longer response won ${length.C} pairs and the shorter ${length.D}: to hold length constant at least ${LEAST_EACH_WAY} of each are needed`,
    );
  }
  const chosen = candidates.filter((one) => !isOneSided(one));
  const found = preferenceModel({
    differences: chosen.map(({ index }) => pairs.differences[index] as Float64Array),
    preference,
    prompts: pairs.prompts,
    control: chosen.indexOf(length),
  });
  const coefficients = chosen.flatMap(({ key }, place) => {
    const [coefficient, error] = [found.coefficients[place] ?? null, found.errors[place] ?? null];
    return coefficient === null || error === null ? [] : [{ factor: key, coefficient, error }];
  });
  const leftOut = found.reason === null ? candidates.filter(isOneSided).map(explained) : [];
  return { pairs: found.pairs, coefficients, leftOut, reason: found.reason };
}

function candidatesOf(
  preference: Int8Array,
  scores: ScoredFactors['scores'],
  factors: readonly FactorFacts[],
  lengthFactor: string,
): Candidate[] {
  const decided = preference.reduce((count, said) => count + (said === 1 || said === -1 ? 1 : 0), 0);
  const size = factors.find(({ key }) => key === lengthFactor)?.level2 ?? null;
  return factors.flatMap(({ key, level2 }, index) => {
    const { C = 0, D = 0, Tf = 0 } = scores[index] ?? {};
    const isAnotherLength = key !== lengthFactor && size !== null && level2 === size;
    return C + D > 0 && C + D + Tf >= MOSTLY * decided && !isAnotherLength ? [{ key, index, C, D }] : [];
  });
}

function isOneSided({ C, D }: Candidate): boolean {
  return Math.min(C, D) < LEAST_EACH_WAY;
}

function explained({ key, C, D }: Candidate): ControlledModel['leftOut'][number] {
  return {
    factor: key,
    reason: `${C} pairs go with it and ${D} against it: at least ${LEAST_EACH_WAY} of each are needed`,
  };
}

function unfitted(reason: string): ControlledModel {
  return { pairs: 0, coefficients: [], leftOut: [], reason };
}
