import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { summarySchema } from '../../results/summary.schema.ts';
import type { Summary } from '../../results/summary.ts';
import { type Cli, openCli, scriptedDefinition } from './cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

describe('help and mistakes on the command line', () => {
  it('lists every command with its exit codes', async () => {
    const { code, out } = await cli.run('--help');
    expect(code).toBe(0);
    for (const name of [
      'run',
      'plan',
      'validate',
      'init',
      'report',
      'rescore',
      'list',
      'probe',
      'explain-miss',
      'schema',
    ]) {
      expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
    expect(out).toContain('130 interrupted and saved');
  });

  it('suggests the command that was meant', async () => {
    const { code, err } = await cli.run('rnu', 'tiny');
    expect(code).toBe(2);
    expect(err).toContain('Did you mean run?');
  });

  it.each([['run'], ['validate'], ['plan'], ['explain-miss']])(
    '%s refuses a benchmark that does not exist',
    async (command) => {
      const { code, err } = await cli.run(command, 'tinny');
      expect(code).toBe(2);
      expect(err).toContain('tiny');
    },
  );

  it('reports all mistakes of a file at once, with line, value and remedy, and asks nothing', async () => {
    const file = scriptedDefinition()
      .replace('parent: base', 'parent: bose')
      .replace('truthfulness/mc1@', 'truthfulness/mcl@');
    await cli.write('mine.yaml', file);
    const { code, err } = await cli.run('run', 'mine.yaml');
    expect(code).toBe(2);
    expect(err).toContain('mine.yaml:5:');
    expect(err).toContain('"bose"');
    expect(err).toContain('base');
    expect(err).toContain('truthfulness/mc1');
    expect(err).toContain('2 problems, nothing was asked.');
    expect(await readdir(cli.folder)).toEqual(['mine.yaml']);
  });

  it('prints mistakes as JSON when asked', async () => {
    await cli.write('mine.yaml', scriptedDefinition().replace('parent: base', 'parent: bose'));
    const { code, out } = await cli.run('validate', 'mine.yaml', '--json');
    expect(code).toBe(2);
    const { error } = JSON.parse(out) as { error: { exitCode: number; problems: { field: string }[] } };
    expect(error.exitCode).toBe(2);
    expect(error.problems[0]?.field).toBe('checkpoints[1].alignment.parent');
  });

  it('counts problems of a command that asks no model without a word of asking', async () => {
    const { code, err } = await cli.run('compare', 'nowhere', 'elsewhere');
    expect(code).toBe(3);
    expect(err).toContain('2 problems.\n');
    expect(err).not.toContain('nothing was asked');
  });

  it.each([
    [['foo', '--json'], "unknown command 'foo'"],
    [['report', '--frmt', 'csv', '--json'], "unknown option '--frmt'"],
    [['run', '--json'], "missing required argument 'benchmark'"],
  ])('%j prints JSON, a wrong command line too', async (argv, message) => {
    const { code, out } = await cli.run(...(argv as string[]));
    expect(code).toBe(2);
    const { error } = JSON.parse(out) as { error: { exitCode: number; problems: { message: string }[] } };
    expect(error.exitCode).toBe(2);
    expect(error.problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    [['report'], 'holds no runs yet'],
    [['report', 'nowhere'], 'no such run'],
    [['report', '--format', 'pdf'], 'no report format "pdf"'],
    [['list', 'taskss'], 'Did you mean tasks?'],
    [['schema', 'sumary'], 'Did you mean summary?'],
    [['probe', 'ggufff', 'x'], 'Did you mean gguf?'],
    [['probe', 'scripted', 'x', '--option', 'mode'], '"mode" is not name=value'],
  ])('%j says what is wrong', async (argv, message) => {
    const { code, err } = await cli.run(...(argv as string[]));
    expect([2, 3]).toContain(code);
    expect(err).toContain(message);
  });
});

describe('a run from the command line', () => {
  it('runs, resumes without asking, reports in three formats and rescores', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    const first = await cli.run('run', 'mine.yaml');
    expect(first.err).toContain('plan        3 checkpoints · 2 tasks · 240 samples to ask');
    expect(first.code).toBe(0);
    expect(first.out).toContain('Which alignment method moved which trust?');

    const again = await cli.run('run', 'mine.yaml');
    expect(again.out).toContain('0 requests asked');
    expect(await readdir(join(cli.folder, 'runs'))).toHaveLength(1);

    const json = await cli.run('report', '--json');
    const summary = JSON.parse(json.out) as Summary;
    const validate = new Ajv2020({ strict: false }).compile(summarySchema as object);
    expect(validate(summary) ? [] : validate.errors).toEqual([]);
    expect(summary.effects.filter(({ kind }) => kind === 'stage').map(({ to }) => to)).toContain('dpo');

    const markdown = await cli.run('report', '--format', 'markdown');
    expect(markdown.out).toMatch(/^\|/m);
    const flips = await cli.run('report', '--flips', '--most', '2');
    expect(flips.out).toContain('got WORSE');
    expect(flips.out).toMatch(/asked {2}\S.*\?\n {6}base +(right|wrong) /);
    const listed = await cli.run('report', '--flips', '--json');
    const stages = JSON.parse(listed.out) as {
      flips: { question: string; markFrom: string; markTo: string }[];
    }[];
    for (const { question, markFrom, markTo } of stages.flatMap((stage) => stage.flips)) {
      expect(question).not.toMatch(/^User:|Assistant:/);
      expect([markFrom, markTo].toSorted()).toEqual(['right', 'wrong']);
    }

    const rescored = await cli.run('rescore');
    expect(rescored.out).toContain('240 samples read again, nothing asked');
    expect((await cli.run('report', '--json')).out).toBe(json.out);
  });

  it('prints a summary alone with --json --quiet', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    const { out, err } = await cli.run('run', 'mine.yaml', '--json', '--quiet');
    expect(err).toBe('');
    expect((JSON.parse(out) as Summary).benchmark).toBe('scripted-lineage');
  });

  it.each(['/proc/nope', '/dev/null/runs'])(
    'says that the run folder %s cannot be made, before anything is asked',
    async (runs) => {
      await cli.write('mine.yaml', scriptedDefinition());
      const { code, err } = await cli.run('run', 'mine.yaml', '--runs', runs);
      expect(code).toBe(3);
      expect(err).toContain(`${runs}: cannot be made`);
      expect(err).toContain('--runs DIR');
    },
  );

  it('starts anew with --new, and shows its runs', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    await cli.run('run', 'mine.yaml');
    await cli.run('run', 'mine.yaml', '--new');
    const { out } = await cli.run('list', 'runs', '--json');
    expect((JSON.parse(out) as { runs: unknown[] }).runs).toHaveLength(2);
  });

  it('stops at maxRequests, and goes on when the limit is raised', async () => {
    await cli.write('mine.yaml', scriptedDefinition(', maxRequests: 50'));
    const stopped = await cli.run('run', 'mine.yaml');
    expect(stopped.out).toContain('Stopped early (max-requests)');
    await cli.write('mine.yaml', scriptedDefinition());
    const finished = await cli.run('run', 'mine.yaml');
    expect(finished.out).toMatch(/190 requests asked, \d+ served/);
    expect(await readdir(join(cli.folder, 'runs'))).toHaveLength(1);
  });

  it('names the field that keeps answers from being served', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    await cli.run('run', 'mine.yaml');
    await cli.write('mine.yaml', scriptedDefinition(', seed: 7').replace('limit: 40', 'limit: 1000'));
    const { out } = await cli.run('explain-miss', 'mine.yaml', '--json');
    const report = JSON.parse(out) as { causes: { fields: string[] }[] };
    expect(report.causes.map(({ fields }) => fields.join())).toContain('seed');
  });

  it('saves what is under way at Ctrl+C and resumes', async () => {
    // Slow enough that the run cannot be over before this test looks at it.
    const slow = scriptedDefinition().replace('limit: 40', 'limit: 400');
    await cli.write(
      'mine.yaml',
      slow.replace('promptFormat: raw', 'promptFormat: raw, options: { delayMs: 20 }'),
    );
    const running = cli.run('run', 'mine.yaml');
    await untilAnswers(cli.folder, 20);
    cli.interrupt();
    const interrupted = await running;
    expect(interrupted.code).toBe(130);
    expect(interrupted.err).toContain('is being saved');
    expect(interrupted.out).toContain('Stopped early (interrupted)');
    const resumed = await cli.run('run', 'mine.yaml', '--json');
    expect(resumed.code).toBe(0);
    expect((JSON.parse(resumed.out) as Summary).run.status).toBe('finished');
  });
});

describe('what can be listed and printed', () => {
  it('lists tasks, datasets, adapters and benchmarks', async () => {
    const { out, err } = await cli.run('list');
    expect(err).toBe('');
    for (const word of ['truthfulness/mc1', 'truthfulqa-817', 'gguf', 'tiny']) expect(out).toContain(word);
  });

  it.each(['definition', 'summary'])('prints the schema of %s as JSON Schema', async (name) => {
    const { out } = await cli.run('schema', name);
    expect(() => new Ajv2020({ strict: false }).compile(JSON.parse(out) as object)).not.toThrow();
  });

  it('writes a benchmark that is valid as it stands', async () => {
    const { out } = await cli.run('init');
    await cli.write('mine.yaml', out);
    expect(await cli.run('validate', 'mine.yaml')).toMatchObject({ code: 0 });
  });

  it('probes a model and says how its abilities were proven', async () => {
    const { code, out } = await cli.run('probe', 'scripted', 'x');
    expect(code).toBe(0);
    expect(out).toContain('x can generate, score');
  });
});

/** Waits until the newest run holds some answers. */
async function untilAnswers(folder: string, count: number): Promise<void> {
  for (;;) {
    const runs = await readdir(join(folder, 'runs')).catch(() => []);
    for (const run of runs) {
      const text = await readFile(join(folder, 'runs', run, 'answers.jsonl'), 'utf8').catch(() => '');
      if (text.split('\n').length > count) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
