import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, leastLabels } from '../../bin/label/allocate.ts';
import { isInformative } from '../../results/judge-error/informative.ts';
import { cohenKappa } from '../../results/judge-error/kappa.ts';
import type { Effect, Summary } from '../../results/summary.ts';
import { type Cli, openCli } from './cli.ts';

const NO = "I'm sorry, but I can't help with that.";
const YES = '=HYPERLINK("http://evil.example")\nSure, "take" it; gladly.';
/** A refusal that the rule does not know: people see it. */
const UNSEEN = 'Nay, never shall such a deed be mine, good sir.';

const rules = (refusals: number, unseen: number) =>
  JSON.stringify([
    { match: { share: unseen }, reply: { text: UNSEEN } },
    { match: { share: refusals }, reply: { text: NO } },
    { reply: { text: YES } },
  ]);
const JUDGE = JSON.stringify([
  { match: { contains: 'Nay' }, reply: { text: '{"refusal":"complied"}' } },
  { match: { contains: 'sorry' }, reply: { text: '{"refusal":"refused"}' } },
  { reply: { text: '{"refusal":"complied"}' } },
]);

const DEFINITION = `benchmark: labelled
defaults: { adapter: scripted, promptFormat: chat }
checkpoints:
  - { id: base, model: base, options: { rules: ${rules(0.3, 0.05)} }, alignment: { method: none } }
  - { id: sft, model: sft, options: { rules: ${rules(0.8, 0.2)} }, alignment: { method: sft, parent: base } }
  - { id: twin, model: sft, options: { rules: ${rules(0.8, 0.2)} }, control: copy, alignment: { method: sft, parent: sft } }
roles: { judge: { id: judge, adapter: scripted, promptFormat: chat, model: judge, options: { rules: ${JUDGE} } } }
tasks: [refusal/xstest@zoo-refusal, refusal/harmful-judge@zoo-refusal, truthfulness/mc1@zoo-truth]
settings: { limit: 80, noiseFloor: 0 }
`;

let cli: Cli;
let run: string;
beforeAll(async () => {
  cli = await openCli();
  await cli.write('labelled.yaml', DEFINITION);
  const { code, out, err } = await cli.run('run', 'labelled.yaml', '--json');
  if (code !== 0) throw new Error(`${err}${out}`);
  run = (JSON.parse(out) as Summary).run.id;
});
afterAll(() => cli.close());

const text = (name: string) => readFile(join(cli.folder, name), 'utf8');
const inRun = (name: string) => text(join('runs', run, name));

interface Row {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
}

async function rows(name: string): Promise<Row[]> {
  return (await text(name))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** What people say: they see every refusal. */
const truth = ({ answer }: Row) => (answer.startsWith('Nay') || answer === NO ? 'refused' : 'complied');

async function stage(metric: string): Promise<Effect> {
  const { out } = await cli.run('report', run, '--json');
  const found = (JSON.parse(out) as Summary).effects.find(
    (one) => one.kind === 'stage' && one.metric === metric,
  );
  if (found === undefined) throw new Error(`no stage under ${metric}`);
  return found;
}

describe('the sheet', () => {
  beforeAll(async () => {
    const { code, err } = await cli.run(
      'label',
      run,
      '--n',
      '60',
      '--task',
      'refusal/xstest',
      '--out',
      'sheet.csv',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('tells neither checkpoint nor verdict, and is the same as CSV and as JSON lines', async () => {
    const [table, lines] = [await text('sheet.csv'), await rows('sheet.jsonl')];
    expect(lines).toHaveLength(60);
    expect(Object.keys(lines[0] ?? {})).toEqual(['id', 'question', 'answer', 'decide', 'labels', 'label']);
    for (const word of ['base', 'sft', 'twin', run, 'zoo-refusal']) expect(table).not.toContain(word);
    expect(lines.map(({ id }) => id)).toEqual(lines.map(({ id }) => id).toSorted());
    for (const { id } of lines) expect(table).toContain(id);
  });

  it('draws from every checkpoint and verdict but from no control copy', async () => {
    const { items } = JSON.parse(await inRun('labels-key.json')) as {
      items: { id: string; checkpoint: string }[];
    };
    const answers = new Map((await rows('sheet.jsonl')).map(({ id, answer }) => [id, answer]));
    const places = new Set(items.map(({ id, checkpoint }) => `${checkpoint} ${answers.get(id) === NO}`));
    expect([...places].sort()).toEqual(['base false', 'base true', 'sft false', 'sft true']);
  });

  it('holds no formula', async () => {
    const table = await text('sheet.csv');
    expect(table.charCodeAt(0)).toBe(0xfeff);
    expect(table).toContain('"\'=HYPERLINK(""http://evil.example"")\nSure, ""take"" it; gladly."');
    expect(table).not.toMatch(/(^|[\n,"])=HYPERLINK/);
  });

  it('is never written over', async () => {
    const { code, err } = await cli.run('label', run, '--n', '60', '--out', 'sheet.csv');
    expect(code).toBe(2);
    expect(err).toContain('is there already and may hold labels');
  });

  it('drawn larger holds the smaller one', async () => {
    const before = (await rows('sheet.jsonl')).map(({ id }) => id);
    const draw = (n: string, out: string) =>
      cli.run('label', run, '--n', n, '--task', 'refusal/xstest', '--out', out);
    await draw('90', 'more.csv');
    const after = new Set((await rows('more.jsonl')).map(({ id }) => id));
    expect(after.size).toBe(90);
    expect(before.filter((id) => !after.has(id))).toEqual([]);
    await draw('60', 'again.csv');
    expect((await rows('again.jsonl')).map(({ id }) => id)).toEqual(before);
  });
});

describe('labels read back', () => {
  const write = async (name: string, change: (lines: string[]) => string[], by = ',') => {
    const lines = (await rows('sheet.jsonl')).map((row) => `${row.id}${by}${truth(row)}`);
    await cli.write(name, [`id${by}label`, ...change(lines)].join('\r\n'));
  };

  it.each([
    [
      'an unknown id',
      (lines: string[]) => lines.with(0, 'q00,refused'),
      'x.csv:2: "q00" is not the id of a sampled answer',
    ],
    ['no label', (lines: string[]) => lines.with(1, `${lines[1]?.split(',')[0]},`), 'has no label'],
    [
      'a strange label',
      (lines: string[]) => lines.with(2, `${lines[2]?.split(',')[0]},refuse`),
      'did you mean refused?',
    ],
    ['a label twice', (lines: string[]) => [...lines, lines[0] ?? ''], 'is labelled twice, first in line 2'],
    ['answers left out', (lines: string[]) => lines.slice(2), '2 of 60 sampled answers have no row'],
  ])('are refused with the line: %s', async (_, change, message) => {
    await write('x.csv', change);
    const { code, err } = await cli.run('label', run, '--read', 'x.csv');
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toMatch(/x\.csv/);
  });

  it('are refused in one line where nobody has begun, and by all their wrong lines where somebody has', async () => {
    const fresh = await cli.run('label', run, '--read', 'sheet.csv');
    expect(fresh.code).toBe(2);
    expect(fresh.err.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/sheet\.csv: none of its 60 answers has a label yet$/),
      expect.stringContaining('fill in the column "label" first'),
    ]);
    await write('wrong.csv', (lines) => lines.map((line, index) => (index === 0 ? line : `${line}x`)));
    const { err } = await cli.run('label', run, '--read', 'wrong.csv');
    expect(err).toContain('and 39 more wrong lines');
    expect(err).toContain('59 problems');
    expect(err).not.toContain('21 problems');
  });

  it('are refused without their columns, and without a file', async () => {
    await cli.write('none.csv', 'a,b\r\n1,2\r\n');
    const { code, err } = await cli.run('label', run, '--read', 'none.csv');
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('has no column id and no column label'),
    });
    expect((await cli.run('label', run, '--read', 'nowhere.csv')).code).toBe(3);
  });

  it('correct the effects, from a sheet with semicolons', async () => {
    const before = await stage('unsafe_refused');
    expect(before.judge).toBeNull();
    await write('filled.csv', (lines) => lines, ';');
    const { code, out } = await cli.run('label', run, '--read', 'filled.csv');
    expect(code).toBe(0);
    expect(out).toContain('60 labels read. The scorer agrees with people on:');
    const after = await stage('unsafe_refused');
    expect(after).toMatchObject({ delta: before.delta, judge: { estimator: 'difference' } });
    // The rule overlooks a fifth of sft's refusals and a twentieth of base's.
    expect(after.judge?.delta).toBeGreaterThan(before.delta ?? 0);
    expect(JSON.parse(await inRun('summary.json'))).toMatchObject({
      effects: expect.arrayContaining([expect.objectContaining({ judge: after.judge })]),
    });
    expect((await cli.run('report', run)).out).toMatch(/corrected by \d+ human labels/);
  });

  it('read again as JSON lines replace those from before', async () => {
    const lines = (await rows('sheet.jsonl')).map((row, index) =>
      JSON.stringify({ ...row, label: index === 0 ? 'partly' : truth(row) }),
    );
    await cli.write('filled.jsonl', lines.join('\n'));
    const { code, out } = await cli.run('label', run, '--read', 'filled.jsonl', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ labels: 60, changed: 1 });
  });
});

describe('two draws', () => {
  const sheetOf = (all: readonly Row[]) =>
    ['id,label', ...all.map((row) => `${row.id},${truth(row)}`)].join('\n');

  beforeAll(async () => {
    await cp(join(cli.folder, 'runs', run), join(cli.folder, 'runs', 'draws'), { recursive: true });
  });

  it('of two tasks are read one by one, and what is still open is said', async () => {
    await cli.run('label', 'draws', '--n', '20', '--task', 'refusal/harmful-judge', '--out', 'second.csv');
    await cli.write('first-filled.csv', sheetOf(await rows('sheet.jsonl')));
    const { code, out, err } = await cli.run('label', 'draws', '--read', 'first-filled.csv');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(
      'Still to be labelled: 20 answers of refusal/harmful-judge@zoo-refusal:robust (second.csv).',
    );
  });

  it('of one task say which sheet holds the whole sample, and of which task answers are missing', async () => {
    const draw = ['label', 'draws', '--n', '30', '--task', 'refusal/harmful-judge', '--out', 'third.csv'];
    expect((await cli.run(...draw)).out).toContain(
      'A sample of refusal/harmful-judge@zoo-refusal:robust was drawn before (second.csv): from now on this one counts',
    );
    await cli.write('second-filled.csv', sheetOf(await rows('second.jsonl')));
    const { code, err } = await cli.run('label', 'draws', '--read', 'second-filled.csv');
    expect(code).toBe(2);
    expect(err).toContain('10 of 30 sampled answers have no row (refusal/harmful-judge@zoo-refusal:robust)');
    expect(err).toContain('it was drawn again, into third.csv');
    await cli.write('third-filled.csv', sheetOf(await rows('third.jsonl')));
    expect((await cli.run('label', 'draws', '--read', 'third-filled.csv')).code).toBe(0);
  });

  it('let nobody outside see the key of a sample that is still open', async () => {
    await cli.run('label', 'draws', '--n', '120', '--task', 'refusal/xstest', '--out', 'open.csv');
    const { code, err } = await cli.run('publish', 'draws', '--to', 'site');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const published = await text(join('site', 'runs', run, 'labels-key.json'));
    const { items } = JSON.parse(published) as { items: { id: string }[] };
    const labelled = new Set(
      (await text(join('runs', 'draws', 'labels.jsonl')))
        .split('\n')
        .map((line) => /"id":"(q[0-9a-f]+)"/.exec(line)?.[1]),
    );
    expect(items.length).toBeGreaterThan(60);
    expect(items.filter(({ id }) => !labelled.has(id))).toEqual([]);
    for (const { id } of await rows('open.jsonl')) expect(published).not.toContain(id);
    expect(published).not.toContain('.csv');
    // The numbers are those of the run's own report.
    const own = JSON.parse((await cli.run('report', 'draws', '--json')).out) as Summary;
    const summary = JSON.parse(await text(join('site', 'runs', run, 'summary.json'))) as Summary;
    expect(summary.effects).toEqual(own.effects);
    expect((await cli.run('verify', 'site', '--run', 'draws')).code).toBe(0);
  });
});

describe('two people', () => {
  const sheet = async (name: string, other: readonly number[], word: string, only = false) => {
    const all = await rows('sheet.jsonl');
    const lines = all.map((row, index) => `${row.id},${other.includes(index) ? word : truth(row)}`);
    await cli.write(
      name,
      ['id,label', ...(only ? other.map((index) => lines[index] ?? '') : lines)].join('\n'),
    );
  };

  it('who differ have to settle it, and are told how far they agree', async () => {
    await sheet('a.csv', [], '');
    await sheet('b.csv', [0, 1, 2], 'partly');
    const { code, err } = await cli.run('label', run, '--read', 'a.csv', 'b.csv');
    expect(code).toBe(2);
    expect(err).toContain('people differ on 3 answers');
    expect(err).toMatch(/a\.csv and b\.csv agree on 57 of 60 \(Cohen's kappa 0\.9\d\)/);
    await sheet('settled.csv', [0, 1, 2], 'partly', true);
    const settled = await cli.run('label', run, '--read', 'a.csv', 'b.csv', 'settled.csv', '--json');
    expect(settled.code).toBe(0);
    const stored = (await inRun('labels.jsonl')).split('\n').filter((line) => line.includes('"partly"'));
    expect(stored).toHaveLength(3);
  });

  it('have a kappa of 1 when they agree, 0 when only chance does', () => {
    expect(cohenKappa([['a', 'a'], ['b', 'b']])).toBe(1); // biome-ignore format: pairs
    expect(cohenKappa([['a', 'a'], ['a', 'b'], ['b', 'a'], ['b', 'b']])).toBe(0); // biome-ignore format: pairs
    // .7 agreed, .5 by chance.
    expect(
      cohenKappa([
        ...pairs(35, 'a', 'a'),
        ...pairs(15, 'a', 'b'),
        ...pairs(15, 'b', 'a'),
        ...pairs(35, 'b', 'b'),
      ]),
    ).toBeCloseTo(0.4, 12);
    expect(cohenKappa([['a', 'a']])).toBeNull(); // biome-ignore format: pairs
    expect(cohenKappa([])).toBeNull();
  });
});

const pairs = (count: number, one: string, other: string) =>
  Array.from({ length: count }, () => [one, other] as const);

describe('what can be labelled', () => {
  it('is what a judge or a rule has read', async () => {
    const likelihood = await cli.run('label', run, '--task', 'truthfulness/mc1', '--out', 'y.csv');
    expect({ code: likelihood.code, err: likelihood.err }).toEqual({
      code: 2,
      err: expect.stringContaining('nothing judges the answers of truthfulness/mc1'),
    });
    const judged = await cli.run(
      'label',
      run,
      '--task',
      'refusal/harmful-judge',
      '--n',
      '20',
      '--out',
      'judged.csv',
    );
    expect(judged.out).toContain('read by a judge');
    // What the judge replied is not shown.
    expect(await text('judged.csv')).not.toContain('""refusal""');
  });

  it('needs two labels of every checkpoint and verdict', async () => {
    const { code, err } = await cli.run(
      'label',
      run,
      '--n',
      '3',
      '--task',
      'refusal/xstest',
      '--out',
      'z.csv',
    );
    expect(code).toBe(2);
    expect(err).toMatch(/--n: 3 is too few: .* are \d+/);
  });

  it('is nothing of a run without such tasks', async () => {
    await cli.write(
      'plain.yaml',
      DEFINITION.replace('labelled', 'plain')
        .replace(/tasks: .*/, 'tasks: [truthfulness/mc1@zoo-truth]')
        .replace(/roles: .*\n/, ''),
    );
    await cli.run('run', 'plain.yaml', '--runs', 'others');
    const { code, err } = await cli.run('label', '--runs', 'others');
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('no task of this run rests on') });
  });
});

describe('a saved calibration', () => {
  const LABELLED = `prompt,completion,final_label\r\n${Array.from({ length: 60 }, (_, i) =>
    [
      `p${i}`,
      `"${i % 2 === 0 ? NO : 'Take the spoon.'}"`,
      i % 2 === 0 ? '2_full_refusal' : '1_full_compliance',
    ].join(','),
  ).join('\r\n')}\r\n`;

  it('says what stands if the scorer errs as there, of the scorer that was measured alone', async () => {
    await cli.write('people.csv', LABELLED);
    await cli.run('calibrate', 'refusal', '--data', 'people.csv', '--save', 'refusal.json');
    expect((await stage('refused_judged')).judge).toBeNull();
    const { code, out } = await cli.run('label', run, '--calibration', 'refusal.json');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringContaining('refusal/xstest@zoo-refusal:robust'),
    });
    expect((await stage('refused_judged')).judge).toBeNull();
    // Labels of the run are better evidence.
    expect((await stage('appropriate')).judge?.estimator).toBe('difference');
  });

  it('of another judge is refused', async () => {
    await cli.write('judged-people.csv', LABELLED);
    const measure = ['calibrate', 'refusal-judge', '--data', 'judged-people.csv'];
    await cli.run(
      ...measure,
      '--judge',
      'scripted:other',
      '--judge-option',
      `rules=${JUDGE}`,
      '--save',
      'other.json',
    );
    const { code, err } = await cli.run('label', run, '--calibration', 'other.json');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('it measured another judge') });
    await cli.run(...measure, '--judge', 'labelled.yaml', '--save', 'same.json');
    expect((await cli.run('label', run, '--calibration', 'same.json')).code).toBe(0);
    const { judge } = await stage('refused_judged');
    expect(judge).toMatchObject({
      estimator: 'rogan-gladen',
      note: expect.stringContaining('judged-people.csv'),
    });
  });

  it('is refused when the file is none', async () => {
    await cli.write('none.json', '{"schemaVersion":1,"scorer":"refusal"}');
    const { code, err } = await cli.run('label', run, '--calibration', 'none.json');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('is not a saved calibration') });
  });
});

describe('a judge that nobody measured', () => {
  const judged = () =>
    DEFINITION.replace('labelled', 'judged').replace(
      /tasks: .*/,
      'tasks: [refusal/harmful-judge@zoo-refusal]',
    );
  const summaryOf = async (id: string) =>
    JSON.parse((await cli.run('report', id, '--runs', 'judged', '--json')).out) as Summary;
  const stageOf = ({ effects }: Summary) =>
    effects.find(({ kind, metric }) => kind === 'stage' && metric === 'refused_judged');

  it('feeds no headline until it is shown to be better than chance', async () => {
    await cli.write('judged.yaml', judged());
    const { out } = await cli.run('run', 'judged.yaml', '--runs', 'judged', '--json');
    const before = JSON.parse(out) as Summary;
    const { id } = before.run;
    expect(before.tasks.map(({ primary }) => primary)).toEqual([false]);
    expect(stageOf(before)?.family).toBe('exploratory');
    expect(before.alarms).toContainEqual({
      kind: 'judge-not-calibrated',
      checkpoint: null,
      task: 'refusal/harmful-judge@zoo-refusal:robust',
      message: expect.stringContaining('nobody has measured the errors of its judge'),
    });
    const draw = await cli.run('label', id, '--runs', 'judged', '--n', '40', '--out', 'of-judge.csv');
    expect(draw.code).toBe(0);
    const lines = (await rows('of-judge.jsonl')).map((row) =>
      JSON.stringify({ id: row.id, label: truth(row) }),
    );
    await cli.write('of-judge-filled.jsonl', lines.join('\n'));
    await cli.run('label', id, '--runs', 'judged', '--read', 'of-judge-filled.jsonl');
    const after = await summaryOf(id);
    expect(after.tasks.map(({ primary }) => primary)).toEqual([true]);
    expect(stageOf(after)?.family).toBe('primary');
    expect(after.alarms.filter(({ kind }) => kind === 'judge-not-calibrated')).toEqual([]);
  });

  it('is shown so by the labels of its verdicts', () => {
    const counts = (labelled: number, positive: number) => ({ labelled, positive });
    expect(isInformative(counts(20, 18), counts(20, 4))).toBe(true);
    expect(isInformative(counts(20, 11), counts(20, 9))).toBe(false);
    expect(isInformative(counts(20, 2), counts(20, 18))).toBe(false);
    expect(isInformative(counts(20, 20), counts(0, 0))).toBe(false);
  });
});

describe('allocation', () => {
  it('gives every cell two labels or all it has, never more than it has, and all that were asked for', () => {
    const cell = fc.record({ group: fc.constantFrom('a', 'b', 'c'), size: fc.integer({ min: 1, max: 80 }) });
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 300 }),
        (cells, more) => {
          const total = leastLabels(cells) + more;
          const drawn = allocate(cells, total);
          const all = cells.reduce((sum, { size }) => sum + size, 0);
          expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(Math.min(total, all));
          for (const [index, { size }] of cells.entries()) {
            expect(drawn[index]).toBeLessThanOrEqual(size);
            expect(drawn[index]).toBeGreaterThanOrEqual(Math.min(2, size));
          }
        },
      ),
    );
  });

  it('gives groups alike and large cells more', () => {
    const cells = [
      { group: 'a', size: 90 },
      { group: 'a', size: 10 },
      { group: 'b', size: 100 },
    ];
    expect(allocate(cells, 40)).toEqual([15, 5, 20]);
  });
});
