import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AdapterSession, ModelConfig } from '../../adapters/adapter.ts';
import { type GenerateRequest, type Model, statesOf, verbsOf } from '../../adapters/model.ts';
import { ollamaAdapter } from '../../adapters/ollama/index.ts';
import { AdapterError, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';

/** Replies that Ollama 0.24.0 gave for SmolLM2-135M-Instruct; vocabulary, vectors and paths are shortened. */
const RECORDED = JSON.parse(
  readFileSync(new URL('../fixtures/ollama/ollama-0.24.0.json', import.meta.url), 'utf8'),
) as Record<string, Reply>;

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown> & { readonly options?: Record<string, unknown> };
  readonly headers: Record<string, unknown>;
}

/** A reply, or what becomes of the connection, or lines of a stream. */
type Answer = (asked: Asked) => Reply | 'hang' | 'cut' | { readonly lines: readonly object[] } | undefined;

const servers: Server[] = [];
const sessions: AdapterSession[] = [];

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The recorded server, where `answer` may put another reply in a recorded one's place. */
async function serve(answer: Answer = () => undefined): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const call = {
      path: request.url ?? '',
      body: (text === '' ? {} : JSON.parse(text)) as Asked['body'],
      headers: request.headers,
    };
    asked.push(call);
    const reply = answer(call) ?? recordedReply(call);
    if (reply === 'hang') return;
    if (reply === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '900' });
      response.write('{"model":"smol","resp');
      setTimeout(() => response.destroy(), 5);
      return;
    }
    if ('lines' in reply) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(reply.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.body));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function recordedReply({ path, body }: Asked): Reply {
  if (body['model'] === 'nope:1b') return recorded('unknown-model');
  if (path === '/api/chat') return recorded(body['_debug_render_only'] === true ? 'rendered' : 'chat');
  if (path === '/api/embed') return embedded(body['input'] as string[]);
  if (body['prompt'] === '<|im_start|>')
    return { status: 200, body: { ...(recorded('generate').body as JsonObject), prompt_eval_count: 1 } };
  return recorded(path.slice('/api/'.length));
}

function recorded(name: string): Reply {
  const reply = RECORDED[name];
  if (reply === undefined) throw new Error(`nothing recorded under ${name}`);
  return reply;
}

/** Equal vectors for equal texts, as the real server gives. */
function embedded(texts: readonly string[]): Reply {
  const { embeddings } = recorded('embed').body as { embeddings: number[][] };
  const distinct = [...new Set(texts)];
  return { status: 200, body: { embeddings: texts.map((text) => embeddings[distinct.indexOf(text) % 2]) } };
}

interface Notified {
  readonly model: Model;
  readonly lines: readonly string[];
}

const validate = new Ajv2020({ strict: true }).compile(ollamaAdapter.optionsSchema);

async function open(
  url: string,
  options: JsonObject = {},
  more: Partial<ModelConfig> = {},
  env = {},
): Promise<Notified> {
  const lines: string[] = [];
  const all = { baseURL: url, ...options };
  expect(validate(all) ? null : validate.errors).toBeNull();
  const session = ollamaAdapter.createSession({
    env,
    memoryBudgetBytes: 0,
    notify: (line) => lines.push(line),
  });
  sessions.push(session);
  const config = {
    id: 'sft',
    model: 'smol',
    promptFormat: 'raw',
    options: all,
    folder: '/',
    ...more,
  } as const;
  return { model: await session.open(config), lines };
}

const RAW: GenerateRequest = {
  prompt: { format: 'raw', text: 'The capital of France is' },
  decoding: { maxTokens: 4, temperature: 0 },
  seed: 42,
};
const CHAT: GenerateRequest = {
  ...RAW,
  prompt: {
    format: 'chat',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is the capital of France?' },
    ],
  },
};

function generate(model: Model, request: GenerateRequest, call = {}) {
  if (model.generate === undefined) throw new Error('the model cannot generate');
  return model.generate(request, call);
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function failureOf(promise: Promise<unknown>): Promise<AdapterError> {
  const error = await thrownBy(promise);
  if (!AdapterError.is(error)) throw new Error(`expected an AdapterError, got ${String(error)}`);
  return error;
}

async function refusalOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await thrownBy(promise);
  if (!UserError.is(error)) throw new Error(`expected a UserError, got ${String(error)}`);
  return error;
}

describe('a request', () => {
  it('goes out raw with every setting of sampling, and nothing of the template', async () => {
    const { url, asked } = await serve();
    const { model } = await open(url, { numCtx: 2048, keepAlive: '1h' });
    const completion = await generate(model, {
      ...RAW,
      topLogprobs: 3,
      decoding: { ...RAW.decoding, stop: ['\n\n'] },
    });
    expect(asked.at(-1)).toMatchObject({ path: '/api/generate' });
    expect(asked.at(-1)?.body).toEqual({
      model: 'smol',
      prompt: 'The capital of France is',
      raw: true,
      stream: false,
      truncate: false,
      shift: false,
      keep_alive: '1h',
      logprobs: true,
      top_logprobs: 3,
      options: {
        seed: 42,
        num_ctx: 2048,
        num_predict: 4,
        temperature: 0,
        top_k: 0,
        top_p: 1,
        min_p: 0,
        typical_p: 1,
        repeat_last_n: 0,
        repeat_penalty: 1,
        presence_penalty: 0,
        frequency_penalty: 0,
        stop: ['\n\n'],
      },
    });
    expect(completion).toMatchObject({
      text: ' Paris.\n\n',
      finish: 'length',
      usage: { promptTokens: 5, completionTokens: 4 },
    });
    expect(completion.firstToken?.map(({ token }) => token)).toEqual([' Paris', ' the', ' London']);
    expect(completion.firstToken?.[0]?.logprob).toBeCloseTo(-0.259, 3);
  });

  it('goes out as chat with its system message, without thinking, and with the stop strings of the template', async () => {
    const { url, asked } = await serve();
    const { model } = await open(url, {}, { promptFormat: 'chat' });
    const { text } = await generate(model, CHAT);
    expect(text).toBe('The capital of France');
    const { path, body } = asked.at(-1) ?? { path: '', body: {} as Asked['body'] };
    expect(path).toBe('/api/chat');
    expect(body['messages']).toEqual(CHAT.prompt.format === 'chat' ? CHAT.prompt.messages : []);
    expect(body['think']).toBe(false);
    expect(body.options).toMatchObject({ seed: 42, num_ctx: 4096, repeat_penalty: 1, top_k: 0 });
    expect(body.options).not.toHaveProperty('stop');
    expect(body).not.toHaveProperty('logprobs');
  });

  it("is rendered by the definition's template where there is one", async () => {
    const { url, asked } = await serve();
    const template = '{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}[assistant]';
    const { model } = await open(url, {}, { promptFormat: 'chat', template });
    await generate(model, CHAT);
    expect(asked.at(-1)).toMatchObject({
      path: '/api/generate',
      body: { raw: true, prompt: '[system] Be brief.\n[user] What is the capital of France?\n[assistant]' },
    });
  });

  it('asks for vectors, whole texts or none', async () => {
    const { url, asked } = await serve();
    const { model } = await open(url);
    const vectors = await model.embed?.({ texts: ['a cat', 'a dog'] }, {});
    expect(vectors?.map((vector) => vector.length)).toEqual([8, 8]);
    expect(asked.at(-1)?.body).toMatchObject({ input: ['a cat', 'a dog'], truncate: false });
  });
});

describe('states of prompts', () => {
  it('are vectors of the text where it is known, raw or by an own template, and never along answers', async () => {
    const { url, asked } = await serve();
    const { model } = await open(url);
    expect(statesOf(model)).toEqual(['prompt']);
    expect(await model.embedPrompt?.({ format: 'raw', text: 'a cat' }, {})).toHaveLength(8);
    expect(asked.at(-1)?.body).toMatchObject({ input: ['a cat'] });
    const template = '{% for m in messages %}[{{ m.content }}]{% endfor %}:';
    const chat = (await open(url, {}, { promptFormat: 'chat', template })).model;
    await chat.embedPrompt?.({ format: 'chat', messages: [{ role: 'user', content: 'a cat' }] }, {});
    expect(asked.at(-1)?.body).toMatchObject({ input: ['[a cat]:'] });
    expect(statesOf((await open(url, {}, { promptFormat: 'chat' })).model)).toEqual([]);
  });
});

describe('a model', () => {
  it('has the verbs that Ollama can prove, never score', async () => {
    const { url } = await serve();
    expect(verbsOf((await open(url)).model)).toEqual(['generate', 'embed']);
    const without = await serve(({ path }) =>
      path === '/api/embed'
        ? { status: 501, body: { error: 'this model does not support embeddings' } }
        : undefined,
    );
    expect(verbsOf((await open(without.url)).model)).toEqual(['generate']);
  });

  it('shares its queue with every other model of the server', async () => {
    const { url } = await serve();
    const one = (await open(url)).model;
    const two = (await open(`${url}/`, {}, { id: 'dpo' })).model;
    expect(one.rateLimitKey).toBe(two.rateLimitKey);
    expect(one.maxConcurrency).toBe(4);
  });

  it('is known by the digest of its manifest, and by the template', async () => {
    const { url } = await serve();
    const identity = await (await open(url)).model.identify({});
    expect(identity).toMatchObject({
      adapter: 'ollama',
      weights: 'f0160d38220db0a1acf1021f01d663b8dd20a845f127338a888ed8f22040c823',
      engine: 'ollama 0.24.0',
      notes: {
        quantisation: 'Q4_1',
        parameters: '134.52M',
        contextLength: 8192,
        addsBos: false,
        weightsFile: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      },
    });
    expect(identity.template).toMatch(/^[0-9a-f]{64}$/);
    expect(identity.endpoint).toBeUndefined();
  });

  it('holds within one run only where the server tells no digest', async () => {
    const { url } = await serve(({ path }) =>
      path === '/api/tags' ? { status: 200, body: { models: [] } } : undefined,
    );
    const identity = await (await open(url)).model.identify({});
    expect(identity.weights).toBeUndefined();
    expect(identity.endpoint).toEqual({ baseURL: url, model: 'smol' });
  });

  it('says when its Modelfile adds words of its own', async () => {
    const show = recorded('show').body as JsonObject;
    const { url } = await serve(({ path }) =>
      path === '/api/show' ? { status: 200, body: { ...show, system: 'You are a pirate.' } } : undefined,
    );
    expect((await open(url, {}, { promptFormat: 'chat' })).lines.join()).toMatch(/system message of its own/);
    expect((await open(url)).lines).toEqual([]);
  });
});

/** A server whose tokeniser puts the BOS in front of every prompt, as the count of tokens betrays. */
function addingBos(asked: Asked, adds: boolean): Reply | undefined {
  if (asked.path !== '/api/generate') return undefined;
  const body = recorded('generate').body as JsonObject;
  return { status: 200, body: { ...body, prompt_eval_count: adds ? 2 : 1, eval_count: 1 } };
}

describe('two BOS tokens', () => {
  it('are refused where the template and the server both begin with one', async () => {
    const { url } = await serve((asked) => addingBos(asked, true));
    const error = await refusalOf(open(url, {}, { promptFormat: 'chat' }));
    expect(error).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/<\|im_start\|>.*template/) as unknown,
    });
  });

  it('are refused in a raw prompt, and not seen where the server adds none', async () => {
    const doubled: GenerateRequest = { ...RAW, prompt: { format: 'raw', text: '<|im_start|>user' } };
    const adding = await open((await serve((asked) => addingBos(asked, true))).url);
    expect(await failureOf(generate(adding.model, doubled))).toMatchObject({
      retry: 'never',
      code: 'double-bos',
    });
    const plain = await open(
      (await serve((asked) => addingBos(asked, false))).url,
      {},
      { promptFormat: 'chat' },
    );
    expect((await generate(plain.model, doubled)).text).toBe(' Paris.\n\n');
  });
});

describe('a failure', () => {
  /** Opens against the recorded server, then answers as told. */
  async function openThen(answer: Answer): Promise<Model> {
    let opened = false;
    const { url } = await serve((asked) => (opened ? answer(asked) : undefined));
    const { model } = await open(url);
    opened = true;
    return model;
  }

  it.each<[string, Answer, object]>([
    [
      'a full queue',
      () => ({
        status: 503,
        body: { error: 'server busy, please try again.  maximum pending requests exceeded' },
      }),
      { retry: 'transient', status: 503 },
    ],
    [
      'a rate limit',
      () => ({ status: 429, body: { error: 'slow down' }, headers: { 'retry-after': '2' } }),
      { retry: 'rate-limit', retryAfterMs: 2000 },
    ],
    ['a prompt beyond the context', () => recorded('too-long'), { retry: 'never', code: 'context-length' }],
    ['a model that is gone', () => recorded('unknown-model-generate'), { retry: 'never', status: 404 }],
    ['a body that ends too early', () => 'cut', { retry: 'transient' }],
    [
      'a reply of another shape',
      () => ({ status: 200, body: { response: 7, done: true } }),
      { retry: 'never', code: 'bad-reply' },
    ],
    [
      'a reply that only loads',
      () => ({ status: 200, body: { response: '', done: true, done_reason: 'load' } }),
      { retry: 'never', code: 'bad-reply' },
    ],
  ])('is mapped: %s', async (_, answer, expected) => {
    const model = await openThen(answer);
    expect(await failureOf(generate(model, RAW))).toMatchObject(expected);
  });

  it('includes alternatives that were asked for and did not come', async () => {
    const model = await openThen(() => ({
      status: 200,
      body: { response: 'x', done: true, done_reason: 'stop' },
    }));
    expect(await failureOf(generate(model, { ...RAW, topLogprobs: 5 }))).toMatchObject({
      retry: 'never',
      code: 'no-logprobs',
    });
    const silent = await openThen(() => ({
      status: 200,
      body: { response: '', done: true, done_reason: 'stop' },
    }));
    expect((await generate(silent, { ...RAW, topLogprobs: 5 })).firstToken).toEqual([]);
  });

  it('includes an empty prompt, which would only load the model', async () => {
    const { url, asked } = await serve();
    const { model } = await open(url);
    const before = asked.length;
    const empty: GenerateRequest = { ...RAW, prompt: { format: 'raw', text: '' } };
    expect(await failureOf(generate(model, empty))).toMatchObject({ retry: 'never', code: 'empty-prompt' });
    expect(asked).toHaveLength(before);
  });

  it('includes vectors that are too few', async () => {
    const model = await openThen(() => ({ status: 200, body: { embeddings: [[1, 2]] } }));
    if (model.embed === undefined) throw new Error('the model cannot embed');
    expect(await failureOf(model.embed({ texts: ['a', 'b'] }, {}))).toMatchObject({ code: 'bad-reply' });
  });

  it('ends a call that takes too long or is aborted, and closes its connection', async () => {
    const model = await openThen(() => 'hang');
    expect(await failureOf(generate(model, RAW, { timeoutMs: 30 }))).toMatchObject({
      retry: 'transient',
      code: 'timeout',
    });
    const controller = new AbortController();
    const call = generate(model, RAW, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stopped by the test')), 20);
    await expect(call).rejects.toThrow('stopped by the test');
  });
});

describe('opening', () => {
  it('says what the server has instead of an unknown model, in its own words', async () => {
    const { url } = await serve();
    const error = await refusalOf(open(url, {}, { model: 'nope:1b' }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain("model 'nope:1b' not found");
    expect(error.message).toContain("'smol:latest'");
    expect(error.message).toContain('ollama pull nope:1b');
  });

  it('says how to start a server that does not answer', async () => {
    const { url } = await serve();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    const error = await refusalOf(open(url));
    expect(error).toMatchObject({ exitCode: 3 });
    expect(error.message).toMatch(/no Ollama server answers at .*ollama serve/s);
  });

  it('finds the server where OLLAMA_HOST says', async () => {
    const { url } = await serve();
    const session = ollamaAdapter.createSession({
      env: { OLLAMA_HOST: url.replace('http://127.0.0.1', '0.0.0.0') },
      memoryBudgetBytes: 0,
      notify: () => {},
    });
    sessions.push(session);
    const model = await session.open({
      id: 'a',
      model: 'smol',
      promptFormat: 'raw',
      options: {},
      folder: '/',
    });
    expect(model.rateLimitKey).toBe(`ollama:${url}`);
  });

  it('sends the key from the environment, and never shows it', async () => {
    const secret = 'geheim-1234567890';
    const { url, asked } = await serve();
    await open(url, { apiKeyEnv: 'GATEWAY_KEY' }, {}, { GATEWAY_KEY: secret });
    expect(asked.every(({ headers }) => headers['authorization'] === `Bearer ${secret}`)).toBe(true);
    const echoing = await serve(() => ({ status: 401, body: { error: `wrong key ${secret}` } }));
    const error = await refusalOf(
      open(echoing.url, { apiKeyEnv: 'GATEWAY_KEY' }, {}, { GATEWAY_KEY: secret }),
    );
    expect(error.message).toContain('wrong key');
    expect(error.message).not.toContain(secret);
    expect((await refusalOf(open(url, { apiKeyEnv: 'GATEWAY_KEY' }))).message).toMatch(
      /GATEWAY_KEY is not set/,
    );
  });

  it('downloads a model only when asked to, and tells how far it is', async () => {
    let pulled = false;
    const { url, asked } = await serve(({ path, body }) => {
      if (path === '/api/pull') {
        pulled = true;
        return {
          lines: [
            { status: 'pulling manifest' },
            { status: 'pulling b179c9523d0e', digest: 'sha256:b1', total: 1000, completed: 120 },
            { status: 'pulling b179c9523d0e', digest: 'sha256:b1', total: 1000, completed: 190 },
            { status: 'pulling b179c9523d0e', digest: 'sha256:b1', total: 1000, completed: 1000 },
            { status: 'success' },
          ],
        };
      }
      return path === '/api/show' && !pulled && body['model'] === 'smol'
        ? recorded('unknown-model')
        : undefined;
    });
    await refusalOf(open(url));
    expect(asked.map(({ path }) => path)).not.toContain('/api/pull');
    const { lines } = await open(url, { pull: true });
    expect(lines).toEqual([
      `${url} downloads smol`,
      'smol: pulling manifest',
      'smol: pulling b179c9523d0e 10 %',
      'smol: pulling b179c9523d0e 100 %',
      'smol: success',
    ]);
  });

  it('refuses what Ollama cannot do by request, and a model that does not load', async () => {
    const { url } = await serve();
    expect((await refusalOf(open(url, {}, { lora: 'adapter.gguf' }))).message).toMatch(/ADAPTER/);
    const broken = await serve(({ path }) =>
      path === '/api/generate'
        ? { status: 500, body: { error: 'model requires more system memory (9.1 GiB) than is available' } }
        : undefined,
    );
    expect((await refusalOf(open(broken.url))).message).toContain('model requires more system memory');
  });

  it('refuses options that it does not know', () => {
    expect(validate({ numCtx: 4096, num_ctx: 4096 })).toBe(false);
    expect(validate({ baseURL: 'ftp://somewhere' })).toBe(false);
    expect(validate({ keepAlive: 'soon' })).toBe(false);
  });
});
