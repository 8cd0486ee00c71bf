import { describe, expect, it } from '@jest/globals';
import type { Definition, TaskSelection } from '../../benchmarks/definition/definition.ts';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { keepConstraints, keepNote } from '../../bin/keep-option.ts';
import { UserError } from '../../core/errors.ts';

const XSTEST = 'refusal/xstest@zoo-refusal:robust';
const MC1 = 'truthfulness/mc1@zoo-truth:robust';

function definition(steps: readonly number[] = [8, 16]): Promise<Definition> {
  const checkpoints = [
    { id: 'sft', adapter: 'gguf', model: 'zoo:sft', alignment: { method: 'sft' } },
    ...steps.map((step) => ({
      id: `dpo-${step}`,
      adapter: 'gguf',
      model: `zoo:dpo-step-${step}`,
      alignment: { method: 'dpo', parent: 'sft', step },
    })),
  ];
  const tasks = ['refusal/xstest@zoo-refusal', 'truthfulness/mc1@zoo-truth'];
  const keep = steps.length < 2 ? [] : [{ task: 'refusal/xstest', atLeast: 0.5 }];
  return definitionFromText(JSON.stringify({ benchmark: 'kept', checkpoints, tasks, keep }), {
    file: 'kept.json',
    folder: '/nowhere',
  });
}

async function refusedBy(given: readonly string[], steps?: readonly number[]): Promise<UserError> {
  const error: unknown = await keepConstraints(await definition(steps), given).catch(
    (caught: unknown) => caught,
  );
  if (!UserError.is(error)) throw new Error('it was taken');
  return error;
}

describe('--keep', () => {
  it.each([
    ['refusal/xstest >= 0.6', { task: XSTEST, metric: 'appropriate', rule: 'at-least', bound: 0.6 }],
    ['refusal/xstest>=.6', { task: XSTEST, metric: 'appropriate', rule: 'at-least', bound: 0.6 }],
    [
      'refusal/xstest over_refusal <= 1e-1',
      { task: XSTEST, metric: 'over_refusal', rule: 'at-most', bound: 0.1 },
    ],
    ['truthfulness/mc1 fall <= 0.05', { task: MC1, metric: 'mc1', rule: 'fall-at-most', bound: 0.05 }],
    [
      'truthfulness/mc1@zoo-truth mc1 rise <= 0.05',
      { task: MC1, metric: 'mc1', rule: 'rise-at-most', bound: 0.05 },
    ],
    [`${MC1} mc1 fall <= 0`, { task: MC1, metric: 'mc1', rule: 'fall-at-most', bound: 0 }],
  ])('reads %s', async (text, constraint) => {
    expect(await keepConstraints(await definition(), [text])).toEqual([constraint]);
  });

  it('takes the place of the definition, and says so; without it the definition holds', async () => {
    const own = await definition();
    expect(await keepConstraints(own, [])).toEqual(own.keep);
    expect(keepNote(own, own.keep ?? [])).toEqual([]);
    const [note] = keepNote(own, await keepConstraints(own, ['truthfulness/mc1 >= 0.3']));
    expect(note).toMatchObject({ kind: 'analysis-changed', level: 'note' });
    expect(note?.message).toContain(`the definition says ${XSTEST} appropriate >= 0.5`);
  });

  it('says every mistake at once, each with its words', async () => {
    const error = await refusedBy([
      'refusal/xstest > 3',
      'refusal/xstest fall >= 0.1',
      'refusal/xstest >= much',
      'refusal/xstes >= 0.6',
      'truthfulness/mc1 mc9 >= 0.6',
      'truthfulness/mc1 >= 60',
      '',
    ]);
    expect(error.exitCode).toBe(2);
    expect(error.problems.map(({ field, message }) => `${field} ${message}`)).toEqual([
      '--keep "refusal/xstest > 3" cannot be read',
      '--keep "refusal/xstest fall >= 0.1" cannot be read',
      '--keep "refusal/xstest >= much" cannot be read',
      '--keep "refusal/xstes >= 0.6" no task "refusal/xstes" is asked',
      '--keep "truthfulness/mc1 mc9 >= 0.6" "truthfulness/mc1" has no metric "mc9"',
      '--keep "truthfulness/mc1 >= 60" 60 can never be met: mc1 runs from 0 to 1',
      '--keep "" cannot be read',
    ]);
    expect(error.problems[5]?.fix).toBe('60 points are 0.6');
  });

  it('needs two checkpoints with a step', async () => {
    const error = await refusedBy(['refusal/xstest >= 0.6'], [8]);
    expect(error.message).toContain('no training run has two checkpoints with a step');
  });

  it('needs them in one training run: a chain of parents is as many runs', async () => {
    const chained = [8, 16, 24].map((step, index) => ({
      id: `dpo-${step}`,
      adapter: 'gguf',
      model: `zoo:dpo-step-${step}`,
      alignment: { method: 'dpo', parent: index === 0 ? 'sft' : `dpo-${step - 8}`, step },
    }));
    const sft = { id: 'sft', adapter: 'gguf', model: 'zoo:sft', alignment: { method: 'sft' } };
    const written = {
      benchmark: 'chain',
      checkpoints: [sft, ...chained],
      tasks: ['refusal/xstest@zoo-refusal'],
    };
    const place = { file: 'chain.json', folder: '/nowhere' };
    const read = await definitionFromText(JSON.stringify(written), place);
    await expect(keepConstraints(read, ['refusal/xstest >= 0.6'])).rejects.toThrow(/no training run has two/);
    const keep = [{ task: 'refusal/xstest', atLeast: 0.5 }];
    await expect(definitionFromText(JSON.stringify({ ...written, keep }), place)).rejects.toThrow(
      /asks which step to keep, and no training run has two[\s\S]*all of them the parent/,
    );
  });

  it('tells the readings of several judges apart', async () => {
    const own = await definition();
    const [first, ...rest] = own.tasks as [TaskSelection, ...TaskSelection[]];
    const judged = ['strict', 'mild'].map((judge) => ({ ...first, judge, instrument: `${XSTEST}+${judge}` }));
    const both = { ...own, tasks: [...judged, ...rest] };
    await expect(keepConstraints(both, ['refusal/xstest >= 0.6'])).rejects.toThrow(
      `name one of ${XSTEST}+strict, ${XSTEST}+mild`,
    );
    expect(await keepConstraints(both, [`${XSTEST}+mild >= 0.6`])).toMatchObject([
      { task: `${XSTEST}+mild` },
    ]);
  });
});
