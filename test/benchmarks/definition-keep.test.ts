import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../benchmarks/definition/definition.ts';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { UserError } from '../../core/errors.ts';

const STEPS = [8, 16].map(
  (step) =>
    `  - { id: dpo-${step}, adapter: gguf, model: "zoo:dpo-step-${step}", alignment: { method: dpo, parent: sft, step: ${step} } }`,
);

function text(
  keep: readonly string[],
  rest: {
    readonly tasks?: readonly string[];
    readonly steps?: readonly string[];
    readonly roles?: string;
  } = {},
): string {
  const {
    tasks = ['refusal/xstest@zoo-refusal', 'truthfulness/mc1@zoo-truth'],
    steps = STEPS,
    roles = '',
  } = rest;
  return [
    'benchmark: kept',
    'checkpoints:',
    '  - { id: sft, adapter: gguf, model: "zoo:sft", alignment: { method: sft } }',
    ...steps,
    ...(roles === '' ? [] : [roles]),
    'tasks:',
    ...tasks.map((task) => `  - ${task}`),
    'keep:',
    ...keep.map((one) => `  - ${one}`),
  ].join('\n');
}

const load = (source: string): Promise<Definition> =>
  definitionFromText(source, { file: 'mine.yaml', folder: '/nowhere' });

async function problemsOf(source: string): Promise<UserError['problems']> {
  const error: unknown = await load(source).then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!UserError.is(error)) throw new Error('nothing was wrong');
  expect(error.exitCode).toBe(2);
  return error.problems;
}

describe('keep', () => {
  it('names instruments in full, and the headline metric where none is named', async () => {
    const { keep } = await load(
      text([
        '{ task: refusal/xstest, atLeast: 0.6 }',
        '{ task: truthfulness/mc1, metric: mc1_per_token, fallAtMost: 0.05 }',
      ]),
    );
    expect(keep).toEqual([
      { task: 'refusal/xstest@zoo-refusal:robust', metric: 'appropriate', rule: 'at-least', bound: 0.6 },
      {
        task: 'truthfulness/mc1@zoo-truth:robust',
        metric: 'mc1_per_token',
        rule: 'fall-at-most',
        bound: 0.05,
      },
    ]);
  });

  it('is absent from a definition that says nothing, whose digest stays what it was', async () => {
    const bare = await load(text([]).replace('\nkeep:', ''));
    expect('keep' in bare).toBe(false);
    expect((await load(text([]).replace('keep:', 'keep: []'))).digest).toBe(bare.digest);
  });

  it.each([
    [
      '{ task: refusal/xstes, atLeast: 0.6 }',
      'keep[0].task',
      'no task "refusal/xstes" is asked',
      'did you mean "refusal/xstest"?',
    ],
    [
      '{ task: truthfulness/mc2, atLeast: 0.6 }',
      'keep[0].task',
      'no task "truthfulness/mc2" is asked',
      'truthfulness/mc1',
    ],
    [
      '{ task: truthfulness/mc1, metric: mc9, atLeast: 0.6 }',
      'keep[0].metric',
      '"truthfulness/mc1" has no metric "mc9"',
      'did you mean "mc1"?',
    ],
    [
      '{ task: truthfulness/mc1, atLeast: 60 }',
      'keep[0].atLeast',
      '60 can never be met: mc1 runs from 0 to 1',
      '60 points are 0.6',
    ],
    [
      '{ task: truthfulness/mc1, atLeast: -0.1 }',
      'keep[0].atLeast',
      '-0.1 excludes nothing: mc1 runs from 0 to 1',
      undefined,
    ],
    [
      '{ task: truthfulness/mc1, fallAtMost: -0.1 }',
      'keep[0].fallAtMost',
      '-0.1 can never be met',
      undefined,
    ],
    [
      '{ task: truthfulness/mc1 }',
      'keep[0]',
      'says no bound',
      'exactly one of atLeast, atMost, fallAtMost, riseAtMost',
    ],
    ['{ task: truthfulness/mc1, atLeast: 0.1, atMost: 0.9 }', 'keep[0]', 'two constraints', 'exactly one'],
    [
      '{ task: truthfulness/mc1, at_least: 0.6 }',
      'keep[0].at_least',
      'unknown field',
      'did you mean "atLeast"?',
    ],
    ['{ task: truthfulness/mc1, atLeast: much }', 'keep[0].atLeast', 'a number belongs here', undefined],
    ['{ atLeast: 0.6 }', 'keep[0].task', 'is missing', undefined],
    ['5', 'keep[0]', 'a group of fields', undefined],
  ])('refuses %s with the place and a remedy', async (entry, field, message, fix) => {
    const problems = await problemsOf(text([entry]));
    const problem = problems.find((one) => one.field === field);
    expect(problem?.message).toContain(message);
    if (fix !== undefined) expect(problem?.fix).toContain(fix);
    expect(problem?.where).toMatch(/^mine\.yaml:\d+:\d+$/);
  });

  it('lists the instruments that a name could mean', async () => {
    const tasks = ['truthfulness/mc1@zoo-truth', 'truthfulness/mc1@truthfulqa-817'];
    const [problem] = await problemsOf(text(['{ task: truthfulness/mc1, atLeast: 0.6 }'], { tasks }));
    expect(problem?.message).toBe('"truthfulness/mc1" is more than one instrument');
    expect(problem?.fix).toBe(
      'name one of truthfulness/mc1@zoo-truth:robust, truthfulness/mc1@truthfulqa-817:robust',
    );
    const { keep } = await load(text(['{ task: truthfulness/mc1@zoo-truth, atLeast: 0.6 }'], { tasks }));
    expect(keep?.[0]?.task).toBe('truthfulness/mc1@zoo-truth:robust');
  });

  it('needs checkpoints with steps', async () => {
    const [problem] = await problemsOf(
      text(['{ task: truthfulness/mc1, atLeast: 0.6 }'], { steps: STEPS.slice(0, 1) }),
    );
    expect(problem).toMatchObject({ where: expect.stringMatching(/^mine\.yaml:\d+:1$/), field: 'keep' });
    expect(problem?.message).toContain('no training run has two checkpoints with a step');
  });
});
