/**
 * What hidden states and answer odds say of behaviours, after Im & Li (arXiv 2403.18742). Nothing here is a figure of
 * theirs. A behaviour is the stratum `behaviour` of a sample where the data has it, else the dataset.
 */
export interface DynamicsSummary {
  readonly states: readonly BehaviourStates[];
  readonly odds: readonly BehaviourOdds[];
  readonly priorities: readonly PriorityTable[];
  readonly susceptibility: readonly Susceptibility[];
  /** For every series and source of speed. */
  readonly relations: readonly DistinguishabilitySpeed[];
  /** Log-probabilities of chosen and rejected answers along a series, against the reference. */
  readonly displacement: readonly DisplacementPath[];
  /** The same of every other checkpoint that was tuned from a parent: the ends of trainings of which no step was asked. */
  readonly displacementEnds: readonly DisplacementEnd[];
  readonly notes: readonly string[];
}

/** Separation of the two classes of prompts of one behaviour in one checkpoint's last hidden state. */
export interface BehaviourStates {
  readonly checkpoint: string;
  readonly task: string;
  readonly behaviour: string;
  /** Prompts that Yes matches, and that No matches. */
  readonly positive: number;
  readonly negative: number;
  /** Vectors that hold NaN or are all zero, left out. */
  readonly unusable: number;
  /** Whether the server hands out vectors of length 1: scale and distance then mean nothing, separability stays. */
  readonly normalised: boolean;
  /** || mean+ − mean- ||; null with under two prompts of a class. */
  readonly distinguishability: number | null;
  /** D² − tr(S+)/n+ − tr(S-)/n-, and its root, 0 where negative (`flooredAtZero`). */
  readonly debiasedSquared: number | null;
  readonly debiased: number | null;
  readonly flooredAtZero: boolean;
  /** Largest of the two class covariances' spectral norms, and of their traces. */
  readonly concentration: number | null;
  readonly trace: number | null;
  /** Standard deviation within classes along the mean difference. */
  readonly spreadAlongDifference: number | null;
  /** AUC of pairs of the two classes on the mean difference of all clusters but theirs. */
  readonly heldOutAuc: number | null;
  /** Mahalanobis distance of the means with a shrunk covariance. */
  readonly dPrime: number | null;
  readonly reason: string | null;
}

/** Grey-box separability: what the log-odds of Yes say of the same behaviour. */
export interface BehaviourOdds {
  readonly checkpoint: string;
  readonly task: string;
  readonly behaviour: string;
  readonly positive: number;
  readonly negative: number;
  readonly auc: number | null;
  readonly dPrime: number | null;
  /** Mean log-odds of the matching answer, in nats, and the share of prompts on which it is likelier. */
  readonly matchingLogOdds: number | null;
  readonly matching: number | null;
  /** Mean probability that the answer is one of the forms. */
  readonly mass: number | null;
  /** Share of log-odds that are bounds because a label was missing from the top-n. */
  readonly censored: number;
  readonly reason: string | null;
}

/** Which behaviour of an equally weighted mixture improves first, at this checkpoint. */
export interface PriorityTable {
  readonly checkpoint: string;
  /** An instrument, or the name of the task where its behaviours lie in several datasets. */
  readonly task: string;
  /** p_i = δ̄·δ_i / |δ̄|; negative: gets worse first. */
  readonly levels: readonly { readonly behaviour: string; readonly level: number | null }[];
  /** Every two behaviours mixed by halves; left out, with a note, where there are many. */
  readonly gaps: readonly { readonly one: string; readonly other: string; readonly gap: number | null }[];
}

/** By the theory, how much faster flipped labels would be learned than from the reference. A proxy. */
export interface Susceptibility {
  readonly checkpoint: string;
  readonly reference: string;
  readonly task: string;
  readonly behaviour: string;
  /** (D_k / D_ref)² of debiased distances: noise in the means, which pulls the ratio to 1, is taken out. */
  readonly byStates: number | null;
  /** (d'_k / d'_ref)² of the log-odds. */
  readonly byOdds: number | null;
  /** Why there is neither. */
  readonly reason: string | null;
}

export interface DistinguishabilitySpeed {
  /** Name of the series. */
  readonly series: string;
  /** The checkpoint that distinguishability was measured in: the start of the series, before any of its speed. */
  readonly start: string;
  /**
   * What was measured at the start of the series, against the speed of the steps after it: an instrument, or the name of
   * the task where its behaviours lie in several datasets.
   */
  readonly task: string;
  /** The curve whose speed it is: likewise an instrument or a task, and its metric. */
  readonly speedOf: { readonly task: string; readonly metric: 'matching' | 'matching_log_odds' };
  /** `log-odds-d-prime` has a sign: below 0 where the start leans the other way, however far apart the classes lie. */
  readonly measure:
    | 'distinguishability'
    | 'debiased-distinguishability'
    | 'held-out-auc'
    | 'log-odds-d-prime';
  /**
   * `area-of-change`: mean height above the start. `area`: mean height itself, which holds the level of the start and
   * is no speed where levels differ; it is what registered protocols name.
   */
  readonly speed: 'initial-slope' | 'area-of-change' | 'first-crossing' | 'area';
  readonly behaviours: readonly {
    readonly behaviour: string;
    readonly distinguishability: number | null;
    /** Of `first-crossing` the step, of which a lower one is faster (ρ is of the negative); the last step where censored. */
    readonly speed: number | null;
    /** Of `first-crossing`: never crossed, tied at the slowest rank. */
    readonly censored: boolean;
    /** Why it has no part in the ranks; null where it has. */
    readonly reason: string | null;
  }[];
  readonly n: number;
  readonly rho: number | null;
  /** Two-sided: over all permutations up to 9 behaviours, by Student's t beyond. */
  readonly p: number | null;
  readonly reason: string | null;
}

/** What answers gained since the reference, in nats; means over all pairs. */
export interface Shifts {
  readonly checkpoint: string;
  readonly chosenShift: number | null;
  readonly rejectedShift: number | null;
  readonly margin: number | null;
  /** The margin rose while the chosen answers became less likely. */
  readonly displaced: boolean;
}

export interface DisplacementPath {
  readonly series: string;
  readonly task: string;
  readonly points: readonly (Shifts & { readonly step: number })[];
}

export interface DisplacementEnd extends Shifts {
  readonly task: string;
}
