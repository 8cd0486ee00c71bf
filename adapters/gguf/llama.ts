import type {
  ControlledEvaluateInputItem,
  Llama,
  LlamaContext,
  LlamaContextSequence,
  LlamaModel,
  Token,
} from 'node-llama-cpp';
import { codeOf, messageOf } from '../../core/errors.ts';
import type { Llm, LoadConfig, Logprobs, RankedToken, Sampling, Wanted } from './llm.ts';
import {
  corrected,
  type Distribution,
  type Reading,
  rankedFrom,
  readingOf,
  SOFTENING,
  underflows,
} from './logprobs.ts';
import { anchorConfidence, LIFT, type Selected, selectedReading } from './selected.ts';
import { byteLengths, findSpecials } from './vocabulary.ts';

type ControlledEvaluateInputGenerateNext = NonNullable<
  Exclude<ControlledEvaluateInputItem, Token>[1]['generateNext']
>;
type Library = typeof import('node-llama-cpp');

/** The engine cannot be used at all: not installed, or not built for this machine. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
}

/** Plain softmax: no temperature, no truncation. */
const SOFTMAX = { temperature: 0 };
/** The same distribution at a higher temperature and untruncated, to read what float32 rounds to zero. */
const SOFTENED = { temperature: SOFTENING, topK: 0, topP: 1, minP: 0, seed: 0 };

/** By GPU setting: a process loads one checkpoint after another, but starts the engine once. */
const engines = new Map<boolean, Promise<Llama>>();

/**
 * Loads a checkpoint. Its KV cache has full precision and no flash attention is used: log-probabilities then do
 * not depend on how tokens are cut into batches.
 *
 * @throws EngineUnavailable when node-llama-cpp is not there; the library's own error when it refuses the file.
 */
export async function loadLlm(config: LoadConfig): Promise<Llm> {
  const library = await importLibrary();
  const llama = await startEngine(library, config.gpu);
  const version = `node-llama-cpp ${await library.getModuleVersion()}`;
  const model = await llama.loadModel({
    modelPath: config.path,
    gpuLayers: config.gpu ? 'auto' : 0,
    defaultContextFlashAttention: false,
    defaultContextSwaFullCache: true,
    experimentalDefaultContextKvCacheKeyType: 'F32',
    experimentalDefaultContextKvCacheValueType: 'F32',
  });
  try {
    const context = await model.createContext(contextOptions(config));
    const device = llama.gpu === false ? 'cpu' : llama.gpu;
    const engine = `${version} (llama.cpp ${llama.llamaCppRelease.release}, ${device}, context ${config.contextSize})`;
    return new LlamaLlm(library, engine, model, context, config);
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

async function importLibrary(): Promise<Library> {
  try {
    return await import('node-llama-cpp');
  } catch (error) {
    const missing = codeOf(error) === 'ERR_MODULE_NOT_FOUND';
    throw new EngineUnavailable(missing ? 'node-llama-cpp is not installed' : messageOf(error));
  }
}

async function startEngine(library: Library, gpu: boolean): Promise<Llama> {
  const running =
    engines.get(gpu) ??
    library.getLlama({
      gpu: gpu ? 'auto' : false,
      build: 'never',
      skipDownload: true,
      // Threads are set a context: with a limit here, a busy machine would silently get fewer.
      maxThreads: 0,
      logLevel: library.LlamaLogLevel.error,
      logger: (_level, message) => process.stderr.write(message),
      progressLogs: false,
    });
  engines.set(gpu, running);
  try {
    return await running;
  } catch (error) {
    engines.delete(gpu);
    throw new EngineUnavailable(`node-llama-cpp has no build for this machine: ${messageOf(error)}`);
  }
}

/** One token more than asked for, because the library never fills the last place. */
function contextOptions(config: LoadConfig) {
  return {
    contextSize: config.contextSize + 1,
    batchSize: config.batchSize,
    threads: config.threads,
    sequences: 1,
    ...(config.lora === undefined ? {} : { lora: config.lora }),
  } as const;
}

class LlamaLlm implements Llm {
  readonly engine: string;
  readonly limit: number;
  readonly bos: Llm['bos'];
  readonly addBos: boolean;
  readonly eosText: string;
  readonly specials: Llm['specials'];
  readonly embedsLast: boolean;
  private readonly library: Library;
  private readonly model: LlamaModel;
  private readonly context: LlamaContext;
  private readonly config: LoadConfig;
  private readonly sequence: LlamaContextSequence;
  /** Undoes the hook under which few tokens are read cheaply; undefined where this library does not allow it. */
  private readonly unanchor: (() => void) | undefined;
  private readonly bytes: (token: number) => number | undefined;

  constructor(
    library: Library,
    engine: string,
    model: LlamaModel,
    context: LlamaContext,
    config: LoadConfig,
  ) {
    const { tokens } = model;
    this.library = library;
    this.engine = engine;
    this.model = model;
    this.context = context;
    this.config = config;
    this.sequence = context.getSequence();
    this.unanchor = anchorConfidence(context, model);
    this.limit = Math.min(config.contextSize, context.contextSize - 1);
    this.bos = tokens.bos === null ? undefined : { id: tokens.bos, text: tokens.bosString ?? '' };
    this.addBos = tokens.shouldPrependBosToken && tokens.bos !== null;
    this.eosText = tokens.eosString ?? '';
    const vocabulary = model.fileInfo.metadata.tokenizer.ggml;
    this.specials = findSpecials(vocabulary, (id) => model.getTokenAttributes(id as Token));
    this.embedsLast = !tokens.shouldAppendEosToken && !poolsTokens(model);
    this.bytes = byteLengths(vocabulary, model.vocabularyType);
  }

  tokenize(text: string): readonly number[] {
    return this.model.tokenize(text, false);
  }

  tokenBytes(token: number): number | undefined {
    return this.bytes(token);
  }

  text(tokens: readonly number[], after: readonly number[]): string {
    return this.model.detokenize(asTokens(tokens), false, asTokens(after));
  }

  tokenText(token: number, after: readonly number[]): string {
    return this.model.detokenize(asTokens([token]), true, asTokens(after));
  }

  async clear(): Promise<void> {
    await this.sequence.clearHistory();
  }

  async rewind(length: number): Promise<void> {
    const end = this.sequence.nextTokenIndex;
    if (end > length) await this.sequence.eraseContextTokenRanges([{ start: length, end }]);
  }

  async read(
    tokens: readonly number[],
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<readonly Logprobs[]> {
    const start = this.sequence.nextTokenIndex;
    const readings: (Reading | undefined)[] = tokens.map(() => undefined);
    if (this.unanchor !== undefined) {
      await this.evaluateSelected(tokens, wanted, signal, (index, selected) => {
        readings[index] = selectedReading(selected, wanted[index] ?? []);
      });
    }
    const unread = wanted.map((ids, index) => (readings[index] === undefined ? ids : undefined));
    if (this.unanchor === undefined || unread.some((ids) => ids !== undefined)) {
      await this.rewind(start);
      await this.evaluate(tokens, unread, SOFTMAX, signal, (index, distribution) => {
        readings[index] = readingOf(distribution, wanted[index] ?? []);
      });
    }
    const lost = wanted.map((ids, index) => (underflows(readings[index]) ? ids : undefined));
    if (lost.some((ids) => ids !== undefined)) {
      await this.rewind(start);
      await this.evaluate(tokens, lost, SOFTENED, signal, (index, distribution) => {
        const reading = readings[index];
        if (reading !== undefined) readings[index] = corrected(reading, distribution);
      });
    }
    return readings.map((reading) => reading?.logprobs ?? new Map());
  }

  async readTop(
    tokens: readonly number[],
    count: number,
    signal: AbortSignal,
  ): Promise<readonly RankedToken[]> {
    let ranked: readonly RankedToken[] = [];
    const lastOnly = tokens.map((_, index) => (index === tokens.length - 1 ? [] : undefined));
    await this.evaluate(tokens, lastOnly, SOFTMAX, signal, (_, distribution) => {
      ranked = rankedFrom(distribution, count);
    });
    return ranked;
  }

  async *draw(tokens: readonly number[], sampling: Sampling): AsyncGenerator<number> {
    yield* this.sequence.evaluate(asTokens(tokens), { ...sampling, topK: 0, minP: 0 });
  }

  async embed(texts: readonly (readonly number[])[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const longest = Math.max(...texts.map((tokens) => tokens.length));
    // The library adds an EOS to models that want one, and refuses a context that is filled to the last place.
    const context = await this.model.createEmbeddingContext({
      contextSize: longest + 2,
      batchSize: longest + 2,
      threads: this.config.threads,
    });
    try {
      const vectors: Float32Array[] = [];
      for (const tokens of texts) {
        signal.throwIfAborted();
        const { vector } = await context.getEmbeddingFor(asTokens(tokens));
        vectors.push(Float32Array.from(vector));
      }
      return vectors;
    } finally {
      await context.dispose();
    }
  }

  async dispose(): Promise<void> {
    this.unanchor?.();
    await this.context.dispose();
    await this.model.dispose();
  }

  /** As `evaluate`, reading the wanted tokens alone. */
  private async evaluateSelected(
    tokens: readonly number[],
    wanted: readonly Wanted[],
    signal: AbortSignal,
    take: (index: number, selected: Selected) => void,
  ): Promise<void> {
    for (let start = 0; start < tokens.length; start += this.config.batchSize) {
      signal.throwIfAborted();
      const input = asTokens(tokens.slice(start, start + this.config.batchSize)).map(
        (token, index): ControlledEvaluateInputItem => {
          const ids = wanted[start + index];
          return ids === undefined ? token : [token, { generateNext: this.selecting(ids) }];
        },
      );
      await this.sequence.controlledEvaluate(input, {
        onTokenResult: (index, { next: { token, probabilities, confidence } }) => {
          if (typeof token !== 'number' || probabilities === undefined || confidence === undefined) return;
          take(start + index, { top: token, topProbability: confidence, kept: probabilities });
        },
      });
    }
  }

  /** The most probable token, and the wanted ones in relation to it. */
  private selecting(ids: readonly number[]): ControlledEvaluateInputGenerateNext {
    const tokenBias = new this.library.TokenBias(this.model.tokenizer).set(asTokens(ids), { logit: LIFT });
    const options = { temperature: 1, topK: ids.length + 1, topP: 1, minP: 0, seed: 0, tokenBias };
    return { token: true, probabilities: true, confidence: true, options };
  }

  /** Evaluates in steps of one batch, so that an abort waits for no more than that. */
  private async evaluate(
    tokens: readonly number[],
    wanted: readonly Wanted[],
    options: typeof SOFTMAX,
    signal: AbortSignal,
    take: (index: number, distribution: Distribution) => void,
  ): Promise<void> {
    for (let start = 0; start < tokens.length; start += this.config.batchSize) {
      signal.throwIfAborted();
      const input = asTokens(tokens.slice(start, start + this.config.batchSize)).map(
        (token, index): ControlledEvaluateInputItem =>
          wanted[start + index] === undefined
            ? token
            : [token, { generateNext: { probabilities: true, options } }],
      );
      await this.sequence.controlledEvaluate(input, {
        onTokenResult: (index, { next: { probabilities } }) => {
          if (probabilities === undefined) return;
          take(start + index, probabilities);
          // A whole vocabulary a position: let go of it at once.
          probabilities.clear();
        },
      });
    }
  }
}

/** llama.cpp's numbers of poolings that leave single tokens alone: none, and the last token's. */
const UNPOOLED: readonly unknown[] = [undefined, 0, 3];

/** Whether the file declares a pooling, as embedding models do; its vectors are then of no token. */
function poolsTokens({ fileInfo: { metadata, architectureMetadata } }: LlamaModel): boolean {
  const declared = (architectureMetadata as Readonly<Record<string, unknown>>)['pooling_type'];
  return metadata.general.architecture === 'bert' || !UNPOOLED.includes(declared);
}

/** The library brands its numbers. */
function asTokens(tokens: readonly number[]): Token[] {
  return [...tokens] as Token[];
}
