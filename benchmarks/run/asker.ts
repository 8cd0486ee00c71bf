import type { EmbedRequest, Model, Verb } from '../../adapters/model.ts';
import { AdapterError, codeOf, messageOf } from '../../core/errors.ts';
import type { Ask, Role } from '../../suites/task.ts';
import type { Price } from '../definition/definition.ts';
import type { Journal } from '../journal/journal.ts';
import type { AnswerResult, StoredAnswer, StoredError } from '../journal/records.ts';
import { requestKey } from '../journal/request-key.ts';
import {
  type Addressee,
  type BuiltRequest,
  behindPrompt,
  buildRequest,
  type ModelCall,
  type StatesRequest,
} from './build-request.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Answered } from './evaluate-sample.ts';
import type { Lane, LaneAnswer, LaneRequest, Tried, Turn } from './lane.ts';
import type { Progress } from './progress.ts';
import { Stopped, type StopSwitch } from './stop.ts';

/** A live model with its queue. */
export interface Station {
  readonly addressee: Addressee;
  readonly model: Model;
  readonly lane: Lane;
  readonly breaker: CircuitBreaker;
  readonly timeoutMs: number;
  readonly price?: Price;
}

export interface AskerContext {
  readonly journal: Journal;
  readonly progress: Progress;
  readonly stop: StopSwitch;
  readonly maxRequests: number;
  readonly maxCost: number;
  /** Called with the fingerprint of every answer that carries one. */
  readonly onFingerprint: (station: Station, fingerprint: string) => void;
  /** Called once for each model that is no longer asked. */
  readonly onCircuitOpen: (station: Station, reason: string) => void;
}

/** Answers requests: from the journal, from an identical request under way, or from the model. */
export class Asker {
  readonly #context: AskerContext;
  readonly #underWay = new Map<string, Promise<AnswerResult>>();

  constructor(context: AskerContext) {
    this.#context = context;
  }

  /** Rejects with `Stopped`, or with a UserError when the journal cannot be written; never for an answer's sake. */
  async answer(ask: Ask, station: Station, seed: number, repeat: number): Promise<Answered> {
    const built = buildRequest(ask, station.addressee, seed, repeat);
    const key = requestKey(built.fields);
    const same = this.#underWay.get(key);
    if (same !== undefined) {
      this.#context.progress.served++;
      return { key, result: await same };
    }
    const result = this.#resolve(key, built, station, ask.role);
    this.#underWay.set(key, result);
    try {
      return { key, result: await result };
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #resolve(key: string, built: BuiltRequest, station: Station, role: Role): Promise<AnswerResult> {
    const known = await this.#context.journal.get(key);
    if (known !== undefined) {
      this.#context.progress.served++;
      this.#noteFingerprint(station, known.result);
      return known.result;
    }
    return this.#askModel(key, built, station, role);
  }

  async #askModel(
    key: string,
    { call, fields }: BuiltRequest,
    station: Station,
    role: Role,
  ): Promise<AnswerResult> {
    const { progress } = this.#context;
    if (station.breaker.openedBy !== undefined) return circuitOpen(station);
    this.#enforceStops();
    progress.asked++;
    const save = async (result: AnswerResult, { attempts, at, ms }: Tried): Promise<AnswerResult> => {
      this.#spend(costOf(call, result, station.price));
      this.#note(station, result);
      await this.#context.journal.append({
        key,
        checkpoint: station.addressee.id,
        role,
        request: fields,
        result,
        attempts,
        at: new Date(at).toISOString(),
        ms: Math.round(ms * 10) / 10,
      });
      return result;
    };
    const keep = async (value: StoredAnswer, tried: Tried): Promise<void> => {
      await save(answered(value), tried);
    };
    const { outcome, ...tried } = await this.#askLane(station, call, keep);
    if (outcome.ok) return answered(outcome.value);
    if (codeOf(outcome.error) !== CIRCUIT_OPEN) return save(failed(outcome.error), tried);
    progress.asked--;
    return circuitOpen(station);
  }

  async #askLane(
    station: Station,
    call: ModelCall,
    keep: LaneRequest<StoredAnswer>['keep'],
  ): Promise<LaneAnswer<StoredAnswer>> {
    try {
      return await station.lane.ask({
        keep,
        call: (turn) => callUnlessOpen(station, call, turn),
        timeoutMs: station.timeoutMs,
        tokens: roughTokens(call),
      });
    } catch (error) {
      // Stopped before there was an answer: it counts neither against the budget nor in the status.
      this.#context.progress.asked--;
      throw error;
    }
  }

  /** Requests that were admitted are asked, so that every sitting gets on; the next one finds the door closed. */
  #enforceStops(): void {
    const { progress, stop, maxRequests } = this.#context;
    stop.throwIfDraining();
    if (progress.asked < maxRequests) return;
    stop.close('max-requests');
    throw new Stopped();
  }

  /** What waits in the queue when the money is spent is not asked any more; what is under way still costs. */
  #spend(cost: number): void {
    const { progress, stop, maxCost } = this.#context;
    progress.cost += cost;
    if (progress.cost >= maxCost) stop.drain('max-cost');
  }

  #note(station: Station, result: AnswerResult): void {
    if (result.status === 'answered') {
      station.breaker.succeeded();
      this.#noteFingerprint(station, result);
      return;
    }
    this.#context.progress.failed++;
    const { breaker } = station;
    // A prompt that is too long says nothing about the checkpoint.
    if (breaker.openedBy !== undefined || result.error.code === 'context-length') return;
    breaker.failed(result.error.message);
    if (breaker.openedBy !== undefined) this.#context.onCircuitOpen(station, breaker.openedBy);
  }

  #noteFingerprint(station: Station, result: AnswerResult): void {
    if (result.status !== 'answered' || result.answer.verb !== 'generate') return;
    const { fingerprint } = result.answer.completion;
    if (fingerprint !== undefined) this.#context.onFingerprint(station, fingerprint);
  }
}

const CIRCUIT_OPEN = 'circuit-open';

/** Requests that were queued before a model was given up are not asked any more. */
async function callUnlessOpen(station: Station, call: ModelCall, turn: Turn): Promise<StoredAnswer> {
  if (station.breaker.openedBy !== undefined) {
    throw new AdapterError('given up', { retry: 'never', code: CIRCUIT_OPEN });
  }
  return callModel(station.model, call, turn);
}

async function callModel(model: Model, call: ModelCall, turn: Turn): Promise<StoredAnswer> {
  switch (call.verb) {
    case 'generate':
      if (model.generate === undefined) throw missingVerb(model, call.verb);
      return { verb: 'generate', completion: await model.generate(call.request, turn) };
    case 'score':
      if (model.score === undefined) throw missingVerb(model, call.verb);
      return { verb: 'score', scores: await model.score(call.request, turn) };
    case 'embed': {
      const vectors = await embedded(model, call.request, turn);
      return { verb: 'embed', vectors: vectors.map((vector) => Array.from(vector)) };
    }
    case 'classify':
      if (model.classify === undefined) throw missingVerb(model, call.verb);
      return { verb: 'classify', classifications: await model.classify(call.request, turn) };
  }
}

async function embedded(
  model: Model,
  request: EmbedRequest | StatesRequest,
  turn: Turn,
): Promise<readonly Float32Array[]> {
  if (model.embed === undefined) throw missingVerb(model, 'embed');
  if ('texts' in request) return model.embed(request, turn);
  const { prompt, answer } = request;
  if (answer === undefined) {
    if (model.embedPrompt === undefined) throw missingStates(model);
    return [await model.embedPrompt(prompt, turn)];
  }
  if (model.embedAnswer === undefined) throw missingStates(model);
  return model.embedAnswer({ prompt, answer }, turn);
}

function missingStates(model: Model): AdapterError {
  return new AdapterError(`${model.id} gives no hidden states`, { retry: 'never', code: 'missing-verb' });
}

function missingVerb(model: Model, verb: Verb): AdapterError {
  return new AdapterError(`${model.id} cannot ${verb}`, { retry: 'never', code: 'missing-verb' });
}

function answered(answer: StoredAnswer): AnswerResult {
  return { status: 'answered', answer };
}

function failed(error: unknown): AnswerResult {
  const stored: StoredError = {
    code: (AdapterError.is(error) ? error.code : undefined) ?? 'failed',
    ...(AdapterError.is(error) && error.status !== undefined ? { status: error.status } : {}),
    message: messageOf(error).slice(0, 2000),
  };
  return { status: 'failed', error: stored };
}

function circuitOpen({ addressee, breaker }: Station): AnswerResult {
  const message = `${addressee.id} was no longer asked after failing again and again: ${breaker.openedBy}`;
  return { status: 'failed', error: { code: CIRCUIT_OPEN, message } };
}

/** What a request has cost, by the server's own count of tokens where it gives one. */
function costOf(call: ModelCall, result: AnswerResult, price: Price | undefined): number {
  if (price === undefined || result.status === 'failed') return 0;
  const usage = result.answer.verb === 'generate' ? result.answer.completion.usage : {};
  const input = usage.promptTokens ?? roughTokens(call);
  const output = usage.completionTokens ?? 0;
  return (input * price.promptPerMillion + output * price.completionPerMillion) / 1e6;
}

/** Four characters a token is close enough for a rate limit. */
function roughTokens(call: ModelCall): number {
  if ('texts' in call.request) return Math.ceil(call.request.texts.join('').length / 4);
  const { prompt } = call.request;
  const characters =
    prompt.format === 'raw'
      ? prompt.text.length
      : prompt.messages.reduce((sum, { content }) => sum + content.length, 0);
  const answer =
    call.verb === 'generate'
      ? call.request.decoding.maxTokens
      : behindPrompt(call.request).join('').length / 4;
  return Math.ceil(characters / 4 + answer);
}
