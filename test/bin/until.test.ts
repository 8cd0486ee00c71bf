import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { decodeLine } from '../../core/checked-line.ts';
import type { Summary } from '../../results/summary.ts';
import { type Cli, openCli, scriptedDefinition } from './cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
  await cli.write('mine.yaml', scriptedDefinition().replace('limit: 40', 'seed: 3'));
});
afterEach(() => cli.close());

async function runFolders(): Promise<string[]> {
  return (await readdir(join(cli.folder, 'runs'))).map((id) => join(cli.folder, 'runs', id));
}

async function outcomes(folder: string): Promise<OutcomeRecord[]> {
  const lines = (await readFile(join(folder, 'outcomes.jsonl'), 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => decodeLine(line) as unknown as OutcomeRecord);
}

async function samplesBySide(folder: string): Promise<string[][]> {
  const all = await outcomes(folder);
  return ['base', 'sft', 'dpo'].map((id) =>
    all
      .filter(({ checkpoint }) => checkpoint === id)
      .map(({ instrument, sample }) => `${instrument} ${sample}`)
      .sort(),
  );
}

describe('run --until', () => {
  it('asks until the effects are known well enough, both sides of every effect alike', async () => {
    const { code, out } = await cli.run('run', 'mine.yaml', '--until', 'effect-width < 0.5');
    expect(code).toBe(0);
    expect(out).toMatch(/stopped by rule effect-width<0\.5 after ([\d,]+) of 3,120 samples\n/);
    const [folder = ''] = await runFolders();
    const [base = [], sft, dpo] = await samplesBySide(folder);
    expect(base.length).toBeLessThan(1040);
    expect(base.length).toBeGreaterThanOrEqual(96);
    expect([sft, dpo]).toEqual([base, base]);

    const status = JSON.parse(await readFile(join(folder, 'status.json'), 'utf8')) as { status: string };
    expect(status.status).toBe('finished');
    const { effects, alarms, relations } = JSON.parse((await cli.run('report', '--json')).out) as Summary;
    expect(alarms.find(({ kind }) => kind === 'stopped-by-rule')?.level).toBe('note');
    const watched = effects.filter(({ kind, metric }) => kind === 'stage' && metric === 'mc1');
    expect(watched.length).toBeGreaterThan(0);
    for (const { test, low, high, verdict, pAdjusted } of watched) {
      expect(test).toBe('confidence-sequence');
      expect((high ?? 1) - (low ?? -1)).toBeLessThan(0.5);
      if (verdict !== 'no detectable change') expect(pAdjusted).toBeLessThanOrEqual(0.05);
    }
    expect(effects.every(({ test }) => test === null || test === 'confidence-sequence')).toBe(true);
    expect([relations.methods, relations.pooled, relations.decompositions]).toEqual([[], [], []]);
  });

  it('is another run than one of all samples, resumes to nothing more to ask, and can be read again', async () => {
    await cli.run('run', 'mine.yaml', '--until', 'effect-width<0.5');
    const [folder = ''] = await runFolders();
    const before = await samplesBySide(folder);
    const again = await cli.run('run', 'mine.yaml', '--until', 'effect-width<0.5');
    expect(again.out).toContain('0 requests asked');
    expect(await samplesBySide(folder)).toEqual(before);
    const rescored = await cli.run('rescore');
    expect(rescored.code).toBe(0);
    expect(await samplesBySide(folder)).toEqual(before);
    await cli.run('run', 'mine.yaml', '--until', 'effect-width<0.4');
    expect(await runFolders()).toHaveLength(2);
    expect((await cli.run('report', folder)).code).toBe(0);
  });

  it('says so when all samples do not reach the width', async () => {
    const { out } = await cli.run('run', 'mine.yaml', '--until', 'effect-width<0.001', '--limit', '60');
    expect(out).toMatch(
      /after \d+ of 360 samples; truthfulness\/mc1\S* did not reach it with all samples asked/,
    );
  });

  it.each(['width<0.1', 'effect-width<0', 'effect-width<ten', 'effect-width>0.1', ''])(
    'refuses the rule "%s"',
    async (rule) => {
      const { code, err } = await cli.run('run', 'mine.yaml', `--until=${rule}`);
      expect(code).toBe(2);
      expect(err).toContain('effect-width<0.10 is 10 points');
    },
  );

  it.each([
    ['run', '5', '5 points are 0.05: effect-width<0.05.'],
    ['plan', '5', '5 points are 0.05: effect-width<0.05.'],
    ['run', '1', '1 point is 0.01: effect-width<0.01.'],
  ])(
    '%s refuses effect-width<%s, which any answers would meet: one problem, with the remedy',
    async (command, width, fix) => {
      const { code, err } = await cli.run(command, 'mine.yaml', `--until=effect-width<${width}`);
      expect(code).toBe(2);
      expect(err).toContain('settles nothing');
      expect(err).toContain(fix);
      expect(err).not.toContain('problems');
      expect(await readdir(cli.folder)).toEqual(['mine.yaml']);
    },
  );

  it('refuses a rule of the file that is none, with its line', async () => {
    await cli.write('mine.yaml', scriptedDefinition(', until: "soon"'));
    const { code, err } = await cli.run('validate', 'mine.yaml');
    expect(code).toBe(2);
    expect(err).toContain('settings.until');
  });

  it('refuses a task whose headline is no bounded mean', async () => {
    await cli.write(
      'mine.yaml',
      scriptedDefinition().replace('truthfulness/mc1@zoo-truth', 'privacy/confaide'),
    );
    const { code, err } = await cli.run('run', 'mine.yaml', '--until', 'effect-width<0.1');
    expect(code).toBe(2);
    expect(err).toContain('only bounded means have a confidence sequence');
    expect(await readdir(cli.folder)).toEqual(['mine.yaml']);
  });
});

describe('run --limit', () => {
  it('asks the first samples of one seeded order: a smaller limit asks a subset, in a run of its own', async () => {
    await cli.run('run', 'mine.yaml', '--limit', '20');
    await cli.run('run', 'mine.yaml', '--limit', '30');
    const folders = await runFolders();
    expect(folders).toHaveLength(2);
    const [few = [], many = []] = (
      await Promise.all(folders.map(async (folder) => (await samplesBySide(folder))[0] ?? []))
    ).toSorted((a, b) => a.length - b.length);
    expect([few.length, many.length]).toEqual([40, 60]);
    expect(few.every((sample) => many.includes(sample))).toBe(true);
    const again = await cli.run('run', 'mine.yaml', '--limit', '20');
    expect(again.out).toContain('0 requests asked');
  });

  it.each(['0', '-3', '1.5', 'all', ''])('refuses "%s"', async (limit) => {
    const { code, err } = await cli.run('run', 'mine.yaml', `--limit=${limit}`);
    expect(code).toBe(2);
    expect(err).toContain('--limit 200');
  });
});
