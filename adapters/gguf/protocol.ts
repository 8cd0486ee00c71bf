import { AdapterError, type RetryAdvice } from '../../core/errors.ts';
import type {
  Completion,
  ContinuationScore,
  EmbedAnswerRequest,
  EmbedRequest,
  GenerateRequest,
  PromptInput,
  ScoreRequest,
  Verb,
} from '../model.ts';
import { VERBS } from '../model.ts';
import type { LoadConfig } from './llm.ts';

/** What the parent sends to an engine process. One call at a time; `cancel` names the one that runs. */
export type Call =
  | { readonly id: number; readonly kind: 'load'; readonly config: LoadConfig; readonly template?: string }
  | { readonly id: number; readonly kind: 'generate'; readonly request: GenerateRequest }
  | { readonly id: number; readonly kind: 'score'; readonly request: ScoreRequest }
  | { readonly id: number; readonly kind: 'embed'; readonly request: EmbedRequest }
  | { readonly id: number; readonly kind: 'embed-prompt'; readonly prompt: PromptInput }
  | { readonly id: number; readonly kind: 'embed-answer'; readonly request: EmbedAnswerRequest }
  | { readonly id: number; readonly kind: 'count'; readonly prompts: readonly PromptInput[] }
  | { readonly id: number; readonly kind: 'unload' }
  | { readonly id: number; readonly kind: 'cancel' };

export type CallKind = Call['kind'];

/** A call before it has a number. */
export type Order = Call extends infer One ? (One extends Call ? Omit<One, 'id'> : never) : never;

export type Reply =
  | { readonly id: number; readonly status: 'done'; readonly value: unknown }
  | { readonly id: number; readonly status: 'failed'; readonly failure: Failure };

/** Why a call failed: for the user to mend, or a request that the model did not answer. */
export type Failure =
  | { readonly kind: 'unavailable' | 'unloadable' | 'cancelled' | 'internal'; readonly message: string }
  | {
      readonly kind: 'adapter';
      readonly message: string;
      readonly retry: RetryAdvice;
      readonly code?: string;
    };

/** What a loaded checkpoint can do. */
export interface Loaded {
  readonly engine: string;
  readonly verbs: readonly Verb[];
  /** Tokens that prompt and completion may take together. */
  readonly limit: number;
  /** Whether vectors are the hidden state of a last token, and of nothing else. */
  readonly states: boolean;
}

const CALL_KINDS: readonly string[] = [
  'load',
  'generate',
  'score',
  'embed',
  'embed-prompt',
  'embed-answer',
  'count',
  'unload',
  'cancel',
] satisfies CallKind[];
const WITH_REQUEST: readonly string[] = ['generate', 'score', 'embed', 'embed-answer'] satisfies CallKind[];
const FAILURE_KINDS: readonly string[] = ['unavailable', 'unloadable', 'cancelled', 'internal', 'adapter'];
const RETRIES: readonly string[] = ['never', 'transient', 'rate-limit'] satisfies RetryAdvice[];

/** A message as a call, or undefined. The parent is trusted with what is in a request: it has validated it. */
export function asCall(message: unknown): Call | undefined {
  if (!isRecord(message) || !isId(message['id']) || !CALL_KINDS.includes(String(message['kind'])))
    return undefined;
  const { kind } = message;
  if (kind === 'load' && !isRecord(message['config'])) return undefined;
  if (WITH_REQUEST.includes(String(kind)) && !isRecord(message['request'])) return undefined;
  if (kind === 'embed-prompt' && !isRecord(message['prompt'])) return undefined;
  if (kind === 'count' && !Array.isArray(message['prompts'])) return undefined;
  return message as Call;
}

/** A message as a reply, or undefined: an engine process runs native code on files from anywhere. */
export function asReply(message: unknown): Reply | undefined {
  if (!isRecord(message) || !isId(message['id'])) return undefined;
  if (message['status'] === 'done' && 'value' in message) return message as Reply;
  if (message['status'] !== 'failed' || !isRecord(message['failure'])) return undefined;
  const { kind, message: text, retry } = message['failure'];
  if (!FAILURE_KINDS.includes(String(kind)) || typeof text !== 'string') return undefined;
  if (kind === 'adapter' && !RETRIES.includes(String(retry))) return undefined;
  return message as Reply;
}

export function asLoaded(value: unknown): Loaded {
  const known: readonly string[] = VERBS;
  if (
    isRecord(value) &&
    typeof value['engine'] === 'string' &&
    isCount(value['limit']) &&
    typeof value['states'] === 'boolean' &&
    Array.isArray(value['verbs']) &&
    value['verbs'].every((verb) => known.includes(String(verb)))
  ) {
    return value as unknown as Loaded;
  }
  throw malformed('load');
}

export function asCompletion(value: unknown): Completion {
  if (
    isRecord(value) &&
    typeof value['text'] === 'string' &&
    (value['finish'] === 'stop' || value['finish'] === 'length') &&
    isRecord(value['usage']) &&
    (value['firstToken'] === undefined ||
      (Array.isArray(value['firstToken']) && value['firstToken'].every(isRanked)))
  ) {
    return value as unknown as Completion;
  }
  throw malformed('generate');
}

/** @param count how many continuations were asked for. */
export function asScores(value: unknown, count: number): readonly ContinuationScore[] {
  if (Array.isArray(value) && value.length === count && value.every(isScore))
    return value as ContinuationScore[];
  throw malformed('score');
}

/** @param count how many texts were asked for. */
export function asVectors(value: unknown, count: number): readonly Float32Array[] {
  if (Array.isArray(value) && value.length === count && value.every(isVector)) return value as Float32Array[];
  throw malformed('embed');
}

/** At least one vector, all of one length. */
export function asStates(value: unknown): readonly Float32Array[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isVector)) {
    const states = value as Float32Array[];
    if (states.every(({ length }) => length === states[0]?.length)) return states;
  }
  throw malformed('embed');
}

/** @param count of how many prompts. */
export function asCounts(value: unknown, count: number): readonly number[] {
  if (Array.isArray(value) && value.length === count && value.every(isCount)) return value as number[];
  throw malformed('count');
}

function isScore(value: unknown): boolean {
  if (!isRecord(value) || !Array.isArray(value['tokenLogprobs'])) return false;
  const logprobs = value['tokenLogprobs'] as unknown[];
  return (
    isLogprob(value['logprob']) && logprobs.length > 0 && logprobs.every(isLogprob) && isCount(value['bytes'])
  );
}

function isRanked(value: unknown): boolean {
  return isRecord(value) && typeof value['token'] === 'string' && isLogprob(value['logprob']);
}

function isVector(value: unknown): boolean {
  return value instanceof Float32Array || Object.prototype.toString.call(value) === '[object Float32Array]'
    ? (value as Float32Array).length > 0 && (value as Float32Array).every(Number.isFinite)
    : false;
}

function isLogprob(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value <= 0;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isId(value: unknown): boolean {
  return isCount(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function malformed(kind: string): AdapterError {
  return new AdapterError(`the engine process gave a malformed answer to ${kind}`, {
    retry: 'never',
    code: 'malformed',
  });
}
