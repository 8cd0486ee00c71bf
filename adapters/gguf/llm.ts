import type { SpecialToken } from './partition.ts';

/**
 * A loaded checkpoint as token arithmetic: what generation, scoring and embedding are written against. One
 * sequence, evaluated serially; every request clears it first, so that no answer depends on an earlier one.
 */
export interface Llm {
  /** Engine and version, for the identity. */
  readonly engine: string;
  /** Tokens that prompt and completion may take together. */
  readonly limit: number;
  /** The token that begins a sequence, where the model has one. */
  readonly bos: { readonly id: number; readonly text: string } | undefined;
  /** Whether a prompt begins with `bos`. */
  readonly addBos: boolean;
  readonly eosText: string;
  readonly specials: readonly SpecialToken[];
  /** Tokens of plain text; text that spells a special token stays text. */
  tokenize(text: string): readonly number[];
  /** UTF-8 bytes that a token stands for, or undefined where the vocabulary does not tell. */
  tokenBytes(token: number): number | undefined;
  /** Text of tokens that follow others; special tokens are left out. */
  text(tokens: readonly number[], after: readonly number[]): string;
  /** Text of one token, special or not. */
  tokenText(token: number, after: readonly number[]): string;
  /** Forgets everything evaluated. */
  clear(): Promise<void>;
  /** Forgets everything after the first `length` tokens. */
  rewind(length: number): Promise<void>;
  /**
   * Evaluates tokens. For each position with wanted tokens, reports ln p(wanted | everything up to and with that
   * position), of the full softmax.
   */
  read(
    tokens: readonly number[],
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<readonly Logprobs[]>;
  /** Evaluates tokens and reports the `count` most probable next ones, best first. */
  readTop(tokens: readonly number[], count: number, signal: AbortSignal): Promise<readonly RankedToken[]>;
  /** Evaluates tokens and draws the next ones until the model ends its turn. */
  draw(tokens: readonly number[], sampling: Sampling): AsyncIterable<number>;
  /** Whether `embed` gives the state of the last of the very tokens it got: no pooling over tokens, no token added at the end. */
  readonly embedsLast: boolean;
  /** Final hidden state at the last token of each text, unnormalised, from a context of its own. */
  embed(texts: readonly (readonly number[])[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  dispose(): Promise<void>;
}

/** Token ids whose log-probability is wanted after a position; undefined for a position that is only context. */
export type Wanted = readonly number[] | undefined;
/** By token id; empty where nothing was wanted. */
export type Logprobs = ReadonlyMap<number, number>;
export type RankedToken = { readonly id: number; readonly logprob: number };

export interface Sampling {
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
}

/** What a child process is told to load. */
export interface LoadConfig {
  readonly path: string;
  readonly lora?: string;
  readonly contextSize: number;
  readonly batchSize: number;
  readonly threads: number;
  readonly gpu: boolean;
}
