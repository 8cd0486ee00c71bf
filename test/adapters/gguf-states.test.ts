import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { embedAnswer, embedPrompt } from '../../adapters/gguf/embed.ts';
import type { GgufSession } from '../../adapters/gguf/session.ts';
import { type Model, type PromptInput, statesOf } from '../../adapters/model.ts';
import { packageRoot } from '../../core/package-root.ts';
import { ENGINE_START_MS, fixture, session, zoo } from './gguf-open.ts';
import { ToyLlm } from './gguf-toy.ts';

/** zoo/dynamics/hidden-states.json: what transformers makes of the same weights. */
interface Expected {
  readonly checkpoints: Readonly<
    Record<
      string,
      readonly { readonly id: string; readonly prompt: string; readonly state: readonly number[] }[]
    >
  >;
}

const expected = JSON.parse(
  readFileSync(join(packageRoot(), 'zoo', 'dynamics', 'hidden-states.json'), 'utf8'),
) as Expected;

/** Of a state's length: transformers rounds matrices to F16 as the file does, and adds up in another order. */
const TOLERANCE = 1e-3;

const raw = (text: string): PromptInput => ({ format: 'raw', text });
const lengthOf = (vector: ArrayLike<number>): number => Math.hypot(...Array.from(vector));
const apart = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  lengthOf(Array.from(one, (value, index) => value - (other[index] ?? Number.NaN)));

async function promptState(model: Model, prompt: PromptInput): Promise<Float32Array> {
  if (model.embedPrompt === undefined) throw new Error('no states of prompts');
  return model.embedPrompt(prompt, {});
}

async function answerStates(model: Model, text: string, answer: string): Promise<readonly Float32Array[]> {
  if (model.embedAnswer === undefined) throw new Error('no states of answers');
  return model.embedAnswer({ prompt: raw(text), answer }, {});
}

describe('hidden states of the zoo', () => {
  let shared: GgufSession;
  beforeAll(async () => {
    shared = session({ slots: 1 });
    await shared.open(zoo('sft'));
  }, ENGINE_START_MS);
  afterAll(() => shared.close());

  it.each(Object.entries(expected.checkpoints))(
    '%s: those of transformers, as text and as a turn',
    async (name, cases) => {
      const model = await shared.open(zoo(name));
      const chat = await shared.open(zoo(name, { id: `${name}-chat`, promptFormat: 'chat' }));
      expect(cases.length).toBeGreaterThan(3);
      for (const { prompt, state } of cases) {
        const found = await promptState(model, raw(prompt));
        expect(apart(found, state) / lengthOf(state)).toBeLessThan(TOLERANCE);
        const content = prompt.replace(/^User: /, '').replace(/\nAssistant:\n$/, '');
        const turn = { format: 'chat', messages: [{ role: 'user', content }] } as const;
        expect(apart(await promptState(chat, turn), found)).toBe(0);
      }
    },
  );

  it('are of no fixed length and depend on the last token', async () => {
    const model = await shared.open(zoo('sft'));
    const [one, other] = [
      await promptState(model, raw('User: Hi')),
      await promptState(model, raw('User: Hi\n')),
    ];
    expect(Math.abs(lengthOf(one) - 1)).toBeGreaterThan(0.5);
    expect(apart(one, other)).toBeGreaterThan(0.1);
  });

  it('along an answer: from the last token of the prompt to the last but one of the answer', async () => {
    const model = await shared.open(zoo('sft'));
    const prompt = 'User: What is a quarry?\nAssistant:\n';
    const answer = 'It is made of tin.';
    const states = await answerStates(model, prompt, answer);
    const [score] = (await model.score?.({ prompt: raw(prompt), continuations: [answer] }, {})) ?? [];
    expect(states).toHaveLength(score?.tokenLogprobs.length ?? Number.NaN);
    expect(apart(states[0] ?? [], await promptState(model, raw(prompt)))).toBe(0);
    const shorter = await promptState(model, raw(`${prompt}It is made of tin`));
    expect(apart(states.at(-1) ?? [], shorter)).toBe(0);
  });

  it('are refused for an empty answer and for a prompt that is too long', async () => {
    const model = await shared.open(zoo('sft'));
    await expect(answerStates(model, 'User: Hi\n', '')).rejects.toMatchObject({ code: 'empty-continuation' });
    await expect(promptState(model, raw('the quarry '.repeat(5000)))).rejects.toMatchObject({
      code: 'context-length',
    });
  });
});

describe('what gives hidden states', () => {
  it(
    'a causal model gives both kinds',
    async () => {
      const own = session();
      try {
        expect(statesOf(await own.open(fixture('tiny-bpe')))).toEqual(['prompt', 'answer']);
      } finally {
        await own.close();
      }
    },
    ENGINE_START_MS,
  );

  it('reads the tokens of score, BOS included and nothing behind them', async () => {
    const asked: (readonly number[])[] = [];
    const llm = new (class extends ToyLlm {
      override async embed(texts: readonly (readonly number[])[]): Promise<readonly Float32Array[]> {
        asked.push(...texts);
        return texts.map(() => Float32Array.of(1));
      }
    })({ limit: 64 });
    const { signal } = new AbortController();
    await embedPrompt(raw('ab'), undefined, llm, signal);
    await embedAnswer({ prompt: raw('ab'), answer: ' aba' }, undefined, llm, signal);
    const whole = [llm.bos?.id, ...llm.tokenize('ab aba')];
    expect(asked[0]).toEqual(whole.slice(0, 2));
    expect(asked.slice(1)).toEqual(whole.slice(2).map((_, place) => whole.slice(0, 2 + place)));
  });
});
