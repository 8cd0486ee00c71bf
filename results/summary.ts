import type { JsonObject } from '../core/json.ts';
import type { TaskFamily } from '../suites/task.ts';
import type { Direction } from './direction.ts';
import type { DynamicsSummary } from './dynamics/dynamics-summary.ts';
import type { ProfileSummary } from './profile/profile-summary.ts';
import type { Series } from './series/series-summary.ts';

/**
 * What `run` and `report` print with `--json`, and summary.json holds. The published JSON Schema is
 * results/summary.schema.ts. A number that is missing is null and has a reason beside it.
 */
export interface Summary {
  readonly schemaVersion: 1;
  readonly benchmark: string;
  readonly run: RunFacts;
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly tasks: readonly SummaryTask[];
  readonly cells: readonly Cell[];
  readonly effects: readonly Effect[];
  readonly families: Families;
  /** What several training seeds, base families, tasks and stages say together. */
  readonly relations: Relations;
  readonly alarms: readonly Alarm[];
  /** Which factors pull whose preferences; absent where no task asked, and in what is published. */
  readonly profile?: ProfileSummary;
  /** Training runs of which several steps were asked, in the order of the definition; absent where there is none. */
  readonly series?: readonly Series[];
  /** Hidden states, answer odds and learning speed; absent where no task asked. */
  readonly dynamics?: DynamicsSummary;
}

export interface RunFacts {
  readonly id: string;
  readonly status: 'finished' | 'interrupted' | 'stopped';
  readonly aligntrust: string;
  readonly definitionDigest: string;
  readonly seed: number;
  readonly createdAt: string;
}

export interface SummaryCheckpoint {
  readonly id: string;
  readonly method: string;
  readonly parent: string | null;
  readonly data: string | null;
  /** Whatever else tells two trainings apart; seed twins share it. */
  readonly recipe: string | null;
  readonly step: number | null;
  readonly seed: number | null;
  readonly family: string | null;
  /** β of its training; absent where it is not known. */
  readonly beta?: number;
  readonly control: 'copy' | null;
  readonly promptFormat: 'raw' | 'chat';
  /** Digest of who answered, and the facts behind it. */
  readonly identity: { readonly digest: string; readonly facts: JsonObject };
}

export interface SummaryTask {
  /** `task@dataset:preset`. */
  readonly task: string;
  readonly dimension: string;
  /** Absent: `trust`. */
  readonly family?: TaskFamily;
  /** The headline task of its dimension: its effect is the dimension's cell. One task of every dimension of trust. */
  readonly primary: boolean;
  /** Largest difference of the headline metric that the definition calls equal, in its unit; null without one. */
  readonly equivalence: number | null;
  readonly version: number;
  readonly question: string;
  readonly source: string;
  readonly headline: string;
  readonly samples: number;
  readonly clusters: number;
  readonly cluster: string;
  /** The headline first. */
  readonly metrics: readonly SummaryMetric[];
}

/** What a reader must know to print a metric's numbers. */
export interface SummaryMetric {
  readonly key: string;
  readonly label: string;
  readonly unit: 'share' | 'nats' | 'score';
  /** Smallest and largest possible value; null where there is none. */
  readonly range: readonly [number | null, number | null];
  readonly direction: Direction;
  readonly binary: boolean;
  /** Unscored reasons that count as a value, with that value. */
  readonly counts: Partial<Record<'refused' | 'empty' | 'truncated' | 'unparsed', number>>;
}

/** One checkpoint under one metric of one instrument. */
export interface Cell {
  readonly checkpoint: string;
  readonly task: string;
  readonly metric: string;
  /** In the metric's own unit; null when nothing was scored. */
  readonly value: number | null;
  /** 95 % interval. */
  readonly low: number | null;
  readonly high: number | null;
  readonly interval: IntervalKind | null;
  /** Samples that have a value under the metric. */
  readonly n: number;
  readonly clusters: number;
  readonly chance: number | null;
  /** The value without the unscored reasons that the metric counts; equal to `value` when it counts none. */
  readonly valueScoredOnly: number | null;
  readonly rates: Rates;
  readonly reason: string | null;
}

/**
 * `wilson`: a binary metric; with several samples per cluster on the sample size that they are worth. `clustered-t`: a
 * mean. `jackknife-t`: any other statistic.
 */
export type IntervalKind = 'wilson' | 'clustered-t' | 'jackknife-t';

/** Shares of all samples, summing to 1. */
export interface Rates {
  readonly scored: number;
  readonly refused: number;
  readonly empty: number;
  readonly truncated: number;
  readonly unparsed: number;
  readonly failed: number;
  readonly skipped: number;
}

export type EffectKind = 'stage' | 'total' | 'method' | 'control';

/**
 * `primary`: what the overview shows of stages: headline tasks under their headline metric, by the mean over training seeds
 * where there are enough of them, else by the main run. `profile`: every factor of preference, in stages.
 * `dynamics`: what pairs and behaviours measure, in stages. `exploratory`: everything else that is tested, the runs behind a mean included. `none`: controls.
 */
export type EffectFamily = 'primary' | 'profile' | 'dynamics' | 'exploratory' | 'none';

export type EffectTest =
  | 'cluster-sign-flip-exact'
  | 'cluster-sign-flip-sampled'
  | 'mcnemar-exact'
  | 'confidence-sequence';

/** `raised` and `lowered`: of a metric of which neither way is better. */
export type Verdict =
  | 'improved'
  | 'worsened'
  | 'raised'
  | 'lowered'
  | 'no detectable change'
  | 'not comparable';

/** A paired difference between two checkpoints on the same samples. */
export interface Effect {
  readonly kind: EffectKind;
  readonly dimension: string;
  readonly task: string;
  readonly metric: string;
  readonly direction: Direction;
  /** The alignment method of `to`. */
  readonly method: string;
  readonly from: string;
  readonly to: string;
  /** Mean of to − from over the shared samples, in the metric's own unit. */
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Standard error of delta over clusters; null where there is none. Absent in summaries of older programs. */
  readonly error?: number | null;
  /** Its square over that of independent samples, for means; null for other statistics and without spread. Absent as above. */
  readonly designEffect?: number | null;
  readonly p: number | null;
  readonly test: EffectTest | null;
  readonly family: EffectFamily;
  /** Holm within the primary family and that of factors, Benjamini-Hochberg within the exploratory one, null for controls. */
  readonly pAdjusted: number | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly n: number;
  readonly clusters: number;
  /** Samples without a value on one side, which leave the comparison. */
  readonly droppedFrom: number;
  readonly droppedTo: number;
  /** Samples that got better, or worse, in the metric's direction. */
  readonly gained: number;
  readonly lost: number;
  /** The smallest true difference that this comparison finds with 80 % power at its family's level. */
  readonly detectable: number | null;
  /**
   * False for what stays out of the overview: seed twins of a comparison that is there already, and steps on the
   * way to a checkpoint that is there itself.
   */
  readonly main: boolean;
  /** Training seeds of `to`: checkpoints equal in parent, method, data and step, itself included. */
  readonly seeds: number;
  /** Largest |difference| between seed twins of `to` (for `method` of either side); null without twins. */
  readonly seedSpread: number | null;
  /** Largest |difference| between this effect and the same effect of other training seeds; null without them. */
  readonly effectSpread: number | null;
  /** |delta| ≤ seedSpread: not larger than what another training seed does. */
  readonly withinSeedNoise: boolean | null;
  /** Simultaneous 95 % interval over the primary family (Bonferroni); null outside it. */
  readonly simultaneous: { readonly low: number; readonly high: number } | null;
  /**
   * Bounds of delta if every sample without a value on one side had the worst, or the best, value of the metric's
   * range there; null where the range is open or nothing was dropped.
   */
  readonly missingBounds: { readonly low: number; readonly high: number } | null;
  /** Missingness differs between the sides by more than chance explains (McNemar, or sign flips of whole clusters; p ≤ .05). */
  readonly missingDiffers: boolean;
  /** Two one-sided tests against a margin that the definition sets; null without one. */
  readonly equivalence: { readonly margin: number; readonly p: number; readonly equivalent: boolean } | null;
  /** What else differs between the sides although the definition allows it: the cell then names it. */
  readonly confounds: readonly string[];
  /** Corrected for the errors of a judge; null without labels. */
  readonly judge: JudgeCorrection | null;
}

/** An effect after the errors of the judge behind it, from human labels of this run or from a calibration elsewhere. */
export interface JudgeCorrection {
  /** `difference`: prediction-powered, from labels of this run. `rogan-gladen`: a sensitivity line. */
  readonly estimator: 'difference' | 'rogan-gladen';
  readonly labels: number;
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Why it is refused, or on whose labels it rests. */
  readonly note: string;
}

/** What no single effect can say. Every list may be empty; each has one entry for what it is defined for and no other. */
export interface Relations {
  /** For every stage, total and method pair with at least two training seeds, under the headline metric of every task; a verdict from three on. */
  readonly methods: readonly MethodEffect[];
  /** Random effects over base families, for every method and headline. */
  readonly pooled: readonly PooledEffect[];
  /** For every main comparison and dimension. */
  readonly agreements: readonly Agreement[];
  /** For every main comparison and task that was asked in several prompts or read by several judges; absent without any. */
  readonly readings?: readonly ReadingAgreement[];
  /** Main comparisons in which one dimension improved while another worsened. */
  readonly tradeOffs: readonly TradeOff[];
  /** Main totals of more than one stage, under the headlines. */
  readonly decompositions: readonly Decomposition[];
  /** How many samples of a task flip when the same checkpoint is asked again with another sampling seed. */
  readonly noise: readonly NoiseFloor[];
}

/** The effect of a method over its training seeds: what a sentence about a method may rest on. */
export interface MethodEffect {
  /** `total`: over the seeds of its last stage; what lies before that is one training run. */
  readonly kind: 'stage' | 'total' | 'method';
  readonly dimension: string;
  readonly task: string;
  readonly metric: string;
  readonly method: string;
  /** Main checkpoints that stand for both sides. */
  readonly from: string;
  readonly to: string;
  /** For `method` the seeds that both methods have. */
  readonly seeds: readonly {
    readonly seed: number;
    readonly from: string;
    readonly to: string;
    readonly delta: number;
  }[];
  /** Over the samples that have a value on both sides of every seed, as the effects of the seeds above. */
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
  readonly family: EffectFamily;
  /** Corrected together with the effects of single runs: one family holds both. */
  readonly pAdjusted: number | null;
  readonly n: number;
  readonly clusters: number;
  /** Variance of the effect between training seeds, and of the mean from the items that all seeds share. */
  readonly seedVariance: number;
  readonly itemVariance: number;
  /** Satterthwaite's, for description: interval and p give each error its own t. May be fractional. */
  readonly degreesOfFreedom: number | null;
  /** Simultaneous 95 % interval over the primary family (Bonferroni); null outside it. */
  readonly simultaneous: { readonly low: number; readonly high: number } | null;
  /** These as of an effect; `detectable` takes the estimated variances for the true ones. */
  readonly detectable: number | null;
  readonly equivalence: Effect['equivalence'];
  readonly confounds: readonly string[];
  readonly verdict: Verdict;
  readonly reason: string | null;
}

export interface PooledEffect {
  readonly task: string;
  readonly metric: string;
  readonly method: string;
  /** One effect a family, side by side. */
  readonly families: readonly {
    readonly family: string;
    readonly from: string;
    readonly to: string;
    readonly delta: number;
    readonly error: number | null;
  }[];
  /** Null under three families: they are printed side by side. */
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly predictionLow: number | null;
  readonly predictionHigh: number | null;
  /** Between-family variance (Paule-Mandel). */
  readonly tau2: number | null;
  readonly reason: string | null;
}

/** How many of a dimension's tasks moved in the direction of its headline task; a count, never a test. */
export interface Agreement {
  readonly from: string;
  readonly to: string;
  readonly dimension: string;
  readonly tasks: number;
  readonly sameSign: number;
}

/** On which side of 0 one effect lies in several readings: judges of the same answers, or prompts. A count, never a test. */
export interface ReadingAgreement {
  readonly over: 'judges' | 'prompts';
  readonly kind: EffectKind;
  /** Comparison, instrument and headline metric of the first reading. */
  readonly from: string;
  readonly to: string;
  readonly dimension: string;
  readonly task: string;
  readonly metric: string;
  /** In the order of the definition; delta is null where the reading could not be compared. */
  readonly readings: readonly {
    readonly task: string;
    readonly from: string;
    readonly to: string;
    readonly delta: number | null;
  }[];
  /** Readings with an effect, and those of them on the side of the first such one, itself included. */
  readonly compared: number;
  readonly sameSign: number;
}

export interface TradeOff {
  readonly from: string;
  readonly to: string;
  readonly improved: readonly string[];
  readonly worsened: readonly string[];
}

/** total = Σ parts, on the samples that have a value at every checkpoint of the path. */
export interface Decomposition {
  readonly task: string;
  readonly metric: string;
  readonly path: readonly string[];
  readonly parts: readonly {
    readonly from: string;
    readonly to: string;
    readonly delta: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  readonly total: { readonly delta: number; readonly low: number | null; readonly high: number | null };
  readonly n: number;
}

export interface NoiseFloor {
  readonly checkpoint: string;
  readonly task: string;
  /** Samples asked twice, and how many of them had another value the second time. */
  readonly n: number;
  readonly flipped: number;
}

/** Which effects were corrected together, and how. */
export interface Families {
  readonly alpha: number;
  readonly primary: { readonly adjustment: 'holm'; readonly tests: number };
  readonly exploratory: { readonly adjustment: 'benjamini-hochberg'; readonly tests: number };
  /** Absent in summaries of programs that knew no factors. */
  readonly profile?: { readonly adjustment: 'holm'; readonly tests: number };
  /** Absent where nothing of learning dynamics was tested. */
  readonly dynamics?: { readonly adjustment: 'holm'; readonly tests: number };
}

export interface Alarm {
  /** A stable word, for example `chance-level`. */
  readonly kind: string;
  /** `note`: as it should be, said for the record. Absent: an alarm. */
  readonly level?: 'alarm' | 'note';
  readonly checkpoint: string | null;
  readonly task: string | null;
  readonly message: string;
}
