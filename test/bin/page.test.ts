import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Io } from '../../bin/io.ts';
import { main } from '../../bin/main.ts';
import { clearestOf } from '../../bin/page/gather.ts';
import { isOwnHost } from '../../bin/serve/hosts.ts';
import type { Flip } from '../../results/effects/flips.ts';
import { type Cli, openCli, scriptedDefinition } from './cli.ts';

describe('report as files', () => {
  let cli: Cli;
  let folder = '';
  beforeAll(async () => {
    cli = await openCli();
    await cli.write('lineage.yaml', scriptedDefinition());
    const ran = await cli.run('run', 'lineage.yaml', '--quiet');
    expect(ran).toMatchObject({ code: 0, err: '' });
    folder = join('runs', (await readdir(join(cli.folder, 'runs')))[0] ?? '');
  });
  afterAll(() => cli.close());
  const read = (...path: string[]) => readFile(join(cli.folder, ...path), 'utf8');

  it('finds the page and its flips in the folder of every run', async () => {
    expect(await readdir(join(cli.folder, folder))).toEqual(
      expect.arrayContaining(['report.html', 'flips.jsonl', 'summary.json']),
    );
    expect(await read(folder, 'report.html')).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('writes the same page again, wherever it is wanted', async () => {
    const printed = await cli.run('report', '--format', 'html', '--out', 'paper/mine.html');
    expect(printed).toEqual({
      code: 0,
      out: 'paper/mine.html\n',
      err: 'also written: paper/flips.jsonl, every flip for the explorer of the page\n',
    });
    expect(await read('paper', 'mine.html')).toBe(await read(folder, 'report.html'));
    expect(await read('paper', 'flips.jsonl')).toBe(await read(folder, 'flips.jsonl'));
  });

  it('says nothing beside the place of the page when told to be quiet', async () => {
    const printed = await cli.run('report', '--format', 'html', '--out', 'paper/mine.html', '--quiet');
    expect(printed).toEqual({ code: 0, out: 'paper/mine.html\n', err: '' });
  });

  it('says where the page is when there is no browser to open', async () => {
    const printed = await cli.run('report', '--open');
    expect(printed.code).toBe(0);
    expect(printed.out).toBe(`${join(folder, 'report.html')}\n`);
    if (process.platform === 'linux') expect(printed.err).toContain('no browser');
  });

  it('lists every flip with question and both answers, as many as the effects count', async () => {
    const printed = await cli.run('report', '--flips', '--format', 'jsonl', '--out', 'all.jsonl');
    expect(printed).toMatchObject({ code: 0, out: 'all.jsonl\n' });
    const flips = (await read('all.jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { effects, tasks } = JSON.parse(await read(folder, 'summary.json')) as {
      effects: { kind: string; task: string; metric: string; gained: number; lost: number }[];
      tasks: { task: string; headline: string }[];
    };
    const expected = effects
      .filter(
        ({ kind, task, metric }) =>
          kind === 'stage' && tasks.some((one) => one.task === task && one.headline === metric),
      )
      .reduce((sum, { gained, lost }) => sum + gained + lost, 0);
    expect(flips.length).toBe(expected);
    for (const flip of flips) {
      expect(flip).toMatchObject({
        kind: 'stage',
        unit: 'share',
        sample: expect.any(String),
        question: expect.any(String),
      });
      expect((flip['saidFrom'] as string[]).length).toBeGreaterThan(0);
    }
  });

  it('writes each figure as a file of its own', async () => {
    const printed = await cli.run('report', '--format', 'svg', '--out', 'figures');
    expect(printed.code).toBe(0);
    const files = await readdir(join(cli.folder, 'figures'));
    expect(files).toEqual(expect.arrayContaining(['effects.svg', 'lineage.svg']));
    expect(printed.out.trimEnd().split('\n').length).toBe(files.length);
    expect(await read('figures', 'effects.svg')).toMatch(/^<\?xml/);
  });

  it.each([
    [['--format', 'svg'], '--out'],
    [['--format', 'jsonl'], '--flips --format jsonl'],
    [['--format', 'png', '--open', '--out', 'x'], '--open'],
    [['--format', 'htm'], 'Did you mean html?'],
  ])('refuses %j with a way out', async (options, said) => {
    const printed = await cli.run('report', ...options);
    expect(printed.code).toBe(2);
    expect(printed.err).toContain(said);
  });

  it('says which place cannot be written', async () => {
    await cli.write('blocked', '');
    const printed = await cli.run('report', '--format', 'html', '--out', 'blocked/report.html');
    expect(printed.code).toBe(3);
    expect(printed.err).toContain('blocked');
  });

  it('serves the runs until Ctrl+C, and says which port is taken', async () => {
    const { url, ended, interrupt } = await serving(cli.folder);
    expect((await fetch(url)).status).toBe(200);
    const taken = await cli.run('serve', '--port', new URL(url).port);
    expect(taken.code).toBe(3);
    expect(taken.err).toContain('in use');
    interrupt();
    expect(await ended).toBe(0);
    expect((await cli.run('serve', 'nowhere')).code).toBe(3);
    expect((await cli.run('serve', '--port', 'x')).code).toBe(2);
  });
});

/** Starts `serve` on a free port; the address is what it prints. */
async function serving(cwd: string): Promise<{ url: string; ended: Promise<number>; interrupt: () => void }> {
  let interrupt = (): void => {};
  let ended: Promise<number> = Promise.resolve(-1);
  const url = await new Promise<string>((resolve, reject) => {
    const io: Io = {
      out: (text) => resolve(text.trim()),
      err: () => {},
      env: {},
      cwd,
      interactive: false,
      columns: 100,
      colour: false,
      onInterrupt: (callback) => {
        interrupt = callback;
        return () => {};
      },
    };
    ended = main(['serve', '--port', '0', '--quiet'], io);
    ended.then((code) => reject(new Error(`serve ended with ${code}`)), reject);
  });
  return { url, ended, interrupt };
}

describe('which requests are meant for the server', () => {
  it.each([
    ['127.0.0.1:80', true],
    ['localhost:80', true],
    ['127.0.0.1', false],
    ['127.0.0.1:81', false],
    ['evil.example:80', false],
    ['127.0.0.1.evil.example:80', false],
    [undefined, false],
  ])('%s: %s', (host, expected) => {
    expect(isOwnHost(host, 80)).toBe(expected);
  });
});

describe('the clearest flips', () => {
  const flips = (gained: number, lost: number) => [
    ...Array.from(
      { length: gained },
      (_, index) => ({ sample: `g${index}`, change: 'gained' }) as unknown as Flip,
    ),
    ...Array.from(
      { length: lost },
      (_, index) => ({ sample: `l${index}`, change: 'lost' }) as unknown as Flip,
    ),
  ];
  it.each([
    [100, 100, 5, 5],
    [100, 2, 8, 2],
    [2, 100, 2, 8],
    [3, 4, 3, 4],
    [0, 20, 0, 10],
    [0, 0, 0, 0],
  ])('of %i better and %i worse are %i and %i', (gained, lost, better, worse) => {
    const shown = clearestOf(flips(gained, lost), 10);
    expect(shown.filter(({ change }) => change === 'gained').length).toBe(better);
    expect(shown.filter(({ change }) => change === 'lost').length).toBe(worse);
  });
});
