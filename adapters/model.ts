import type { JsonObject } from '../core/json.ts';

/**
 * The contract between the runner and every backend.
 *
 * An adapter never retries, never caches, never scores an answer and knows no suite. It throws
 * `AdapterError` (core/errors.ts) and nothing else, abort signals apart.
 */
export interface Model {
  /** The checkpoint's id in the definition. */
  readonly id: string;
  /** Checkpoints with the same key share one queue, one rate limit and one circuit breaker. */
  readonly rateLimitKey: string;
  /** How many requests the backend can usefully take at once; the runner never exceeds it. */
  readonly maxConcurrency: number;
  /** Computes on this machine's own cores, which all such models share. */
  readonly inProcess?: boolean;
  /** How `score` measures; present exactly when `score` is. It enters the request key. */
  readonly scoreMethod?: ScoreMethod;
  /** Who answers. Loads or contacts the backend; called once in the preflight of a run. */
  identify(options: CallOptions): Promise<ModelIdentity>;
  /** Text after a prompt. Absent when the model cannot do it, as for the other verbs. */
  generate?(request: GenerateRequest, options: CallOptions): Promise<Completion>;
  /** Log-probabilities of several given continuations of one context, in the order of the request. */
  score?(request: ScoreRequest, options: CallOptions): Promise<readonly ContinuationScore[]>;
  /** One vector per text, unnormalised where the backend allows it. */
  embed?(request: EmbedRequest, options: CallOptions): Promise<readonly Float32Array[]>;
  /**
   * The last hidden state of a prompt in the checkpoint's own format: after its last token, rendered as for `score`, with
   * BOS as there and nothing behind it. Part of the verb `embed`, as is the next one; absent where it cannot be had.
   */
  embedPrompt?(prompt: PromptInput, options: CallOptions): Promise<Float32Array>;
  /**
   * The hidden states from which each token of an answer is predicted: from the last token of the prompt to the last but
   * one of the answer, in order. The boundary rule is that of `score`.
   */
  embedAnswer?(request: EmbedAnswerRequest, options: CallOptions): Promise<readonly Float32Array[]>;
  /** Probabilities of named labels for each text, in the order of the request: what classifiers do. */
  classify?(request: ClassifyRequest, options: CallOptions): Promise<readonly Classification[]>;
  /**
   * Tokens that each prompt takes, by the model's own tokenizer and template, special tokens included. Asks nothing of
   * the model; absent where the backend offers no tokenizer.
   */
  countTokens?(prompts: readonly PromptInput[], options: CallOptions): Promise<readonly number[]>;
  /** Frees memory and connections. Calling it twice is fine. */
  close?(): Promise<void>;
}

export const VERBS = ['generate', 'score', 'embed', 'classify'] as const;
export type Verb = (typeof VERBS)[number];

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds after which the call fails with a transient AdapterError of code `timeout`. */
  readonly timeoutMs?: number;
}

/** One turn of a conversation. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What is sent: text exactly as it stands, or turns that the checkpoint's own template renders. */
export type PromptInput =
  | { readonly format: 'raw'; readonly text: string }
  | { readonly format: 'chat'; readonly messages: readonly Message[] };

export type PromptFormat = PromptInput['format'];

/** How text is drawn. Nothing is left to a server's default: what is absent here is switched off. */
export interface Decoding {
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  /** Nucleus mass in (0, 1]; 1 when absent. */
  readonly topP?: number;
  /** Strings that end the completion and are not part of it. */
  readonly stop?: readonly string[];
}

export interface GenerateRequest {
  readonly prompt: PromptInput;
  readonly decoding: Decoding;
  /** Equal for all checkpoints of a run on the same sample and repeat. */
  readonly seed: number;
  /** How many alternatives of the first generated token to report, 0 to 20; none when absent. */
  readonly topLogprobs?: number;
}

export interface ScoreRequest {
  readonly prompt: PromptInput;
  /**
   * Texts that may follow the context. The boundary rule: context and continuation are tokenised together,
   * and trailing spaces of the context belong to the continuation. Never empty.
   */
  readonly continuations: readonly string[];
}

export interface EmbedRequest {
  readonly texts: readonly string[];
}

export interface EmbedAnswerRequest {
  readonly prompt: PromptInput;
  /** Never empty. */
  readonly answer: string;
}

/** What `embed` gives besides vectors of texts: the state behind a `prompt`, those along an `answer`. */
export type StatesOf = 'prompt' | 'answer';

export interface ClassifyRequest {
  readonly texts: readonly string[];
}

/** What a classifier says of one text. */
export interface Classification {
  /** By the classifier's own label names; each in [0, 1], and not necessarily summing to 1. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface Completion {
  readonly text: string;
  /** `stop`: the model or a stop string ended it; `length`: cut at maxTokens; `filter`: withheld by the server. */
  readonly finish: 'stop' | 'length' | 'filter';
  readonly usage: Usage;
  /** Alternatives of the first generated token, most probable first; only when asked for. */
  readonly firstToken?: readonly TokenLogprob[];
  /** The server's own word for the build that answered; an alarm is raised when it changes within a run. */
  readonly fingerprint?: string;
}

export interface Usage {
  readonly promptTokens?: number;
  readonly completionTokens?: number;
}

export interface TokenLogprob {
  readonly token: string;
  /** Natural logarithm, at most 0. */
  readonly logprob: number;
}

/** How a log-probability was measured. Different methods are never mixed within one effect. */
export type ScoreMethod = 'in-process' | 'prompt_logprobs' | 'echo' | 'forced' | 'replayed' | 'scripted';

export interface ContinuationScore {
  /** Sum over the continuation's tokens of ln p(token | everything before it); at most 0. */
  readonly logprob: number;
  /** The same per token, in order; their sum is `logprob`. */
  readonly tokenLogprobs: readonly number[];
  /** Length of the continuation as UTF-8, the unit of per-byte normalisation. */
  readonly bytes: number;
  readonly method: ScoreMethod;
}

/**
 * Who answered. `weights` is the strongest proof; without it, identity holds within one run only.
 * Everything in it enters the request key except `notes`.
 */
export interface ModelIdentity {
  readonly adapter: string;
  /** SHA-256 of the weights, of adapters laid over them (LoRA) and of the quantisation, as far as known. */
  readonly weights?: string;
  /** Engine or server, with version. */
  readonly engine: string;
  /** SHA-256 of the chat template's text; absent when the model has none. */
  readonly template?: string;
  /** SHA-256 over vocabulary and merges, where they can be read. */
  readonly tokenizer?: string;
  /** For servers without a digest: base URL, model name and whatever else tells two of them apart. */
  readonly endpoint?: JsonObject;
  /** What a person wants to know (parameters, quantisation, context length); not part of any key. */
  readonly notes?: JsonObject;
}

export function verbsOf(model: Model): Verb[] {
  return VERBS.filter((verb) => model[verb] !== undefined);
}

/** Of what a model gives hidden states. */
export function statesOf(model: Model): StatesOf[] {
  if (model.embed === undefined) return [];
  return [
    ...(model.embedPrompt === undefined ? [] : ['prompt' as const]),
    ...(model.embedAnswer === undefined ? [] : ['answer' as const]),
  ];
}
