import type {
  Classification,
  Completion,
  ContinuationScore,
  Decoding,
  Message,
  StatesOf,
  Verb,
} from '../adapters/model.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';

/**
 * The contract between the runner and every instrument: three pure functions over plain data. A task does no
 * I/O and knows no vendor, which alone gives resume, caching, re-scoring, replay and tests without a model.
 */
export interface Task {
  /** Suite and task, for example `truthfulness/mc1`. Names are part of the interface. */
  readonly name: string;
  /** The trust dimension whose column this task can fill, for example `truthfulness`. */
  readonly dimension: string;
  /**
   * `trust` (when absent): its dimension has a headline and verdicts of better and worse. `profile`: factors of
   * preference, `dynamics`: what a series of checkpoints learned; the effects of each are a family of their own.
   */
  readonly family?: TaskFamily;
  /** Reads its answers with the β of a training, which the definition must then name. */
  readonly beta?: 'needed';
  /** Classes between which a metric tells: data that lack one are pointed out before anything is asked. */
  readonly classes?: { readonly stratum: string; readonly names: readonly string[] };
  /** Raised by any change that moves a number. */
  readonly version: number;
  /** What the task asks, in one sentence for people. */
  readonly question: string;
  /** The publication, for example `Lin et al. 2022, arXiv 2109.07958`. */
  readonly source: string;
  /** What the checkpoint must be able to do. */
  readonly needs: readonly Verb[];
  /** Of what it needs the checkpoint's hidden states, by `embed`; none when absent. */
  readonly states?: StatesOf;
  /** What other roles must be able to do; empty for most tasks. */
  readonly roles: Partial<Record<Exclude<Role, 'checkpoint'>, readonly Verb[]>>;
  /** The datasets it can read, its default first (ids of suites/datasets/catalogue). */
  readonly datasets: readonly string[];
  /** JSON Schema (2020-12) of a row of the user's own: the task then reads any dataset whose path is given. */
  readonly ownRows?: JsonObject;
  /** The presets it offers; `robust` is the default where there is one. */
  readonly presets: readonly Preset[];
  /** The unit that was drawn, in words: `question`, `topic`, `template`, `name`. */
  readonly cluster: string;
  /** The one metric that stands for the task. It is also the first of `metrics`. */
  readonly headline: MetricSpec;
  readonly metrics: readonly MetricSpec[];
  /** How people decide what the task's scorer decides; absent where no judgement stands between answer and outcome. */
  readonly labels?: LabelRubric;
  /**
   * The samples of a dataset under a preset, in a fixed order. Ids are unique and come from the row, never from
   * its position after a shuffle.
   *
   * @throws UserError when a row lacks what the task needs.
   */
  samples(dataset: LoadedDataset, preset: Preset, settings?: TaskSettings): Iterable<Sample>;
  /** What to ask next in the light of the answers so far (same order as asked); [] when there is nothing more. */
  ask(sample: Sample, answers: readonly Answer[]): readonly Ask[];
  /** What the answers say. Total: whatever a model answers, it returns an outcome and never throws. */
  read(sample: Sample, answers: readonly Answer[]): ReadOutcome;
}

/** Which effects are corrected together and shown in one place. */
export type TaskFamily = 'trust' | 'profile' | 'dynamics';

/** What a definition sets for one task. */
export interface TaskSettings {
  /** β of the training whose loss is measured; always there where the task needs it. */
  readonly beta?: number;
}

/** What people are asked about an answer that a judge, a classifier or a rule has read. */
export interface LabelRubric {
  /** One question, for people. */
  readonly question: string;
  /** Each label with what it means; in the words of `aligntrust calibrate` where the scorer can be calibrated. */
  readonly labels: Readonly<Record<string, string>>;
  /** The scorer that labels check, as `aligntrust calibrate` names it; null where that knows none. */
  readonly scorer: { readonly name: string; readonly version: string } | null;
  /**
   * What the task would have read if its scorer had said this label: 0 or 1 for each metric that rests on it. Metrics
   * that a label does not decide are absent.
   */
  valuesOf(label: string, strata: Readonly<Record<string, string>>): MetricValues;
}

/** `paper`: as published, quirks included. `robust`: what we would defend today. */
export type Preset = 'paper' | 'robust';

/**
 * Who is asked: the checkpoint under test, its parent, a model that scores, or a classifier. A task asks `judge`; where a
 * definition names several, the runner puts a further one in its place.
 */
export type Role = 'checkpoint' | 'reference' | 'judge' | 'classifier' | FurtherJudge;

/** `judge+ID`: the role of every judge after the first. */
export type FurtherJudge = `judge+${string}`;

/** Rows of a dataset, validated against the catalogue's schema. */
export interface LoadedDataset {
  readonly id: string;
  readonly rows: readonly JsonObject[];
  /** How a question looks as raw text to a model that knows no chat template. */
  readonly rawForm: RawForm;
  /** Where each row stands in a file of the user's own, for example `mine.jsonl:14`. */
  readonly places?: readonly string[];
}

/** Where a person finds a row; by its number where the dataset is not theirs. */
export function whereOf({ id, places }: LoadedDataset, index: number): string {
  return places?.[index] ?? `${id}, row ${index + 1}`;
}

/** The text around a question, and between context and answer, for raw prompts. */
export interface RawForm {
  readonly before: string;
  readonly after: string;
  /** Put in front of every continuation that is scored; lm-eval calls it the target delimiter. */
  readonly delimiter: string;
  /** A string that ends an answer in generated text, for models that never stop by themselves. */
  readonly stop: readonly string[];
}

/** One item of a dataset, made ready to be asked. */
export interface Sample {
  /** Unique within the dataset and stable for ever. */
  readonly id: string;
  /** Samples of one cluster are not independent; intervals and tests resample clusters. */
  readonly cluster: string;
  /** Groups for break-downs, for example `{ kind: 'misconception' }`. */
  readonly strata: Readonly<Record<string, string>>;
  /** What only the task itself reads. */
  readonly data: JsonObject;
}

/** A prompt in both formats; the checkpoint's `promptFormat` decides which one is sent. */
export interface Prompt {
  readonly raw: string;
  readonly chat: readonly Message[];
}

/** One thing to ask. The runner turns it into a request with a seed, a key and a queue. */
export type Ask = GenerateAsk | ScoreAsk | EmbedAsk | StatesAsk | ClassifyAsk;

export interface GenerateAsk {
  readonly verb: 'generate';
  readonly role: Role;
  readonly prompt: Prompt;
  /** `stop` applies to raw prompts only; a chat template ends its own turn. */
  readonly decoding: Decoding;
  readonly topLogprobs?: number;
  /** Which of several draws from one prompt this is, from 0: each has a seed, and so an answer, of its own. */
  readonly draw?: number;
}

export interface ScoreAsk {
  readonly verb: 'score';
  readonly role: Role;
  readonly prompt: Prompt;
  /** Without leading space: the runner puts `delimiter` in front of each when the prompt goes out raw. */
  readonly continuations: readonly string[];
  readonly delimiter: string;
}

export interface EmbedAsk {
  readonly verb: 'embed';
  readonly role: Role;
  readonly texts: readonly string[];
}

/** Hidden states instead of vectors of texts; a task that asks so says it in `Task.states`. */
export interface StatesAsk {
  readonly verb: 'embed';
  readonly role: Role;
  readonly prompt: Prompt;
  /** With an answer one vector for each of its tokens, the one it is predicted from; else that of the prompt's last token. */
  readonly answer?: string;
  /** As in `ScoreAsk`: put in front of the answer when the prompt goes out raw. */
  readonly delimiter?: string;
}

export interface ClassifyAsk {
  readonly verb: 'classify';
  readonly role: Role;
  readonly texts: readonly string[];
}

/** What came back for one ask. `failed` never reaches `read`: the runner makes it an outcome itself. */
export type Answer =
  | { readonly verb: 'generate'; readonly completion: Completion }
  | { readonly verb: 'score'; readonly scores: readonly ContinuationScore[] }
  | { readonly verb: 'embed'; readonly vectors: readonly (readonly number[])[] }
  | { readonly verb: 'classify'; readonly classifications: readonly Classification[] };

/** Why an answer has no score. None is ever turned into another, or into 0. */
export const UNSCORED_REASONS = ['refused', 'empty', 'truncated', 'unparsed'] as const;
export type UnscoredReason = (typeof UNSCORED_REASONS)[number];

/** What a task can say of a sample. */
export type ReadOutcome =
  | { readonly kind: 'scored'; readonly values: MetricValues; readonly detail?: JsonValue }
  | { readonly kind: 'unscored'; readonly reason: UnscoredReason; readonly detail?: JsonValue };

/** What happened to a sample, for ever. */
export type Outcome =
  | ReadOutcome
  | { readonly kind: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly kind: 'skipped'; readonly missing: string };

/** One finite number per metric key. */
export type MetricValues = Readonly<Record<string, number>>;

export interface MetricSpec {
  /** The name in every table and file, for example `mc1`. */
  readonly key: string;
  readonly label: string;
  /** Smallest and largest possible value of one sample. */
  readonly range: readonly [number, number];
  /** `share`: a probability or proportion, printed as points out of 100. */
  readonly unit: 'share' | 'nats' | 'score';
  /** `neutral`: neither way is better, as for what pulls a preference. */
  readonly direction: 'higher-is-better' | 'lower-is-better' | 'neutral';
  /** It says how the instrument behaves: its effects are exploratory, also where neither way is better. */
  readonly diagnostic?: true;
  /** Every value is 0 or 1, so a Wilson interval applies when each cluster holds one sample. */
  readonly binary: boolean;
  /** What guessing reaches; `per-sample` when each sample carries its own in the metric `<key>_chance`. */
  readonly chance: number | 'per-sample' | null;
  /** Unscored reasons that this metric counts as a value; every report prints the metric without them too. */
  readonly counts: Partial<Record<UnscoredReason, number>>;
  /**
   * The samples that the metric speaks of, by stratum: any of the values named. All samples when absent. Others have no
   * value under it, so that reasons are counted, and n and clusters stated, for these alone.
   */
  readonly within?: Readonly<Record<string, readonly string[]>>;
  /**
   * How samples become the cell's value: their mean, a contrast of the means of strata, or any other statistic over
   * whole samples (a correlation), which effects recompute on every resample and which is null when it is not defined.
   */
  readonly fold: 'mean' | StratumContrast | ((samples: readonly FoldedSample[]) => number | null);
}

/**
 * A linear contrast of the means of strata: balanced accuracy, the gap between two groups, a rise over a control.
 * Cheaper than a statistic of any kind, because it is linear in the samples' values.
 */
export interface StratumContrast {
  readonly stratum: string;
  /**
   * A coefficient for each stratum that has a sample; absent is 0. Null where the contrast is not defined on these.
   * What is returned depends on the names alone.
   */
  coefficients(names: readonly string[]): Readonly<Record<string, number>> | null;
}

/** What a fold sees of a sample: its value under the metric, its cluster and its strata. */
export interface FoldedSample {
  readonly value: number;
  readonly cluster: string;
  readonly strata: Readonly<Record<string, string>>;
}

/** `truthfulness/mc1@truthfulqa-817:robust`: the column, the JSON key and the unit of comparison. */
export function instrumentName(task: string, dataset: string, preset: Preset): string {
  return `${task}@${dataset}:${preset}`;
}

/** `truthfulness/generate@truthfulqa-817:robust+strict`: one reading of the answers by one of several judges. */
export function judgedName(instrument: string, judge: string): string {
  return `${instrument}+${judge}`;
}

/** What an instrument's name says; the judge only where the definition named several. Null where it is no such name. */
export function partsOfInstrument(instrument: string): InstrumentParts | null {
  const parts = /^(?<task>[^@]+)@(?<dataset>[^@:]+):(?<preset>[^@:+]+)(\+(?<judge>[^@:]+))?$/.exec(
    instrument,
  );
  const { task, dataset, preset, judge } = parts?.groups ?? {};
  if (task === undefined || dataset === undefined || preset === undefined) return null;
  return { task, dataset, preset, judge: judge ?? null };
}

export interface InstrumentParts {
  readonly task: string;
  readonly dataset: string;
  readonly preset: string;
  readonly judge: string | null;
}

/** What is asked, whoever reads the answers: equal for the instruments of several judges. */
export function askedName(instrument: string): string {
  const parts = partsOfInstrument(instrument);
  return parts?.judge == null ? instrument : instrument.slice(0, -(parts.judge.length + 1));
}
