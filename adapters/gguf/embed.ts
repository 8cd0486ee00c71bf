import type { EmbedAnswerRequest, EmbedRequest, PromptInput } from '../model.ts';
import type { Llm } from './llm.ts';
import { checkLength, promptFragments, refusal, tokenizeFragments } from './prompt.ts';
import { candidateOf } from './score.ts';

/**
 * One vector a text: the final hidden state at the text's last token, after the model's last normalisation, not scaled
 * to any length, from a context that is used for nothing else. BOS as in `score`. Models that declare a pooling or an
 * EOS of their own (most embedding models) use that.
 *
 * @throws AdapterError (never): `context-length` · `empty-prompt`; the signal's reason.
 */
export async function embed(
  request: EmbedRequest,
  llm: Llm,
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  const texts = request.texts.map((text) => tokenizeFragments(text === '' ? [] : [{ text }], llm));
  for (const tokens of texts) {
    if (tokens.length === 0) throw refusal('empty-prompt', 'an empty text, and the model adds no BOS token');
    checkLength(tokens.length, llm, 'the text');
  }
  return texts.length === 0 ? [] : llm.embed(texts, signal);
}

/**
 * The final hidden state at the last token of a prompt: the state from which the first token of an answer is predicted.
 * Rendered and tokenised as in `score`, BOS included; no EOS stands behind it.
 *
 * @returns one vector.
 * @throws AdapterError (never): `context-length` · `empty-prompt` · the codes of `promptFragments`; the signal's reason.
 */
export async function embedPrompt(
  prompt: PromptInput,
  template: string | undefined,
  llm: Llm,
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  const tokens = tokenizeFragments(promptFragments(prompt, template, llm), llm);
  if (tokens.length === 0) throw refusal('empty-prompt', 'an empty prompt, and the model adds no BOS token');
  checkLength(tokens.length, llm, 'the prompt');
  return llm.embed([tokens], signal);
}

/**
 * The final hidden state at every position from which a token of the answer is predicted: from the last token of the
 * prompt to the last but one of the answer. Each position is a text of its own to the engine, which shows no state but
 * the last, so the cost grows with the square of the length.
 *
 * @returns as many vectors as the answer has tokens.
 * @throws AdapterError (never): those of `score`; the signal's reason.
 */
export async function embedAnswer(
  { prompt, answer }: EmbedAnswerRequest,
  template: string | undefined,
  llm: Llm,
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  if (answer === '') throw refusal('empty-continuation', 'an empty answer has no positions');
  const { tokens, context } = candidateOf(answer, promptFragments(prompt, template, llm), llm);
  const heads = tokens.slice(context).map((_, place) => tokens.slice(0, context + place));
  return llm.embed(heads, signal);
}
