import { AdapterError, messageOf } from '../../core/errors.ts';
import type { Verb } from '../model.ts';
import { embed, embedAnswer, embedPrompt } from './embed.ts';
import { generate } from './generate.ts';
import { EngineUnavailable, loadLlm } from './llama.ts';
import type { Llm } from './llm.ts';
import { promptFragments, tokenizeFragments } from './prompt.ts';
import { asCall, type Call, type Failure, type Loaded, type Reply } from './protocol.ts';
import { score } from './score.ts';

/**
 * The program of an engine process: it holds one checkpoint at a time and answers one call at a time. A native
 * crash ends this process and nothing else.
 */

interface Checkpoint {
  readonly llm: Llm;
  readonly template: string | undefined;
}

class Cancelled extends Error {}
class Unloadable extends Error {}

type Work = Exclude<Call, { kind: 'cancel' }>;

let checkpoint: Checkpoint | undefined;
let running: { id: number; controller: AbortController } | undefined;
let queue: Promise<void> = Promise.resolve();

process.on('message', (message) => {
  const call = asCall(message);
  if (call === undefined) return;
  if (call.kind === 'cancel') cancel(call.id);
  else queue = queue.then(() => answer(call));
});
// No parent, no purpose. Killed rather than exited: native code may be at work, and there is nothing to save.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl+C reaches every process of the terminal; the parent decides when the work ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

function cancel(id: number): void {
  if (running?.id === id) running.controller.abort(new Cancelled());
}

async function answer(call: Work): Promise<void> {
  const controller = new AbortController();
  running = { id: call.id, controller };
  try {
    send({ id: call.id, status: 'done', value: await perform(call, controller.signal) });
  } catch (error) {
    send({ id: call.id, status: 'failed', failure: failureOf(error) });
  } finally {
    running = undefined;
  }
}

async function perform(call: Work, signal: AbortSignal): Promise<unknown> {
  if (call.kind === 'load') return load(call, signal);
  if (call.kind === 'unload') return unload();
  const { llm, template } = loaded();
  switch (call.kind) {
    case 'generate':
      return generate(call.request, template, llm, signal);
    case 'score':
      return score(call.request, template, llm, signal);
    case 'embed':
      return embed(call.request, llm, signal);
    case 'embed-prompt':
      return embedPrompt(call.prompt, template, llm, signal);
    case 'embed-answer':
      return embedAnswer(call.request, template, llm, signal);
    case 'count':
      return call.prompts.map(
        (prompt) => tokenizeFragments(promptFragments(prompt, template, llm), llm).length,
      );
  }
}

/** Replaces the checkpoint by another and proves what it can do. */
async function load(call: Extract<Work, { kind: 'load' }>, signal: AbortSignal): Promise<Loaded> {
  await unload();
  try {
    const llm = await loadLlm(call.config);
    checkpoint = { llm, template: call.template };
    const verbs = await provenVerbs(llm, call.config.lora, signal);
    return { engine: llm.engine, limit: llm.limit, verbs, states: verbs.includes('embed') && llm.embedsLast };
  } catch (error) {
    if (error instanceof EngineUnavailable) throw error;
    throw new Unloadable(messageOf(error));
  }
}

async function unload(): Promise<null> {
  const previous = checkpoint;
  checkpoint = undefined;
  await previous?.llm.dispose();
  return null;
}

async function provenVerbs(
  llm: Llm,
  lora: string | undefined,
  signal: AbortSignal,
): Promise<readonly Verb[]> {
  const probe = [llm.bos?.id ?? llm.tokenize('a')[0] ?? 0];
  const verbs: Verb[] = [];
  await llm.clear();
  if (await works(async () => llm.read(probe, [[0]], signal))) verbs.push('generate', 'score');
  // The library lays LoRA weights over text contexts only: a vector would come from the bare model.
  if (lora === undefined && (await works(async () => llm.embed([probe], signal)))) verbs.push('embed');
  if (verbs.length === 0) throw new Unloadable('the model neither writes text nor gives vectors');
  return verbs;
}

async function works(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch {
    return false;
  }
}

function loaded(): Checkpoint {
  if (checkpoint === undefined) throw new Error('no checkpoint is loaded');
  return checkpoint;
}

function failureOf(error: unknown): Failure {
  const message = messageOf(error);
  if (error instanceof EngineUnavailable) return { kind: 'unavailable', message };
  if (error instanceof Unloadable) return { kind: 'unloadable', message };
  if (error instanceof Cancelled) return { kind: 'cancelled', message };
  if (!AdapterError.is(error)) return { kind: 'internal', message };
  const { retry, code } = error;
  return { kind: 'adapter', message, retry, ...(code === undefined ? {} : { code }) };
}

function send(reply: Reply): void {
  process.send?.(reply);
}
