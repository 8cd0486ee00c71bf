import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Definition } from '../../../benchmarks/definition/definition.ts';
import { rescore } from '../../../benchmarks/run/rescore.ts';
import type { RunResult } from '../../../benchmarks/run/run-benchmark.ts';
import { summariseRun } from '../../../bin/summarise-run.ts';
import type { JsonObject } from '../../../core/json.ts';
import { renderMarkdown } from '../../../results/report/markdown.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import type { Summary } from '../../../results/summary.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { answersOf, define, outcomesOf, refusalOf, run, scripted } from './support.ts';

const folder = temporaryFolders();
const ASKED = 'truthfulness/generate@zoo-truth:robust';
const SAMPLES = 40;

/** Says what is true in a share of its answers. */
function speaker(share: number): JsonObject {
  return {
    rules: [{ match: { share }, reply: { text: 'It is so.' } }, { reply: { text: 'The moon is a lamp.' } }],
  };
}

/** Holds every answer with the word for false; the other way round when contrary. */
function judge(id: string, isContrary = false): JsonObject {
  const say = (truthful: boolean): JsonObject => ({
    text: JSON.stringify({ truthful: truthful === isContrary ? 'no' : 'yes', informative: 'yes' }),
  });
  const rules = [{ match: { contains: 'lamp' }, reply: say(false) }, { reply: say(true) }];
  return { id, adapter: 'scripted', model: id, promptFormat: 'chat', options: { rules } };
}

function judgedBy(
  roles: JsonObject,
  tasks: JsonObject[] = [{ task: 'truthfulness/generate', dataset: 'zoo-truth' }],
) {
  return scripted(
    [
      { id: 'base', options: speaker(0.2) },
      { id: 'sft', parent: 'base', options: speaker(0.8) },
    ],
    { roles, tasks, settings: { seed: 1, limit: SAMPLES } },
  );
}

describe('several judges of the same answers', () => {
  let definition: Definition;
  let runs: string;
  let result: RunResult;
  let summary: Summary;
  beforeAll(async () => {
    runs = await folder();
    definition = await define(
      judgedBy({ judges: [judge('strict'), judge('contrary', true), judge('other')] }, [
        { task: 'truthfulness/generate', dataset: 'zoo-truth', headline: true },
        { task: 'truthfulness/mc1', dataset: 'zoo-truth' },
      ]),
    );
    result = await run(definition, runs);
    summary = await summariseRun(result.folder);
  });

  it('are an instrument each, which carries the name of its judge', () => {
    expect(definition.tasks.map(({ instrument, headline }) => [instrument, headline])).toEqual([
      [`${ASKED}+strict`, true],
      [`${ASKED}+contrary`, undefined],
      [`${ASKED}+other`, undefined],
      ['truthfulness/mc1@zoo-truth:robust', undefined],
    ]);
    expect(Object.keys(definition.roles)).toEqual(['judge', 'judge+contrary', 'judge+other']);
    expect(Object.keys(result.manifest.models)).toEqual([
      'base',
      'sft',
      'role:judge',
      'role:judge+contrary',
      'role:judge+other',
    ]);
  });

  it('read answers that are asked once', async () => {
    const answers = await answersOf(result.folder);
    const asked = (id: string): number => answers.filter(({ checkpoint }) => checkpoint === id).length;
    // The free answer and the likelihoods of the other task.
    expect(asked('base')).toBe(2 * SAMPLES);
    const texts = (instrument: string) =>
      outcomesOf(result.folder).then((all) =>
        all.filter((one) => one.instrument === instrument).map(({ answers: [first] }) => first ?? ''),
      );
    expect((await texts(`${ASKED}+contrary`)).sort()).toEqual((await texts(`${ASKED}+strict`)).sort());
    for (const id of ['strict', 'contrary', 'other']) expect(asked(id)).toBeGreaterThan(0);
    expect(new Set(answers.map(({ role }) => role))).toEqual(
      new Set(['checkpoint', 'judge', 'judge+contrary', 'judge+other']),
    );
  });

  it('say what they say: each column holds its own judge', () => {
    const value = (id: string, checkpoint: string) =>
      summary.cells.find(
        (cell) =>
          cell.task === `${ASKED}+${id}` && cell.checkpoint === checkpoint && cell.metric === 'truthful',
      )?.value ?? Number.NaN;
    expect(value('strict', 'sft')).toBeGreaterThan(value('strict', 'base') + 0.3);
    expect(value('contrary', 'sft')).toBeCloseTo(1 - value('strict', 'sft'), 12);
    expect(value('other', 'base')).toBe(value('strict', 'base'));
  });

  it('are counted, k of N, and are one task of the dimension', () => {
    expect(summary.relations.readings).toEqual([
      expect.objectContaining({
        over: 'judges',
        kind: 'stage',
        from: 'base',
        to: 'sft',
        task: `${ASKED}+strict`,
        compared: 3,
        sameSign: 2,
      }),
    ]);
    expect(summary.alarms.map(({ kind }) => kind)).not.toContain('equal-judges');
    // No judge was calibrated, so that the task without one stands for the dimension: two tasks, not four.
    expect(summary.relations.agreements).toEqual([
      expect.objectContaining({ dimension: 'truthfulness', tasks: 2 }),
    ]);
    const line = /2 of 3 judges say better: strict \+\d+\.\d \(better\), contrary −\d+\.\d \(worse\), other/;
    expect(renderTerminal(summary, { width: 200, colour: false })).toMatch(line);
    expect(renderMarkdown(summary).replaceAll('\\', '')).toMatch(line);
    expect(renderTerminal(summary, { width: 200, colour: false })).toContain('1 of 3 judges');
  });

  it('leave the headline to the first of them, and to another task where nobody measured it', async () => {
    const primaries = summary.tasks.filter(({ primary }) => primary).map(({ task }) => task);
    expect(primaries).toEqual(['truthfulness/mc1@zoo-truth:robust']);
    const alone = await run(await define(judgedBy({ judges: [judge('strict'), judge('other')] })), runs);
    // A further judge never takes the place of the first.
    expect((await summariseRun(alone.folder)).tasks.map(({ primary }) => primary)).toEqual([false, false]);
  });

  it('are resumed and read again without being asked', async () => {
    const again = await run(definition, runs);
    expect(again).toMatchObject({ folder: result.folder, asked: 0 });
    const read = await rescore(result.folder, '/', { env: {}, notify: () => {} });
    expect(read).toMatchObject({ changed: 0, unanswered: 0 });
  });
});

describe('one model under the names of two judges', () => {
  it('is said to agree with itself; with another system prompt it is another judge', async () => {
    const alarmsWith = async (more: JsonObject): Promise<string[]> => {
      const judges = [judge('strict'), { ...judge('other'), model: 'strict', ...more }];
      const { folder: place } = await run(await define(judgedBy({ judges })), await folder());
      const { alarms } = await summariseRun(place);
      return alarms.filter(({ kind }) => kind === 'equal-judges').map(({ message }) => message);
    };
    expect(await alarmsWith({})).toEqual([expect.stringContaining('strict, other are one model')]);
    expect(await alarmsWith({ system: 'Be strict.' })).toEqual([]);
  });
});

describe('one judge', () => {
  it('is no part of the name, written either way', async () => {
    const single = await define(judgedBy({ judge: judge('strict') }));
    const listed = await define(judgedBy({ judges: [judge('strict')] }));
    expect(single.tasks.map(({ instrument }) => instrument)).toEqual([ASKED]);
    expect(listed.digest).toBe(single.digest);
  });
});

describe('judges that cannot be told apart', () => {
  it('are refused, all at once', async () => {
    const strict = judge('strict');
    const { problems } = await refusalOf(
      define(judgedBy({ judge: strict, judges: [strict, 'base', 'base', 'nobody'] })),
    );
    expect(problems.map(({ field, message }) => [field, message])).toEqual([
      ['roles.judges', 'stands beside "judge"'],
      ['roles.judges[0].id', '"strict" is already the id of another model'],
      ['roles.judges[2]', '"base" is listed twice'],
      ['roles.judges[3]', '"nobody" is not a checkpoint of this file'],
    ]);
  });
});
