import { AdapterError, EXIT, UserError } from '../../core/errors.ts';
import type { ModelConfig } from '../adapter.ts';
import { type SharedFetch, withDeadline } from '../http.ts';
import type { CallOptions, Completion, Model, PromptInput } from '../model.ts';
import { createAsker } from '../probe/asking.ts';
import { greedily, probePrompts } from '../probe/generation.ts';
import { probeModel, proveScoring, type ScoreFn } from '../probe.ts';
import { learnBos } from './bos.ts';
import { createClient, type ServerClient } from './client.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialectsFor } from './dialects/index.ts';
import { embed } from './embed.ts';
import { type GenerateTarget, generate } from './generate.ts';
import { identityOf } from './identity.ts';
import type { Settings } from './options.ts';
import { ownRenderer, type Renderer, refusal, refuseDoubleBos, renderPrompt } from './prompt.ts';
import { askServer, contactProblem, findModel, type ServerFacts } from './server.ts';

export const defaultConnections = 64;

const CONTACT_TIMEOUT_MS = 30_000;

type Verbs = Pick<Model, 'generate' | 'score' | 'embed'>;

/** What was learnt about one checkpoint's server. */
interface Contact {
  readonly config: ModelConfig;
  readonly settings: Settings;
  readonly client: ServerClient;
  readonly server: ServerFacts;
  readonly renderer: Renderer | undefined;
  /** Text of the BOS token that the server adds to every text. */
  readonly bos: string | undefined;
  readonly isClosed: () => boolean;
}

/**
 * Finds out what stands behind the address, and returns a model with the verbs that were proven there.
 *
 * @throws UserError (3) for a dead server, a wrong key, an unknown model and a model that does nothing asked of it.
 */
export async function openModel(
  config: ModelConfig,
  settings: Settings,
  shared: SharedFetch,
  notify: (line: string) => void,
): Promise<Model> {
  let closed = false;
  const client = await createClient(settings, shared);
  const server = await withDeadline({ timeoutMs: CONTACT_TIMEOUT_MS }, (signal) =>
    askServer(client, settings, { signal }),
  ).catch((error: unknown) => {
    throw contactProblem(error, settings);
  });
  refuseOllamaRaw(config, server, settings);
  const bos = await learnBos(client, server.kind, config.model, {});
  const renderer = rendererOf(config, server, bos);
  const contact: Contact = { config, settings, client, server, renderer, bos, isClosed: () => closed };
  const listed = await findModel(config.model, server, settings, () => refusalOf(contact));
  const first = await firstAnswer(contact);
  const embedding = await provenEmbed(contact);
  if (first.generate === undefined && embedding === undefined) throw first.problem;
  const scoring = first.generate === undefined ? unproven : await provenScore(contact, first.generate);
  notify(`${config.id}: ${scoring.line}`);
  const identity = identityOf({
    settings,
    server,
    model: config.model,
    listed,
    template: config.template,
    fingerprint: first.fingerprint,
    scoring: { proven: scoring.dialect?.name ?? null, refused: scoring.refused },
  });
  return {
    id: config.id,
    rateLimitKey: `${new URL(settings.baseURL).origin} ${settings.apiKeyEnv ?? ''}`.trim(),
    maxConcurrency: settings.connections ?? server.props?.total_slots ?? defaultConnections,
    identify: async () => identity,
    ...(first.generate !== undefined && { generate: first.generate }),
    ...(scoring.score !== undefined && { score: scoring.score, scoreMethod: scoring.dialect.method }),
    ...(embedding !== undefined && { embed: embedding, ...promptStates(contact, embedding) }),
    close: async () => {
      closed = true;
    },
  };
}

/** Ollama renders a chat even for `/v1/completions`. */
function refuseOllamaRaw({ promptFormat }: ModelConfig, { kind }: ServerFacts, { baseURL }: Settings): void {
  if (kind !== 'ollama' || promptFormat !== 'raw') return;
  throw new UserError(
    {
      field: 'promptFormat',
      message: `${baseURL} is Ollama, which puts its chat template around raw text on this API`,
      fix: 'use adapter: ollama',
    },
    EXIT.environment,
  );
}

function rendererOf(
  { template }: ModelConfig,
  { props }: ServerFacts,
  bos: string | undefined,
): Renderer | undefined {
  if (template === undefined) return undefined;
  const render = ownRenderer(template, props?.eos_token ?? '');
  return async (messages) => {
    const rendered = await render(messages);
    refuseDoubleBos(rendered.text, bos);
    return rendered;
  };
}

/** The same call, refused once the model is closed. */
function verb<Request, Answer>(
  { isClosed }: Contact,
  call: (request: Request, options: CallOptions) => Promise<Answer>,
): (request: Request, options: CallOptions) => Promise<Answer> {
  return async (request, options) => {
    if (isClosed()) throw refusal('closed', 'the model is closed');
    return call(request, options);
  };
}

type GenerateVerb = NonNullable<Model['generate']>;

function generateVerb(contact: Contact, lengthField: GenerateTarget['lengthField']): GenerateVerb {
  const { client, config, server, settings, renderer, bos } = contact;
  const target: GenerateTarget = {
    client,
    kind: server.kind,
    model: config.model,
    extraBody: settings.extraBody,
    lengthField,
    ...(renderer !== undefined && { renderer }),
  };
  return verb(contact, async (request, options) => {
    refuseRawBos(request.prompt, bos);
    return generate(target, request, options);
  });
}

function refuseRawBos(prompt: PromptInput, bos: string | undefined): void {
  if (prompt.format === 'raw') refuseDoubleBos(prompt.text, bos);
}

interface FirstAnswer {
  readonly generate?: GenerateVerb;
  readonly fingerprint?: string | undefined;
  /** Why there is none. */
  readonly problem?: unknown;
}

/** The first generation shows whether the key, the name and the prompt format work, and how lengths are named. */
async function firstAnswer(contact: Contact): Promise<FirstAnswer> {
  try {
    return await answerWith(contact, 'max_tokens');
  } catch (error) {
    if (!AdapterError.is(error)) throw error;
    if (!/max_completion_tokens/.test(error.message)) return judged(contact, error);
  }
  try {
    return await answerWith(contact, 'max_completion_tokens');
  } catch (error) {
    return judged(contact, error);
  }
}

async function answerWith(
  contact: Contact,
  lengthField: GenerateTarget['lengthField'],
): Promise<FirstAnswer> {
  const call = generateVerb(contact, lengthField);
  const { fingerprint } = await tryOne(contact, call);
  return { generate: call, fingerprint };
}

function tryOne({ config }: Contact, call: GenerateVerb): Promise<Completion> {
  const ask = createAsker({ promptFormat: config.promptFormat });
  const prompt = probePrompts(config.promptFormat)[0] as PromptInput;
  return ask((options) => call(greedily(prompt, 1), options));
}

/** A wrong key and a vanished server are the user's to mend; a model that only embeds is none. */
function judged({ config, settings }: Contact, error: unknown): FirstAnswer {
  if (!AdapterError.is(error)) throw error;
  const isContact = error.status === 401 || error.status === 403 || error.retry !== 'never';
  if (isContact) throw contactProblem(error, settings);
  const problem = new UserError(
    { field: 'model', message: `${config.model} at ${settings.baseURL} does not generate: ${error.message}` },
    EXIT.environment,
    error,
  );
  return { problem };
}

/** What the server itself says of a name that it does not list; undefined where it answers all the same. */
async function refusalOf(contact: Contact): Promise<string | undefined> {
  try {
    await generateVerb(contact, 'max_tokens')(
      greedily(probePrompts(contact.config.promptFormat)[0] as PromptInput, 1),
      { timeoutMs: CONTACT_TIMEOUT_MS },
    );
    return 'it answers for any name with the model that it has';
  } catch (error) {
    return AdapterError.is(error) ? error.message : undefined;
  }
}

async function provenEmbed(contact: Contact): Promise<Model['embed']> {
  const { client, config } = contact;
  const call = verb(contact, (request: Parameters<NonNullable<Model['embed']>>[0], options) =>
    embed(client, config.model, request, options),
  );
  const verbs: Verbs = { embed: call };
  const { provenVerbs } = await probeModel(verbs, { promptFormat: config.promptFormat });
  return provenVerbs.includes('embed') ? call : undefined;
}

/**
 * What the server embeds of a prompt, where it is known how the prompt looks as text: raw, or rendered by the definition's
 * own template. That the vector is the last token's is the server's setting (`--pooling last`).
 */
function promptStates(contact: Contact, embedding: NonNullable<Model['embed']>): Pick<Model, 'embedPrompt'> {
  const { config, renderer, bos } = contact;
  if (config.promptFormat === 'chat' && renderer === undefined) return {};
  return {
    embedPrompt: async (prompt, options) => {
      refuseRawBos(prompt, bos);
      const { text } = await renderPrompt(prompt, renderer);
      const [vector] = await embedding({ texts: [text] }, options);
      if (vector === undefined) throw refusal('bad-reply', 'one text gave no vector');
      return vector;
    },
  };
}

type Scoring = { readonly line: string; readonly refused: Readonly<Record<string, string>> } & (
  | { readonly dialect: Dialect; readonly score: ScoreFn }
  | { readonly dialect?: undefined; readonly score?: undefined }
);

const unproven: Scoring = { line: 'does not generate, so that scoring cannot be proven', refused: {} };

/** The first dialect that the probe finds no fault with on this server. */
async function provenScore(contact: Contact, generateCall: GenerateVerb): Promise<Scoring> {
  const { client, config, settings, server, renderer, bos } = contact;
  const refused: Record<string, string> = {};
  for (const dialect of dialectsFor(settings.dialect, server.kind)) {
    const target = { client, model: config.model, ...(renderer !== undefined && { renderer }) };
    const score: ScoreFn = verb(contact, async (request, options) => {
      refuseRawBos(request.prompt, bos);
      // One deadline for all requests that a score is made of.
      return withDeadline(options, (signal) => dialect.score(target, request, { signal }));
    });
    const { promptFormat } = config;
    const proof = await proveScoring(score, generateCall, { promptFormat, tolerances: dialect.tolerances });
    if (proof.proven)
      return { dialect, score, refused, line: `scores by ${dialect.name} (${dialect.method}), proven` };
    const fault = proof.findings.find(({ passed, required }) => required && !passed);
    refused[dialect.name] = fault === undefined ? 'not proven' : `${fault.check}: ${fault.detail}`;
  }
  const reasons = Object.entries(refused).map(([name, reason]) => `${name}: ${reason}`);
  return { line: `cannot score given text${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}`, refused };
}
