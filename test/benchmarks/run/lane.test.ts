import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Lane, type LaneAnswer, type LaneLimits, type Turn } from '../../../benchmarks/run/lane.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../../benchmarks/run/retry-policy.ts';
import { Stopped, StopSwitch } from '../../../benchmarks/run/stop.ts';
import { AdapterError, type AdapterErrorOptions } from '../../../core/errors.ts';
import { seededRandom } from '../../../core/random.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function lane(limits: Partial<LaneLimits> = {}, policy: Partial<RetryPolicy> = {}) {
  const stop = new StopSwitch();
  const context = { stop, policy: { ...DEFAULT_RETRY_POLICY, ...policy }, random: seededRandom(1) };
  return { stop, lane: new Lane({ concurrency: 4, ...limits }, context) };
}

function asking<T>(queue: Lane, call: (turn: Turn) => Promise<T>, more: object = {}): Promise<LaneAnswer<T>> {
  return queue.ask({ call, keep: () => Promise.resolve(), timeoutMs: 60_000, tokens: 10, ...more });
}

function refusal(options: Partial<AdapterErrorOptions>, message = 'refused'): AdapterError {
  return new AdapterError(message, { retry: 'never', ...options });
}

/** Fails as given, call by call, and then answers. */
function script(...failures: readonly AdapterError[]): { call: () => Promise<string>; at: number[] } {
  const at: number[] = [];
  return {
    at,
    call: async () => {
      const failure = failures[at.length];
      at.push(Date.now());
      if (failure !== undefined) throw failure;
      return 'answer';
    },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a promise came to, for those that may still be waiting. */
function watch<T>(promise: Promise<T>): {
  readonly state: string;
  readonly value?: T;
  readonly error?: unknown;
} {
  const watched: { state: string; value?: T; error?: unknown } = { state: 'waiting' };
  promise.then(
    (value) => Object.assign(watched, { state: 'done', value }),
    (error: unknown) => Object.assign(watched, { state: 'rejected', error }),
  );
  return watched;
}

describe('a slot', () => {
  it('is taken until the answer is kept, so that a killed run asks again no more than it has slots', async () => {
    const { lane: queue } = lane({ concurrency: 1 });
    const { call, at } = script();
    let release = (): void => {};
    const kept = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tried: unknown[] = [];
    const keep = (value: string, how: unknown) => {
      tried.push([value, how]);
      return kept;
    };
    const first = watch(asking(queue, call, { keep }));
    const second = watch(asking(queue, call));
    await jest.advanceTimersByTimeAsync(1000);
    expect([at.length, first.state, second.state]).toEqual([1, 'waiting', 'waiting']);
    expect(tried).toEqual([['answer', { attempts: 1, at: at[0], ms: 0 }]]);
    release();
    await jest.advanceTimersByTimeAsync(1000);
    await jest.advanceTimersByTimeAsync(1000);
    expect([at.length, first.state, second.state]).toEqual([2, 'done', 'done']);
  });

  it('is free again after an answer that could not be kept, which ends the request with that error', async () => {
    const { lane: queue } = lane({ concurrency: 1 });
    const { call } = script();
    const full = new Error('the disk is full');
    const first = watch(asking(queue, call, { keep: () => Promise.reject(full) }));
    const second = watch(asking(queue, call));
    await jest.advanceTimersByTimeAsync(1000);
    await jest.advanceTimersByTimeAsync(1000);
    expect([first.error, second.state]).toEqual([full, 'done']);
  });
});

describe('a lane that retries', () => {
  it('answers at the first attempt, and says when and how long', async () => {
    const { lane: queue } = lane();
    const answer = watch(asking(queue, () => sleep(30).then(() => 'x')));
    const begun = Date.now();
    await jest.advanceTimersByTimeAsync(30);
    expect(answer.value).toEqual({
      outcome: expect.objectContaining({ ok: true, value: 'x' }),
      attempts: 1,
      at: begun,
      ms: 30,
    });
  });

  it('waits as long as the server asks, without holding the only slot', async () => {
    const { lane: queue } = lane({ concurrency: 1 });
    const limited = script(refusal({ retry: 'rate-limit', status: 429, retryAfterMs: 10_000 }));
    const first = watch(asking(queue, limited.call));
    await jest.advanceTimersByTimeAsync(0);
    expect(queue.activity).toMatchObject({ asking: 0, waiting: 1, rateLimited: 1, retries: 1 });
    const other = watch(asking(queue, script().call));
    await jest.advanceTimersByTimeAsync(0);
    expect(other.state).toBe('done');
    await jest.advanceTimersByTimeAsync(9_999);
    expect(first.state).toBe('waiting');
    await jest.advanceTimersByTimeAsync(1);
    expect(first.value).toMatchObject({ outcome: { ok: true }, attempts: 2 });
    expect((limited.at[1] ?? 0) - (limited.at[0] ?? 0)).toBe(10_000);
    expect(queue.activity.waiting).toBe(0);
  });

  it.each<[string, AdapterError[], number]>([
    ['a failure that no repetition mends', [refusal({})], 1],
    [
      'the same failure again and again',
      Array.from({ length: 50 }, () => refusal({ retry: 'transient' })),
      5,
    ],
    [
      'ever new failures',
      Array.from({ length: 50 }, (_, index) => refusal({ retry: 'transient' }, `failure ${index}`)),
      6,
    ],
    ['a rate limit without end', Array.from({ length: 50 }, () => refusal({ retry: 'rate-limit' })), 20],
    ['a wait that is too long', [refusal({ retry: 'rate-limit', retryAfterMs: 121_000 })], 1],
  ])('has a finite patience with %s', async (_, failures, attempts) => {
    const { lane: queue } = lane();
    const scripted = script(...failures);
    const answer = watch(asking(queue, scripted.call));
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(answer.value).toMatchObject({ outcome: { ok: false }, attempts });
    expect(scripted.at).toHaveLength(attempts);
  });

  it('does not count attempts of one kind against the other', async () => {
    const { lane: queue } = lane();
    const mixed = Array.from({ length: 10 }, (_, index) =>
      refusal({ retry: index % 2 === 0 ? 'rate-limit' : 'transient' }, `failure ${index}`),
    );
    const answer = watch(asking(queue, script(...mixed).call));
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(answer.value).toMatchObject({ outcome: { ok: true }, attempts: 11 });
  });

  it('takes an error that is none of an adapter for a bug and does not repeat it', async () => {
    const { lane: queue } = lane();
    const answer = watch(asking(queue, () => Promise.reject(new TypeError('x is undefined'))));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(answer.value).toMatchObject({
      outcome: { ok: false, error: { code: 'adapter-broke' } },
      attempts: 1,
    });
  });
});

describe('a lane and its limits', () => {
  /** Asks so many requests of a second each, and records how many were under way at every start. */
  function crowd(queue: Lane, count: number, failures: readonly AdapterError[] = []) {
    const starts: { at: number; underWay: number }[] = [];
    let underWay = 0;
    const answers = Array.from({ length: count }, () =>
      asking(queue, async () => {
        underWay++;
        const failure = failures[starts.length];
        starts.push({ at: Date.now(), underWay });
        await sleep(1000);
        underWay--;
        if (failure !== undefined) throw failure;
        return 'answer';
      }),
    );
    return { starts, all: watch(Promise.all(answers)) };
  }

  it('never has more under way than it may, and comes to use all slots', async () => {
    const { lane: queue } = lane({ concurrency: 16 });
    const { starts, all } = crowd(queue, 200);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(all.state).toBe('done');
    expect(starts[3]?.underWay).toBe(4);
    expect(Math.max(...starts.map(({ underWay }) => underWay))).toBe(16);
  });

  it('asks half as much at once after a rate limit', async () => {
    const { lane: queue } = lane({ concurrency: 16 });
    crowd(queue, 60);
    await jest.advanceTimersByTimeAsync(60_000);
    const limited = [refusal({ retry: 'rate-limit', retryAfterMs: 0 })];
    const { starts, all } = crowd(queue, 60, limited);
    await jest.advanceTimersByTimeAsync(999);
    expect(starts).toHaveLength(16);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(all.state).toBe('done');
    // The round after the cut: nothing starts until fewer than eight are under way.
    const nextRound = starts.slice(16, 24).map(({ underWay }) => underWay);
    expect(Math.max(...nextRound)).toBeLessThanOrEqual(9);
  });

  it('stays below its requests a minute in every minute, retries included', async () => {
    const { lane: queue } = lane({ concurrency: 64, requestsPerMinute: 30 });
    const failures = Array.from({ length: 10 }, (_, index) =>
      refusal({ retry: 'transient' }, `failure ${index}`),
    );
    const { starts, all } = crowd(queue, 100, failures);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(all.state).toBe('done');
    expect(starts).toHaveLength(110);
    for (const { at: from } of starts)
      expect(starts.filter(({ at }) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(30);
  });

  it('can ask less than once a minute', async () => {
    const { lane: queue } = lane({ requestsPerMinute: 0.5 });
    const { starts, all } = crowd(queue, 3);
    await jest.advanceTimersByTimeAsync(250_000);
    expect(all.state).toBe('done');
    expect((starts[1]?.at ?? 0) - (starts[0]?.at ?? 0)).toBeGreaterThanOrEqual(120_000);
  });

  it('stays below its tokens a minute', async () => {
    const { lane: queue } = lane({ concurrency: 64, tokensPerMinute: 600 });
    const { starts, all } = crowd(queue, 120);
    await jest.advanceTimersByTimeAsync(300_000);
    expect(all.state).toBe('done');
    for (const { at: from } of starts)
      expect(starts.filter(({ at }) => at >= from && at < from + 60_000).length * 10).toBeLessThanOrEqual(
        600,
      );
  });
});

describe('a lane and the clock', () => {
  it('asks again when an adapter gave up in time', async () => {
    const { lane: queue } = lane();
    let calls = 0;
    const answer = watch(
      asking(
        queue,
        async ({ timeoutMs }) => {
          calls++;
          if (calls === 2) return 'late';
          await sleep(timeoutMs);
          throw refusal({ retry: 'transient', code: 'timeout' });
        },
        { timeoutMs: 5000 },
      ),
    );
    await jest.advanceTimersByTimeAsync(4_999);
    expect(queue.activity.asking).toBe(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(answer.value).toMatchObject({ outcome: { ok: true, value: 'late' }, attempts: 2 });
  });

  it('leaves a call behind that does not end in time', async () => {
    const { lane: queue } = lane({ concurrency: 1 }, { attempts: 1 });
    const deaf = watch(asking(queue, () => new Promise(() => {}), { timeoutMs: 5000 }));
    await jest.advanceTimersByTimeAsync(6_999);
    expect(deaf.state).toBe('waiting');
    await jest.advanceTimersByTimeAsync(1);
    expect(deaf.value).toMatchObject({
      outcome: { ok: false, error: { code: 'timeout', retry: 'transient' } },
    });
    const next = watch(asking(queue, script().call));
    await jest.advanceTimersByTimeAsync(0);
    expect(next.state).toBe('done');
  });

  it('keeps the end of every call, whenever it began', async () => {
    const { lane: queue } = lane({ concurrency: 4 }, { attempts: 1 });
    const ends: number[] = [];
    const begun = Date.now();
    const endless = (timeoutMs: number) =>
      void asking(queue, () => new Promise(() => {}), { timeoutMs }).then(() =>
        ends.push(Date.now() - begun),
      );
    endless(8000);
    await jest.advanceTimersByTimeAsync(1000);
    endless(2000);
    await jest.advanceTimersByTimeAsync(1000);
    endless(4000);
    await jest.advanceTimersByTimeAsync(20_000);
    // Each of them has the same grace on top of its own time-out.
    expect(ends).toEqual([5000, 8000, 10_000]);
  });

  it('leaves no timer behind', async () => {
    const { lane: queue } = lane();
    await Promise.all([asking(queue, script().call), asking(queue, script().call)]);
    await jest.advanceTimersByTimeAsync(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a lane that is told to stop', () => {
  it('finishes what is under way when it drains, and begins nothing', async () => {
    const { lane: queue, stop } = lane({ concurrency: 1 });
    const underWay = watch(asking(queue, () => sleep(1000).then(() => 'saved')));
    const queued = watch(asking(queue, script().call));
    await jest.advanceTimersByTimeAsync(0);
    stop.drain('interrupted');
    await jest.advanceTimersByTimeAsync(1000);
    expect(underWay.value).toMatchObject({ outcome: { ok: true, value: 'saved' } });
    expect(Stopped.is(queued.error)).toBe(true);
  });

  it('does not wait for pauses when it drains', async () => {
    const { lane: queue, stop } = lane();
    const paused = watch(asking(queue, script(refusal({ retry: 'rate-limit', retryAfterMs: 60_000 })).call));
    await jest.advanceTimersByTimeAsync(0);
    stop.drain('max-minutes');
    await jest.advanceTimersByTimeAsync(0);
    expect(Stopped.is(paused.error)).toBe(true);
  });

  it('breaks off what is under way when it aborts, heeded or not', async () => {
    const { lane: queue, stop } = lane();
    let aborted = 0;
    const heeding = watch(
      asking(
        queue,
        ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              aborted++;
              reject(signal.reason as Error);
            });
          }),
      ),
    );
    const deaf = watch(asking(queue, () => new Promise(() => {})));
    await jest.advanceTimersByTimeAsync(0);
    stop.abort();
    await jest.advanceTimersByTimeAsync(0);
    expect(Stopped.is(heeding.error) && Stopped.is(deaf.error)).toBe(true);
    expect(aborted).toBe(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('StopSwitch', () => {
  it('drains at the first interrupt and aborts at the second, whatever stopped the run before', () => {
    const stop = new StopSwitch();
    stop.drain('max-minutes');
    expect(stop.interrupt()).toBe('draining');
    expect(stop.aborting.aborted).toBe(false);
    expect(stop.reason).toBe('interrupted');
    expect(stop.interrupt()).toBe('aborting');
    expect(stop.aborting.aborted).toBe(true);
  });

  it('keeps the first reason otherwise', () => {
    const stop = new StopSwitch();
    stop.drain('max-cost');
    stop.drain('max-minutes');
    expect(stop.reason).toBe('max-cost');
    expect(() => stop.throwIfDraining()).toThrow('stopped');
  });
});
