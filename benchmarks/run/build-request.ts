import type {
  ClassifyRequest,
  EmbedAnswerRequest,
  EmbedRequest,
  GenerateRequest,
  PromptFormat,
  PromptInput,
  ScoreMethod,
  ScoreRequest,
} from '../../adapters/model.ts';
import { deriveSeed } from '../../core/random.ts';
import type { Ask, Prompt, StatesAsk } from '../../suites/task.ts';
import type { KeyFields } from '../journal/records.ts';

/** Who is asked, as far as a request and its key depend on it. Known from the manifest without a live model. */
export interface Addressee {
  /** The checkpoint's or role's id in the definition. */
  readonly id: string;
  readonly promptFormat: PromptFormat;
  readonly system?: string;
  readonly identityDigest: string;
  readonly templateDigest?: string;
  readonly scoreMethod?: ScoreMethod;
  /** Set for a control copy, which is really asked. */
  readonly control?: string;
  /** Set where the identity holds within one run only. */
  readonly run?: string;
}

export type ModelCall =
  | { readonly verb: 'generate'; readonly request: GenerateRequest }
  | { readonly verb: 'score'; readonly request: ScoreRequest }
  | { readonly verb: 'embed'; readonly request: EmbedRequest | StatesRequest }
  | { readonly verb: 'classify'; readonly request: ClassifyRequest };

/** Hidden states of a prompt, or along an answer behind it. */
export type StatesRequest = Pick<EmbedAnswerRequest, 'prompt'> & Partial<EmbedAnswerRequest>;

export interface BuiltRequest {
  readonly call: ModelCall;
  readonly fields: KeyFields;
}

/** The seed of a sample's repeat: equal for all checkpoints, different for every sample and repeat. */
export function sampleSeed(runSeed: number, sample: string, repeat: number): number {
  return deriveSeed(runSeed, sample, repeat);
}

/** Turns what a task asks into what the addressee is sent, and into what its key is made of. */
export function buildRequest(ask: Ask, to: Addressee, seed: number, repeat: number): BuiltRequest {
  const call = buildCall(ask, to, seed);
  return { call, fields: keyFields(call, to, repeat) };
}

function buildCall(ask: Ask, to: Addressee, seed: number): ModelCall {
  switch (ask.verb) {
    case 'embed':
      return { verb: 'embed', request: 'texts' in ask ? { texts: ask.texts } : statesRequest(ask, to) };
    case 'classify':
      return { verb: 'classify', request: { texts: ask.texts } };
    case 'score': {
      const raw = to.promptFormat === 'raw';
      const continuations = raw ? ask.continuations.map((text) => ask.delimiter + text) : ask.continuations;
      return { verb: 'score', request: { prompt: promptFor(ask.prompt, to), continuations } };
    }
    case 'generate': {
      const { stop, ...decoding } = ask.decoding;
      const keepStop = to.promptFormat === 'raw' && stop !== undefined;
      return {
        verb: 'generate',
        request: {
          prompt: promptFor(ask.prompt, to),
          decoding: keepStop ? { ...decoding, stop } : decoding,
          seed: drawSeed(seed, ask.draw),
          ...(ask.topLogprobs === undefined ? {} : { topLogprobs: ask.topLogprobs }),
        },
      };
    }
  }
}

function statesRequest({ prompt, answer, delimiter = '' }: StatesAsk, to: Addressee): StatesRequest {
  const rendered = { prompt: promptFor(prompt, to) };
  if (answer === undefined) return rendered;
  return { ...rendered, answer: to.promptFormat === 'raw' ? delimiter + answer : answer };
}

/** The first draw has the sample's own seed, so that a task that asks once and one that asks often share it. */
function drawSeed(seed: number, draw = 0): number {
  return draw === 0 ? seed : deriveSeed(seed, 'draw', draw);
}

/** Texts that are read behind the prompt of a request, or of what asks for one. */
export function behindPrompt(asked: {
  readonly prompt: unknown;
  readonly continuations?: readonly string[];
  readonly answer?: string;
}): readonly string[] {
  return asked.continuations ?? (asked.answer === undefined ? [] : [asked.answer]);
}

function promptFor(prompt: Prompt, { promptFormat, system }: Addressee): PromptInput {
  if (promptFormat === 'raw') return { format: 'raw', text: prompt.raw };
  const messages =
    system === undefined ? prompt.chat : [{ role: 'system' as const, content: system }, ...prompt.chat];
  return { format: 'chat', messages };
}

function keyFields(call: ModelCall, to: Addressee, repeat: number): KeyFields {
  const common = {
    identity: to.identityDigest,
    ...(to.control === undefined ? {} : { control: to.control }),
    ...(to.run === undefined ? {} : { run: to.run }),
    verb: call.verb,
    repeat,
  };
  if ('texts' in call.request) return { ...common, texts: call.request.texts };
  const prompt = call.request.prompt;
  const template =
    prompt.format === 'chat' && to.templateDigest !== undefined ? { template: to.templateDigest } : {};
  if (call.verb === 'score') {
    const method = to.scoreMethod === undefined ? {} : { method: to.scoreMethod };
    return { ...common, prompt, ...template, continuations: call.request.continuations, ...method };
  }
  return { ...common, ...template, ...call.request };
}
