import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { summarise } from '../../results/summarise.ts';
import type { Alarm, SummaryCheckpoint } from '../../results/summary.ts';
import type { Outcome } from '../../suites/task.ts';
import {
  bernoulli,
  checkpoint,
  input,
  metric,
  RUN,
  records,
  stream,
  type TaskShape,
  task,
} from './support/synthetic.ts';

const NAME = 'truthfulness/mc1@x:robust';
const BASE = checkpoint('base');
const SFT = checkpoint('sft', { method: 'sft', parent: 'base' });
const COPY = checkpoint('base-copy', { parent: 'base', control: 'copy' });

interface Scene {
  readonly checkpoints?: readonly SummaryCheckpoint[];
  readonly shape?: TaskShape;
  readonly outcomeOf?: (id: string, unit: number) => Outcome | undefined;
  readonly change?: (record: OutcomeRecord, index: number) => OutcomeRecord | null;
  readonly rest?: Parameters<typeof input>[3];
}

/** Alarms of a run of 200 samples; the base is right in 60 %, all others in 40 % of them. */
async function alarmsOf({
  checkpoints = [BASE, SFT],
  shape,
  outcomeOf,
  change,
  rest,
}: Scene): Promise<readonly Alarm[]> {
  const tasks = [task(NAME, { samples: 200, ...shape })];
  const all = records(
    checkpoints,
    tasks,
    ({ checkpoint: id, unit }, latent, noise) =>
      outcomeOf?.(id, unit) ?? bernoulli(id === 'base' ? 0.6 : 0.4, latent, noise),
  );
  const changed = all.flatMap((record, index) => {
    const next = change === undefined ? record : change(record, index);
    return next === null ? [] : [next];
  });
  return (await summarise({ ...input(checkpoints, tasks, [], rest), outcomes: stream(changed) })).alarms;
}

describe('alarms', () => {
  it('a clean run raises none', async () => {
    expect(await alarmsOf({})).toEqual([]);
  });

  it('a task at chance for everyone', async () => {
    const chance = { metrics: [metric('accuracy', { chance: 0.5 })] };
    const outcomeOf = (id: string, unit: number): Outcome => ({
      kind: 'scored',
      values: { accuracy: (unit + (id === 'base' ? 0 : 1)) % 2 },
    });
    expect(await alarmsOf({ shape: chance, outcomeOf })).toEqual([
      expect.objectContaining({ kind: 'chance-level', checkpoint: null, task: NAME }),
    ]);
    // Where nothing varies there is no interval, and the value alone is chance.
    const scores = { metrics: [metric('accuracy', { chance: 0.5, binary: false })] };
    const half = (): Outcome => ({ kind: 'scored', values: { accuracy: 0.5 } });
    expect((await alarmsOf({ shape: scores, outcomeOf: half })).map(({ kind }) => kind)).toEqual([
      'chance-level',
    ]);
    // One checkpoint that knows something is enough: the task can measure.
    expect(await alarmsOf({ shape: chance })).toEqual([]);
  });

  it('values that are missing in whole clusters count as clusters, in totals too', async () => {
    const lineage = [BASE, SFT, checkpoint('dpo', { method: 'dpo', parent: 'sft' })];
    const lacking =
      (clusters: number) =>
      (each: OutcomeRecord, index: number): OutcomeRecord => {
        const unit = index % 200;
        return each.checkpoint === 'dpo' && unit < 4 * clusters
          ? { ...each, cluster: `c${unit >> 2}`, outcome: { kind: 'unscored', reason: 'refused' } }
          : { ...each, cluster: `c${unit >> 2}` };
      };
    const uneven = async (clusters: number): Promise<readonly Alarm[]> =>
      (await alarmsOf({ checkpoints: lineage, change: lacking(clusters) })).filter(
        ({ kind }) => kind === 'uneven-missingness',
      );
    // Twenty samples in five clusters: p is 2 / 2⁵, where twenty samples alone would give 2 / 2²⁰.
    expect(await uneven(5)).toEqual([]);
    expect(await uneven(6)).toHaveLength(1);
  });

  it.each(['failed', 'empty', 'truncated', 'unparsed'] as const)(
    'more than 5 %% %s, and not exactly 5 %%',
    async (kind) => {
      const odd: Outcome =
        kind === 'failed'
          ? { kind, error: { code: 'timeout', message: '' } }
          : { kind: 'unscored', reason: kind };
      const some = (count: number) => (_: string, unit: number) => (unit < count ? odd : undefined);
      const [first] = await alarmsOf({ checkpoints: [BASE], outcomeOf: some(11) });
      expect(first).toMatchObject({ kind: 'unusual-answers', checkpoint: 'base', task: NAME });
      expect(first?.message).toContain(`5.5 % ${kind}${kind === 'failed' ? ' (timeout)' : ''}`);
      expect(await alarmsOf({ checkpoints: [BASE], outcomeOf: some(10) })).toEqual([]);
    },
  );

  it('one weights digest asked in two formats is as it should be, and in one format twice is not', async () => {
    const weights = { weights: 'f'.repeat(64) };
    const formats = (second: 'raw' | 'chat'): SummaryCheckpoint[] => [
      checkpoint('base', {}, weights),
      checkpoint('base+chat', { promptFormat: second }, weights),
    ];
    expect(await alarmsOf({ checkpoints: formats('chat') })).toEqual([]);
    const [first] = await alarmsOf({ checkpoints: formats('raw') });
    expect(first).toMatchObject({ kind: 'equal-weights', checkpoint: 'base+chat' });
  });

  it('two prompt formats that render the same text, said once for all checkpoints', async () => {
    const chat = (one: SummaryCheckpoint): SummaryCheckpoint => ({
      ...one,
      id: `${one.id}+chat`,
      parent: one.parent === null ? null : `${one.parent}+chat`,
      promptFormat: 'chat',
    });
    const checkpoints = [BASE, SFT, chat(BASE), chat(SFT)];
    // What a checkpoint says depends on its weights and the sample alone.
    const change = (record: OutcomeRecord): OutcomeRecord => ({
      ...record,
      content: `${record.checkpoint.replace('+chat', '')} ${record.sample}`.padEnd(64, 'a'),
    });
    const alarms = await alarmsOf({ checkpoints, change });
    expect(alarms.filter(({ kind }) => kind === 'equal-formats')).toEqual([
      {
        kind: 'equal-formats',
        level: 'alarm',
        checkpoint: null,
        task: null,
        message: expect.stringMatching(
          /both formats render the same text: base and base\+chat, sft and sft\+chat .*counted twice/,
        ),
      },
    ]);
    // One answer that differs shows that the format reaches the model.
    const oneOff = (record: OutcomeRecord, index: number): OutcomeRecord =>
      index === 7 || index === 207 ? record : change(record);
    expect((await alarmsOf({ checkpoints, change: oneOff })).map(({ kind }) => kind)).not.toContain(
      'equal-formats',
    );
  });

  it('kinds of answers that are each too few but together more than 5 %', async () => {
    const mixed = (_: string, unit: number): Outcome | undefined => {
      if (unit < 6) return { kind: 'unscored', reason: 'empty' };
      return unit < 11 ? { kind: 'unscored', reason: 'unparsed' } : undefined;
    };
    const [first] = await alarmsOf({ checkpoints: [BASE], outcomeOf: mixed });
    expect(first).toMatchObject({ kind: 'unusual-answers', checkpoint: 'base' });
    expect(first?.message).toContain('3.0 % empty, 2.5 % unparsed');
  });

  it('a prompt that would have begun with the BOS token twice, be it one', async () => {
    const refused = (id: string, unit: number): Outcome | undefined =>
      id === 'sft' && unit === 7
        ? { kind: 'failed', error: { code: 'double-bos', message: 'begins with <s>' } }
        : undefined;
    expect(await alarmsOf({ outcomeOf: refused })).toEqual([
      expect.objectContaining({ kind: 'double-bos', checkpoint: 'sft', task: NAME }),
    ]);
  });

  it('refusals are no alarm by themselves, but unequal ones are, with the bounds of what they may hide', async () => {
    const refusing = (id: string, unit: number): Outcome | undefined =>
      id === 'sft' && unit < 20 ? { kind: 'unscored', reason: 'refused' } : undefined;
    const alarms = await alarmsOf({ outcomeOf: refusing });
    expect(alarms).toEqual([
      expect.objectContaining({ kind: 'uneven-missingness', checkpoint: 'sft', task: NAME }),
    ]);
    expect(alarms[0]?.message).toMatch(
      /^no value for 10 % of its samples, against 0 % of base; whatever these would have been, sft minus base lies between −\d+\.\d \(worse\) and [−+]\d+\.\d \(\w+\) points$/,
    );
    const [low, high] = [...(alarms[0]?.message ?? '').matchAll(/([−+])(\d+\.\d)(?= )/g)].map(
      ([, sign, size]) => Number(size) * (sign === '−' ? -1 : 1),
    );
    // Twenty of 200 samples between 0 and 1: ten points apart.
    expect((high ?? 0) - (low ?? 0)).toBeCloseTo(10, 1);
  });

  it('skipped samples, once for all checkpoints that lack the same', async () => {
    const skipped = (): Outcome => ({ kind: 'skipped', missing: 'cannot score' });
    expect(await alarmsOf({ outcomeOf: skipped })).toEqual([
      {
        kind: 'skipped',
        level: 'alarm',
        checkpoint: null,
        task: NAME,
        message: '100 % skipped: cannot score (every checkpoint)',
      },
    ]);
  });

  it('two checkpoints with the same answers', async () => {
    const change = (record: OutcomeRecord, index: number): OutcomeRecord => ({
      ...record,
      content: String(index % 200)
        .padStart(64, '0')
        .split('')
        .reverse()
        .join(''),
    });
    expect(await alarmsOf({ change })).toEqual([
      expect.objectContaining({
        kind: 'identical-answers',
        checkpoint: 'sft',
        message: expect.stringContaining('the very answers of base'),
      }),
    ]);
    const oneOff = (record: OutcomeRecord, index: number): OutcomeRecord =>
      index === 7 ? record : change(record, index);
    expect(await alarmsOf({ change: oneOff })).toEqual([]);
  });

  it('two ids with one weights digest, said once and not again as identical answers', async () => {
    const twin = checkpoint(
      'sft',
      { method: 'sft', parent: 'base' },
      { weights: BASE.identity.facts['weights'] ?? '' },
    );
    const change = (record: OutcomeRecord, index: number): OutcomeRecord => ({
      ...record,
      content: `${index % 200}`.padEnd(64, 'a'),
    });
    expect(await alarmsOf({ checkpoints: [BASE, twin], change })).toEqual([
      expect.objectContaining({
        kind: 'equal-weights',
        checkpoint: 'sft',
        message: expect.stringContaining('has the weights of base'),
      }),
    ]);
  });

  it('the same answer to every sample', async () => {
    const change = (record: OutcomeRecord): OutcomeRecord =>
      record.checkpoint === 'sft' ? { ...record, content: 'ab'.repeat(32) } : record;
    expect(await alarmsOf({ change })).toEqual([
      expect.objectContaining({ kind: 'constant-answers', checkpoint: 'sft', task: NAME }),
    ]);
  });

  it('a control copy that agrees is a note, one that differs anywhere is loud and counted', async () => {
    expect(await alarmsOf({ checkpoints: [BASE, COPY] })).toEqual([
      {
        kind: 'control-copy-agrees',
        level: 'note',
        checkpoint: 'base-copy',
        task: null,
        message: 'is a control copy of base: differs in no answer (200 compared), as it should',
      },
    ]);
    const change = (record: OutcomeRecord, index: number): OutcomeRecord =>
      record.checkpoint === 'base-copy' && index === 210 ? { ...record, content: 'c'.repeat(64) } : record;
    expect(await alarmsOf({ checkpoints: [BASE, COPY], change })).toEqual([
      expect.objectContaining({
        kind: 'control-copy-differs',
        level: 'alarm',
        message: expect.stringContaining('IS A COPY OF base AND YET DIFFERS in 1 of 200 answers'),
      }),
    ]);
    const silent = (record: OutcomeRecord): OutcomeRecord => ({ ...record, content: null });
    expect(await alarmsOf({ checkpoints: [BASE, COPY], change: silent })).toEqual([
      expect.objectContaining({ kind: 'control-copy-unproven' }),
    ]);
  });

  it('a run that was broken off, and samples that not everyone was asked', async () => {
    const change = (record: OutcomeRecord, index: number): OutcomeRecord | null =>
      index >= 350 ? null : record;
    const alarms = await alarmsOf({ change, rest: { run: { ...RUN, status: 'interrupted' } } });
    expect(alarms).toEqual([
      expect.objectContaining({ kind: 'unfinished', message: expect.stringContaining('interrupted') }),
      {
        kind: 'not-all-asked',
        level: 'alarm',
        checkpoint: 'sft',
        task: NAME,
        message: 'asked 150 samples of 200',
      },
    ]);
  });

  it('what the runner saw comes first and is not said twice', async () => {
    const runnerAlarms = [
      { kind: 'constant-answers', checkpoint: 'sft', task: NAME, message: 'seen while asking' },
    ];
    const change = (record: OutcomeRecord): OutcomeRecord =>
      record.checkpoint === 'sft' ? { ...record, content: 'ab'.repeat(32) } : record;
    expect(await alarmsOf({ change, rest: { runnerAlarms } })).toEqual(runnerAlarms);
  });
});
