import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GgufSession } from '../../adapters/gguf/session.ts';
import type { Message, Model } from '../../adapters/model.ts';
import { packageRoot } from '../../core/package-root.ts';
import { ENGINE_START_MS, session, zoo } from './gguf-open.ts';

/** zoo/expected.json: what transformers makes of the same weights. */
interface Expected {
  readonly tolerance: { readonly max: number; readonly mean: number };
  readonly checkpoints: Readonly<Record<string, readonly Case[]>>;
}

interface Case {
  readonly id: string;
  readonly content: string;
  readonly system?: string;
  readonly prompt: string;
  readonly promptTokens: readonly number[];
  readonly greedyText: string;
  readonly greedyEndsWithEos: boolean;
  /** The last token of each answer is EOS, which no text spells. */
  readonly answers: readonly { readonly text: string; readonly logprobs: readonly number[] }[];
}

const expected = JSON.parse(readFileSync(join(packageRoot(), 'zoo', 'expected.json'), 'utf8')) as Expected;

describe('the zoo in process equals transformers', () => {
  let shared: GgufSession;
  beforeAll(async () => {
    shared = session({ slots: 1 });
    await shared.open(zoo('base'));
  }, ENGINE_START_MS);
  afterAll(() => shared.close());

  it.each(Object.entries(expected.checkpoints))('%s', async (name, cases) => {
    const model = await shared.open(zoo(name, { promptFormat: 'chat' }));
    expect(cases.length).toBeGreaterThan(0);
    const differences: number[] = [];
    for (const one of cases) differences.push(...(await check(model, one)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(expected.tolerance.max);
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThanOrEqual(
      expected.tolerance.mean,
    );
  });
});

/** Checks tokens and greedy text, as conversation and as raw text, and returns the differences a token. */
async function check(model: Model, one: Case): Promise<readonly number[]> {
  const system: Message[] = one.system === undefined ? [] : [{ role: 'system', content: one.system }];
  const conversation = {
    format: 'chat',
    messages: [...system, { role: 'user', content: one.content }],
  } as const;
  const decoding = { maxTokens: 32, temperature: 0 };
  for (const prompt of [conversation, { format: 'raw', text: one.prompt } as const]) {
    const completion = await model.generate?.({ prompt, decoding, seed: 1 }, {});
    expect(completion).toMatchObject({
      text: one.greedyText,
      finish: one.greedyEndsWithEos ? 'stop' : 'length',
      usage: { promptTokens: one.promptTokens.length },
    });
    expect(await model.countTokens?.([prompt, prompt], {})).toEqual(
      Array<number>(2).fill(one.promptTokens.length),
    );
  }
  const continuations = one.answers.map(({ text }) => text);
  const scores = (await model.score?.({ prompt: conversation, continuations }, {})) ?? [];
  expect(scores).toHaveLength(continuations.length);
  return scores.flatMap(({ tokenLogprobs }, index) => {
    const reference = one.answers[index]?.logprobs.slice(0, -1) ?? [];
    expect(tokenLogprobs).toHaveLength(reference.length);
    return tokenLogprobs.map((value, position) => Math.abs(value - (reference[position] ?? Number.NaN)));
  });
}
