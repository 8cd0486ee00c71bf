import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ModelConfig } from '../../adapters/adapter.ts';
import { type ScoreMethod, statesOf } from '../../adapters/model.ts';
import { openaiAdapter } from '../../adapters/openai/index.ts';
import { UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { nextLogprobs, tokenize } from '../fixtures/openai/bigram-model.ts';
import {
  CONTEXT,
  MODEL,
  type RunningServer,
  type ServerOptions,
  send,
  startBigramServer,
} from '../fixtures/openai/bigram-server.ts';
import { type ContractFacts, describeModelContract, type Opened } from './contract.ts';

const servers: RunningServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: ServerOptions): Promise<RunningServer> {
  const server = await startBigramServer(options);
  servers.push(server);
  return server;
}

const lines: string[] = [];

async function open(
  url: string,
  options: JsonObject = {},
  config: Partial<ModelConfig> = {},
  env: Record<string, string> = {},
): Promise<Opened> {
  const session = openaiAdapter.createSession({
    env,
    memoryBudgetBytes: 0,
    notify: (line) => lines.push(line),
  });
  try {
    const model = await session.open({
      id: 'sft',
      model: MODEL,
      promptFormat: 'raw',
      folder: '.',
      options: { baseURL: `${url}/v1`, ...options },
      ...config,
    });
    return { model, session };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function problemOf(opening: Promise<Opened>): Promise<UserError> {
  try {
    const { session } = await opening;
    await session.close();
  } catch (error) {
    if (UserError.is(error)) return error;
    throw error;
  }
  throw new Error('expected a problem, but the model opened');
}

const RAW: ContractFacts = {
  adapter: 'openai',
  verbs: ['generate', 'score'],
  prompt: { format: 'raw', text: 'The capital of France is' },
  likely: ' Paris',
  unlikely: ' hats',
  seeded: true,
  firstToken: true,
  boundaryRule: true,
  additive: { context: 'The capital of France is', first: ' under seven', second: ' green hats' },
  slow: true,
  tooLong: { format: 'raw', text: 'x'.repeat(CONTEXT + 1) },
};

const CHAT: ContractFacts = {
  ...RAW,
  prompt: { format: 'chat', messages: [{ role: 'user', content: 'Where is the cat' }] },
  likely: ' the',
  unlikely: '!#',
  boundaryRule: false,
  tooLong: { format: 'chat', messages: [{ role: 'user', content: 'x'.repeat(CONTEXT + 1) }] },
};

const TEMPLATE = "{% for m in messages %}<|user|>{{ m['content'] }}{% endfor %}<|assistant|>";

interface Case {
  readonly name: string;
  readonly server: ServerOptions;
  readonly facts: ContractFacts;
  readonly config?: Partial<ModelConfig>;
  readonly method?: ScoreMethod;
}

const { additive: _additive, ...CHAT_ONLY } = CHAT;

const CASES: readonly Case[] = [
  { name: 'vLLM', server: { kind: 'vllm', bos: true }, facts: RAW, method: 'prompt_logprobs' },
  {
    name: 'vLLM, token texts with marks',
    server: { kind: 'vllm', bos: true, marked: true },
    facts: { ...RAW, firstToken: false },
    method: 'prompt_logprobs',
  },
  {
    name: 'vLLM, chat',
    server: { kind: 'vllm', bos: true },
    facts: CHAT,
    config: { promptFormat: 'chat' },
    method: 'prompt_logprobs',
  },
  {
    name: 'vLLM with embeddings',
    server: { kind: 'vllm', embeddings: true },
    facts: { ...RAW, verbs: ['generate', 'score', 'embed'] },
    method: 'prompt_logprobs',
  },
  { name: 'SGLang', server: { kind: 'sglang', bos: true }, facts: RAW, method: 'prompt_logprobs' },
  {
    name: 'SGLang, token texts with marks',
    server: { kind: 'sglang', marked: true },
    facts: { ...RAW, firstToken: false },
    method: 'prompt_logprobs',
  },
  {
    name: 'SGLang, chat with an own template',
    server: { kind: 'sglang', bos: true },
    facts: CHAT,
    config: { promptFormat: 'chat', template: TEMPLATE },
    method: 'prompt_logprobs',
  },
  { name: 'classic echo', server: { kind: 'echo', bos: true }, facts: RAW, method: 'echo' },
  { name: 'classic echo without BOS', server: { kind: 'echo' }, facts: RAW, method: 'echo' },
  { name: "llama.cpp's server", server: { kind: 'llama.cpp', bos: true }, facts: RAW, method: 'forced' },
  {
    name: "llama.cpp's server, chat",
    server: { kind: 'llama.cpp', bos: true },
    facts: CHAT,
    config: { promptFormat: 'chat' },
    method: 'forced',
  },
  {
    name: 'hosted chat',
    server: { kind: 'hosted' },
    facts: { ...CHAT_ONLY, verbs: ['generate'] },
    config: { promptFormat: 'chat' },
  },
];

for (const { name, server: options, facts, config = {}, method } of CASES) {
  describe(name, () => {
    let server: RunningServer;
    beforeAll(async () => {
      server = await startBigramServer(options);
    });
    afterAll(() => server.close());

    describeModelContract(name, () => open(server.url, {}, config), facts);

    if (method === undefined) return;
    it('scores exactly what the model computes', async () => {
      const { model, session } = await open(server.url, {}, config);
      expect(model.scoreMethod).toBe(method);
      const context =
        facts.prompt.format === 'raw' ? facts.prompt.text : '<|user|>Where is the cat<|assistant|>';
      const ids = [...(options.bos === true ? [256] : []), ...tokenize(context, true)];
      const continuation = ' the cat sat';
      const words = tokenize(continuation);
      const truth = words.map((id, index) => nextLogprobs([...ids, ...words.slice(0, index)])[id]);
      const [score] =
        (await model.score?.({ prompt: facts.prompt, continuations: [continuation] }, {})) ?? [];
      expect(score?.tokenLogprobs).toHaveLength(3);
      for (const [index, value] of (score?.tokenLogprobs ?? []).entries()) {
        expect(value).toBeCloseTo(truth[index] ?? Number.NaN, 10);
      }
      await session.close();
    });
  });
}

describe('states of prompts', () => {
  it('are vectors of the text where it is known, raw or by an own template', async () => {
    const server = await serve({ kind: 'vllm', embeddings: true });
    const stateOf = async (config: Partial<ModelConfig>) => {
      const { model, session } = await open(server.url, { dialect: 'none' }, config);
      const states = statesOf(model);
      server.received.length = 0;
      const turn = { format: 'chat', messages: [{ role: 'user', content: 'hi' }] } as const;
      const prompt = config.promptFormat === 'chat' ? turn : ({ format: 'raw', text: 'hi' } as const);
      const vector = await model.embedPrompt?.(prompt, {});
      await session.close();
      return { states, length: vector?.length ?? 0, input: server.received.at(-1)?.body['input'] };
    };
    expect(await stateOf({})).toMatchObject({ states: ['prompt'], input: ['hi'] });
    const own = await stateOf({ promptFormat: 'chat', template: TEMPLATE });
    expect([own.states, own.input]).toEqual([['prompt'], ['<|user|>hi<|assistant|>']]);
    expect(own.length).toBeGreaterThan(1);
    expect(await stateOf({ promptFormat: 'chat' })).toEqual({ states: [], length: 0, input: undefined });
  });
});

describe('what is sent', () => {
  const generation = async (
    kind: ServerOptions['kind'],
    options: JsonObject = {},
    config: Partial<ModelConfig> = {},
  ) => {
    const server = await serve({ kind });
    const { model, session } = await open(server.url, { dialect: 'none', ...options }, config);
    server.received.length = 0;
    const prompt =
      config.promptFormat === 'chat'
        ? ({ format: 'chat', messages: [{ role: 'user', content: 'hi' }] } as const)
        : ({ format: 'raw', text: 'One day' } as const);
    const request = { prompt, decoding: { maxTokens: 3, temperature: 0.5, topP: 0.9, stop: ['.'] }, seed: 5 };
    await model.generate?.(request, {});
    await session.close();
    return server.received[0];
  };

  it('leaves nothing to the defaults of vLLM', async () => {
    const { path, body } = (await generation('vllm')) ?? {};
    expect(path).toBe('/v1/completions');
    expect(body).toEqual({
      model: MODEL,
      prompt: 'One day',
      max_tokens: 3,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['.'],
      seed: 5,
      top_k: -1,
      min_p: 0,
      repetition_penalty: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
    });
  });

  it("leaves nothing to the defaults of llama.cpp's server", async () => {
    expect((await generation('llama.cpp'))?.body).toMatchObject({
      samplers: ['temperature', 'top_p'],
      top_p: 0.9,
    });
  });

  it('sends a hosted API only what it knows, and the length under the name that it wants', async () => {
    const { path, body } = (await generation('hosted', {}, { promptFormat: 'chat' })) ?? {};
    expect(path).toBe('/v1/chat/completions');
    expect(body).toEqual({
      model: MODEL,
      messages: [{ role: 'user', content: 'hi' }],
      max_completion_tokens: 3,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['.'],
      seed: 5,
    });
  });

  it('adds extraBody and headers, with values from the environment', async () => {
    const server = await serve({ kind: 'echo' });
    const { session } = await open(
      server.url,
      {
        extraBody: { chat_template_kwargs: { enable_thinking: false } },
        headers: { 'x-team': `a \${TEAM}` },
        dialect: 'none',
      },
      {},
      { TEAM: 'red' },
    );
    await session.close();
    const asked = server.received.find(({ path }) => path === '/v1/completions');
    expect(asked?.headers['x-team']).toBe('a red');
    expect(asked?.body).toMatchObject({ chat_template_kwargs: { enable_thinking: false } });
  });

  it('sends no key that the definition does not name', async () => {
    process.env['OPENAI_API_KEY'] = 'sk-not-for-this-server';
    const server = await serve({ kind: 'echo' });
    const { session } = await open(server.url, { dialect: 'none' });
    await session.close();
    delete process.env['OPENAI_API_KEY'];
    for (const { headers } of server.received) expect(headers.authorization).toBeUndefined();
  });

  it("renders a chat with the definition's own template", async () => {
    const asked = await generation('vllm', {}, { promptFormat: 'chat', template: TEMPLATE });
    expect(asked?.path).toBe('/v1/completions');
    expect(asked?.body['prompt']).toBe('<|user|>hi<|assistant|>');
  });
});

describe('what comes back', () => {
  const replying = (choice: JsonObject): ServerOptions => ({
    kind: 'hosted',
    intercept: ({ path }, response) => {
      if (path !== '/v1/chat/completions') return false;
      send(response, 200, {
        model: MODEL,
        choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop', ...choice }],
      });
      return true;
    },
  });
  const complete = async (choice: JsonObject) => {
    const server = await serve(replying(choice));
    const { model, session } = await open(server.url, { dialect: 'none' }, { promptFormat: 'chat' });
    const prompt = { format: 'chat', messages: [{ role: 'user', content: 'hi' }] } as const;
    const completion = await model.generate?.(
      { prompt, decoding: { maxTokens: 3, temperature: 0 }, seed: 1 },
      {},
    );
    await session.close();
    return completion;
  };

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'filter'],
    ['eos_token', 'stop'],
    ['tool_calls', 'stop'],
  ])('reads finish_reason %s as %s', async (reason, finish) => {
    expect((await complete({ finish_reason: reason }))?.finish).toBe(finish);
  });

  it('takes a withheld answer for an empty text, never for an error', async () => {
    expect(await complete({ message: { content: null }, finish_reason: 'content_filter' })).toMatchObject({
      text: '',
      finish: 'filter',
    });
  });

  it("shows a refusal that stands in the server's own field", async () => {
    expect((await complete({ message: { content: null, refusal: 'I cannot.' } }))?.text).toBe('I cannot.');
  });
});

describe('an unusable server', () => {
  it('is named when nothing answers', async () => {
    const server = await startBigramServer({ kind: 'echo' });
    await server.close();
    const problem = await problemOf(open(server.url));
    expect(problem.exitCode).toBe(3);
    expect(problem.message).toContain(`no server answers at ${server.url}/v1`);
  });

  it('that refuses the key is named with the variable, and the key is not shown', async () => {
    const server = await serve({ kind: 'vllm', apiKey: 'right' });
    const problem = await problemOf(open(server.url, { apiKeyEnv: 'MY_KEY' }, {}, { MY_KEY: 'wr0ng-value' }));
    expect(problem.exitCode).toBe(3);
    expect(problem.message).toContain('MY_KEY');
    expect(problem.message).toContain('Incorrect API key');
    expect(problem.message).not.toContain('wr0ng-value');
  });

  it('that wants a key, when the definition names none, says so', async () => {
    const server = await serve({ kind: 'vllm', apiKey: 'right' });
    expect((await problemOf(open(server.url))).message).toContain('options.apiKeyEnv');
  });

  it('that lists its models to everybody and refuses the key later is the same problem', async () => {
    const server = await serve({
      kind: 'hosted',
      intercept: ({ path }, response) => {
        if (path === '/v1/models') return false;
        send(response, 401, { error: { message: 'no auth' } });
        return true;
      },
    });
    const problem = await problemOf(
      open(server.url, { apiKeyEnv: 'K' }, { promptFormat: 'chat' }, { K: 'abcdefgh' }),
    );
    expect(problem.message).toContain('environment variable K');
  });

  it('without the variable for the key is not even asked', async () => {
    const server = await serve({ kind: 'vllm' });
    const problem = await problemOf(open(server.url, { apiKeyEnv: 'MISSING_KEY' }));
    expect(problem.message).toContain('MISSING_KEY is not set');
    expect(problem.exitCode).toBe(3);
    expect(server.received).toHaveLength(0);
  });

  it.each([
    ['vllm', 'The model `bigran` does not exist'],
    ['llama.cpp', 'it answers for any name'],
  ] as const)('of kind %s does not offer an unknown model', async (kind, words) => {
    const server = await serve({ kind });
    const problem = await problemOf(open(server.url, {}, { model: 'bigran' }));
    expect(problem.exitCode).toBe(3);
    expect(problem.message).toContain(words);
    expect(problem.message).toContain('it offers bigram');
    expect(problem.message).toContain('did you mean bigram?');
  });

  it('is helped to its /v1', async () => {
    const server = await serve({ kind: 'vllm' });
    expect((await problemOf(open(server.url, { baseURL: server.url }))).message).toContain(
      `baseURL: ${server.url}/v1`,
    );
  });

  it('is tried again when it stumbles once', async () => {
    let stumbles = 1;
    const server = await serve({
      kind: 'vllm',
      intercept: ({ path }, response) => {
        if (path !== '/v1/completions' || stumbles-- <= 0) return false;
        send(response, 503, { error: 'loading' }, { 'retry-after': '0' });
        return true;
      },
    });
    const { model, session } = await open(server.url);
    expect(model.scoreMethod).toBe('prompt_logprobs');
    await session.close();
  });
});

describe('an unusable definition', () => {
  const url = 'http://127.0.0.1:9';
  it.each<[string, JsonObject, Partial<ModelConfig>, string]>([
    ['a LoRA path', {}, { lora: 'x.gguf' }, 'lora-modules'],
    ['a password in the URL', { baseURL: 'http://me:secret@127.0.0.1:9/v1' }, {}, 'user name or a password'],
    [
      'a secret header written out',
      { headers: { 'X-Api-Key': 'abc' } },
      {},
      'a secret stands in the definition',
    ],
    ['a field that aligntrust sets', { extraBody: { temperature: 1 } }, {}, 'sets temperature itself'],
    ['raw text for a chat-only API', { api: 'chat' }, {}, 'raw text'],
    [
      'a chat without template for a text-only API',
      { api: 'completions' },
      { promptFormat: 'chat' },
      'needs a template',
    ],
  ])('refuses %s with exit code 2', async (_name, options, config, words) => {
    const problem = await problemOf(open(url, options, config));
    expect(problem.exitCode).toBe(2);
    expect(problem.message).toContain(words);
    expect(problem.message).not.toContain('secret@');
  });
});

describe('a BOS that would stand there twice', () => {
  it.each(['vllm', 'llama.cpp'] as const)('is refused on %s', async (kind) => {
    const server = await serve({ kind, bos: true });
    const { model, session } = await open(server.url);
    const prompt = { format: 'raw', text: '<s>One day' } as const;
    const doubled = { retry: 'never', code: 'double-bos' };
    await expect(
      model.generate?.({ prompt, decoding: { maxTokens: 1, temperature: 0 }, seed: 1 }, {}),
    ).rejects.toMatchObject(doubled);
    await expect(model.score?.({ prompt, continuations: [' a'] }, {})).rejects.toMatchObject(doubled);
    await session.close();
  });
});

describe('identity', () => {
  it('tells two servers and two names apart and holds no key', async () => {
    const server = await serve({ kind: 'llama.cpp', apiKey: 'k3y-value' });
    const { model, session } = await open(server.url, { apiKeyEnv: 'K' }, {}, { K: 'k3y-value' });
    const identity = await model.identify({});
    expect(identity).toMatchObject({
      adapter: 'openai',
      engine: 'llama.cpp b11549',
      endpoint: {
        baseURL: `${server.url}/v1`,
        model: MODEL,
        path: '/weights/bigram.gguf',
        fingerprint: 'llama.cpp-1',
      },
      notes: { contextLength: CONTEXT, scoring: { proven: 'llama.cpp' } },
    });
    expect(identity.template).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(identity)).not.toContain('k3y-value');
    expect(model.rateLimitKey).toBe(`${server.url} K`);
    expect(model.maxConcurrency).toBe(4);
    await session.close();
  });
});
