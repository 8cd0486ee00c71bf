import type { Adapter, ModelConfig } from '../adapter.ts';
import {
  type CallOptions,
  type Classification,
  type Completion,
  type ContinuationScore,
  type GenerateRequest,
  type Model,
  type ScoreRequest,
  type TokenLogprob,
  VERBS,
} from '../model.ts';
import { type Reply, type ScriptedOptions, scriptedOptionsSchema } from './options.ts';
import {
  flatten,
  givenScore,
  lengthScore,
  pseudoAlternatives,
  pseudoScore,
  pseudoText,
  pseudoTokens,
  pseudoVector,
  unit,
} from './pseudo.ts';
import { createScript, notScripted, type Script, scriptDigest } from './script.ts';

/**
 * Answers by rules over the request, for tests and demonstrations: no weights, no server, the same answers on
 * every machine. `model` is any name; it seeds the pseudo-answers where no rule answers.
 */
export const scriptedAdapter: Adapter = {
  name: 'scripted',
  description: 'rules over the request, and pseudo-answers from a hash: for tests and demonstrations',
  optionsSchema: scriptedOptionsSchema,
  createSession: () => {
    let closed = false;
    return {
      open: async (config) => openModel(config, () => closed),
      close: async () => {
        closed = true;
      },
    };
  },
};

function openModel(config: ModelConfig, isClosed: () => boolean): Model {
  // The definition was validated against scriptedOptionsSchema.
  const options = config.options as unknown as ScriptedOptions;
  const name = config.model;
  const script = createScript(name, options, isClosed);
  const verbs = options.verbs ?? VERBS;
  const weights = scriptDigest(name, options);
  return {
    id: config.id,
    rateLimitKey: `scripted:${options.server ?? name}`,
    maxConcurrency: options.maxConcurrency ?? 64,
    identify: async () => ({
      adapter: 'scripted',
      weights,
      engine: 'scripted 1',
      notes: { rules: options.rules?.length ?? 0, default: options.default ?? 'hash' },
    }),
    ...(verbs.includes('generate') && {
      generate: async (request, call) =>
        completionOf(name, request, await script.replyTo({ verb: 'generate', request }, call)),
    }),
    ...(verbs.includes('score') && {
      scoreMethod: 'scripted',
      score: async (request, call) =>
        scoresOf(name, request, await script.replyTo({ verb: 'score', request }, call)),
    }),
    ...(verbs.includes('embed') && {
      embed: async (request, call) => {
        const reply = await script.replyTo({ verb: 'embed', request }, call);
        const given = reply === 'hash' ? undefined : reply.vector;
        const dimensions = options.dimensions ?? 16;
        return request.texts.map((text) =>
          given === undefined ? pseudoVector(name, text, dimensions) : Float32Array.from(given),
        );
      },
      embedPrompt: async (prompt, call) => {
        const reply = await script.replyTo({ verb: 'embed', request: { prompt } }, call);
        const given = reply === 'hash' ? undefined : reply.vector;
        return given === undefined
          ? pseudoVector(name, flatten(prompt), options.dimensions ?? 16)
          : Float32Array.from(given);
      },
      embedAnswer: async (request, call) => {
        const reply = await script.replyTo({ verb: 'embed', request }, call);
        const given = reply === 'hash' ? undefined : reply.vector;
        const tokens = pseudoTokens(request.answer);
        return tokens.map((_, place) => {
          const text = flatten(request.prompt) + tokens.slice(0, place).join('');
          return given === undefined
            ? pseudoVector(name, text, options.dimensions ?? 16)
            : Float32Array.from(given);
        });
      },
    }),
    ...(verbs.includes('classify') && {
      classify: ({ texts }, call) =>
        Promise.all(texts.map((text) => classificationOf(name, text, script, call))),
    }),
  };
}

/** Each text meets the rules by itself, so that its neighbours in a request change nothing. */
async function classificationOf(
  model: string,
  text: string,
  script: Script,
  call: CallOptions,
): Promise<Classification> {
  const reply = await script.replyTo({ verb: 'classify', request: { texts: [text] } }, call);
  const given = reply === 'hash' ? undefined : reply.labels;
  return { scores: given ?? { toxicity: unit(model, text, 'toxicity') } };
}

function completionOf(model: string, request: GenerateRequest, reply: Reply | 'hash'): Completion {
  const given = reply === 'hash' ? {} : reply;
  const full = textOf(given, request.seed) ?? pseudoText(model, request);
  const { text, finish, tokens } = cut(full, request);
  const top = request.topLogprobs ?? 0;
  return {
    text,
    finish: given.finish ?? finish,
    usage: { promptTokens: pseudoTokens(flatten(request.prompt)).length, completionTokens: tokens },
    ...(top > 0 && { firstToken: alternatives(model, request, given, full).slice(0, top) }),
  };
}

function textOf({ text }: Reply, seed: number): string | undefined {
  return typeof text === 'object' ? text[seed % text.length] : text;
}

/** Ends a text at a stop string or after maxTokens pseudo-tokens, as an engine would. */
function cut(
  full: string,
  { decoding }: GenerateRequest,
): { text: string; finish: 'stop' | 'length'; tokens: number } {
  const ends = (decoding.stop ?? []).map((stop) => full.indexOf(stop)).filter((index) => index >= 0);
  const stopped = full.slice(0, Math.min(full.length, ...ends));
  const tokens = pseudoTokens(stopped);
  if (tokens.length <= decoding.maxTokens) return { text: stopped, finish: 'stop', tokens: tokens.length };
  const text = tokens.slice(0, decoding.maxTokens).join('');
  return { text, finish: 'length', tokens: decoding.maxTokens };
}

function alternatives(model: string, request: GenerateRequest, given: Reply, full: string): TokenLogprob[] {
  if (given.firstToken === undefined) {
    return pseudoAlternatives(
      model,
      flatten(request.prompt),
      pseudoTokens(full)[0] ?? '',
      request.topLogprobs ?? 0,
    );
  }
  return Object.entries(given.firstToken)
    .map(([token, logprob]) => ({ token, logprob }))
    .sort((a, b) => b.logprob - a.logprob);
}

function scoresOf(
  model: string,
  { prompt, continuations }: ScoreRequest,
  reply: Reply | 'hash',
): ContinuationScore[] {
  const scores = reply === 'hash' ? 'hash' : (reply.scores ?? 'hash');
  return continuations.map((continuation) => {
    if (scores === 'hash') return pseudoScore(model, prompt, continuation);
    if (scores === 'length') return lengthScore(continuation);
    const logprob = lookUp(scores, continuation);
    if (logprob === undefined)
      throw notScripted(model, `the rule has no score for ${JSON.stringify(continuation)}`);
    return givenScore(continuation, logprob);
  });
}

/** The exact continuation, then without the white space around it, then `*`. */
function lookUp(scores: Readonly<Record<string, number>>, continuation: string): number | undefined {
  return [continuation, continuation.trim(), '*']
    .filter((text) => Object.hasOwn(scores, text))
    .map((text) => scores[text])[0];
}
