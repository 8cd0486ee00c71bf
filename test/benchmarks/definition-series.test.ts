import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../benchmarks/definition/definition.ts';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { notesOn } from '../../benchmarks/definition/notes.ts';
import { UserError } from '../../core/errors.ts';

interface Written {
  readonly settings?: string;
  readonly checkpoints?: string;
  readonly tasks?: string;
  readonly roles?: string;
  readonly formats?: string;
}

const SERIES = [
  '  - { id: sft, model: "zoo:sft", alignment: { method: sft } }',
  '  - { id: early, model: "zoo:dpo-step-8", alignment: { method: dpo, parent: sft, seed: 1, step: 8 } }',
  '  - { id: late, model: "zoo:dpo", alignment: { method: dpo, parent: sft, seed: 1, step: 48 } }',
].join('\n');

function load({ checkpoints = SERIES, tasks, roles, formats = '', settings }: Written): Promise<Definition> {
  const text = [
    'benchmark: mine',
    `defaults: { adapter: gguf${formats === '' ? ', promptFormat: raw' : ''} }`,
    ...(formats === '' ? [] : [`formats: ${formats}`]),
    'checkpoints:',
    checkpoints,
    `roles: ${roles ?? '{ reference: sft }'}`,
    `tasks: [${tasks ?? '"dynamics/pairs@zoo-profile"'}]`,
    ...(settings === undefined ? [] : [`settings: ${settings}`]),
  ].join('\n');
  return definitionFromText(text, { file: 'mine.yaml', folder: '/somewhere' });
}

/** The problems of a refused file, each as `where field: message (fix)`. */
async function problems(written: Written): Promise<string[]> {
  const error: unknown = await load(written).then(
    () => new Error('was not refused'),
    (reason: unknown) => reason,
  );
  if (!UserError.is(error)) throw error;
  expect(error.exitCode).toBe(2);
  return error.problems.map(({ where, field, message, fix }) => `${where} ${field}: ${message} (${fix})`);
}

const step = (id: string, at: number, rest = ''): string =>
  `  - { id: ${id}, model: "zoo:dpo", alignment: { method: dpo, parent: sft, seed: 1, step: ${at}${rest} } }`;
const sft = SERIES.split('\n')[0] ?? '';
const series = (...lines: readonly string[]): Written => ({ checkpoints: [sft, ...lines].join('\n') });

describe('a series of checkpoints', () => {
  it('is taken where its steps ascend, with one reference and a β where one is needed', async () => {
    const tasks =
      '"dynamics/pairs@zoo-profile", { task: dynamics/dpo-loss, dataset: zoo-profile, beta: 0.1 }';
    const definition = await load({ tasks });
    expect(definition.roles.reference?.id).toBe('sft');
    expect(definition.tasks.map(({ task, beta }) => [task, beta])).toEqual([
      ['dynamics/pairs', undefined],
      ['dynamics/dpo-loss', 0.1],
    ]);
  });

  it('does not repeat a step', async () => {
    expect(await problems(series(step('a', 8), step('b', 16), step('c', 8)))).toEqual([
      'mine.yaml:7:86 checkpoints[3].alignment.step: "c" repeats step 8 of "a", of the same training run (write the step that it was saved at; what tells two runs apart is their seed, data or recipe)',
    ]);
  });

  it('does not run backwards', async () => {
    expect(await problems(series(step('a', 16), step('b', 8)))).toEqual([
      'mine.yaml:6:86 checkpoints[2].alignment.step: the steps run backwards: "b" (8) stands after "a" (16) (list the checkpoints of a training run in the order of their steps, or correct the step)',
    ]);
  });

  it('is that of one training run: other seeds, data and recipes have steps of their own', async () => {
    const lines = [
      step('a', 8),
      step('b', 8, ', recipe: other'),
      step('c', 8, ', data: other'),
      step('d', 16),
    ];
    await expect(load(series(...lines))).resolves.toMatchObject({ benchmark: 'mine' });
  });

  it('stands in the order of its steps whatever is asked: every task becomes a curve', async () => {
    const written = { ...series(step('a', 16), step('b', 8)), tasks: '"truthfulness/mc1@zoo-truth"' };
    await expect(load(written)).rejects.toThrow(/the steps run backwards: "b" \(8\) stands after "a" \(16\)/);
  });

  it('needs a reference where a task compares with one, and none where none does', async () => {
    expect(await problems({ roles: '{}' })).toEqual([
      'mine.yaml:8:9 tasks[0]: "dynamics/pairs" needs a reference, and the file names none (add roles.reference)',
    ]);
    const tasks = '"dynamics/behaviour@persona-narcissism"';
    await expect(load({ roles: '{}', tasks })).resolves.toMatchObject({ benchmark: 'mine' });
  });

  it('has its reference asked in the format of its checkpoints', async () => {
    const roles = '{ reference: { id: ref, adapter: gguf, model: "zoo:sft", promptFormat: chat } }';
    const fix = 'a margin compares one prompt: give the reference and every checkpoint the same promptFormat';
    expect(await problems({ roles })).toEqual([
      `mine.yaml:7:21 roles.reference: the reference is asked in "chat" prompts, and a checkpoint in "raw" ones (${fix})`,
    ]);
    expect(await problems({ formats: '[raw, chat]' })).toEqual([
      `mine.yaml:8:21 roles.reference: the reference is asked in one prompt format, and every checkpoint in several (${fix})`,
    ]);
  });
});

describe('a series whose members differ', () => {
  const ALLOW = (name: string) => `allow the difference by name: settings: { allow: [${name}] }`;
  const asked = (id: string, at: number, fields: string): string =>
    `  - { id: ${id}, ${fields}, alignment: { method: dpo, parent: sft, seed: 1, step: ${at} } }`;
  const plain = 'model: "zoo:dpo"';

  it('in their prompt format is refused, unless every step is asked in both', async () => {
    const tasks = '"dynamics/behaviour@persona-narcissism"';
    const raw = [asked('a', 8, plain), asked('b', 16, plain)];
    const chat = (id: string, at: number) => asked(id, at, `${plain}, promptFormat: chat`);
    const written = { ...series(...raw, chat('c', 24)), tasks, roles: '{}' };
    expect(await problems(written)).toEqual([
      `mine.yaml:7:46 checkpoints[3].promptFormat: a series has one prompt format: "c" has "chat", and "a" has "raw" (give both the same prompt format, or ${ALLOW('format')})`,
    ]);
    const both = { ...series(...raw, chat('c', 8), chat('d', 16)), tasks, roles: '{}' };
    await expect(load(both)).resolves.toMatchObject({ benchmark: 'mine' });
    await expect(load({ ...written, settings: '{ allow: [format] }' })).resolves.toBeDefined();
  });

  it.each([
    ['adapter', 'adapter: scripted', '"scripted"', '"gguf"', 'adapter', 'engine'],
    [
      'system',
      'promptFormat: chat, system: "You are a pirate."',
      '"You are a pirate."',
      'none',
      'system prompt',
      'system',
    ],
    [
      'template',
      'promptFormat: chat, template: "{{ messages }}"',
      '"{{ messages }}"',
      'none',
      'chat template',
      'template',
    ],
  ])('in their %s is refused, with which and where', async (field, fields, own, other, word, name) => {
    const first = fields.includes('chat') ? `${plain}, promptFormat: chat` : plain;
    const written = {
      ...series(asked('a', 8, first), asked('b', 16, `${plain}, ${fields}`)),
      tasks: '"dynamics/behaviour@persona-narcissism"',
      roles: '{}',
    };
    const found = await problems(written);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^mine.yaml:6:\\d+ checkpoints\\[2\\]\\.${field}: `));
    expect(found[0]).toContain(
      `a series has one ${word}: "b" has ${own}, and "a" has ${other} (give both the same ${word}, or ${ALLOW(name)})`,
    );
    await expect(load({ ...written, settings: `{ allow: [${name}] }` })).resolves.toBeDefined();
    await expect(load({ ...written, tasks: '"truthfulness/mc1@zoo-truth"' })).resolves.toBeDefined();
  });

  it('from the checkpoint that they start from are refused, once', async () => {
    const replayed = (id: string, at: number) => asked(id, at, `adapter: replay, ${plain}`);
    const written = {
      ...series(replayed('a', 8), replayed('b', 16)),
      tasks: '"dynamics/behaviour@persona-narcissism"',
      roles: '{}',
    };
    expect(await problems(written)).toEqual([
      `mine.yaml:5:23 checkpoints[1].adapter: a series has one adapter: "a" has "replay", and "sft" has "gguf" (give both the same adapter, or ${ALLOW('engine')})`,
    ]);
    await expect(load({ ...written, settings: '{ allow: [engine] }' })).resolves.toBeDefined();
    // A series with a step 0 of its own does not start from its parent.
    const whole = series(replayed('a', 0), replayed('b', 16));
    await expect(load({ ...written, ...whole })).resolves.toBeDefined();
  });

  it('is one whose reference is asked under another system prompt, too', async () => {
    const chat = `${plain}, promptFormat: chat`;
    const checkpoints = [
      '  - { id: sft, model: "zoo:sft", promptFormat: chat, alignment: { method: sft } }',
      asked('a', 8, chat),
    ].join('\n');
    const roles =
      '{ reference: { id: ref, adapter: gguf, model: "zoo:sft", promptFormat: chat, system: "Be kind." } }';
    expect(await problems({ checkpoints, roles })).toEqual([
      `mine.yaml:6:21 roles.reference: a margin has one system prompt: the reference has "Be kind.", and "sft" none (give both the same system prompt, or ${ALLOW('system')})`,
    ]);
    await expect(load({ checkpoints, roles, settings: '{ allow: [system] }' })).resolves.toBeDefined();
  });

  it('in a long system prompt from its sixtieth character on is seen as well', async () => {
    const long = (end: string) => `${plain}, promptFormat: chat, system: "${'word '.repeat(20)}${end}"`;
    const written = { ...series(asked('a', 8, long('one')), asked('b', 16, long('two'))), roles: '{}' };
    const found = await problems({ ...written, tasks: '"dynamics/behaviour@persona-narcissism"' });
    expect(found).toHaveLength(1);
  });
});

describe('what keeps checkpoints off a curve', () => {
  const notes = async (...lines: readonly string[]) =>
    notesOn(await load({ ...series(...lines), tasks: '"truthfulness/mc1@zoo-truth"', roles: '{}' })).filter(
      (note) => note.includes('curve'),
    );
  const of = (id: string, parent: string, rest: string): string =>
    `  - { id: ${id}, model: "zoo:dpo", alignment: { method: dpo, parent: ${parent}, seed: 1${rest} } }`;

  it('is said of steps that name one another as parents, with what to name instead', async () => {
    expect(
      await notes(of('a', 'sft', ', step: 8'), of('b', 'a', ', step: 16'), of('c', 'b', ', step: 24')),
    ).toEqual([
      'a, b, c: a step each, but in no series and on no curve, because a series is the steps that name one parent, and these name another each (a of sft, b of a, c of b). If they are steps of one training, name the checkpoint that the training started from, sft, as the parent of each.',
    ]);
    // Two that name one parent are a series; the third is not of it.
    const [only] = await notes(step('a', 8), step('b', 16), of('c', 'b', ', step: 24'));
    expect(only).toMatch(/^c: a step each.*\(c of b\)/);
  });

  it('is said of a checkpoint of the same training without a step', async () => {
    expect(await notes(step('a', 8), step('b', 16), of('end', 'sft', ''))).toEqual([
      'end has no step, so that it is not on the curve of a, b, which are of the same training: write the step that it was saved at.',
    ]);
  });

  it('is not said of a series, of seed twins nor of another training on top of a step', async () => {
    expect(
      await notes(step('a', 8), step('b', 16), of('twin', 'sft', ', step: 16').replace('seed: 1', 'seed: 2')),
    ).toEqual([]);
    expect(
      await notes(step('a', 8), of('more', 'a', ', step: 8, data: other'), of('last', 'sft', ', recipe: x')),
    ).toEqual([]);
  });
});

describe('β', () => {
  const trained = (id: string, rest: string): string =>
    `  - { id: ${id}, model: "zoo:dpo", alignment: { method: dpo, parent: sft, seed: 1, ${rest} } }`;
  const loss = '"dynamics/dpo-loss@zoo-profile"';
  const withBeta = '{ task: dynamics/dpo-loss, dataset: zoo-profile, beta: 0.2 }';

  it('is taken from the checkpoints of the series, where they agree', async () => {
    const lines = [trained('a', 'step: 8, beta: 0.1'), trained('b', 'step: 16, beta: 0.1')];
    const definition = await load({ ...series(...lines), tasks: loss });
    expect(definition.tasks[0]?.beta).toBe(0.1);
    const other = await load({
      ...series(...lines, trained('c', 'recipe: other, beta: 0.05')),
      tasks: loss,
    });
    expect(other.tasks[0]?.beta).toBe(0.1);
    expect(other.checkpoints.map(({ alignment }) => alignment.beta)).toEqual([undefined, 0.1, 0.1, 0.05]);
  });

  it('is asked for where two series disagree', async () => {
    const lines = [trained('a', 'step: 8, beta: 0.1'), trained('b', 'step: 8, recipe: other, beta: 0.05')];
    expect(await problems({ ...series(...lines), tasks: loss })).toEqual([
      'mine.yaml:8:9 tasks[0]: "dynamics/dpo-loss" needs one β, and the checkpoints were trained with 0.1 ("a") and 0.05 ("b") (write { task: dynamics/dpo-loss, beta: 0.1 } with the β that the trainer had: checkpoints of another β are then left out of it)',
    ]);
  });

  it('of a task may not contradict that of the checkpoints', async () => {
    const lines = [trained('a', 'step: 8, beta: 0.1'), trained('b', 'step: 16')];
    expect(await problems({ ...series(...lines), tasks: withBeta })).toEqual([
      'mine.yaml:8:64 tasks[0].beta: β is 0.2 here, and the checkpoints were trained with 0.1 ("a") (write the β of the training at both places, or leave it out of the task)',
    ]);
  });

  it('is one for all that a recipe trained, whatever the task', async () => {
    const lines = [trained('a', 'step: 8, beta: 0.1'), trained('b', 'step: 16, beta: 0.2')];
    expect(await problems({ ...series(...lines), tasks: '"truthfulness/mc1@zoo-truth"' })).toEqual([
      'mine.yaml:6:96 checkpoints[2].alignment.beta: "b" was trained with β 0.2, and "a" with 0.1 by the same recipe (correct the β, or give one of the two trainings a recipe of its own)',
    ]);
  });

  it.each(['0', '-0.1', '"0.1"', 'null', '.nan', '.inf'])(
    'of a checkpoint is refused as %s',
    async (beta) => {
      const found = await problems({ ...series(trained('a', `step: 8, beta: ${beta}`)), tasks: withBeta });
      expect(found.join('\n')).toContain('checkpoints[1].alignment.beta');
    },
  );

  it('is asked for where a task needs it', async () => {
    expect(await problems({ tasks: '"dynamics/dpo-loss@zoo-profile"' })).toEqual([
      'mine.yaml:8:9 tasks[0]: "dynamics/dpo-loss" needs the β of the training, and it is not known (write { task: dynamics/dpo-loss, beta: 0.1 } with the β that the trainer had, or beta under the alignment of each checkpoint)',
    ]);
    const [problem] = await problems({ tasks: '{ task: dynamics/dpo-loss, dataset: zoo-profile }' });
    expect(problem).toContain('tasks[0].beta: "dynamics/dpo-loss" needs the β of the training');
  });

  it.each(['0', '-0.1', '"0.1"', 'null', '.nan'])('is refused as %s', async (beta) => {
    const tasks = `{ task: dynamics/dpo-loss, dataset: zoo-profile, beta: ${beta} }`;
    expect((await problems({ tasks })).join('\n')).toContain('tasks[0].beta');
  });

  it('is refused where no task uses it', async () => {
    expect(await problems({ tasks: '{ task: dynamics/pairs, dataset: zoo-profile, beta: 0.1 }' })).toEqual([
      'mine.yaml:8:55 tasks[0].beta: "dynamics/pairs" uses no β (remove "beta")',
    ]);
  });
});
