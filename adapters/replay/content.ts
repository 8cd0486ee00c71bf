import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Decoding, GenerateRequest, PromptInput } from '../model.ts';
import type { Exchange } from './records.ts';

/**
 * Keys by which a request finds its recorded answer: what was asked, without who was asked and without the
 * repeat. Scores and vectors are found one by one, so a request may ask for fewer or other sets than the run.
 */

/**
 * Keys under which a generated text may stand, the most exact first. At temperature 0 the seed changes nothing,
 * so an answer under another seed serves; an answer whose file tells no decoding serves all.
 */
export function generateKeys({ prompt, decoding, seed, topLogprobs }: GenerateRequest): string[] {
  const exact = generateKey(prompt, decoding, seed, topLogprobs);
  const greedy = decoding.temperature === 0 ? [generateKey(prompt, decoding, undefined, topLogprobs)] : [];
  const plain = topLogprobs === undefined || topLogprobs === 0 ? 0 : topLogprobs;
  return [exact, ...greedy, plainKey(prompt, seed, plain > 0), plainKey(prompt, undefined, plain > 0)];
}

export function scoreKey(prompt: PromptInput, continuation: string): string {
  return keyOf(['score', prompt, continuation]);
}

export function embedKey(text: string): string {
  return keyOf(['embed', text]);
}

/** The state of a prompt, or those along an answer behind it. */
export function statesKey(prompt: PromptInput, answer?: string): string {
  return keyOf(['states', prompt, answer ?? null]);
}

export function classifyKey(text: string): string {
  return keyOf(['classify', text]);
}

/** All keys under which an exchange can be found, each with the place of the answer within it. */
export function keysOf(exchange: Exchange): { readonly key: string; readonly item: number }[] {
  if (exchange.verb === 'score') {
    return exchange.continuations.map((text, item) => ({ key: scoreKey(exchange.prompt, text), item }));
  }
  if (exchange.verb === 'embed' && 'prompt' in exchange)
    return [{ key: statesKey(exchange.prompt, exchange.answer), item: 0 }];
  if (exchange.verb === 'embed') return exchange.texts.map((text, item) => ({ key: embedKey(text), item }));
  if (exchange.verb === 'classify')
    return exchange.texts.map((text, item) => ({ key: classifyKey(text), item }));
  return textKeys(exchange).map((key) => ({ key, item: 0 }));
}

function textKeys(exchange: Extract<Exchange, { verb: 'generate' }>): string[] {
  const { prompt, decoding, seed, topLogprobs, completion } = exchange;
  if (decoding === undefined) {
    const keys = [plainKey(prompt, seed, false)];
    return completion.firstToken === undefined ? keys : [...keys, plainKey(prompt, seed, true)];
  }
  const exact = generateKey(prompt, decoding, seed, topLogprobs);
  return decoding.temperature === 0
    ? [exact, generateKey(prompt, decoding, undefined, topLogprobs)]
    : [exact];
}

function generateKey(
  prompt: PromptInput,
  { maxTokens, temperature, topP = 1, stop = [] }: Decoding,
  seed: number | undefined,
  topLogprobs = 0,
): string {
  return keyOf(['generate', prompt, { maxTokens, temperature, topP, stop }, seed ?? null, topLogprobs]);
}

function plainKey(prompt: PromptInput, seed: number | undefined, withFirstToken: boolean): string {
  return keyOf(['plain', prompt, seed ?? null, withFirstToken]);
}

/** Half a SHA-256 as 16 characters of one byte each: the index keeps one for every answer. */
function keyOf(value: readonly unknown[]): string {
  const digest = sha256(canonicalJson(value as JsonValue));
  return Buffer.from(digest.slice(0, 32), 'hex').toString('latin1');
}
