import { kendallTauB } from '../statistics/correlation.ts';
import {
  alignScores,
  correlated,
  MINIMUM_FACTORS,
  type ScoreVector,
} from '../statistics/factor-alignment.ts';
import { replicateInterval, subtracted } from '../statistics/factor-bootstrap.ts';
import type { FactorFacts, ProfileAlignment, ProfileGap } from './profile-summary.ts';
import { differencesOf, type Rated, withWidth } from './rated.ts';

/**
 * Everybody against the people who rated the same data, and every checkpoint's evaluation against its generation. Votes
 * are compared with the main human label alone; where there is none and one vote only, checkpoints are compared with it.
 */
export function alignmentsOf(rated: readonly Rated[], factors: readonly FactorFacts[]): ProfileAlignment[] {
  const withPeople = rated.flatMap((one) => {
    const isOwn = one.who.setting === 'human' && one.who.rater.kind === 'human';
    const people = isOwn ? undefined : (peopleOf(rated, one) ?? onlyVoteOf(rated, one));
    return people === undefined ? [] : [align(one, people, factors)];
  });
  return [...withPeople, ...bothSettings(rated).map(([one, other]) => align(one, other, factors))];
}

/** The main human label of the same pairs; for written responses that of the first pairs of the same data. */
function peopleOf(rated: readonly Rated[], { who }: Rated): Rated | undefined {
  const people = rated.filter(({ who: { rater } }) => rater.kind === 'human');
  return who.setting === 'generation' ? people[0] : people.find((one) => one.who.task === who.task);
}

/** The one named vote on the same pairs, where it is a checkpoint that was asked. */
function onlyVoteOf(rated: readonly Rated[], { who }: Rated): Rated | undefined {
  if (who.setting === 'human') return undefined;
  const votes = rated.filter(
    (one) => one.who.rater.kind === 'vote' && (who.setting === 'generation' || one.who.task === who.task),
  );
  const names = new Set(votes.map((one) => one.who.rater.name));
  return names.size === 1 ? votes[0] : undefined;
}

/** Every evaluation of a checkpoint with its generation on the same data. */
function bothSettings(rated: readonly Rated[]): (readonly [Rated, Rated])[] {
  const written = rated.filter(({ who }) => who.setting === 'generation');
  return rated
    .filter(({ who }) => who.setting === 'evaluation')
    .flatMap((one) =>
      written
        .filter(({ who }) => who.rater.name === one.who.rater.name && isSameForm(who.task, one.who.task))
        .map((other) => [one, other] as const),
    );
}

/** Rule factors beside rule factors, judged ones beside judged ones. */
function isSameForm(task: string, other: string): boolean {
  const isJudged = (name: string): boolean => /-judge@/.test(name);
  return isJudged(task) === isJudged(other);
}

function align(one: Rated, other: Rated, factors: readonly FactorFacts[]): ProfileAlignment {
  const over = representatives([one, other], factors);
  const [a, b] = [vectorOf(one, over), vectorOf(other, over)];
  const found = alignScores(a, b, promptsOf([one, other], over));
  return {
    one: one.who,
    other: other.who,
    differences: differencesOf(one, other),
    over: over.map((index) => factors[index]?.key ?? ''),
    rho: found === null ? null : withWidth(found.rho, ALL_ALIKE),
    tauB: found === null ? null : withWidth(found.tauB, ALL_ALIKE),
    r: found === null ? null : withWidth(found.r, ALL_ALIKE),
    reason: found === null ? tooFew(over.length) : null,
  };
}

const ALL_ALIKE = 'every resample gives the same correlation';

function tooFew(count: number): string {
  return `${count} groups of factors have a score on both sides: a correlation needs at least ${MINIMUM_FACTORS}`;
}

/** The first factor of every level-2 group that all have a score of; a factor without a group is a group of its own. */
function representatives(rated: readonly Rated[], factors: readonly FactorFacts[]): number[] {
  const taken = new Set<string>();
  return factors.flatMap(({ key, level2 }, index) => {
    const group = level2 ?? `factor ${key}`;
    const isScored = rated.every(({ scored }) => scored.scores[index]?.tau14 !== null);
    if (taken.has(group) || !isScored) return [];
    taken.add(group);
    return [index];
  });
}

function vectorOf({ scored }: Rated, over: readonly number[]): ScoreVector {
  return {
    scores: over.map((index) => scored.scores[index]?.tau14 ?? Number.NaN),
    replicates: over.map((index) => scored.replicates[index] ?? new Float64Array(0)),
  };
}

function promptsOf(rated: readonly Rated[], over: readonly number[]): number {
  return Math.min(...rated.flatMap(({ scored }) => over.map((index) => scored.scores[index]?.prompts ?? 0)));
}

/** What a checkpoint's choices follow beyond what its own writing follows, and whose side people are on. */
export function gapsOf(rated: readonly Rated[], factors: readonly FactorFacts[]): ProfileGap[] {
  return bothSettings(rated).map(([evaluation, generation]) => ({
    checkpoint: evaluation.who.rater.name,
    evaluation: evaluation.who.task,
    generation: generation.who.task,
    differences: differencesOf(evaluation, generation),
    alignment: alignmentGap(evaluation, generation, peopleOf(rated, evaluation), factors),
  }));
}

function alignmentGap(
  evaluation: Rated,
  generation: Rated,
  people: Rated | undefined,
  factors: readonly FactorFacts[],
): ProfileGap['alignment'] {
  if (people === undefined) return null;
  const all = [evaluation, generation, people];
  const over = representatives(all, factors);
  if (over.length < MINIMUM_FACTORS) return null;
  const [chosen, written, human] = all.map((one) => vectorOf(one, over)) as [
    ScoreVector,
    ScoreVector,
    ScoreVector,
  ];
  const [high, low] = [chosen, written].map(({ scores }) => kendallTauB(scores, human.scores).value);
  const keys = over.map((index) => factors[index]?.key ?? '');
  if (high === null || high === undefined || low === null || low === undefined) {
    const reason = 'all scores of one rater are equal';
    return { value: null, over: keys, low: null, high: null, undefinedReplicates: 0, reason };
  }
  const replicates = subtracted(correlated(chosen, human, 'tauB'), correlated(written, human, 'tauB'));
  const interval = withWidth(replicateInterval(replicates, promptsOf(all, over)), ALL_ALIKE);
  return { value: high - low, over: keys, ...interval };
}
