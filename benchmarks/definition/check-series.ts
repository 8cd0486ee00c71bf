import type { JsonValue } from '../../core/json.ts';
import type { Task } from '../../suites/task.ts';
import { type Finding, listOf, member, objectOf, type Path, quote, textOf } from './finding.ts';
import { writtenTask } from './selection.ts';
import type { Vocabulary } from './vocabulary.ts';
import { roleEntries, type WrittenModel, writtenRole } from './written.ts';

/**
 * Where learning dynamics are asked, the checkpoints of one training run are a series: listed in the order of their
 * steps, each step once; and whatever is measured against a reference is asked in the reference's own prompt format,
 * or a margin would hold the difference of two prompts.
 */
export function checkSeries(
  file: JsonValue,
  checkpoints: readonly WrittenModel[],
  vocabulary: Vocabulary,
): Finding[] {
  const tasks = listOf(file, 'tasks').flatMap((entry) => {
    const task = vocabulary.findTask(writtenTask(entry)?.task ?? '');
    return task?.family === 'dynamics' ? [task] : [];
  });
  if (tasks.length === 0) return [];
  return [...checkSteps(checkpoints), ...checkReferenceFormat(file, checkpoints, tasks)];
}

interface Member {
  readonly id: string;
  readonly step: number;
  readonly path: Path;
}

function checkSteps(checkpoints: readonly WrittenModel[]): Finding[] {
  return seriesOf(checkpoints).flatMap((series) =>
    series.flatMap((one, index) => {
      const before = series[index - 1];
      const same = series.slice(0, index).find(({ step }) => step === one.step);
      if (same !== undefined) return [repeated(one, same)];
      return before === undefined || before.step < one.step ? [] : [backwards(one, before)];
    }),
  );
}

/** Checkpoints with a step, by training run: parent, method, data, recipe and seed. Control copies belong to none. */
function seriesOf(checkpoints: readonly WrittenModel[]): Member[][] {
  const series = new Map<string, Member[]>();
  for (const { fields, pathOf } of checkpoints) {
    const alignment = objectOf(fields, 'alignment');
    const [id, step] = [textOf(fields, 'id'), member(alignment, 'step')];
    if (id === undefined || typeof step !== 'number' || member(fields, 'control') !== undefined) continue;
    const run = ['parent', 'method', 'data', 'recipe', 'seed'].map((part) => member(alignment, part) ?? null);
    const key = JSON.stringify([...run, member(fields, 'promptFormat') ?? null]);
    series.set(key, [...(series.get(key) ?? []), { id, step, path: pathOf('alignment', 'step') }]);
  }
  return [...series.values()];
}

function repeated({ id, step, path }: Member, earlier: Member): Finding {
  return {
    path,
    message: `${quote(id)} repeats step ${step} of ${quote(earlier.id)}, of the same training run`,
    fix: 'write the step that it was saved at; what tells two runs apart is their seed, data or recipe',
  };
}

function backwards({ id, step, path }: Member, before: Member): Finding {
  return {
    path,
    message: `the steps run backwards: ${quote(id)} (${step}) stands after ${quote(before.id)} (${before.step})`,
    fix: 'list the checkpoints of a training run in the order of their steps, or correct the step',
  };
}

function checkReferenceFormat(
  file: JsonValue,
  checkpoints: readonly WrittenModel[],
  tasks: readonly Task[],
): Finding[] {
  const entry = roleEntries(file).find(({ role }) => role === 'reference');
  if (entry === undefined || !tasks.some(({ roles }) => roles.reference !== undefined)) return [];
  const reference =
    writtenRole(entry) ?? checkpoints.find(({ fields }) => textOf(fields, 'id') === entry.value);
  if (reference === undefined) return [];
  const own = formatOf(reference);
  const several = new Set(listOf(file, 'formats')).size > 1;
  const other = checkpoints.map(formatOf).find((format) => format !== own);
  if (!several && other === undefined) return [];
  return [
    {
      path: entry.path,
      message: several
        ? 'the reference is asked in one prompt format, and every checkpoint in several'
        : `the reference is asked in ${quote(own)} prompts, and a checkpoint in ${quote(other)} ones`,
      fix: 'a margin compares one prompt: give the reference and every checkpoint the same promptFormat',
    },
  ];
}

function formatOf({ fields }: WrittenModel): string {
  return textOf(fields, 'promptFormat') ?? 'raw';
}
