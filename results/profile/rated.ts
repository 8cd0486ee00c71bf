import { type FactorInterval, replicateInterval, subtracted } from '../statistics/factor-bootstrap.ts';
import { UNRATED } from '../statistics/factor-pairs.ts';
import { type FactorTools, type ScoredFactors, scoreFactors } from '../statistics/factor-table.ts';
import { hasNoWidth } from '../statistics/factor-width.ts';
import type { CollectedDataset } from './collect.ts';
import { controlledModel } from './controlled-model.ts';
import type { FactorFacts, FactorTable, RatedTask, ScoreDifference } from './profile-summary.ts';
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
    scores: scored.scores.map((score, index) => ({
      factor: frame.factors[index]?.key ?? '',
      ...withWidth(score),
      lengthMatched: withWidth(score.lengthMatched),
    })),
    model: frame.models ? controlledModel(table, preference, scored, frame) : null,
  };
  return { who, table, preference, scored, shown };
}

/** Where all resamples say the same, they tell nothing of how others would vary: an interval without a width is none. */
export function withWidth<Interval extends FactorInterval>(
  interval: Interval,
  reason = 'every prompt says the same',
): Interval {
  return hasNoWidth(interval.low, interval.high) ? { ...interval, low: null, high: null, reason } : interval;
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
    return { factor, difference: score.tau14 - rival.tau14, ...withWidth(interval) };
  });
}

export function missing(factor: string, reason: string): ScoreDifference {
  return { factor, difference: null, low: null, high: null, undefinedReplicates: 0, reason };
}
