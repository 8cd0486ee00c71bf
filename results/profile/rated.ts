import { replicateInterval, subtracted } from '../statistics/factor-bootstrap.ts';
import { preferenceModel } from '../statistics/factor-model.ts';
import { UNRATED } from '../statistics/factor-pairs.ts';
import { type FactorTools, type ScoredFactors, scoreFactors } from '../statistics/factor-table.ts';
import type { CollectedDataset } from './collect.ts';
import type {
  ControlledModel,
  FactorFacts,
  FactorTable,
  RatedTask,
  ScoreDifference,
} from './profile-summary.ts';
import type { CollectedRater, CollectedTable } from './tables.ts';

/** One rater of one table with the scores and what differences between raters need. */
export interface Rated {
  readonly who: RatedTask;
  readonly table: CollectedTable;
  readonly preference: Int8Array;
  readonly scored: ScoredFactors;
  readonly shown: FactorTable;
}

export interface RatingFrame {
  readonly factors: readonly FactorFacts[];
  readonly lengthFactor: string;
  readonly models: boolean;
}

/** All raters of a dataset, scored on the same resamples. */
export function rate(dataset: CollectedDataset, frame: RatingFrame, tools: FactorTools): Rated[] {
  return dataset.tables.flatMap((table) =>
    table.raters.map((rater) => rateOne(table, rater, dataset.promptCount, frame, tools)),
  );
}

function rateOne(
  table: CollectedTable,
  collected: CollectedRater,
  promptCount: number,
  frame: RatingFrame,
  tools: FactorTools,
): Rated {
  const { rater, setting, preference, inconsistent, invalid } = collected;
  const who = { task: table.task, rater, setting };
  const scored = scoreFactors(table.pairs, preference, promptCount, tools);
  const { pairs, ties, prompts } = sizesOf(table, preference);
  const shown: FactorTable = {
    ...who,
    pairs,
    prompts,
    ties: pairs === 0 ? null : ties / pairs,
    inconsistent: pairs === 0 || setting !== 'evaluation' ? null : inconsistent / pairs,
    invalid,
    scores: scored.scores.map((score, index) => ({ factor: frame.factors[index]?.key ?? '', ...score })),
    model: frame.models ? modelOf(table, preference, scored, frame) : null,
  };
  return { who, table, preference, scored, shown };
}

function sizesOf({ pairs }: CollectedTable, preference: Int8Array) {
  let [rated, ties] = [0, 0];
  const prompts = new Set<number>();
  for (const [pair, said] of preference.entries()) {
    if (said === UNRATED) continue;
    rated++;
    if (said === 0) ties++;
    prompts.add(pairs.prompts[pair] as number);
  }
  return { pairs: rated, ties, prompts: prompts.size };
}

/** Smallest share of the decided pairs that must have a factor before it enters the model. */
const MOSTLY = 0.9;

/** Length, and every factor that is not another measure of size and that nearly all pairs have. */
function modelOf(
  { pairs }: CollectedTable,
  preference: Int8Array,
  { scores }: ScoredFactors,
  { factors, lengthFactor }: RatingFrame,
): ControlledModel {
  const decided = preference.reduce((count, said) => count + (said === 1 || said === -1 ? 1 : 0), 0);
  const size = factors.find(({ key }) => key === lengthFactor)?.level2 ?? null;
  const chosen = factors.flatMap(({ key, level2 }, index) => {
    const { C = 0, D = 0, Tf = 0 } = scores[index] ?? {};
    const isAnotherLength = key !== lengthFactor && size !== null && level2 === size;
    return C + D > 0 && C + D + Tf >= MOSTLY * decided && !isAnotherLength ? [{ key, index }] : [];
  });
  const control = chosen.findIndex(({ key }) => key === lengthFactor);
  if (control === -1)
    return {
      pairs: 0,
      coefficients: [],
      reason: 'the length of the responses is not known or never differs',
    };
  const found = preferenceModel({
    differences: chosen.map(({ index }) => pairs.differences[index] as Float64Array),
    preference,
    prompts: pairs.prompts,
    control,
  });
  const coefficients = chosen.flatMap(({ key }, place) => {
    const [coefficient, error] = [found.coefficients[place] ?? null, found.errors[place] ?? null];
    return coefficient === null || error === null ? [] : [{ factor: key, coefficient, error }];
  });
  return { pairs: found.pairs, coefficients, reason: found.reason };
}

/** Score of one less that of the other for every factor, with the interval of the shared resamples. */
export function differencesOf(one: Rated, other: Rated): ScoreDifference[] {
  return one.shown.scores.map((score, index) => {
    const rival = other.shown.scores[index] ?? score;
    const [left, right] = [one, other].map(({ scored }) => scored.replicates[index] ?? null);
    const { factor } = score;
    if (score.tau14 === null || rival.tau14 === null || left === null || right === null) {
      return missing(factor, score.reason ?? rival.reason ?? 'no score on one side');
    }
    const interval = replicateInterval(
      subtracted(left as Float64Array, right as Float64Array),
      Math.min(score.prompts, rival.prompts),
    );
    return { factor, difference: score.tau14 - rival.tau14, ...interval };
  });
}

export function missing(factor: string, reason: string): ScoreDifference {
  return { factor, difference: null, low: null, high: null, undefinedReplicates: 0, reason };
}
