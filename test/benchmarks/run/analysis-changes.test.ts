import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { rescore } from '../../../benchmarks/run/rescore.ts';
import type { RunResult } from '../../../benchmarks/run/run-benchmark.ts';
import { summariseRun } from '../../../bin/summarise-run.ts';
import type { JsonObject } from '../../../core/json.ts';
import { renderLatex } from '../../../results/report/latex.ts';
import { renderMarkdown } from '../../../results/report/markdown.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import type { Summary } from '../../../results/summary.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { answersOf, define, run, scripted } from './support.ts';

const folder = temporaryFolders();
const MC1 = 'truthfulness/mc1@zoo-truth:robust';
const MC2 = 'truthfulness/mc2@zoo-truth:robust';
const SAMPLES = 40;

interface Analysis {
  readonly mc1?: JsonObject;
  readonly mc2?: JsonObject;
  readonly settings?: JsonObject;
  readonly isSwapped?: boolean;
}

function definitionWith({ mc1 = {}, mc2 = {}, settings = {}, isSwapped = false }: Analysis): JsonObject {
  const tasks = [
    { task: 'truthfulness/mc1', dataset: 'zoo-truth', ...mc1 },
    { task: 'truthfulness/mc2', dataset: 'zoo-truth', ...mc2 },
  ];
  return scripted([{ id: 'base' }, { id: 'sft', parent: 'base' }], {
    tasks: isSwapped ? tasks.reverse() : tasks,
    settings: { seed: 1, limit: SAMPLES, ...settings },
  });
}

/** Runs one definition after the other in one folder of runs. */
async function sittings(...analyses: readonly Analysis[]): Promise<RunResult[]> {
  const runs = await folder();
  const results: RunResult[] = [];
  for (const one of analyses) results.push(await run(await define(definitionWith(one)), runs));
  return results;
}

function changedLines({ alarms }: Summary): (readonly [string | null, string])[] {
  return alarms
    .filter(({ kind }) => kind === 'analysis-changed')
    .map(({ task, message }) => [task, message.split(' after the run began')[0] ?? ''] as const);
}

function taskFacts({ tasks }: Summary, name: string) {
  const found = tasks.find(({ task }) => task === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('a margin that is changed after a run began', () => {
  let first: RunResult;
  let second: RunResult;
  let summary: Summary;
  beforeAll(async () => {
    const results = await sittings({ mc1: { equivalence: 0.03 } }, { mc1: { equivalence: 0.05 } });
    [first, second] = results as [RunResult, RunResult];
    summary = await summariseRun(second.folder);
  });

  it('asks nothing again and is used from then on', async () => {
    expect(second).toMatchObject({ folder: first.folder, asked: 0 });
    expect(taskFacts(summary, MC1).equivalence).toBe(0.05);
    const margins = summary.effects.flatMap(({ task, equivalence }) =>
      task === MC1 && equivalence !== null ? [equivalence.margin] : [],
    );
    expect(new Set(margins)).toEqual(new Set([0.05]));
  });

  it('stays in the manifest with what it was, and with how much could be seen', async () => {
    const answers = (await answersOf(first.folder)).length;
    expect(second.manifest.analysisChanges).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        answers,
        definitionDigest: first.manifest.definitionDigest,
        setting: 'equivalence',
        of: MC1,
        was: 0.03,
        is: 0.05,
      },
    ]);
    const written: unknown = JSON.parse(await readFile(join(first.folder, 'manifest.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(second.manifest)));
    expect(second.manifest.fingerprint).toBe(first.manifest.fingerprint);
    // The definition that the manifest holds is the one that it names.
    const fresh = await sittings({ mc1: { equivalence: 0.05 } });
    expect(second.manifest.definition['tasks']).toEqual([
      expect.objectContaining({ instrument: MC1, equivalence: 0.05, headline: true }),
      expect.not.objectContaining({ equivalence: expect.anything() }),
    ]);
    expect(fresh[0]?.manifest.analysisChanges).toBeUndefined();
  });

  it('is said in one line of every report', () => {
    const line = 'equivalence margin of truthfulness/mc1 changed from 3 to 5 points after the run began';
    expect(changedLines(summary)).toEqual([[MC1, line.split(' after')[0]]]);
    expect(renderTerminal(summary, { width: 400, colour: false })).toContain(line);
    expect(renderTerminal(summary, { width: 80, colour: false })).toContain('analysis changed');
    expect(renderMarkdown(summary)).toContain(line);
    expect(renderLatex(summary)).toContain(line.slice(1));
  });

  it('is still said when the outcomes are read again', async () => {
    await rescore(second.folder, '/', { env: {}, notify: () => {} });
    expect(changedLines(await summariseRun(second.folder))).toHaveLength(1);
  });
});

describe('what else decides how answers are analysed', () => {
  it('every step of a margin is told, also the way back', async () => {
    const results = await sittings(
      {},
      { mc1: { equivalence: 0.03 } },
      { mc1: { equivalence: 0.025 } },
      { mc1: { equivalence: 0.025 } },
      {},
    );
    expect(results.map(({ asked }) => asked > 0)).toEqual([true, false, false, false, false]);
    const last = results.at(-1) as RunResult;
    expect(last.manifest.analysisChanges).toHaveLength(3);
    const summary = await summariseRun(last.folder);
    expect(taskFacts(summary, MC1).equivalence).toBeNull();
    expect(changedLines(summary)).toEqual([
      [MC1, 'equivalence margin of truthfulness/mc1 changed from none to 3 to 2.5 to none points'],
    ]);
  });

  it('the headline task, marked or put first', async () => {
    for (const other of [{ mc2: { headline: true } }, { isSwapped: true }]) {
      const [, second] = await sittings({}, other);
      const summary = await summariseRun((second as RunResult).folder);
      expect(summary.tasks.filter(({ primary }) => primary).map(({ task }) => task)).toEqual([MC2]);
      expect(changedLines(summary)).toEqual([
        [null, `headline task of truthfulness changed from ${MC1} to ${MC2}`],
      ]);
    }
  });

  it('what may differ besides the training', async () => {
    const [, second] = await sittings({}, { settings: { allow: ['template', 'engine'] } });
    expect((second as RunResult).manifest.definition).toMatchObject({
      settings: { allow: ['template', 'engine'] },
    });
    expect(changedLines(await summariseRun((second as RunResult).folder))).toEqual([
      [null, 'what may differ besides the training changed from nothing to engine, template'],
    ]);
  });

  it('what the step to keep must satisfy', async () => {
    const runs = await folder();
    const withKeep = (keep: readonly JsonObject[]): JsonObject => ({
      ...definitionWith({}),
      checkpoints: [
        {
          id: 'base',
          adapter: 'scripted',
          model: 'base',
          promptFormat: 'raw',
          alignment: { method: 'none' },
        },
        ...[10, 20].map((step) => ({
          id: `step-${step}`,
          adapter: 'scripted',
          model: `step-${step}`,
          promptFormat: 'raw',
          alignment: { method: 'dpo', parent: 'base', step },
        })),
      ],
      ...(keep.length === 0 ? {} : { keep }),
    });
    const [first, second, third] = [
      await run(await define(withKeep([])), runs),
      await run(await define(withKeep([{ task: 'truthfulness/mc1', atLeast: 0 }])), runs),
      await run(await define(withKeep([{ task: 'truthfulness/mc1', atLeast: 0, metric: 'mc1' }])), runs),
    ];
    expect(second).toMatchObject({ folder: first.folder, asked: 0 });
    const keep = [{ task: MC1, metric: 'mc1', rule: 'at-least', bound: 0 }];
    expect(second.manifest.definition['keep']).toEqual(keep);
    // The headline metric by name is the same constraint.
    expect(third.manifest.analysisChanges).toHaveLength(1);
    const summary = await summariseRun(second.folder);
    expect(changedLines(summary)).toEqual([
      [null, `what the step to keep must satisfy changed from nothing to ${MC1} mc1 >= 0`],
    ]);
    expect(summary.series?.[0]?.kept).toMatchObject({ constraints: keep, step: 20, allowed: [0, 10, 20] });
    // What the command line says takes its place, for this report alone, and is said.
    const other = await summariseRun(second.folder, true, ['truthfulness/mc1 fall <= 1']);
    expect(other.series?.[0]?.kept?.constraints).toMatchObject([{ rule: 'fall-at-most', bound: 1 }]);
    expect(other.alarms.map(({ message }) => message).join('\n')).toContain(
      `the step to keep is chosen by ${MC1} mc1 fall <= 1, given with --keep when answers could be seen`,
    );
    const back = await run(await define(withKeep([])), runs);
    expect('keep' in back.manifest.definition).toBe(false);
    expect((await summariseRun(back.folder)).series?.[0]?.kept).toBeNull();
  });

  it('a mark that says what held anyway, another order of words, limits and hard stops change nothing', async () => {
    const [, ...later] = await sittings(
      { settings: { allow: ['template', 'engine'] } },
      { settings: { allow: ['engine', 'template'] } },
      { mc1: { headline: true }, settings: { allow: ['engine', 'template'], maxMinutes: 60 } },
    );
    for (const one of later) expect(one.manifest.analysisChanges).toBeUndefined();
  });

  it('before the first answer it is a correction, and no report speaks of it', async () => {
    const runs = await folder();
    const definition = await define(definitionWith({ mc1: { equivalence: 0.03 } }));
    const started = await run(await define(definitionWith({ settings: { maxRequests: 1 } })), runs);
    expect(started.asked).toBe(1);
    // As if it had been killed before the first answer was kept.
    await writeFile(join(started.folder, 'answers.jsonl'), '');
    const second = await run(definition, runs);
    expect(second.folder).toBe(started.folder);
    expect(second.manifest.analysisChanges).toMatchObject([{ answers: 0, was: null, is: 0.03 }]);
    expect(changedLines(await summariseRun(second.folder))).toEqual([]);
  });
});
