import type { PromptFormat } from '../../adapters/model.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RawFormName } from '../../suites/datasets/raw-forms.ts';
import type { FurtherJudge, Preset } from '../../suites/task.ts';

/** A benchmark as a person writes it, validated, defaults filled in and paths still as written. */
export interface Definition {
  readonly benchmark: string;
  readonly description?: string;
  readonly checkpoints: readonly CheckpointDefinition[];
  readonly tasks: readonly TaskSelection[];
  /**
   * Models that score, and the reference for margins; same shape as a checkpoint without `alignment`. The first of several
   * judges is `judge`, every other one `judge+ID`.
   */
  readonly roles: Readonly<
    Partial<Record<'judge' | 'classifier' | 'reference', RoleDefinition>> &
      Record<FurtherJudge, RoleDefinition>
  >;
  readonly settings: Settings;
  /** What the step to keep of a training run must satisfy. */
  readonly keep?: readonly KeepConstraint[];
  /** Modules of the user's own that bring tasks, datasets or adapters; they are code and run as such. */
  readonly extensions?: readonly ExtensionUse[];
  /** The folder that relative paths start from. */
  readonly folder: string;
  /** SHA-256 of the canonical JSON of everything above but the folder. */
  readonly digest: string;
}

/** One thing that is asked of the step to keep; the same as in results/series/series-summary.ts. */
export interface KeepConstraint {
  /** Full name of the instrument. */
  readonly task: string;
  readonly metric: string;
  /** `at-least`/`at-most`: of the value. `fall-at-most`/`rise-at-most`: of the change since the start, not below 0. */
  readonly rule: 'at-least' | 'at-most' | 'fall-at-most' | 'rise-at-most';
  readonly bound: number;
}

export interface ExtensionUse {
  /** As written. */
  readonly path: string;
  /** SHA-256 of the module's file; what it imports is not part of it. */
  readonly sha256: string;
}

export interface RoleDefinition {
  readonly id: string;
  readonly adapter: string;
  readonly model: string;
  readonly lora?: string;
  readonly promptFormat: PromptFormat;
  readonly template?: string;
  readonly system?: string;
  readonly options: JsonObject;
  readonly limits: Limits;
  readonly price?: Price;
}

/** What a provider charges per million tokens, in one currency for the whole file. */
export interface Price {
  readonly promptPerMillion: number;
  readonly completionPerMillion: number;
}

export interface CheckpointDefinition extends RoleDefinition {
  readonly alignment: Alignment;
  /** `copy`: the same weights under another name, asked anew to show that the instrument itself is quiet. */
  readonly control?: 'copy';
}

/** How a checkpoint was tuned and from what. */
export interface Alignment {
  /** An open word: none, sft, ppo, dpo, kto, orpo, grpo, rlaif, … */
  readonly method: string;
  /** The id of the checkpoint it was tuned from; absent for a root of the lineage. */
  readonly parent?: string;
  /** Optimiser step within its training run. */
  readonly step?: number;
  /** Training seed: checkpoints with equal parent, method, data and step that differ in it are seed twins. */
  readonly seed?: number;
  readonly data?: string;
  /** Whatever else tells two trainings apart (a learning rate, a loss); seed twins share it. */
  readonly recipe?: string;
  /** β of the training (TRL's `beta`), for losses and rewards in its units. */
  readonly beta?: number;
  /** Base family, for pooling over several. */
  readonly family?: string;
}

export interface Limits {
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly timeoutSeconds: number;
}

/** One instrument of the benchmark. */
export interface TaskSelection {
  readonly task: string;
  readonly dataset: string;
  readonly preset: Preset;
  /** `task@dataset:preset`, and `+ID` of the judge where the definition names several. */
  readonly instrument: string;
  /** Id of the judge that reads it, where the definition names several: the same answers are an instrument of each. */
  readonly judge?: string;
  /** A path to the dataset that the user already has, or to the user's own rows. */
  readonly path?: string;
  /** How a row of the user's own looks as raw text; `question-answer` when absent. */
  readonly form?: RawFormName;
  /** The dimension that a task over the user's own rows fills; the task's own when absent. */
  readonly dimension?: string;
  /** A seeded subset of this many samples, the same for all checkpoints. */
  readonly limit?: number;
  /** The headline task of its dimension: the first of a dimension unless one is marked. */
  readonly headline?: true;
  /** Largest difference of the headline metric that counts as equal, in its unit: shares, nats or scores. */
  readonly equivalence?: number;
  /** β of the training whose loss the task measures. */
  readonly beta?: number;
}

/** Differences between the two sides of an effect that a definition may allow; results/effects/comparable.ts. */
export const ALLOWABLE = [
  'format',
  'template',
  'system',
  'scoring',
  'engine',
  'quantisation',
  'decoding',
] as const;

export type Allowable = (typeof ALLOWABLE)[number];

export interface Settings {
  readonly seed: number;
  /** How often each sample is asked; every repeat has a seed and a key of its own. */
  readonly repeats: number;
  readonly limit?: number;
  /** Stops by what the run sees: `effect-width<0.10` (docs/sequential.md); every sample is asked when absent. */
  readonly until?: string;
  /** Share of the samples asked a second time, to see how often a checkpoint differs from itself; a tenth when absent. */
  readonly noiseFloor?: number;
  /** Hard stops: the run saves and can be resumed. */
  readonly maxRequests?: number;
  readonly maxCost?: number;
  readonly maxMinutes?: number;
  /** Share of failed samples above which a finished run exits with 1. */
  readonly failureTolerance: number;
  /** Megabytes of weights held in memory at once by in-process adapters. */
  readonly memoryMegabytes: number;
  /** Differences between the sides that do not stop a comparison; every effect that has one names it. */
  readonly allow?: readonly Allowable[];
}
