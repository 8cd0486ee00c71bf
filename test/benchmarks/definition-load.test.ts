import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../benchmarks/definition/definition.ts';
import { definitionJson } from '../../benchmarks/definition/fill.ts';
import { definitionFromText, loadDefinition } from '../../benchmarks/definition/load.ts';
import { notesOn } from '../../benchmarks/definition/notes.ts';
import { digestOf } from '../../core/digest.ts';
import { EXIT, type Problem, UserError } from '../../core/errors.ts';
import { vocabulary } from './definition.helpers.ts';

const folder = fileURLToPath(new URL('../fixtures/definition', import.meta.url));

const load = (text: string): Promise<Definition> =>
  definitionFromText(text, { file: 'mine.yaml', folder, vocabulary });

async function errorOf(loading: Promise<unknown>): Promise<UserError> {
  try {
    await loading;
  } catch (error) {
    if (UserError.is(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const problemsIn = async (text: string): Promise<readonly Problem[]> => (await errorOf(load(text))).problems;

/** A definition with one checkpoint and one task, and whatever else. */
const withCheckpoints = (lines: string): string =>
  `benchmark: mine\ntasks: [truthfulness/mc1]\ncheckpoints:\n${lines}`;

describe('a good definition', () => {
  it('comes back with its defaults filled in', async () => {
    const definition = await loadDefinition('good.yaml', { folder, vocabulary });
    const [base, sft, dpo, copy, local] = definition.checkpoints;
    expect(base).toEqual({
      id: 'base',
      adapter: 'openai',
      model: 'llama',
      promptFormat: 'raw',
      options: { baseURL: 'http://127.0.0.1:8000/v1', apiKeyEnv: 'LLM_KEY' },
      limits: { concurrency: 4, timeoutSeconds: 120 },
      alignment: { method: 'none', family: 'llama-3-8b' },
    });
    expect(sft).toMatchObject({ system: 'Answer briefly.', limits: { concurrency: 4, timeoutSeconds: 30 } });
    expect(dpo).toMatchObject({
      system: 'Be kind.',
      options: { baseURL: 'http://127.0.0.1:8000/v1', apiKeyEnv: 'OTHER_KEY' },
      alignment: {
        method: 'dpo',
        parent: 'sft',
        seed: 1,
        step: 500,
        recipe: 'beta 0.1',
        family: 'llama-3-8b',
      },
    });
    expect(copy).toMatchObject({ control: 'copy', alignment: { parent: 'sft' } });
    expect(local).toMatchObject({ adapter: 'gguf', options: {}, template: '{{ messages[0].content }}' });
    expect(definition.tasks.map(({ instrument }) => instrument)).toEqual([
      'truthfulness/mc1@truthfulqa-817:robust',
      'truthfulness/mc1@truthfulqa-790:paper',
      'truthfulness/mc2@zoo-truth:paper',
      'truthfulness/judged@truthfulqa-817:robust',
    ]);
    expect(definition.tasks[2]).toMatchObject({ path: './items.json', limit: 5 });
    expect(definition.roles.reference).toEqual({ ...base, alignment: undefined });
    expect(definition.roles.judge).toMatchObject({
      id: 'judge',
      promptFormat: 'chat',
      limits: { timeoutSeconds: 120 },
    });
    expect(definition.settings).toEqual({
      seed: 7,
      limit: 100,
      repeats: 1,
      failureTolerance: 0.01,
      memoryMegabytes: 4096,
    });
    expect(definition.folder).toBe(folder);
  });

  it('has a digest of everything but its folder', async () => {
    const text = readFileSync(join(folder, 'good.yaml'), 'utf8');
    const here = await definitionFromText(text, { file: 'a.yaml', folder, vocabulary });
    expect(here.digest).toBe(digestOf(definitionJson(here)));
    const commented = await definitionFromText(`# a comment\n${text}`, {
      file: 'b.yaml',
      folder,
      vocabulary,
    });
    expect(commented.digest).toBe(here.digest);
    const reseeded = await definitionFromText(text.replace('seed: 7', 'seed: 8'), {
      file: 'a.yaml',
      folder,
      vocabulary,
    });
    expect(reseeded.digest).not.toBe(here.digest);
  });

  it('may be JSON, and may name its schema for editors', async () => {
    const json = {
      $schema: './definition.schema.json',
      benchmark: 'mine',
      checkpoints: [{ id: 'a', adapter: 'gguf', model: 'zoo:base', alignment: { method: 'none' } }],
      tasks: ['truthfulness/mc1@zoo-truth'],
    };
    const definition = await load(JSON.stringify(json, null, 2));
    expect(definition.checkpoints[0]).toMatchObject({ id: 'a', promptFormat: 'raw' });
    expect(definition.tasks[0]?.instrument).toBe('truthfulness/mc1@zoo-truth:robust');
  });

  it('may name environment variables where a secret is needed', async () => {
    const variable = (name: string): string => `$\{${name}}`;
    const bearer = `Bearer ${variable('MY_TOKEN')}`;
    const headers = `{ Authorization: "${bearer}", X-Api-Key: "${variable('OTHER')}" }`;
    const definition = await load(
      withCheckpoints(
        `  - { id: a, adapter: openai, model: m, options: { baseURL: "http://h/v1", headers: ${headers} }, alignment: { method: none } }`,
      ),
    );
    expect(definition.checkpoints[0]?.options['headers']).toEqual({
      Authorization: bearer,
      'X-Api-Key': variable('OTHER'),
    });
  });

  it('is described where it cannot show an effect', async () => {
    const alone = await load(
      withCheckpoints('  - { id: chatty, adapter: gguf, model: m, alignment: { method: unknown } }'),
    );
    expect(notesOn(alone)).toEqual([
      'checkpoint chatty (method unknown) has no parent in the file: what unknown did to it cannot be computed.',
      'No checkpoint has a parent: the run measures levels, and no effect of any alignment method.',
      'The alignment method of chatty is "unknown": write it before you publish.',
    ]);
    const mixed = await loadDefinition('good.yaml', { folder, vocabulary });
    expect(notesOn(mixed).filter((note) => note.startsWith('base → sft'))).toHaveLength(1);
    const noise = (adapter: string, noiseFloor: number) =>
      notesOn({
        ...alone,
        settings: { ...alone.settings, noiseFloor },
        checkpoints: alone.checkpoints.map((one) => ({ ...one, adapter })),
      }).filter((note) => note.startsWith('noiseFloor'));
    expect([noise('gguf', 0.1), noise('gguf', 0), noise('openai', 0.1)].map(({ length }) => length)).toEqual([
      1, 0, 0,
    ]);
  });
});

describe('a definition with mistakes', () => {
  it('names all of them at once, with place, field, value, nearest name and remedy', async () => {
    const error = await errorOf(loadDefinition('mistakes.yaml', { folder, vocabulary }));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message).toBe(readFileSync(join(folder, 'mistakes.txt'), 'utf8').trimEnd());
    expect(error.message).not.toContain('sk-abcdefghijklmnop1234');
  });

  it('shows the position and field of an unknown parent as people expect it', async () => {
    const [problem] = await problemsIn(
      withCheckpoints(
        [
          '  - { id: sft_7b, adapter: gguf, model: m, alignment: { method: sft } }',
          '  - id: dpo_7b',
          '    adapter: gguf',
          '    model: m',
          '    alignment:',
          '      method: dpo',
          '      parent: sft-7b',
        ].join('\n'),
      ),
    );
    expect(problem).toEqual({
      where: 'mine.yaml:10:15',
      field: 'checkpoints[1].alignment.parent',
      message: '"sft-7b" is not a checkpoint of this file',
      fix: 'did you mean "sft_7b"?  (declared: sft_7b, dpo_7b)',
    });
  });

  it('points at the defaults when the mistake stands there, and once', async () => {
    const problems = await problemsIn(
      `benchmark: mine
tasks: [truthfulness/mc1]
defaults:
  adapter: opnai
  options: { thread: 1 }
checkpoints:
  - { id: a, model: m, alignment: { method: none } }
  - { id: b, model: m, alignment: { method: sft, parent: a } }
  - { id: c, adapter: gguf, model: m, alignment: { method: sft, parent: a }, options: { thread: 2 } }
`,
    );
    expect(problems.map(({ where, field }) => `${where} ${field}`)).toEqual([
      'mine.yaml:4:12 defaults.adapter',
      'mine.yaml:9:89 checkpoints[2].options.thread',
    ]);
  });

  it.each([
    [
      'a circle',
      '  - { id: a, adapter: gguf, model: m, alignment: { method: dpo, parent: b } }\n  - { id: b, adapter: gguf, model: m, alignment: { method: dpo, parent: a } }',
      'the lineage goes in a circle: "a" from "b" from "a"',
    ],
    [
      'itself as parent',
      '  - { id: a, adapter: gguf, model: m, alignment: { method: dpo, parent: a } }',
      '"a" is its own parent',
    ],
    ['no adapter', '  - { id: a, model: m, alignment: { method: none } }', 'is missing'],
    [
      'a copy of nothing',
      '  - { id: a, adapter: gguf, model: m, control: copy, alignment: { method: none } }',
      'a control copy must name the checkpoint that it copies',
    ],
    [
      'a copy with another method',
      '  - { id: a, adapter: gguf, model: m, alignment: { method: sft } }\n  - { id: b, adapter: gguf, model: m, control: copy, alignment: { method: dpo, parent: a } }',
      '"dpo" is not the method of the checkpoint that it copies, "sft"',
    ],
    [
      'a copy asked otherwise',
      '  - { id: a, adapter: gguf, model: m, alignment: { method: sft } }\n  - { id: b, adapter: gguf, model: m, promptFormat: chat, control: copy, alignment: { method: sft, parent: a } }',
      'differs from the checkpoint that it copies',
    ],
    [
      'a child of a copy',
      '  - { id: a, adapter: gguf, model: m, alignment: { method: sft } }\n  - { id: b, adapter: gguf, model: m, control: copy, alignment: { method: sft, parent: a } }\n  - { id: c, adapter: gguf, model: m, alignment: { method: dpo, parent: b } }',
      '"b" is a control copy',
    ],
    [
      'another family',
      '  - { id: a, adapter: gguf, model: m, alignment: { method: none, family: x } }\n  - { id: b, adapter: gguf, model: m, alignment: { method: sft, parent: a, family: y } }',
      '"y" differs from the family of its parent, "x"',
    ],
    [
      'a template for raw prompts',
      '  - { id: a, adapter: gguf, model: m, template: "{{x}}", alignment: { method: none } }',
      'has no place in a raw prompt, and promptFormat is raw unless stated',
    ],
    [
      'a key in a header',
      '  - { id: a, adapter: openai, model: m, options: { baseURL: "http://h/v1", headers: { Authorization: Bearer abcdefgh12345678 } }, alignment: { method: none } }',
      'a secret must not stand in the file (its value is not shown)',
    ],
    [
      'a password in a URL',
      '  - { id: a, adapter: openai, model: m, options: { baseURL: "http://me:hunter22@h/v1" }, alignment: { method: none } }',
      'a secret must not stand in the file (its value is not shown)',
    ],
    [
      'a key where its name belongs',
      '  - { id: a, adapter: openai, model: m, options: { baseURL: "http://h/v1", apiKeyEnv: sk-abcdefghijklmnop1234 }, alignment: { method: none } }',
      'a secret must not stand in the file (its value is not shown)',
    ],
    [
      'a number that is none',
      '  - { id: a, adapter: openai, model: m, options: { baseURL: "http://h/v1", extraBody: { top_k: .nan } }, alignment: { method: none } }',
      'NaN is no number that can be recorded',
    ],
    ['no list', '  {}', '{…} is a group of fields, but a list belongs here'],
    ['an empty list', '  []', 'the list needs at least 1'],
    ['nothing', '', 'null is empty, but a list belongs here'],
  ])('refuses %s', async (_what, checkpoints, message) => {
    const error = await errorOf(load(withCheckpoints(checkpoints)));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.problems.map((problem) => problem.message)).toEqual([message]);
    expect(error.message).not.toMatch(/hunter22|abcdefgh12345678|sk-abc/);
    expect(error.problems[0]?.where).toMatch(/^mine\.yaml:\d+:\d+$/);
  });

  it.each([
    ['an unknown checkpoint', 'reference: bas', 'roles.reference', '"bas" is not a checkpoint of this file'],
    [
      'an id that is taken',
      'judge: { id: base, adapter: gguf, model: m, promptFormat: chat }',
      'roles.judge.id',
      '"base" is already the id of another model',
    ],
    [
      'no prompt format',
      'judge: { id: j, adapter: gguf, model: m }',
      'roles.judge.promptFormat',
      'is missing',
    ],
    [
      'an alignment',
      'judge: { id: j, adapter: gguf, model: m, promptFormat: chat, alignment: {} }',
      'roles.judge.alignment',
      'unknown field "alignment"',
    ],
  ])('refuses a role with %s', async (_what, role, field, message) => {
    const problems = await problemsIn(
      `${withCheckpoints('  - { id: base, adapter: gguf, model: m, alignment: { method: none } }')}\nroles:\n  ${role}`,
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field, message });
  });

  it('says that a chat template file cannot be read, and exits with 3', async () => {
    const error = await errorOf(
      load(
        withCheckpoints(
          '  - { id: a, adapter: gguf, model: m, promptFormat: chat, template: { file: no.jinja }, alignment: { method: none } }',
        ),
      ),
    );
    expect(error.exitCode).toBe(EXIT.environment);
    expect(error.problems[0]).toMatchObject({ field: 'checkpoints[0].template.file' });
  });
});

describe('a name that leads to no definition', () => {
  it('lists the catalogue, nearest first', async () => {
    const error = await errorOf(loadDefinition('tyny', { folder, vocabulary }));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.problems[0]?.message).toBe('there is no benchmark and no file of this name');
    expect(error.problems[0]?.fix).toMatch(/^did you mean "tiny"\? {2}\(benchmarks of the catalogue: .*tiny/);
  });

  it('tells a missing file, a folder and a binary file apart', async () => {
    expect((await errorOf(loadDefinition('none.yaml', { folder, vocabulary }))).message).toContain(
      'no such file',
    );
    expect((await errorOf(loadDefinition('.', { folder, vocabulary }))).message).toContain('is a folder');
    const here = fileURLToPath(new URL('../fixtures/definition/latin1.yaml', import.meta.url));
    expect((await errorOf(loadDefinition(here, { folder, vocabulary }))).message).toContain(
      'is not UTF-8 text',
    );
  });
});

describe('what a definition says of its effects', () => {
  const ONE = '  - { id: base, adapter: gguf, model: base.gguf, alignment: { method: none } }\n';
  const withTasks = (tasks: string, rest = ''): string =>
    `benchmark: mine\ncheckpoints:\n${ONE}tasks:\n${tasks}${rest}`;

  it('is recorded, and changes no digest where it is not written', async () => {
    const plain = await load(withTasks('  - truthfulness/mc1\n'));
    expect(Object.keys(plain.tasks[0] ?? {}).sort()).toEqual(['dataset', 'instrument', 'preset', 'task']);
    expect(plain.settings).not.toHaveProperty('allow');
    const said = await load(
      withTasks(
        '  - { task: truthfulness/mc1, headline: true, equivalence: 0.03 }\n',
        'settings: { allow: [template, quantisation] }\n',
      ),
    );
    expect(said.tasks[0]).toMatchObject({ headline: true, equivalence: 0.03 });
    expect(said.settings.allow).toEqual(['template', 'quantisation']);
    expect(said.digest).not.toBe(plain.digest);
  });

  it.each([
    ['{ task: truthfulness/mc1, equivalence: 3 }', 'a share cannot differ by 3', '3 points are 0.03'],
    ['{ task: truthfulness/mc1, equivalence: 0 }', '0', undefined],
    ['{ task: truthfulness/mc1, equivalence: "0,03" }', 'number', undefined],
    ['{ task: truthfulness/mc1, headline: false }', 'not one of the allowed values', undefined],
  ])('refuses %s', async (task, message, fix) => {
    const [problem] = await problemsIn(withTasks(`  - ${task}\n`));
    expect(problem?.message).toContain(message);
    if (fix !== undefined) expect(problem?.fix).toBe(fix);
  });

  it('names one headline task a dimension, and only differences that it knows', async () => {
    const two =
      '  - { task: truthfulness/mc1, headline: true }\n  - { task: truthfulness/mc2, headline: true }\n';
    expect(await problemsIn(withTasks(two))).toMatchObject([
      { field: 'tasks[1].headline', message: '"truthfulness" has its headline task already' },
    ]);
    const unknown = withTasks('  - truthfulness/mc1\n', 'settings: { allow: [weights] }\n');
    expect(await problemsIn(unknown)).toMatchObject([{ field: 'settings.allow[0]' }]);
  });
});

describe('formats', () => {
  const file = (formats: string, more = ''): string =>
    `benchmark: mine\nformats: ${formats}\ntasks: [truthfulness/mc1]\nroles: { reference: base }\ncheckpoints:\n` +
    `  - { id: base, adapter: gguf, model: base.gguf, template: "{{ messages }}", alignment: { method: none, family: one } }\n` +
    `  - { id: sft, adapter: gguf, model: sft.gguf, alignment: { method: sft, parent: base, seed: 1 }${more} }\n`;

  it('make a second lineage of the same checkpoints, each within its format', async () => {
    const { checkpoints, roles } = await load(file('[raw, chat]'));
    expect(
      checkpoints.map(({ id, promptFormat, alignment }) => [id, promptFormat, alignment.parent]),
    ).toEqual([
      ['base', 'raw', undefined],
      ['sft', 'raw', 'base'],
      ['base+chat', 'chat', undefined],
      ['sft+chat', 'chat', 'base+chat'],
    ]);
    expect(checkpoints[0]).not.toHaveProperty('template');
    expect(checkpoints[2]).toMatchObject({ template: '{{ messages }}', alignment: { family: 'one' } });
    expect(checkpoints[3]).toMatchObject({ model: 'sft.gguf', alignment: { seed: 1, family: 'one' } });
    expect(roles.reference).toMatchObject({ id: 'base', promptFormat: 'raw' });
  });

  it('one of them holds for all', async () => {
    const { checkpoints } = await load(file('[chat]'));
    expect(checkpoints.map(({ id, promptFormat }) => [id, promptFormat])).toEqual([
      ['base', 'chat'],
      ['sft', 'chat'],
    ]);
  });

  it('are refused beside a promptFormat, twice the same, and where an id is taken', async () => {
    expect(await problemsIn(file('[raw, chat]', ', promptFormat: chat'))).toMatchObject([
      { field: 'checkpoints[1].promptFormat', message: 'stands beside "formats"' },
    ]);
    const [twice] = await problemsIn(file('[raw, raw]'));
    expect(twice).toMatchObject({ field: 'formats' });
    const taken = file('[raw, chat]').replace('id: sft', 'id: base+chat');
    expect(await problemsIn(taken)).toMatchObject([{ field: 'checkpoints[0].id' }]);
  });
});
