import { describe, expect, it } from '@jest/globals';
import type { Model } from '../../../adapters/model.ts';
import { Journal } from '../../../benchmarks/journal/journal.ts';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { type ExecuteInput, execute } from '../../../benchmarks/run/execute.ts';
import { Progress } from '../../../benchmarks/run/progress.ts';
import { StopSwitch } from '../../../benchmarks/run/stop.ts';
import { AdapterError, UserError } from '../../../core/errors.ts';
import { seededRandom } from '../../../core/random.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { completion, IMPATIENT, plainTask, prepared, promptText, textAsk, textModel } from './support.ts';

const folder = temporaryFolders();

interface Setting {
  readonly models: readonly Model[];
  readonly tasks: readonly ReturnType<typeof plainTask>[];
  readonly settings?: object;
  readonly limits?: Readonly<Record<string, object>>;
  readonly more?: Partial<ExecuteInput>;
  readonly place?: string;
}

async function executed({ models, tasks, settings = {}, limits = {}, more = {}, place }: Setting) {
  const journal = await Journal.open(place ?? (await folder()));
  const outcomes: OutcomeRecord[] = [];
  const alarms: string[] = [];
  const progress = new Progress();
  const stop = new StopSwitch();
  const input: ExecuteInput = {
    runId: 'run',
    definition: {
      settings: { seed: 1, repeats: 1, failureTolerance: 0, memoryMegabytes: 1, ...settings },
    },
    tasks,
    models: {
      checkpoints: new Map(models.map((model) => [model.id, prepared(model, { ...limits[model.id] })])),
      roles: new Map(),
    },
    gaps: [],
    journal,
    outcomes: { append: async (record) => void outcomes.push(record) },
    progress,
    stop,
    policy: IMPATIENT,
    random: seededRandom(1),
    onFingerprint: () => {},
    onCircuitOpen: ({ addressee }, reason) => alarms.push(`${addressee.id}: ${reason}`),
    ...more,
  };
  const error: unknown = await execute(input).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await journal.close();
  return { outcomes, alarms, progress, stop: input.stop, error };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('execute', () => {
  it('asks every sample of every task of every checkpoint, each repeat, once', async () => {
    const asked: string[] = [];
    const models = ['a', 'b'].map((id) =>
      textModel(id, async (request) => {
        asked.push(`${id} ${promptText(request)} ${request.seed}`);
        return completion('x');
      }),
    );
    const { outcomes, progress } = await executed({
      models,
      tasks: [plainTask('t', 5), plainTask('u', 3)],
      settings: { repeats: 2 },
    });
    expect(new Set(asked).size).toBe(2 * 8 * 2);
    expect(asked).toHaveLength(2 * 8 * 2);
    const places = outcomes.map(({ checkpoint, instrument, sample, repeat }) =>
      [checkpoint, instrument, sample, repeat].join(' '),
    );
    expect(new Set(places).size).toBe(2 * 8 * 2);
    expect(progress.samplesDone).toBe(32);
  });

  it('shows what a checkpoint scored, asked now or found in the journal', async () => {
    const plain = plainTask('t', 3);
    const ask = ({ id }: { readonly id: string }, answers: readonly unknown[]) =>
      answers.length > 0
        ? []
        : [
            {
              verb: 'score' as const,
              role: 'checkpoint' as const,
              prompt: { raw: id, chat: [] },
              continuations: ['x'],
              delimiter: ' ',
            },
          ];
    const scoring = { ...plain, task: { ...plain.task, ask } };
    const one = { logprob: -2, tokenLogprobs: [-2], bytes: 1, method: 'scripted' as const };
    let asked = 0;
    const model = textModel('a', async () => completion('x'), {
      scoreMethod: 'scripted',
      score: async () => {
        asked++;
        return [one];
      },
    });
    const place = await folder();
    for (const _sitting of [1, 2]) {
      const seen: unknown[] = [];
      const onScores = (checkpoint: string, scores: readonly unknown[]) => seen.push([checkpoint, ...scores]);
      await executed({ models: [model], tasks: [scoring], place, more: { onScores } });
      expect(seen).toEqual(Array(3).fill(['a', one]));
    }
    expect(asked).toBe(3);
  });

  it('leaves out what a checkpoint cannot be asked, and says what is missing', async () => {
    const asked: string[] = [];
    const model = textModel('a', async (request) => {
      asked.push(promptText(request));
      return completion('x');
    });
    const gaps = [{ checkpoint: 'a', instrument: 't', missing: 'a (test) cannot score' }];
    const { outcomes } = await executed({
      models: [model],
      tasks: [plainTask('t', 2), plainTask('u', 2)],
      more: { gaps },
    });
    expect(asked).toEqual(['u-0', 'u-1']);
    expect(outcomes.filter(({ instrument }) => instrument === 't').map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 2 }, () => ({ kind: 'skipped', missing: 'a (test) cannot score' })),
    );
  });

  it('lets the servers work side by side, and goes checkpoint by checkpoint on each of them', async () => {
    const log: string[] = [];
    const on = (server: string) => (id: string) =>
      textModel(
        id,
        async (request) => {
          log.push(`${server} ${id} ${promptText(request)}`);
          await pause(5);
          return completion('x');
        },
        { rateLimitKey: server, maxConcurrency: 2 },
      );
    await executed({
      models: [on('one')('a'), on('two')('b'), on('one')('c')],
      tasks: [plainTask('t', 4), plainTask('u', 4)],
    });
    const ofServer = (server: string) =>
      log.filter((line) => line.startsWith(server)).map((line) => line.split(' ')[1]);
    expect(ofServer('one').join('')).toBe('a'.repeat(8) + 'c'.repeat(8));
    expect(ofServer('two').join('')).toBe('b'.repeat(8));
    // The second server does not wait for the first one.
    expect(log.findIndex((line) => line.startsWith('two'))).toBeLessThan(8);
  });

  it('obeys the strictest limit of the checkpoints behind one server', async () => {
    let underWay = 0;
    let most = 0;
    const model = (id: string) =>
      textModel(
        id,
        async () => {
          most = Math.max(most, ++underWay);
          await pause(2);
          underWay--;
          return completion('x');
        },
        { rateLimitKey: 'one' },
      );
    await executed({
      models: [model('a'), model('b')],
      tasks: [plainTask('t', 10)],
      limits: { b: { concurrency: 2 } },
    });
    expect(most).toBe(2);
  });

  it('draws samples as they are needed, so that memory does not grow with their number', async () => {
    let drawn = 0;
    let done = 0;
    let mostAhead = 0;
    const base = plainTask('t', 3000);
    const samples = function* () {
      for (const sample of base.samples()) {
        drawn++;
        mostAhead = Math.max(mostAhead, drawn - done);
        yield sample;
      }
    };
    const model = textModel('a', async () => {
      done++;
      return completion('x');
    });
    await executed({ models: [model], tasks: [{ ...base, samples } as unknown as typeof base] });
    expect(drawn).toBe(3000);
    // Two samples a slot, eight slots.
    expect(mostAhead).toBeLessThanOrEqual(17);
  });

  it('costs one sample when a request fails for good, and the others nothing', async () => {
    const model = textModel('a', async (request) => {
      if (promptText(request) === 't-3')
        throw new AdapterError('bad prompt', { retry: 'never', code: 'refused' });
      return completion('x');
    });
    const { outcomes } = await executed({ models: [model], tasks: [plainTask('t', 10)] });
    const failed = outcomes.filter(({ outcome }) => outcome.kind === 'failed');
    expect(failed.map(({ sample }) => sample)).toEqual(['t-3']);
    expect(outcomes).toHaveLength(10);
  });

  it('gives up a checkpoint that is broken and goes on with the next one', async () => {
    let asked = 0;
    const broken = textModel(
      'broken',
      async () => {
        asked++;
        throw new AdapterError('out of memory', { retry: 'never', code: 'crashed' });
      },
      { rateLimitKey: 'one' },
    );
    const fine = textModel('fine', async () => completion('x'), { rateLimitKey: 'one' });
    const { outcomes, alarms } = await executed({ models: [broken, fine], tasks: [plainTask('t', 200)] });
    // What was under way when the breaker opened is answered for too.
    expect(asked).toBeLessThan(20 + 16);
    expect(alarms).toEqual(['broken: out of memory']);
    const kinds = (id: string) =>
      new Set(outcomes.filter(({ checkpoint }) => checkpoint === id).map(({ outcome }) => outcome.kind));
    expect(kinds('broken')).toEqual(new Set(['failed']));
    expect(kinds('fine')).toEqual(new Set(['scored']));
    expect(outcomes).toHaveLength(400);
  });

  it('saves what the other servers have under way when the journal breaks, and reports that', async () => {
    const place = await folder();
    let saved = 0;
    const slow = textModel('slow', async () => {
      await pause(30);
      saved++;
      return completion('x');
    });
    const fast = textModel('fast', async () => completion('x'));
    const full = new UserError('the disk is full', 3);
    const { error, stop } = await executed({
      place,
      models: [slow, fast],
      tasks: [plainTask('t', 100)],
      more: {
        outcomes: {
          append: async ({ checkpoint }) => {
            if (checkpoint === 'fast') throw full;
          },
        },
      },
    });
    expect(error).toBe(full);
    expect(stop.reason).toBe('broken');
    expect(saved).toBeGreaterThan(0);
    expect(saved).toBeLessThan(100);
    const journal = await Journal.open(place, 'readonly');
    expect(journal.size).toBeGreaterThanOrEqual(saved);
    await journal.close();
  });

  it('reads all that is answered when it is told to stop', async () => {
    const place = await folder();
    const model = textModel('a', async () => completion('x'));
    await executed({ place, models: [model], tasks: [plainTask('t', 50)] });
    const stop = new StopSwitch();
    stop.drain('interrupted');
    const { outcomes } = await executed({
      place,
      models: [model],
      tasks: [plainTask('new', 5), plainTask('t', 50)],
      more: { stop },
    });
    expect(outcomes).toHaveLength(50);
  });

  it('ends at once when it is aborted', async () => {
    const stop = new StopSwitch();
    let asked = 0;
    const model = textModel('a', () => {
      if (++asked === 8) setTimeout(() => stop.abort(), 5);
      return new Promise(() => {});
    });
    const { outcomes, error } = await executed({
      models: [model],
      tasks: [plainTask('t', 50)],
      more: { stop },
    });
    expect(error).toBeUndefined();
    expect(outcomes).toEqual([]);
    expect(asked).toBe(8);
  });

  it('keeps nothing that was answered waiting for a request that hangs', async () => {
    const place = await folder();
    const stop = new StopSwitch();
    const model = textModel('a', async (request) => {
      if (promptText(request) === 't-7') return new Promise(() => {});
      return completion('x');
    });
    const progress = new Progress();
    const running = executed({
      place,
      models: [model],
      tasks: [plainTask('t', 60)],
      more: { stop, progress },
    });
    while (progress.samplesDone < 59) await pause(5);
    const journal = await Journal.open(place, 'readonly');
    expect(journal.size).toBe(59);
    await journal.close();
    stop.abort();
    await running;
  });

  it('asks a second round in the light of the first', async () => {
    const asked: string[] = [];
    const model = textModel('a', async (request) => {
      asked.push(promptText(request));
      return completion(promptText(request).toUpperCase());
    });
    const conversation = plainTask('t', 2, {
      ask: (sample, answers) => {
        const [first] = answers;
        if (first === undefined) return [textAsk(sample.id)];
        return answers.length === 1 && first.verb === 'generate'
          ? [textAsk(`${first.completion.text}?`)]
          : [];
      },
    });
    const { outcomes } = await executed({ models: [model], tasks: [conversation] });
    expect(asked.sort()).toEqual(['T-0?', 'T-1?', 't-0', 't-1']);
    expect(outcomes.map(({ answers }) => answers.length)).toEqual([2, 2]);
  });
});
