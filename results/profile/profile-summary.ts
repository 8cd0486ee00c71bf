import type { RaterAgreement } from '../statistics/factor-agreement.ts';
import type { AlignmentMeasure } from '../statistics/factor-alignment.ts';
import type { FactorInterval } from '../statistics/factor-bootstrap.ts';
import type { FactorScore } from '../statistics/factor-table.ts';
import type { Verdict } from '../summary.ts';

/** What the caller knows of a factor; results compute with its key alone. */
export interface FactorFacts {
  readonly key: string;
  readonly label: string;
  readonly level1: string | null;
  /** Factors of one group measure nearly the same thing: at most one of them enters a correlation. */
  readonly level2: string | null;
  readonly unit: string;
}

/** A checkpoint, the main human label of the pairs, or one of the named votes that came with them. */
export interface ProfileRater {
  readonly kind: 'checkpoint' | 'human' | 'vote';
  readonly name: string;
}

/** How a preference came about: chosen, by likelihood, by writing to a requested quality, or said by people. */
export type ProfileSetting = 'evaluation' | 'likelihood' | 'generation' | 'human';

/**
 * Which factors pull whose preferences, after Oh et al. (arXiv 2410.06965). Numbers that are missing are null. Nothing
 * here is a figure of theirs.
 */
export interface ProfileSummary {
  /** Resamples of whole prompts behind every interval. */
  readonly draws: number;
  /** The factor whose difference decides what is about equally long, and which the models control for. */
  readonly lengthFactor: string;
  /** In the order of every list of factors below. */
  readonly factors: readonly FactorFacts[];
  readonly tables: readonly FactorTable[];
  /** Who agrees with whom on what pulls; the differences by factor come first. */
  readonly alignments: readonly ProfileAlignment[];
  /** Evaluation less generation, for every checkpoint that has both on the same data. */
  readonly gaps: readonly ProfileGap[];
  /** Child less parent. */
  readonly shifts: readonly ProfileShift[];
  readonly agreements: readonly ProfileAgreement[];
  readonly bridge: Bridge;
  /** What the collection noticed. */
  readonly notes: readonly string[];
}

/** Who rated what: one rater in one setting of one instrument. */
export interface RatedTask {
  readonly task: string;
  readonly rater: ProfileRater;
  readonly setting: ProfileSetting;
}

export interface FactorTable extends RatedTask {
  /** Pairs with a preference, ties included; under `generation` the pairs of a prompt's responses. */
  readonly pairs: number;
  readonly prompts: number;
  /** Share of `pairs` without a preference. */
  readonly ties: number | null;
  /** Share of `pairs` on which both orders disagree; null where nothing was asked in two orders. */
  readonly inconsistent: number | null;
  /** Samples of this rater without a preference: malformed, refused, empty, truncated. */
  readonly invalid: number;
  readonly scores: readonly FactorRow[];
  /** Of the preference on all factors that are not length by another name; null where none was asked for. */
  readonly model: ControlledModel | null;
}

export interface FactorRow extends FactorScore {
  readonly factor: string;
}

export interface ControlledModel {
  /** Pairs that are decided and have every factor of the model. */
  readonly pairs: number;
  /** Log-odds per root-mean-square difference of the factor, length held constant. Shrunk (ridge). */
  readonly coefficients: readonly {
    readonly factor: string;
    readonly coefficient: number;
    /** Cluster-robust standard error. */
    readonly error: number;
  }[];
  /** Factors of too few pairs that go one of the ways; empty where nothing was fitted. */
  readonly leftOut: readonly { readonly factor: string; readonly reason: string }[];
  readonly reason: string | null;
}

/** A difference between two scores on the same resamples. */
export interface ScoreDifference extends FactorInterval {
  readonly factor: string;
  /** One less other; null where either is. */
  readonly difference: number | null;
}

export interface ProfileAlignment {
  readonly one: RatedTask;
  readonly other: RatedTask;
  /** one − other, for every factor. */
  readonly differences: readonly ScoreDifference[];
  /** Factors that the correlations rest on: the first of each level-2 group that both have. */
  readonly over: readonly string[];
  readonly rho: AlignmentMeasure | null;
  readonly tauB: AlignmentMeasure | null;
  readonly r: AlignmentMeasure | null;
  /** Why there is no correlation. */
  readonly reason: string | null;
}

export interface ProfileGap {
  readonly checkpoint: string;
  readonly evaluation: string;
  readonly generation: string;
  /** τ14 in evaluation − τ14 in generation. */
  readonly differences: readonly ScoreDifference[];
  /**
   * τ_b of evaluation with people less τ_b of generation with people, over the factors that all three have; null without
   * people or with under five such factors.
   */
  readonly alignment:
    | (FactorInterval & { readonly value: number | null; readonly over: readonly string[] })
    | null;
}

/** How alignment moved the factors: τ14 of the child less that of its parent. */
export interface ProfileShift {
  readonly task: string;
  readonly setting: ProfileSetting;
  readonly method: string;
  readonly from: string;
  readonly to: string;
  readonly factors: readonly FactorShift[];
  /** Shares of pairs on which both orders disagreed. */
  readonly inconsistentFrom: number | null;
  readonly inconsistentTo: number | null;
}

export interface FactorShift {
  readonly factor: string;
  /** Over all pairs that each side decided. */
  readonly all: ScoreDifference;
  /** Over the pairs that both sides decided: what the effects table tests. */
  readonly paired: ScoreDifference & { readonly pairs: number };
}

/** Two raters of the same pairs. */
export interface ProfileAgreement extends RaterAgreement {
  readonly task: string;
  readonly one: ProfileRater;
  readonly other: ProfileRater;
}

/** Factors beside trust: what moved together in which training. An association at most, and never more than that. */
export interface Bridge {
  readonly lineages: readonly BridgeLineage[];
  /** Over base families, one point each; empty under eight. */
  readonly correlations: readonly BridgeCorrelation[];
  /** Why there is no correlation; null where there are some. */
  readonly reason: string | null;
}

export interface BridgeLineage {
  readonly method: string;
  readonly from: string;
  readonly to: string;
  /** Base family, or the checkpoint that the lineage starts from. */
  readonly family: string;
  readonly factors: readonly BridgeDelta[];
  readonly trust: readonly BridgeDelta[];
  /** Instruments that read the same answers: their numbers are mechanically coupled and say nothing of each other. */
  readonly coupled: readonly { readonly factorTask: string; readonly trustTask: string }[];
}

/** One effect of the effects table. */
export interface BridgeDelta {
  readonly dimension: string;
  readonly task: string;
  readonly metric: string;
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: Verdict;
}

export interface BridgeCorrelation {
  /** `none → sft`: what the parents and what the children are. */
  readonly methods: string;
  readonly factorTask: string;
  readonly factor: string;
  readonly trustTask: string;
  readonly trust: string;
  readonly families: number;
  /** Kendall's τ_b over families, with its exact or normal p: a description, uncorrected for the many that are looked at. */
  readonly tauB: number | null;
  readonly p: number | null;
  readonly coupled: boolean;
}
