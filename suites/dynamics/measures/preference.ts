import { meanOf, requireFinite, softplus } from './numbers.ts';

/** Of one pair: Σ ln p over the tokens of each answer given the prompt, in nats. */
export interface PairScores {
  readonly chosen: number;
  readonly rejected: number;
}

/** How long the two answers are, in tokens or in bytes of UTF-8. */
export interface PairLengths {
  readonly chosen: number;
  readonly rejected: number;
}

/**
 * The reward that a DPO-trained checkpoint implies for each answer of one pair: β (ln p − ln p_ref), in nats × β.
 * Both sides must have been measured with the same tokeniser, template, precision and method.
 *
 * @param beta the trainer's β, over 0; 1 for the β-free form.
 * @throws RangeError for a log-probability that is not finite, or a β that is not over 0.
 */
export function impliedRewards(checkpoint: PairScores, reference: PairScores, beta: number): PairScores {
  requireBeta(beta);
  const { chosen, rejected } = displacement(checkpoint, reference);
  return { chosen: beta * chosen, rejected: beta * rejected };
}

/**
 * Implicit reward margin of one pair: β [(ln p − ln p_ref)(chosen) − (ln p − ln p_ref)(rejected)]. Higher: the
 * chosen answer gained more. Exactly 0 where checkpoint and reference agree. Rafailov et al. 2023, arXiv 2305.18290, §4;
 * the margin whose growth Im & Li 2024, arXiv 2403.18742, follow.
 *
 * @throws RangeError as `impliedRewards`.
 */
export function rewardMargin(checkpoint: PairScores, reference: PairScores, beta: number): number {
  requireBeta(beta);
  const { chosen, rejected } = displacement(checkpoint, reference);
  return beta * (chosen - rejected);
}

/** The margin over β, in nats: the one form for methods that have no β (PPO, GRPO) or whose β is not known. */
export function betaFreeMargin(checkpoint: PairScores, reference: PairScores): number {
  return rewardMargin(checkpoint, reference, 1);
}

/**
 * DPO's loss of one pair, −ln sigmoid(margin), in nats; lower is better, ln 2 at the reference. It means what the trainer
 * saw only where the margin was taken with the trainer's β.
 */
export function dpoLoss(margin: number): number {
  requireFinite('a margin', margin);
  return softplus(-margin);
}

/** How the answers' log-probabilities moved since the reference, in nats; below 0 an answer became less likely. */
export function displacement(checkpoint: PairScores, reference: PairScores): PairScores {
  requireScores(checkpoint);
  requireScores(reference);
  return {
    chosen: checkpoint.chosen - reference.chosen,
    rejected: checkpoint.rejected - reference.rejected,
  };
}

export interface Displacement {
  /** Mean change of ln p of the chosen and of the rejected answers, in nats. */
  readonly chosen: number;
  readonly rejected: number;
  /** The preference rose while the chosen answers themselves became less likely (Razin et al. 2024, arXiv 2410.08847). */
  readonly displaced: boolean;
}

/** Mean displacement of pairs; null of none. */
export function meanDisplacement(shifts: readonly PairScores[]): Displacement | null {
  for (const shift of shifts) requireScores(shift);
  const chosen = meanOf(shifts.map((shift) => shift.chosen));
  const rejected = meanOf(shifts.map((shift) => shift.rejected));
  if (chosen === null || rejected === null) return null;
  return { chosen, rejected, displaced: chosen - rejected > 0 && chosen < 0 };
}

/** 1 where the chosen side is above, 0 where it is below; a tie is 0 when strict and a half when ties count. */
export interface Preference {
  readonly strict: 0 | 1;
  readonly halfTies: 0 | 0.5 | 1;
}

/**
 * Whether the chosen answer is the likelier one, without a reference: the accuracy of Im & Li 2024, arXiv 2403.18742,
 * whose code counts strictly (`outputs/accuracies`). Longer answers have lower sums: see `preferencePerUnit`.
 */
export function preference(scores: PairScores): Preference {
  requireScores(scores);
  return preferenceOf(scores.chosen - scores.rejected);
}

/** The same on log-probability per token or per byte, which takes the length of the answers out. */
export function preferencePerUnit(scores: PairScores, lengths: PairLengths): Preference {
  requireScores(scores);
  for (const length of [lengths.chosen, lengths.rejected]) {
    if (!(Number.isInteger(length) && length > 0)) throw new RangeError(`an answer's length is ${length}`);
  }
  return preferenceOf(scores.chosen / lengths.chosen - scores.rejected / lengths.rejected);
}

/** Whether the margin is above 0: reward accuracy of one pair. At the reference every pair is a tie. */
export function rewardPreference(margin: number): Preference {
  requireFinite('a margin', margin);
  return preferenceOf(margin);
}

export interface PreferenceAccuracy {
  /** Share of pairs with the chosen side strictly above; higher is better. */
  readonly strict: number;
  /** The same with half a pair for every tie; guessing reaches .5. */
  readonly halfTies: number;
  readonly ties: number;
  readonly n: number;
}

/** Folds preferences of pairs; null of none. */
export function preferenceAccuracy(preferences: readonly Preference[]): PreferenceAccuracy | null {
  const strict = meanOf(preferences.map((one) => one.strict));
  const halfTies = meanOf(preferences.map((one) => one.halfTies));
  if (strict === null || halfTies === null) return null;
  const ties = preferences.filter((one) => one.halfTies === 0.5).length;
  return { strict, halfTies, ties, n: preferences.length };
}

function preferenceOf(difference: number): Preference {
  if (difference > 0) return { strict: 1, halfTies: 1 };
  return { strict: 0, halfTies: difference === 0 ? 0.5 : 0 };
}

function requireScores({ chosen, rejected }: PairScores): void {
  requireFinite('a log-probability', chosen, rejected);
}

function requireBeta(beta: number): void {
  if (!(beta > 0 && Number.isFinite(beta))) throw new RangeError(`beta is ${beta}, and must be over 0`);
}
