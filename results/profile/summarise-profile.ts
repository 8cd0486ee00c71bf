import { deriveSeed, seededRandom } from '../../core/random.ts';
import { FACTOR_DRAWS, PromptResamples } from '../statistics/factor-bootstrap.ts';
import { SignPatterns } from '../statistics/sign-flip.ts';
import type { Effect, SummaryCheckpoint } from '../summary.ts';
import { alignmentsOf, gapsOf } from './alignments.ts';
import { bridgeOf } from './bridge.ts';
import type { CollectedDataset, CollectedProfile } from './collect.ts';
import type { FactorFacts, ProfileSummary } from './profile-summary.ts';
import { rate } from './rated.ts';
import { agreementsOf, shiftsOf } from './shifts.ts';

export interface ProfileOptions {
  /** Of the collected factors, in their order. */
  readonly factors: readonly FactorFacts[];
  readonly lengthFactor: string;
  /** In the order of the definition. */
  readonly checkpoints: readonly SummaryCheckpoint[];
  /** The effects table, for the bridge; empty without one. */
  readonly effects: readonly Effect[];
  readonly seed: number;
  /** Whether to fit the models that hold length constant; true by default. */
  readonly models?: boolean;
  readonly draws?: number;
}

/**
 * Factor scores of all raters, their alignments, gaps, shifts and agreements, and the bridge to trust. The same outcomes
 * in any order give the same bytes. Within a dataset everything rests on the same resamples.
 */
export function profileSummary(collected: CollectedProfile, options: ProfileOptions): ProfileSummary {
  const { factors, lengthFactor, checkpoints, effects, draws = FACTOR_DRAWS } = options;
  const parts = collected.datasets.map((dataset) => partOf(dataset, options, draws));
  return {
    draws,
    lengthFactor,
    factors,
    tables: parts.flatMap(({ tables }) => tables),
    alignments: parts.flatMap(({ alignments }) => alignments),
    gaps: parts.flatMap(({ gaps }) => gaps),
    shifts: parts.flatMap(({ shifts }) => shifts),
    agreements: parts.flatMap(({ agreements }) => agreements),
    bridge: bridgeOf(effects, checkpoints, (one, other) => collected.keys.share(one, other)),
    notes: collected.notes,
  };
}

type Part = Pick<ProfileSummary, 'tables' | 'alignments' | 'gaps' | 'shifts' | 'agreements'>;

function partOf(dataset: CollectedDataset, options: ProfileOptions, draws: number): Part {
  const { factors, lengthFactor, checkpoints, seed, models = true } = options;
  const { name, promptCount } = dataset;
  const randomOf = (what: string) => seededRandom(deriveSeed(seed, 'profile', what, name));
  const resamples = new PromptResamples(promptCount, randomOf('resamples'), draws);
  const tools = { resamples, patterns: new SignPatterns(randomOf('signs')) };
  const rated = rate(dataset, { factors, lengthFactor, models }, tools);
  return {
    tables: rated.map(({ shown }) => shown),
    alignments: alignmentsOf(rated, factors),
    gaps: gapsOf(rated, factors),
    shifts: shiftsOf(rated, checkpoints, promptCount, resamples),
    agreements: agreementsOf(rated, checkpoints),
  };
}
