import { AdapterError } from '../../core/errors.ts';
import type { ModelConfig } from '../adapter.ts';
import type {
  CallOptions,
  Completion,
  EmbedRequest,
  GenerateRequest,
  Message,
  Model,
  ModelIdentity,
} from '../model.ts';
import { renderChat } from '../template.ts';
import { DEFAULTS, type OllamaOptions } from './options.ts';
import { chatBody, completionOf, placementOf, rawBody } from './requests.ts';
import type { OllamaServer } from './server.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What opening a model found out. */
export interface OpenedModel {
  readonly server: OllamaServer;
  readonly config: ModelConfig;
  readonly options: OllamaOptions;
  readonly vocabulary: Vocabulary;
  readonly identity: ModelIdentity;
  /** The server puts a BOS token in front of every prompt. */
  readonly addsBos: boolean;
}

export function createModel(
  opened: OpenedModel,
  verbs: { readonly generate: boolean; readonly embed: boolean },
): Model {
  const { server, config, options, identity } = opened;
  return {
    id: config.id,
    // One server, one queue: it holds few models at a time, and the runner asks one checkpoint after another.
    rateLimitKey: `ollama:${server.baseURL}`,
    maxConcurrency: options.maxConcurrency ?? DEFAULTS.maxConcurrency,
    identify: async () => identity,
    ...(verbs.generate && { generate: (request, call) => generate(opened, request, call) }),
    ...(verbs.embed && {
      embed: (request, call) => embed(opened, request, call),
      ...promptStates(opened),
    }),
  };
}

async function generate(
  opened: OpenedModel,
  request: GenerateRequest,
  call: CallOptions,
): Promise<Completion> {
  const { prompt } = request;
  if (prompt.format === 'raw') return generateRaw(opened, prompt.text, request, call);
  if (opened.config.template !== undefined) {
    return generateRaw(
      opened,
      renderOurselves(opened, opened.config.template, prompt.messages),
      request,
      call,
    );
  }
  const { server, config, options } = opened;
  const reply = await server.chat(chatBody(config.model, options, [...prompt.messages], request), call);
  return completionOf(reply.message.content, reply, request);
}

async function generateRaw(
  { server, config, options, addsBos, vocabulary }: OpenedModel,
  text: string,
  request: GenerateRequest,
  call: CallOptions,
): Promise<Completion> {
  if (text === '') {
    throw new AdapterError('Ollama takes an empty prompt as a wish to load the model', {
      retry: 'never',
      code: 'empty-prompt',
    });
  }
  const { bosToken = '' } = vocabulary;
  if (addsBos && bosToken !== '' && text.startsWith(bosToken)) {
    throw new AdapterError(`the prompt begins with ${bosToken}, which the server adds itself`, {
      retry: 'never',
      code: 'double-bos',
    });
  }
  const reply = await server.generate(rawBody(config.model, options, text, request), call);
  return completionOf(reply.response, reply, request);
}

/** The definition's template in place of the server's. A BOS that the server adds must not come twice. */
function renderOurselves(
  { vocabulary, addsBos }: OpenedModel,
  template: string,
  messages: readonly Message[],
): string {
  const { bosToken = '', eosToken = '' } = vocabulary;
  const text = renderChat(template, messages, { bosToken, eosToken, addGenerationPrompt: true });
  return addsBos && bosToken !== '' && text.startsWith(bosToken) ? text.slice(bosToken.length) : text;
}

/** The vector of a prompt whose text is known: raw, or rendered by the definition's own template. */
function promptStates(opened: OpenedModel): Pick<Model, 'embedPrompt'> {
  const { promptFormat, template } = opened.config;
  if (promptFormat === 'chat' && template === undefined) return {};
  return {
    embedPrompt: async (prompt, call) => {
      const text =
        prompt.format === 'raw' ? prompt.text : renderOurselves(opened, template ?? '', prompt.messages);
      const [vector] = await embed(opened, { texts: [text] }, call);
      return vector as Float32Array;
    },
  };
}

async function embed(
  { server, config, options }: OpenedModel,
  { texts }: EmbedRequest,
  call: CallOptions,
): Promise<Float32Array[]> {
  const { keepAlive = DEFAULTS.keepAlive } = options;
  const { embeddings } = await server.embed(
    {
      model: config.model,
      input: [...texts],
      truncate: false,
      keep_alive: keepAlive,
      options: placementOf(options),
    },
    call,
  );
  if (embeddings.length !== texts.length) {
    throw new AdapterError(`Ollama returned ${embeddings.length} vectors for ${texts.length} texts`, {
      retry: 'never',
      code: 'bad-reply',
    });
  }
  return embeddings.map((vector) => Float32Array.from(vector));
}
