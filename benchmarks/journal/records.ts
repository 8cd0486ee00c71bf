import type {
  Classification,
  Completion,
  ContinuationScore,
  Decoding,
  ModelIdentity,
  PromptInput,
  ScoreMethod,
  StatesOf,
  Verb,
} from '../../adapters/model.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Outcome, Role } from '../../suites/task.ts';

/**
 * Everything that makes one request different from another, and nothing else: not the task, the scorer, the
 * time or any secret. The request key is the SHA-256 of its canonical JSON.
 */
export interface KeyFields {
  /** Digest of the model's identity without its notes. */
  readonly identity: string;
  /** The id of a control copy, which must be asked itself; absent for all others. */
  readonly control?: string;
  /** The run's id where the identity holds within one run only (no weights digest). */
  readonly run?: string;
  readonly verb: Verb;
  readonly prompt?: PromptInput;
  /** Digest of the template that renders a chat prompt. */
  readonly template?: string;
  readonly decoding?: Decoding;
  readonly topLogprobs?: number;
  readonly continuations?: readonly string[];
  readonly method?: ScoreMethod;
  readonly texts?: readonly string[];
  /** Of `embed`: the answer whose hidden states are asked, behind `prompt`. */
  readonly answer?: string;
  /** Present for `generate`, equal across checkpoints. */
  readonly seed?: number;
  /** Which of the sample's repeats asks. */
  readonly repeat: number;
}

/** One line of answers.jsonl. */
export interface AnswerRecord {
  readonly key: string;
  readonly checkpoint: string;
  readonly role: Role;
  readonly request: KeyFields;
  readonly result: AnswerResult;
  readonly attempts: number;
  /** ISO 8601, when the last attempt began. */
  readonly at: string;
  /** Milliseconds that the last attempt took. */
  readonly ms: number;
}

/** A failed answer is kept for people to see and is never served as a hit. */
export type AnswerResult =
  | { readonly status: 'answered'; readonly answer: StoredAnswer }
  | { readonly status: 'failed'; readonly error: StoredError };

export type StoredAnswer =
  | { readonly verb: 'generate'; readonly completion: Completion }
  | { readonly verb: 'score'; readonly scores: readonly ContinuationScore[] }
  | { readonly verb: 'embed'; readonly vectors: readonly (readonly number[])[] }
  | { readonly verb: 'classify'; readonly classifications: readonly Classification[] };

export interface StoredError {
  readonly code: string;
  readonly status?: number;
  readonly message: string;
}

/** One line of outcomes.jsonl: derived from the answers, rewritten by every reading. */
export interface OutcomeRecord {
  readonly checkpoint: string;
  /** `task@dataset:preset`. */
  readonly instrument: string;
  readonly sample: string;
  readonly cluster: string;
  readonly strata: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly outcome: Outcome;
  /** Keys of the answers it was read from, in the order asked. */
  readonly answers: readonly string[];
  /** Digest of what was answered, equal for equal answers whoever gave them; null when nothing was answered. */
  readonly content: string | null;
}

/** manifest.json: everything that repeats the run. */
export interface Manifest {
  readonly schemaVersion: 1;
  readonly run: string;
  /** Digest of definition, identities and samples: an equal one is the same run and is resumed. */
  readonly fingerprint: string;
  readonly createdAt: string;
  readonly definition: JsonObject;
  readonly definitionDigest: string;
  /** Where the definition lay, seen from the run's folder: its relative paths start there. */
  readonly definitionFolder?: string;
  /** How the run was to be analysed before, oldest first; absent where that never changed. */
  readonly analysisChanges?: readonly AnalysisChange[];
  readonly versions: { readonly aligntrust: string; readonly node: string; readonly platform: string };
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
  /** By checkpoint or role id. */
  readonly models: Readonly<Record<string, ManifestModel>>;
  /** By dataset id. */
  readonly datasets: Readonly<Record<string, ManifestDataset>>;
  /** By instrument. */
  readonly tasks: Readonly<Record<string, ManifestTask>>;
}

/**
 * A setting of the analysis that a later sitting's definition had otherwise. Nothing is asked again for it, so the run goes
 * on under the new one; but what was chosen when answers could be seen was not chosen before them.
 */
export interface AnalysisChange {
  /** ISO 8601. */
  readonly at: string;
  /** Answers that the run held then; with 0 nothing could have been seen. */
  readonly answers: number;
  /** Digest of the definition before. */
  readonly definitionDigest: string;
  readonly setting: AnalysisSetting;
  /** An instrument for `equivalence` and `dimension`, a dimension for `headline`, null for `allow` and `keep`. */
  readonly of: string | null;
  /** A margin, an instrument, a dimension, a list of differences or of constraints; null where there was, or is, none. */
  readonly was: JsonValue;
  readonly is: JsonValue;
}

export type AnalysisSetting = 'equivalence' | 'headline' | 'dimension' | 'allow' | 'keep';

export interface ManifestModel {
  readonly identity: ModelIdentity;
  readonly identityDigest: string;
  readonly verbs: readonly Verb[];
  readonly scoreMethod?: ScoreMethod;
  /** Of what `embed` gives hidden states; absent where of nothing. */
  readonly states?: readonly StatesOf[];
  /** Findings of the capability probe. */
  readonly probe: JsonValue;
}

export interface ManifestDataset {
  readonly sha256: string;
  readonly rows: number;
  readonly licence: string;
}

export interface ManifestTask {
  readonly version: number;
  readonly samples: number;
  readonly clusters: number;
  /** SHA-256 over the sample ids in the order asked. */
  readonly samplesDigest: string;
  /**
   * Samples of the largest cluster, in runs that stop by what they see: of `all` samples, and of every stratum that the
   * headline contrasts.
   */
  readonly largestClusters?: Readonly<Record<string, number>>;
}

/** status.json: how the run stands, and what the runner noticed that no outcome shows. */
export interface RunStatus {
  readonly schemaVersion: 1;
  readonly status: 'running' | 'finished' | 'interrupted' | 'stopped';
  /** Why it stopped before its end, in words; null when it did not. */
  readonly reason: string | null;
  readonly updatedAt: string;
  /** Requests answered by a model, over all sittings of the run. */
  readonly asked: number;
  readonly alarms: readonly RunnerAlarm[];
}

export interface RunnerAlarm {
  readonly kind: 'damaged-line' | 'fingerprint-changed' | 'circuit-open' | 'constant-logprobs';
  readonly checkpoint: string | null;
  readonly message: string;
}
