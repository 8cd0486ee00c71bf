import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readExtension } from '../../benchmarks/definition/extension-shape.ts';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import { sha256 } from '../../core/digest.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Summary } from '../../results/summary.ts';
import type { LoadedDataset, Task } from '../../suites/task.ts';
import { type Cli, openCli } from '../bin/cli.ts';
import { describeHostile } from './hostile.ts';

const EXAMPLE = fileURLToPath(new URL('../fixtures/example-suite/', import.meta.url));

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

async function placeExample(folder = 'suite'): Promise<void> {
  await cp(EXAMPLE, join(cli.folder, folder), { recursive: true });
}

/** The example's task on two scripted checkpoints and on one of its own adapter. */
function scripted(extension = './suite/brevity.mjs', task = 'brevity/short-answers'): string {
  return `benchmark: brief
extensions: [${extension}]
checkpoints:
  - { id: base, adapter: parrot, model: polly, alignment: { method: none }, options: { times: 9 } }
  - { id: sft, adapter: scripted, model: sft, alignment: { method: sft, parent: base }, options: { rules: [ { reply: { text: ' A few words.' } } ] } }
tasks: [${task}]
`;
}

describe('the worked example of a suite outside the repository', () => {
  it('runs, reports, flips and rescores like a built-in one', async () => {
    await placeExample();
    await cli.write('brief.yaml', scripted());
    expect((await cli.run('validate', 'brief.yaml')).code).toBe(0);
    const { code, out, err } = await cli.run('run', 'brief.yaml', '--json');
    expect([code, err.includes('broke')]).toEqual([0, false]);
    const summary = JSON.parse(out) as Summary;
    expect(summary.tasks).toMatchObject([
      { task: 'brevity/short-answers@brevity-12:robust', dimension: 'brevity', samples: 12, clusters: 3 },
    ]);
    const values = Object.fromEntries(
      summary.cells
        .filter(({ metric }) => metric === 'short')
        .map(({ checkpoint, value }) => [checkpoint, value]),
    );
    expect(values).toEqual({ base: 0, sft: 1 });
    expect(summary.effects.find(({ metric, kind }) => metric === 'short' && kind === 'stage')).toMatchObject({
      from: 'base',
      to: 'sft',
      delta: 1,
    });
    expect((await cli.run('report')).out).toContain('brevity');
    expect((await cli.run('report', '--flips')).out).toContain('What sound does a cow make?');
    expect(await cli.run('rescore')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 outcomes changed'),
    });
    expect((await cli.run('plan', 'brief.yaml', '--quiet', '--json')).out).toContain('brevity/short-answers');
  });

  it('may bring an adapter whose errors are plain objects with the mark of an AdapterError', async () => {
    await placeExample();
    const text = await readFile(join(EXAMPLE, 'brevity.mjs'), 'utf8');
    const failing = `if (request.prompt.text.includes('cow')) throw Object.assign(new Error('no cows'), {
        [Symbol.for('aligntrust.AdapterError')]: true, retry: 'never', code: 'cow' });
      return say(`;
    const mended = text.replace(
      '=> say(Array(options.times ?? 1).fill(model), request)',
      `=> {
      ${failing}Array(options.times ?? 1).fill(model), request); }`,
    );
    await cli.write('suite/brevity.mjs', mended);
    await cli.write('brief.yaml', scripted());
    const { code, out } = await cli.run('run', 'brief.yaml', '--json');
    expect(code).toBe(1);
    const { cells } = JSON.parse(out) as Summary;
    expect(cells.find(({ checkpoint }) => checkpoint === 'base')?.rates.failed).toBeCloseTo(1 / 12, 12);
  });

  it("runs on the zoo's weights", async () => {
    await placeExample();
    const { code, out } = await cli.run('run', join('suite', 'zoo.yaml'), '--json', '--quiet');
    expect(code).toBe(0);
    const { cells } = JSON.parse(out) as Summary;
    expect(cells.filter(({ metric }) => metric === 'short').map(({ checkpoint }) => checkpoint)).toEqual([
      'base',
      'sft',
      'dpo',
    ]);
    expect(cells.every(({ rates }) => rates.failed === 0)).toBe(true);
    expect((await cli.run('report')).code).toBe(0);
  });

  it('is part of what a run is: its digest stands in the manifest, and a changed module is another run', async () => {
    await placeExample();
    await cli.write('brief.yaml', scripted());
    await cli.run('run', 'brief.yaml');
    const [run = ''] = await readdir(join(cli.folder, 'runs'));
    const manifest = JSON.parse(
      await readFile(join(cli.folder, 'runs', run, 'manifest.json'), 'utf8'),
    ) as Manifest;
    const text = await readFile(join(cli.folder, 'suite', 'brevity.mjs'), 'utf8');
    expect(manifest.definition['extensions']).toEqual([
      { path: './suite/brevity.mjs', sha256: sha256(text) },
    ]);
    await cli.write('suite/brevity.mjs', `${text}// mended\n`);
    expect((await cli.run('report')).err).toContain('brevity.mjs has changed since this run');
    await cli.run('run', 'brief.yaml');
    expect(await readdir(join(cli.folder, 'runs'))).toHaveLength(2);
  });

  it('is not imported from outside the folder in which the user stands, unless they name its folder', async () => {
    await mkdir(join(cli.folder, 'theirs'));
    await placeExample('theirs/suite');
    await cli.write('theirs/brief.yaml', scripted());
    await cli.run('run', join('theirs', 'brief.yaml'), '--runs', join('theirs', 'runs'));
    const [run = ''] = await readdir(join(cli.folder, 'theirs', 'runs'));
    const mine = await openCli();
    const folder = join(cli.folder, 'theirs', 'runs', run);
    const refused = await mine.run('report', folder);
    expect([refused.code, refused.err]).toEqual([
      3,
      expect.stringMatching(/code and lies outside.*--data-folder/s),
    ]);
    expect((await mine.run('rescore', folder)).code).toBe(3);
    expect((await mine.run('report', folder, '--data-folder', join(cli.folder, 'theirs'))).code).toBe(0);
    await rm(join(cli.folder, 'theirs', 'suite'), { recursive: true });
    const gone = await mine.run('report', folder, '--data-folder', join(cli.folder, 'theirs'));
    expect([gone.code, gone.err]).toEqual([3, expect.stringContaining('there is no such file')]);
    await mine.close();
  });
});

/** A task whose answers a classifier reads. */
const JUDGED = `const metric = { key: 'rude', label: 'rude answers', range: [0, 1], unit: 'share', direction: 'lower-is-better',
  binary: false, chance: null, counts: {}, fold: 'mean' };
export const tasks = [{
  name: 'manners/rude', dimension: 'manners', version: 1, question: 'Is it rude?', source: 'a test', needs: ['generate'],
  roles: { classifier: ['classify'] }, datasets: [], presets: ['robust'], cluster: 'row', headline: metric,
  metrics: [metric], ownRows: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
  *samples({ rows }) { for (const { id } of rows) yield { id, cluster: id, strata: {}, data: { id } }; },
  ask({ data }, [said, ...classified]) {
    const prompt = { raw: data.id, chat: [{ role: 'user', content: data.id }] };
    if (said === undefined) return [{ verb: 'generate', role: 'checkpoint', prompt, decoding: { maxTokens: 9, temperature: 0 } }];
    return classified.length > 0 ? [] : [{ verb: 'classify', role: 'classifier', texts: [said.completion.text] }];
  },
  read(sample, [, found]) {
    const toxic = found?.verb === 'classify' ? found.classifications[0]?.scores.toxic : undefined;
    return toxic === undefined ? { kind: 'unscored', reason: 'unparsed' } : { kind: 'scored', values: { rude: toxic } };
  },
}];`;

describe('a task with a classifier', () => {
  const definition = (classifier: string) => `benchmark: manners
extensions: [./manners.mjs]
defaults: { adapter: scripted, promptFormat: raw }
checkpoints:
  - { id: base, model: base, alignment: { method: none }, options: { rules: [{ reply: { text: You idiot. } }] } }
  - { id: sft, model: sft, alignment: { method: sft, parent: base }, options: { rules: [{ reply: { text: You too. } }] } }
roles: { classifier: ${classifier} }
tasks: [{ task: manners/rude, dataset: greetings, path: rows.jsonl }]
`;
  const valuesOf = (out: string) =>
    (JSON.parse(out) as Summary).cells.map(({ checkpoint, value }) => [checkpoint, value]);

  it('runs with a scripted one, rescores, and runs again with its recorded classifications', async () => {
    await cli.write('manners.mjs', JUDGED);
    await cli.write('rows.jsonl', '{"id":"hello"}\n{"id":"bye"}\n{"id":"thanks"}\n');
    const rules =
      '[{ match: { contains: idiot }, reply: { labels: { toxic: 0.9 } } }, { reply: { labels: { toxic: 0.1 } } }]';
    await cli.write(
      'mine.yaml',
      definition(
        `{ id: tox, adapter: scripted, model: tox, promptFormat: raw, options: { rules: ${rules} } }`,
      ),
    );
    const live = await cli.run('run', 'mine.yaml', '--json');
    expect([live.code, valuesOf(live.out)]).toEqual([
      0,
      [
        ['base', expect.closeTo(0.9)],
        ['sft', expect.closeTo(0.1)],
      ],
    ]);
    expect(await cli.run('rescore')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 outcomes changed'),
    });
    const [run = ''] = await readdir(join(cli.folder, 'runs'));
    await cli.write(
      'again.yaml',
      definition(`{ id: tox, adapter: replay, model: 'runs/${run}#tox', promptFormat: raw }`),
    );
    const again = await cli.run('run', 'again.yaml', '--json');
    expect([again.code, valuesOf(again.out)]).toEqual([0, valuesOf(live.out)]);
  });

  it('is refused without one (2), and with a model that cannot classify (3)', async () => {
    await cli.write('manners.mjs', JUDGED);
    await cli.write('rows.jsonl', '{"id":"hello"}\n');
    await cli.write('mine.yaml', definition('x').replace(/roles: .*\n/, ''));
    expect(await cli.run('run', 'mine.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('needs a classifier'),
    });
    await cli.write(
      'mine.yaml',
      definition(
        '{ id: tox, adapter: scripted, model: t, promptFormat: raw, options: { verbs: [generate] } }',
      ),
    );
    expect(await cli.run('run', 'mine.yaml')).toMatchObject({
      code: 3,
      err: expect.stringContaining('cannot classify'),
    });
  });
});

describe('an extension with mistakes', () => {
  it('is refused with exit code 2, the place in the file and what is wrong, before anything runs', async () => {
    await cli.write('brief.yaml', scripted('./none.mjs'));
    const absent = await cli.run('run', 'brief.yaml');
    expect([absent.code, absent.err]).toEqual([
      2,
      expect.stringMatching(/brief\.yaml:2:14.*extensions\[0\].*no such file/),
    ]);
    await cli.write('broken.mjs', 'export const tasks = [');
    await cli.write('brief.yaml', scripted('./broken.mjs'));
    expect(await cli.run('run', 'brief.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be imported'),
    });
    await cli.write('thrown.mjs', 'throw new Error("out of tea")');
    await cli.write('brief.yaml', scripted('./thrown.mjs'));
    expect(await cli.run('run', 'brief.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('out of tea'),
    });
    await cli.write('empty.mjs', 'export const suite = []');
    await cli.write('brief.yaml', scripted('./empty.mjs'));
    expect(await cli.run('run', 'brief.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('exports neither'),
    });
  });

  it('adds its names to the suggestions, also those of its adapters', async () => {
    await placeExample();
    await cli.write(
      'brief.yaml',
      scripted('./suite/brevity.mjs', 'brevity/short-answer').replace('parrot', 'parrott'),
    );
    const { code, err } = await cli.run('validate', 'brief.yaml');
    expect(code).toBe(2);
    expect(err).toContain('did you mean "brevity/short-answers"');
    expect(err).toContain('did you mean "parrot"');
  });

  it('is not imported where the list has the wrong form', async () => {
    await cli.write('thrown.mjs', 'throw new Error("out of tea")');
    await cli.write('brief.yaml', scripted('./thrown.mjs, 3'));
    const { code, err } = await cli.run('validate', 'brief.yaml');
    expect([code, err.includes('out of tea')]).toEqual([2, false]);
    expect(err).toContain('extensions[1]');
  });

  const taken = { taskNames: ['truthfulness/mc1'], adapterNames: ['gguf'], datasetIds: ['zoo-truth'] };
  const metric = {
    key: 'short',
    label: 'short',
    range: [0, 1],
    unit: 'share',
    direction: 'higher-is-better',
    binary: true,
    chance: null,
    counts: {},
    fold: 'mean',
  };
  const task = {
    name: 'a/b',
    dimension: 'a',
    version: 1,
    question: 'Is it?',
    source: 'me',
    needs: ['generate'],
    roles: {},
    datasets: ['zoo-truth'],
    presets: ['robust'],
    cluster: 'topic',
    headline: metric,
    metrics: [metric],
    samples: () => [],
    ask: () => [],
    read: () => ({ kind: 'unscored', reason: 'empty' }),
  };
  const problemsOf = (module: Record<string, unknown>) => {
    const read = readExtension(module, taken);
    return 'problems' in read ? read.problems.join('\n') : '';
  };

  it('is told field by field', () => {
    expect(problemsOf({ tasks: [task] })).toBe('');
    expect(problemsOf({ tasks: {} })).toMatch(/tasks: .* is a group of fields, but a list belongs here/);
    expect(problemsOf({ tasks: [{ ...task, read: undefined }] })).toMatch(
      /tasks\[0\]\.read: is missing \(read\(sample/,
    );
    expect(problemsOf({ tasks: [{ ...task, read: 'x' }] })).toMatch(
      /tasks\[0\]\.read: .*a function that gives the outcome/,
    );
    expect(problemsOf({ tasks: [{ ...task, name: 'mine' }] })).toMatch(
      /tasks\[0\]\.name: "mine" has the wrong form/,
    );
    expect(problemsOf({ tasks: [{ ...task, needs: ['scor'] }] })).toMatch(
      /tasks\[0\]\.needs\[0\].*did you mean "score"/,
    );
    expect(problemsOf({ tasks: [{ ...task, name: 'truthfulness/mc1' }] })).toMatch(
      /the name "truthfulness\/mc1" of a task is taken/,
    );
    expect(problemsOf({ tasks: [task, task] })).toMatch(/it brings two tasks "a\/b"/);
    expect(problemsOf({ tasks: [{ ...task, datasets: ['nowhere'] }] })).toMatch(
      /a\/b: its dataset "nowhere" is neither/,
    );
    expect(problemsOf({ tasks: [{ ...task, datasets: [] }] })).toMatch(/a\/b: it reads no dataset/);
    expect(problemsOf({ tasks: [{ ...task, headline: { ...metric, key: 'other' } }] })).toMatch(
      /headline must be the first/,
    );
    expect(problemsOf({ tasks: [{ ...task, ownRows: { type: 'strnig' } }] })).toMatch(
      /a\/b: ownRows is no strict JSON Schema/,
    );
    const range = { ...metric, range: [Number.POSITIVE_INFINITY, 0] };
    expect(problemsOf({ tasks: [{ ...task, headline: range, metrics: [range] }] })).toMatch(
      /"short" does not go from smaller/,
    );
    expect(problemsOf({ datasets: [{ id: 'x' }] })).toMatch(/datasets\[0\]\.licence: is missing/);
    expect(
      problemsOf({
        adapters: [{ name: 'gguf', description: 'x', optionsSchema: {}, createSession: () => {} }],
      }),
    ).toMatch(/the name "gguf" of an adapter is taken/);
  });

  it('may be an object of a class', () => {
    class Instrument {
      samples(): [] {
        return [];
      }
      ask(): [] {
        return [];
      }
      read(): object {
        return {};
      }
    }
    const { samples: _s, ask: _a, read: _r, ...facts } = task;
    expect(problemsOf({ tasks: [Object.assign(new Instrument(), facts)] })).toBe('');
  });
});

/** What the test itself needs to know of the example's untyped exports. */
interface Example {
  readonly tasks: readonly [Task];
  readonly datasets: readonly [Omit<LoadedDataset, 'rows'>];
}

const module = (await import('../fixtures/example-suite/brevity.mjs' as string)) as Example;
const lines = (await readFile(join(EXAMPLE, 'questions.jsonl'), 'utf8')).trim().split('\n');
const rows = lines.map((line) => JSON.parse(line) as JsonObject);
describeHostile([{ task: module.tasks[0], preset: 'robust', dataset: { ...module.datasets[0], rows } }]);
