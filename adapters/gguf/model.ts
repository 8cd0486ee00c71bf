import type {
  CallOptions,
  Completion,
  ContinuationScore,
  EmbedAnswerRequest,
  EmbedRequest,
  GenerateRequest,
  Model,
  ModelIdentity,
  PromptInput,
  ScoreMethod,
  ScoreRequest,
  Verb,
} from '../model.ts';
import { closedError } from './engine-errors.ts';
import { asCompletion, asCounts, asScores, asStates, asVectors, type Order } from './protocol.ts';

export interface ModelParts {
  readonly id: string;
  readonly verbs: readonly Verb[];
  /** Whether its vectors are hidden states of single tokens. */
  readonly states: boolean;
  readonly call: (order: Order, options: CallOptions) => Promise<unknown>;
  readonly identify: () => Promise<ModelIdentity>;
  readonly release: () => Promise<void>;
}

/**
 * A GGUF checkpoint. Each has a queue of its own (`gguf:ID`) with one call at a time, because an engine works
 * serially; how many engines compute at once is decided by the pool, by the machine's cores.
 */
export class GgufModel implements Model {
  readonly id: string;
  readonly rateLimitKey: string;
  readonly maxConcurrency = 1;
  readonly inProcess = true;
  readonly scoreMethod?: ScoreMethod;
  readonly generate?: (request: GenerateRequest, options: CallOptions) => Promise<Completion>;
  readonly score?: (request: ScoreRequest, options: CallOptions) => Promise<readonly ContinuationScore[]>;
  readonly embed?: (request: EmbedRequest, options: CallOptions) => Promise<readonly Float32Array[]>;
  readonly embedPrompt?: (prompt: PromptInput, options: CallOptions) => Promise<Float32Array>;
  readonly embedAnswer?: (
    request: EmbedAnswerRequest,
    options: CallOptions,
  ) => Promise<readonly Float32Array[]>;
  private readonly parts: ModelParts;
  private closed = false;

  constructor(parts: ModelParts) {
    this.id = parts.id;
    this.rateLimitKey = `gguf:${parts.id}`;
    this.parts = parts;
    if (parts.verbs.includes('generate')) {
      this.generate = async (request, options) =>
        asCompletion(await this.call({ kind: 'generate', request }, options));
    }
    if (parts.verbs.includes('score')) {
      this.scoreMethod = 'in-process';
      this.score = async (request, options) =>
        asScores(await this.call({ kind: 'score', request }, options), request.continuations.length);
    }
    if (parts.verbs.includes('embed')) {
      this.embed = async (request, options) =>
        asVectors(await this.call({ kind: 'embed', request }, options), request.texts.length);
    }
    if (parts.states) {
      this.embedPrompt = async (prompt, options) =>
        asStates(await this.call({ kind: 'embed-prompt', prompt }, options))[0] as Float32Array;
      this.embedAnswer = async (request, options) =>
        asStates(await this.call({ kind: 'embed-answer', request }, options));
    }
  }

  async identify(options: CallOptions): Promise<ModelIdentity> {
    options.signal?.throwIfAborted();
    return this.parts.identify();
  }

  async countTokens(prompts: readonly PromptInput[], options: CallOptions): Promise<readonly number[]> {
    return asCounts(await this.call({ kind: 'count', prompts }, options), prompts.length);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.parts.release();
  }

  private async call(order: Order, options: CallOptions): Promise<unknown> {
    if (this.closed) throw closedError();
    return this.parts.call(order, options);
  }
}
