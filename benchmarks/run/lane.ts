import PQueue from 'p-queue';
import { AdapterError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { type AttemptHistory, nextDelay, type RetryPolicy, signatureOf } from './retry-policy.ts';
import { pause, Stopped, type StopSwitch } from './stop.ts';
import { TokenBudget } from './token-budget.ts';
import { type Turn, Watchdog } from './watchdog.ts';

export type { Turn } from './watchdog.ts';

export interface LaneLimits {
  readonly concurrency: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

export interface LaneRequest<T> {
  readonly call: (turn: Turn) => Promise<T>;
  /** Awaited before the slot is free again: a run that is killed asks again no more than it has slots. */
  readonly keep: (value: T, tried: Tried) => Promise<void>;
  readonly timeoutMs: number;
  /** Rough size, for the token budget. */
  readonly tokens: number;
}

/** How an answer was come by. */
export interface Tried {
  readonly attempts: number;
  /** When the last attempt began, in milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
}

/** The last attempt of a request, whatever came of it. */
export interface LaneAnswer<T> extends Tried {
  readonly outcome:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly error: unknown };
}

/** What people want to know of a lane while it works. */
export interface LaneActivity {
  /** Requests that the server is working on. */
  asking: number;
  /** Requests that wait for a pause to end before their next attempt. */
  waiting: number;
  retries: number;
  rateLimited: number;
  /** When the last answer came, in milliseconds since 1970. */
  lastAnswerAt: number;
}

export interface LaneContext {
  readonly stop: StopSwitch;
  readonly policy: RetryPolicy;
  readonly random: Random;
  readonly now?: () => number;
}

/**
 * One server's queue: all checkpoints behind one rate-limit key share it. It alone retries. A request that waits
 * for its next attempt holds no slot.
 */
export class Lane {
  readonly activity: LaneActivity = { asking: 0, waiting: 0, retries: 0, rateLimited: 0, lastAnswerAt: 0 };
  readonly #queue: PQueue;
  readonly #limit: AdaptiveLimit;
  readonly #tokens: TokenBudget | undefined;
  readonly #context: LaneContext;
  readonly #watchdog: Watchdog;
  readonly #now: () => number;

  constructor(limits: LaneLimits, context: LaneContext) {
    this.#context = context;
    this.#watchdog = new Watchdog(context.stop.aborting);
    this.#now = context.now ?? Date.now;
    this.#limit = new AdaptiveLimit(limits.concurrency, this.#now);
    this.#tokens =
      limits.tokensPerMinute === undefined ? undefined : new TokenBudget(limits.tokensPerMinute, this.#now);
    this.#queue = new PQueue({
      concurrency: this.#limit.current,
      ...(limits.requestsPerMinute === undefined ? {} : slidingWindow(limits.requestsPerMinute)),
    });
  }

  /** Asks until there is an answer that is kept, or no hope. Rejects with `Stopped`, or with what `keep` rejects with. */
  async ask<T>(request: LaneRequest<T>): Promise<LaneAnswer<T>> {
    const { stop, policy, random } = this.#context;
    let history: AttemptHistory = { transient: 0, rateLimited: 0, sameInARow: 0 };
    let lastSignature = '';
    for (let attempts = 1; ; attempts++) {
      await this.#waitForTokens(request.tokens);
      const answer = await this.#attempt(request, attempts);
      if (answer.ok) return { outcome: answer, attempts, at: answer.at, ms: answer.ms };
      const signature = signatureOf(answer.error);
      history = countFailure(history, answer.error, signature === lastSignature);
      lastSignature = signature;
      const delay = nextDelay(answer.error, history, policy, random.next());
      if (delay === undefined) return { outcome: answer, attempts, at: answer.at, ms: answer.ms };
      this.activity.retries++;
      await this.#wait(delay, stop.draining);
    }
  }

  async #waitForTokens(tokens: number): Promise<void> {
    const delay = this.#tokens?.take(tokens) ?? 0;
    if (delay > 0) await this.#wait(delay, this.#context.stop.draining);
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    this.activity.waiting++;
    try {
      await pause(ms, signal);
    } finally {
      this.activity.waiting--;
    }
  }

  async #attempt<T>(request: LaneRequest<T>, attempts: number) {
    return this.#queue.add(async () => {
      this.#context.stop.throwIfDraining();
      const answer = await this.#try(request);
      if (answer.ok) await request.keep(answer.value, { attempts, at: answer.at, ms: answer.ms });
      return answer;
    });
  }

  async #try<T>(request: LaneRequest<T>) {
    const at = this.#now();
    this.activity.asking++;
    const saturated = this.activity.asking >= this.#limit.current;
    try {
      const value = await this.#watchdog.run(request.call, request.timeoutMs);
      this.#adapt(() => this.#limit.succeeded(saturated || this.#queue.size > 0));
      this.activity.lastAnswerAt = this.#now();
      return { ok: true as const, value, at, ms: this.#now() - at };
    } catch (error) {
      if (this.#context.stop.aborting.aborted) throw new Stopped();
      if (AdapterError.is(error) && error.retry === 'rate-limit') {
        this.activity.rateLimited++;
        this.#adapt(() => this.#limit.rateLimited());
      }
      return { ok: false as const, error, at, ms: this.#now() - at };
    } finally {
      this.activity.asking--;
    }
  }

  #adapt(change: () => void): void {
    change();
    if (this.#queue.concurrency !== this.#limit.current) this.#queue.concurrency = this.#limit.current;
  }
}

/** A window that no sequence of requests can exceed; fewer than one a minute widen it. */
function slidingWindow(requestsPerMinute: number) {
  const intervalCap = Math.max(1, Math.floor(requestsPerMinute));
  return { interval: (60_000 * intervalCap) / requestsPerMinute, intervalCap, strict: true };
}

function countFailure(history: AttemptHistory, error: unknown, same: boolean): AttemptHistory {
  const rateLimited = AdapterError.is(error) && error.retry === 'rate-limit';
  return {
    transient: history.transient + (rateLimited ? 0 : 1),
    rateLimited: history.rateLimited + (rateLimited ? 1 : 0),
    sameInARow: same ? history.sameInARow + 1 : 1,
  };
}
