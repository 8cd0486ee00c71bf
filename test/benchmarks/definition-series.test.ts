import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../benchmarks/definition/definition.ts';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { UserError } from '../../core/errors.ts';

interface Written {
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

function load({ checkpoints = SERIES, tasks, roles, formats = '' }: Written): Promise<Definition> {
  const text = [
    'benchmark: mine',
    `defaults: { adapter: gguf${formats === '' ? ', promptFormat: raw' : ''} }`,
    ...(formats === '' ? [] : [`formats: ${formats}`]),
    'checkpoints:',
    checkpoints,
    `roles: ${roles ?? '{ reference: sft }'}`,
    `tasks: [${tasks ?? '"dynamics/pairs@zoo-profile"'}]`,
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

  it('may stand in any order where no learning dynamics are asked', async () => {
    const written = { ...series(step('a', 16), step('b', 8)), tasks: '"truthfulness/mc1@zoo-truth"' };
    await expect(load(written)).resolves.toMatchObject({ benchmark: 'mine' });
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

describe('β', () => {
  it('is asked for where a task needs it', async () => {
    expect(await problems({ tasks: '"dynamics/dpo-loss@zoo-profile"' })).toEqual([
      'mine.yaml:8:9 tasks[0]: "dynamics/dpo-loss" needs the β of the training, and it is not known (write { task: dynamics/dpo-loss, beta: 0.1 } with the β that the trainer had)',
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
