import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse/sync';
import type { JsonObject } from '../../core/json.ts';
import { type Cli, openCli, scriptedDefinition } from './cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

/** Runs a definition and returns the id of its run. */
async function runOf(name: string, definition: string): Promise<string> {
  const known = await runs();
  await cli.write(`${name}.yaml`, definition.replace('scripted-lineage', name));
  const { code, err } = await cli.run('run', `${name}.yaml`, '--quiet');
  expect([code, err]).toEqual([0, '']);
  return (await runs()).find((id) => !known.includes(id)) ?? '';
}

async function runs(): Promise<string[]> {
  return readdir(join(cli.folder, 'runs')).catch(() => []);
}

async function edit(run: string, file: string, change: (text: string) => string): Promise<void> {
  const path = join(cli.folder, 'runs', run, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

describe('report --format csv and latex', () => {
  it('prints the effects, and writes all tables into a folder', async () => {
    const run = await runOf('one', scriptedDefinition());
    const { code, out, err } = await cli.run('report', run, '--format', 'csv');
    expect(code).toBe(0);
    expect(err).toBe('printed is effects.csv; --out DIR writes cells.csv, methods.csv beside it\n');
    expect((await cli.run('report', run, '--format', 'csv', '--quiet')).err).toBe('');
    const rows = parse(out, { columns: true }) as Record<string, string>[];
    expect(rows.some(({ from, to }) => from === 'sft' && to === 'dpo')).toBe(true);
    const written = await cli.run('report', run, '--format', 'csv', '--out', 'tables');
    expect(written.out.split('\n').filter((line) => line.endsWith('.csv'))).toHaveLength(3);
    expect(await readFile(join(cli.folder, 'tables', 'effects.csv'), 'utf8')).toBe(out);
    await cli.run('report', run, '--format', 'latex', '--out', 'tables');
    expect(await readFile(join(cli.folder, 'tables', 'report.tex'), 'utf8')).toContain('\\input{tables.tex}');
  });

  it('refuses what does not go together', async () => {
    await runOf('one', scriptedDefinition());
    const published = await cli.run('report', '--format', 'csv', '--published');
    expect([published.code, published.err]).toEqual([2, expect.stringContaining('list published --json')]);
    for (const format of ['csv', 'html', 'svg']) {
      const both = await cli.run('report', '--format', format, '--json');
      expect(both.code).toBe(2);
      expect(both.out).toContain(`asks for JSON, and --format for ${format}`);
    }
    expect((await cli.run('report', '--format', 'json', '--json')).code).toBe(0);
  });
});

/** What is wrong with a JSON by the schema that the program itself prints. */
async function againstSchema(name: string, json: string): Promise<unknown[]> {
  const schema = JSON.parse((await cli.run('schema', name)).out) as JsonObject;
  const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);
  validate(JSON.parse(json));
  return validate.errors ?? [];
}

describe('compare', () => {
  it('joins two runs in every format', async () => {
    const one = await runOf('one', scriptedDefinition());
    const two = await runOf('two', scriptedDefinition().replace('model: dpo', 'model: other'));
    const text = await cli.run('compare', one, two);
    expect([text.code, text.err]).toEqual([0, '']);
    expect(text.out).toContain('Comparison of 2 runs');
    expect(text.out).toContain('B/dpo');
    const json = await cli.run('compare', one, two, '--json');
    const { runs: joined, effects } = JSON.parse(json.out) as { runs: unknown[]; effects: unknown[] };
    expect(joined).toHaveLength(2);
    expect(effects.length).toBeGreaterThan(0);
    expect(await againstSchema('comparison', json.out)).toEqual([]);
    for (const format of ['markdown', 'csv', 'latex']) {
      const printed = await cli.run('compare', one, two, '--format', format);
      expect([format, printed.code]).toEqual([format, 0]);
      expect(printed.out).toContain('dpo');
    }
  });

  it('says why a task is not joined, prints the rest, and exits with 2', async () => {
    const one = await runOf('one', scriptedDefinition());
    const two = await runOf('two', scriptedDefinition());
    await edit(two, 'manifest.json', (text) => {
      const manifest = JSON.parse(text) as { tasks: Record<string, { version: number }> };
      const first = Object.values(manifest.tasks)[0];
      if (first !== undefined) first.version = 99;
      return JSON.stringify(manifest);
    });
    const { code, out } = await cli.run('compare', one, two);
    expect(code).toBe(2);
    expect(out).toMatch(
      /Not joined\n {2}truthfulness\/mc1@zoo-truth:robust: task version: \d+ in A, 99 in B/,
    );
    expect(out).toContain('What each checkpoint scored');
  });

  it('joins no run that stopped by what it saw', async () => {
    const one = await runOf('one', scriptedDefinition());
    const known = await runs();
    await cli.write('until.yaml', scriptedDefinition().replace('scripted-lineage', 'until'));
    await cli.run('run', 'until.yaml', '--quiet', '--until', 'effect-width<0.9');
    const two = (await runs()).find((id) => !known.includes(id)) ?? '';
    const { code, out, err } = await cli.run('compare', one, two);
    expect([code, `${out}${err}`]).toEqual([
      2,
      expect.stringMatching(/stopping rule: none in A, effect-width/),
    ]);
  });

  it('keeps the others when one run is damaged or missing, and exits with 3', async () => {
    const one = await runOf('one', scriptedDefinition());
    const two = await runOf('two', scriptedDefinition());
    const three = await runOf('three', scriptedDefinition());
    await edit(two, 'outcomes.jsonl', (text) => text.replace('"repeat":0', '"repeat":7'));
    const damaged = await cli.run('compare', one, two, three);
    expect(damaged.code).toBe(3);
    expect(damaged.out).toContain('NOT READ');
    expect(damaged.out).toContain('C/dpo');
    const missing = await cli.run('compare', one, 'nowhere', three);
    expect([missing.code, missing.err]).toEqual([3, expect.stringContaining('no such run')]);
    expect(missing.out).toContain('B/dpo');
  });

  it('needs two different runs and a known format', async () => {
    const one = await runOf('one', scriptedDefinition());
    expect((await cli.run('compare', one)).code).toBe(2);
    expect((await cli.run('compare', one, one)).err).toContain('named twice');
    expect((await cli.run('compare', one, 'nowhere')).code).toBe(3);
    expect((await cli.run('compare', one, one, '--format', 'latx')).err).toContain('Did you mean latex?');
  });
});

describe('gate', () => {
  it('exits with 0, 4 or 5, and prints a line a rule', async () => {
    const run = await runOf('one', scriptedDefinition());
    const wide = await cli.run('gate', run, '--no-worse', 'truthfulness:0.99');
    expect([wide.code, wide.out.startsWith('SHOWN')]).toEqual([0, true]);
    const narrow = await cli.run(
      'gate',
      run,
      '--no-worse',
      'truthfulness:0',
      '--no-worse',
      'truthfulness:0.99',
    );
    expect(narrow.out.trimEnd().split('\n')).toHaveLength(2);
    expect(narrow.code).toBe(narrow.out.startsWith('VIOLATED') ? 4 : 5);
    const json = await cli.run('gate', run, '--for', 'dpo', '--no-worse', 'truthfulness:0.99', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ verdict: 'shown', exitCode: 0, rules: [{ margin: 0.99 }] });
    expect(await againstSchema('gate', json.out)).toEqual([]);
    expect(await againstSchema('gate', json.out.replace('"shown"', '"passed"'))).not.toEqual([]);
  });

  it('never passes an unfinished run', async () => {
    const run = await runOf('one', scriptedDefinition());
    await edit(run, 'status.json', (text) => text.replace('"finished"', '"interrupted"'));
    const { code, out } = await cli.run('gate', run, '--no-worse', 'truthfulness:0.99');
    expect([code, out]).toEqual([5, expect.stringContaining('INCOMPLETE')]);
  });

  it('refuses a rule that names nothing, with the nearest name', async () => {
    const run = await runOf('one', scriptedDefinition());
    const { code, err } = await cli.run('gate', run, '--no-worse', 'truthfulnes:0.03');
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean truthfulness')]);
    expect((await cli.run('gate', run)).err).toContain('nothing to check');
  });
});

describe('list published', () => {
  it('shows every table with source and caveats, as data too', async () => {
    const { code, out } = await cli.run('list', 'published');
    expect(code).toBe(0);
    expect(out).toContain('arXiv 2404.18870');
    const { published } = JSON.parse((await cli.run('list', 'published', '--json')).out) as {
      published: { caveats: string[] }[];
    };
    expect(published.every(({ caveats }) => caveats.length > 0)).toBe(true);
  });
});
