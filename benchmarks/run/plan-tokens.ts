import type { PromptInput } from '../../adapters/model.ts';
import type { Ask } from '../../suites/task.ts';
import { behindPrompt, buildRequest, type ModelCall } from './build-request.ts';
import { addresseeOf } from './execute.ts';
import type { PreparedModel } from './preflight.ts';

/** How input tokens were counted: by the model's own tokenizer on the first prompts of each task, or by length. */
export type TokenBasis = 'tokenizer' | 'characters';

/** Requests of one task to one model, counted without a tokenizer. */
export interface AskTally {
  readonly requests: number;
  /** Characters of prompts and continuations. */
  readonly characters: number;
  /** Output tokens at most. */
  readonly outputTokens: number;
  /** The first few asks. */
  readonly first: readonly Ask[];
}

/** So many prompts of each task are tokenised. */
const MEASURED_PROMPTS = 5;
/** Where there is no tokenizer: English text has about four characters a token. */
const CHARACTERS_PER_TOKEN = 4;

export const NO_ASKS: AskTally = { requests: 0, characters: 0, outputTokens: 0, first: [] };

export function tallied(tally: AskTally, ask: Ask, times = 1): AskTally {
  return {
    requests: tally.requests + times,
    characters: tally.characters + times * charactersOf(ask),
    outputTokens: tally.outputTokens + (ask.verb === 'generate' ? times * ask.decoding.maxTokens : 0),
    first: tally.first.length < MEASURED_PROMPTS ? [...tally.first, ask] : tally.first,
  };
}

/** Tokens that a model reads for a task's requests, and how that was counted. */
export async function inputTokens(
  tally: AskTally,
  prepared: PreparedModel,
): Promise<{ tokens: number; basis: TokenBasis }> {
  const characters = tally.first.reduce((sum, ask) => sum + charactersOf(ask), 0);
  const measured = characters === 0 ? undefined : await measure(tally.first, prepared);
  if (measured === undefined)
    return { tokens: Math.ceil(tally.characters / CHARACTERS_PER_TOKEN), basis: 'characters' };
  return { tokens: Math.ceil((tally.characters * measured) / characters), basis: 'tokenizer' };
}

/** Tokens of the first asks; undefined when the backend has no tokenizer or refuses one of the prompts. */
async function measure(asks: readonly Ask[], prepared: PreparedModel): Promise<number | undefined> {
  const { model } = prepared;
  if (model.countTokens === undefined) return undefined;
  const to = addresseeOf(prepared, 'plan');
  const parts = asks.map((ask) => partsOf(buildRequest(ask, to, 0, 0).call));
  try {
    const [alone = 0, ...counts] = await model.countTokens(
      [raw(''), ...parts.flatMap(({ contexts, texts }) => [...contexts, ...texts])],
      { timeoutMs: 60_000 },
    );
    const texts = parts.reduce((sum, part) => sum + part.texts.length, 0);
    // A continuation counted alone has a BOS that it has not behind its context.
    return counts.reduce((sum, count) => sum + count, 0) - texts * alone;
  } catch {
    return undefined;
  }
}

/** What is read anew for each request, and what is read behind it. */
function partsOf(call: ModelCall): { contexts: readonly PromptInput[]; texts: readonly PromptInput[] } {
  if ('texts' in call.request) return { contexts: call.request.texts.map(raw), texts: [] };
  return { contexts: [call.request.prompt], texts: behindPrompt(call.request).map(raw) };
}

function raw(text: string): PromptInput {
  return { format: 'raw', text };
}

function charactersOf(ask: Ask): number {
  if ('texts' in ask) return ask.texts.join('').length;
  return ask.prompt.raw.length + behindPrompt(ask).join('').length;
}
