import { commonPrefix, contextBytes, splitByBytes, splitByTokens } from '../boundary.ts';
import type { ContinuationScore, ScoreRequest } from '../model.ts';
import type { Llm, Logprobs, Wanted } from './llm.ts';
import type { Fragment } from './partition.ts';
import { checkLength, promptFragments, refusal, tokenizeFragments } from './prompt.ts';

/** A context with one of its continuations, tokenised together. */
export interface Candidate {
  readonly tokens: readonly number[];
  /** How many of the tokens are context; at least 1. */
  readonly context: number;
  readonly bytes: number;
}

/**
 * Log-probabilities of continuations, exact and untruncated. What all of them begin with is evaluated once.
 *
 * @throws AdapterError (never): `empty-continuation` · `no-context` · `context-length` · the codes of
 * `promptFragments`; the signal's reason.
 */
export async function score(
  request: ScoreRequest,
  template: string | undefined,
  llm: Llm,
  signal: AbortSignal,
): Promise<readonly ContinuationScore[]> {
  const fragments = promptFragments(request.prompt, template, llm);
  const candidates = candidatesOf(request.continuations, fragments, llm);
  await llm.clear();
  const shared = commonPrefix(candidates.map(({ tokens }) => tokens.slice(0, -1)));
  const head = await readShared(candidates, shared, llm, signal);
  const scores: ContinuationScore[] = [];
  for (const candidate of candidates) {
    const tail = await readTail(candidate, shared, llm, signal);
    scores.push(scoreOf(candidate, [...head, ...tail]));
    await llm.rewind(shared);
  }
  return scores;
}

function candidatesOf(
  continuations: readonly string[],
  fragments: readonly Fragment[],
  llm: Llm,
): readonly Candidate[] {
  if (continuations.length === 0 || continuations.includes('')) {
    throw refusal('empty-continuation', 'there is nothing to score in an empty continuation');
  }
  return continuations.map((continuation) => candidateOf(continuation, fragments, llm));
}

export function candidateOf(continuation: string, fragments: readonly Fragment[], llm: Llm): Candidate {
  const last = fragments.at(-1);
  const open = last !== undefined && 'text' in last ? last.text : '';
  const closed = open === '' ? fragments : fragments.slice(0, -1);
  const tokens = tokenizeFragments([...closed, { text: open + continuation }], llm);
  const before = tokenizeFragments(closed, llm).length;
  const context = before + contextTokens(open, open + continuation, tokens.slice(before), llm);
  if (context === 0) {
    throw refusal('no-context', 'nothing stands before the continuation, and the model adds no BOS token');
  }
  checkLength(tokens.length, llm, 'context and continuation');
  return { tokens, context, bytes: Buffer.byteLength(continuation) };
}

/** How many of the tokens of a whole text are its context, by the boundary rule. */
function contextTokens(context: string, whole: string, tokens: readonly number[], llm: Llm): number {
  const lengths = tokens.map((token) => llm.tokenBytes(token) ?? Number.NaN);
  const covered = lengths.reduce((total, length) => total + length, 0);
  // SentencePiece puts a space of its own before a text.
  const added = covered - Buffer.byteLength(whole);
  if (added === 0 || added === 1) return splitByBytes(lengths, contextBytes(context) + added);
  return splitByTokens(llm.tokenize(context.replace(/ +$/, '')), tokens);
}

/** Log-probabilities after each position of the shared prefix, where some candidate wants them. */
async function readShared(
  candidates: readonly Candidate[],
  shared: number,
  llm: Llm,
  signal: AbortSignal,
): Promise<readonly Logprobs[]> {
  const prefix = candidates[0]?.tokens.slice(0, shared) ?? [];
  const wanted = prefix.map((_, position): Wanted => {
    const next = candidates
      .filter(({ context }) => position >= context - 1)
      .map(({ tokens }) => tokens[position + 1]);
    const ids = [...new Set(next)].filter((id) => id !== undefined);
    return ids.length === 0 ? undefined : ids;
  });
  return llm.read(prefix, wanted, signal);
}

/** The same after the positions that this candidate does not share; its last token is never evaluated. */
async function readTail(
  { tokens, context }: Candidate,
  shared: number,
  llm: Llm,
  signal: AbortSignal,
): Promise<readonly Logprobs[]> {
  const tail = tokens.slice(shared, -1);
  if (tail.length === 0) return [];
  const wanted = tail.map((_, index): Wanted => {
    const position = shared + index;
    const next = tokens[position + 1];
    return position >= context - 1 && next !== undefined ? [next] : undefined;
  });
  return llm.read(tail, wanted, signal);
}

function scoreOf({ tokens, context, bytes }: Candidate, readings: readonly Logprobs[]): ContinuationScore {
  const tokenLogprobs = tokens.slice(context).map((token, index) => {
    const logprob = readings[context - 1 + index]?.get(token);
    if (logprob === undefined) throw new Error('a token of the continuation was not read');
    return logprob;
  });
  const logprob = tokenLogprobs.reduce((sum, value) => sum + value, 0);
  return { logprob, tokenLogprobs, bytes, method: 'in-process' };
}
