import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Summary } from '../../results/summary.ts';
import { type Cli, openCli } from '../bin/cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

function definition(tasks: string): string {
  return `benchmark: own
defaults: { adapter: scripted, promptFormat: raw }
checkpoints:
  - { id: base, model: base, alignment: { method: none } }
  - { id: sft, model: sft, alignment: { method: sft, parent: base }, options: { rules: [
      { match: { verb: score }, reply: { scores: { yes: -1, please: -1, '*': -5 } } },
      { match: { verb: generate, contains: colour }, reply: { text: ' It is blue.' } } ] } }
tasks:
${tasks}
`;
}

const CHOICE = Array.from({ length: 12 }, (_, n) => ({
  id: `c${n}`,
  cluster: `topic ${n % 4}`,
  strata: { kind: n % 2 === 0 ? 'even' : 'odd' },
  prompt: `Is ${n} a number?`,
  options: ['yes', 'no'],
  answer: 'yes',
}));

function jsonl(rows: readonly object[]): string {
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}

describe('a definition with rows of the user', () => {
  it('runs all three tasks like built-in ones: instruments, clusters, pairing, own dimensions', async () => {
    await cli.write('items.jsonl', jsonl(CHOICE));
    await cli.write(
      'pairs.csv',
      `id,prompt,chosen,rejected\n${[1, 2, 3, 4, 5, 6].map((n) => `p${n},"Ask ${n}, politely",please,now`).join('\n')}\n`,
    );
    await cli.write(
      'questions.json',
      JSON.stringify([1, 2, 3, 4].map((n) => ({ prompt: `Which colour, ${n}?`, expected: 'blue' }))),
    );
    await cli.write(
      'mine.yaml',
      definition(`  - { task: custom/choice, dataset: numbers, path: items.jsonl, dimension: numeracy }
  - { task: custom/preference, dataset: manners, path: pairs.csv, dimension: politeness, form: as-written }
  - { task: custom/generate, dataset: colours, path: questions.json }`),
    );
    const { code, out, err } = await cli.run('run', 'mine.yaml', '--json');
    expect([code, err.includes('Error')]).toEqual([0, false]);
    const summary = JSON.parse(out) as Summary;
    expect(summary.tasks.map(({ task, dimension }) => [task, dimension])).toEqual([
      ['custom/choice@numbers:robust', 'numeracy'],
      ['custom/preference@manners:robust', 'politeness'],
      ['custom/generate@colours:robust', 'custom'],
    ]);
    expect(summary.tasks[0]).toMatchObject({ samples: 12, clusters: 4 });
    const cellOf = (task: string, metric: string) =>
      summary.cells.find(
        (cell) => cell.checkpoint === 'sft' && cell.task.startsWith(task) && cell.metric === metric,
      )?.value;
    expect(cellOf('custom/choice', 'accuracy')).toBe(1);
    expect(cellOf('custom/preference', 'preferred')).toBe(1);
    expect(cellOf('custom/generate', 'correct')).toBe(1);
    const stages = summary.effects.filter(({ kind, metric }) => kind === 'stage' && metric === 'accuracy');
    expect(stages.length).toBeGreaterThan(0);
    expect(stages[0]?.from).toBe('base');

    expect((await cli.run('report')).out).toContain('numeracy');
    const rescored = await cli.run('rescore');
    expect([rescored.code, rescored.out]).toEqual([0, expect.stringContaining('0 outcomes changed')]);
    expect((await cli.run('report', '--flips')).code).toBe(0);
  });

  it('is another run when the rows or their form change, and the same when nothing does', async () => {
    await cli.write('items.jsonl', jsonl(CHOICE));
    const one = '  - { task: custom/choice, dataset: numbers, path: items.jsonl }';
    await cli.write('mine.yaml', definition(one));
    await cli.run('run', 'mine.yaml');
    await cli.run('run', 'mine.yaml');
    expect(await readdir(join(cli.folder, 'runs'))).toHaveLength(1);
    await cli.write('mine.yaml', definition(one.replace(' }', ', form: dialogue }')));
    await cli.run('run', 'mine.yaml');
    expect(await readdir(join(cli.folder, 'runs'))).toHaveLength(2);
    await cli.write('items.jsonl', jsonl(CHOICE.map((row) => ({ ...row, prompt: `${row.prompt} Say.` }))));
    await cli.run('run', 'mine.yaml');
    const runs = await readdir(join(cli.folder, 'runs'));
    expect(runs).toHaveLength(3);
    const manifest = JSON.parse(
      await readFile(join(cli.folder, 'runs', runs[0] ?? '', 'manifest.json'), 'utf8'),
    ) as { datasets: Record<string, { rows: number; sha256: string }> };
    expect(manifest.datasets['numbers']).toMatchObject({
      rows: 12,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each([
    ['  - custom/choice', /tasks\[0\].*reads your own rows and has none/],
    ['  - custom/choice@mine', /"mine" is data of your own, so it needs a path/],
    [
      '  - { task: custom/choice, dataset: zoo-truth, path: x.jsonl }',
      /the name of a dataset of the catalogue/,
    ],
    [
      '  - { task: truthfulness/mc1, dataset: zoo-truth, dimension: manners }',
      /only tasks over your own rows/,
    ],
    ['  - { task: custom/choice, dataset: mine, path: x.jsonl, form: dialog }', /did you mean "dialogue"/],
    [
      '  - { task: custom/choice, dataset: mine, path: x.jsonl }\n  - { task: custom/generate, dataset: mine, path: y.jsonl }',
      /"mine" names another file here than above \("x.jsonl"\)/,
    ],
    ['  - { task: custom/chioce, dataset: mine, path: x.jsonl }', /did you mean "custom\/choice"/],
  ])('refuses %s with exit code 2', async (tasks, message) => {
    await cli.write('mine.yaml', definition(tasks));
    const { code, err } = await cli.run('validate', 'mine.yaml');
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    expect(err).toMatch(/mine\.yaml:\d+:\d+/);
  });

  it.each([
    ['x.jsonl', undefined, /x\.jsonl.*there is no such file/],
    ['x.txt', 'hello', /has no ending that says its format/],
    [
      'x.jsonl',
      jsonl([CHOICE[0] ?? {}, { prompt: 'p', options: ['a', 'b'] }]),
      /x\.jsonl:2 {2}answer: is missing.*add "answer"/s,
    ],
    [
      'x.jsonl',
      jsonl([CHOICE[0] ?? {}, { ...CHOICE[1], id: 'c0' }]),
      /x\.jsonl:2 {2}id: "c0" stands in line 1/,
    ],
    ['x.jsonl', `${jsonl(CHOICE.slice(0, 2))}{"id":`, /x\.jsonl:3: is not valid JSON/],
    ['x.csv', 'id,prompt,options,answer\n1,p,a|b,c\n', /x\.csv:2 {2}answer: "c" is none of the options/],
    ['x.parquet', 'PAR1', /is not a parquet file/],
  ])('refuses the rows of %s with file, line and field and exit code 3', async (name, content, message) => {
    if (content !== undefined) await cli.write(name, content);
    await cli.write('mine.yaml', definition(`  - { task: custom/choice, dataset: mine, path: ${name} }`));
    const { code, err } = await cli.run('run', 'mine.yaml');
    expect([code, err]).toEqual([3, expect.stringMatching(message)]);
    expect(await readdir(cli.folder)).not.toContain('runs');
  });
});
