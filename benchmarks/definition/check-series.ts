import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Task } from '../../suites/task.ts';
import type { Allowable } from './definition.ts';
import { type Finding, listOf, member, objectOf, type Path, quote, textOf } from './finding.ts';
import { writtenTask } from './selection.ts';
import type { Vocabulary } from './vocabulary.ts';
import { roleEntries, type WrittenModel, writtenRole } from './written.ts';

/**
 * The checkpoints of one training run are a series: listed in the order of their steps, each step once. Where learning
 * dynamics are asked they must be asked alike as well; and whatever is measured against a reference is asked in the reference's own
 * prompt format, or a margin would hold the difference of two prompts.
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
  const runs = runsOf(checkpoints);
  const steps = runs.flatMap((run) => byFormat(run).flatMap(checkSteps));
  if (tasks.length === 0) return steps;
  const allowed = listOf(member(file, 'settings'), 'allow');
  return [
    ...steps,
    ...runs.flatMap((run) => checkFormats(run, allowed)),
    ...runs.flatMap((run) =>
      byFormat(run).flatMap((series) => [
        ...checkAlike(series, allowed),
        ...checkStart(series, checkpoints, allowed),
      ]),
    ),
    ...checkReference(file, checkpoints, tasks, allowed),
  ];
}

interface Member {
  readonly id: string;
  readonly step: number;
  readonly model: WrittenModel;
}

/** Whether a training run has two checkpoints with a step. */
export function hasSeries(checkpoints: readonly WrittenModel[]): boolean {
  return runsOf(checkpoints).some((run) => byFormat(run).some(({ length }) => length > 1));
}

/** Checkpoints with a step, by training run: parent, method, data, recipe and seed. Control copies belong to none. */
function runsOf(checkpoints: readonly WrittenModel[]): Member[][] {
  const runs = new Map<string, Member[]>();
  for (const model of checkpoints) {
    const { fields } = model;
    const alignment = objectOf(fields, 'alignment');
    const [id, step] = [textOf(fields, 'id'), member(alignment, 'step')];
    if (id === undefined || typeof step !== 'number' || member(fields, 'control') !== undefined) continue;
    const run = ['parent', 'method', 'data', 'recipe', 'seed'].map((part) => member(alignment, part) ?? null);
    const key = JSON.stringify(run);
    runs.set(key, [...(runs.get(key) ?? []), { id, step, model }]);
  }
  return [...runs.values()];
}

/** A training run that is asked in two formats is a series of each. */
function byFormat(run: readonly Member[]): Member[][] {
  const formats = [...new Set(run.map(({ model }) => formatOf(model)))];
  return formats.map((format) => run.filter(({ model }) => formatOf(model) === format));
}

function checkSteps(series: readonly Member[]): Finding[] {
  return series.flatMap((one, index) => {
    const before = series[index - 1];
    const same = series.slice(0, index).find(({ step }) => step === one.step);
    if (same !== undefined) return [repeated(one, same)];
    return before === undefined || before.step < one.step ? [] : [backwards(one, before)];
  });
}

function repeated({ id, step, model }: Member, earlier: Member): Finding {
  return {
    path: model.pathOf('alignment', 'step'),
    message: `${quote(id)} repeats step ${step} of ${quote(earlier.id)}, of the same training run`,
    fix: 'write the step that it was saved at; what tells two runs apart is their seed, data or recipe',
  };
}

function backwards({ id, step, model }: Member, before: Member): Finding {
  return {
    path: model.pathOf('alignment', 'step'),
    message: `the steps run backwards: ${quote(id)} (${step}) stands after ${quote(before.id)} (${before.step})`,
    fix: 'list the checkpoints of a training run in the order of their steps, or correct the step',
  };
}

/** Every step in both formats is a series of each; some steps in another one are a mixed series. */
function checkFormats(run: readonly Member[], allowed: readonly JsonValue[]): Finding[] {
  const series = byFormat(run);
  const steps = series.map((members) => JSON.stringify(members.map(({ step }) => step)));
  if (allowed.includes('format' satisfies Allowable) || new Set(steps).size <= 1) return [];
  const [first] = run;
  const other = run.find(({ model }) => first !== undefined && formatOf(model) !== formatOf(first.model));
  if (first === undefined || other === undefined) return [];
  const difference = ['promptFormat', 'prompt format', 'format'] as const;
  return [mixed(other, first, difference, (model) => quote(formatOf(model)))];
}

/** What tells members apart besides their training, as far as a definition shows it: field, word and the name to allow. */
const ASKED = [
  ['template', 'chat template', 'template'],
  ['system', 'system prompt', 'system'],
  ['adapter', 'adapter', 'engine'],
] as const satisfies readonly (readonly [string, string, Allowable])[];

function checkAlike(series: readonly Member[], allowed: readonly JsonValue[]): Finding[] {
  const [first, ...others] = series;
  if (first === undefined) return [];
  return others.flatMap((one) => differences(one, first, allowed));
}

function differences(
  one: Pick<Member, 'id' | 'model'>,
  first: Pick<Member, 'id' | 'model'>,
  allowed: readonly JsonValue[],
): Finding[] {
  return ASKED.flatMap((difference): Finding[] => {
    const [field, , name] = difference;
    if (isSame(one.model, first.model, field) || allowed.includes(name)) return [];
    return [mixed(one, first, difference, ({ fields }) => wordsOf(fields, field))];
  });
}

/** The parent, where it is asked, is the first point of a curve (results/series): asked as the steps are. */
function checkStart(
  series: readonly Member[],
  checkpoints: readonly WrittenModel[],
  allowed: readonly JsonValue[],
): Finding[] {
  const [first, second] = series;
  if (first === undefined || second === undefined || first.step <= 0) return [];
  const parent = textOf(objectOf(first.model.fields, 'alignment'), 'parent');
  const start = checkpoints.find(
    (model) =>
      parent !== undefined &&
      textOf(model.fields, 'id') === parent &&
      member(model.fields, 'control') === undefined &&
      formatOf(model) === formatOf(first.model),
  );
  return start === undefined || parent === undefined
    ? []
    : differences(first, { id: parent, model: start }, allowed);
}

function mixed(
  one: Pick<Member, 'id' | 'model'>,
  first: Pick<Member, 'id' | 'model'>,
  [field, word, name]: readonly [string, string, Allowable],
  shown: (model: WrittenModel) => string,
): Finding {
  const own = member(one.model.fields, field) === undefined ? first.model : one.model;
  return {
    path: own.pathOf(field),
    message: `a series has one ${word}: ${quote(one.id)} has ${shown(one.model)}, and ${quote(first.id)} has ${shown(first.model)}`,
    fix: `give both the same ${word}, or allow the difference by name: settings: { allow: [${name}] }`,
  };
}

function isSame(one: WrittenModel, other: WrittenModel, field: string): boolean {
  const [a, b] = [one, other].map(({ fields }) => JSON.stringify(member(fields, field) ?? null));
  return a === b;
}

function wordsOf(fields: JsonObject, field: string): string {
  const value = member(fields, field);
  if (value === undefined) return 'none';
  return quote(textOf(value, 'file') ?? value);
}

function checkReference(
  file: JsonValue,
  checkpoints: readonly WrittenModel[],
  tasks: readonly Task[],
  allowed: readonly JsonValue[],
): Finding[] {
  const entry = roleEntries(file).find(({ role }) => role === 'reference');
  if (entry === undefined || !tasks.some(({ roles }) => roles.reference !== undefined)) return [];
  const reference =
    writtenRole(entry) ?? checkpoints.find(({ fields }) => textOf(fields, 'id') === entry.value);
  if (reference === undefined) return [];
  const formats = checkReferenceFormat(file, checkpoints, reference, entry.path);
  return formats.length > 0 ? formats : checkReferencePrompt(checkpoints, reference, entry.path, allowed);
}

function checkReferenceFormat(
  file: JsonValue,
  checkpoints: readonly WrittenModel[],
  reference: WrittenModel,
  path: Path,
): Finding[] {
  const own = formatOf(reference);
  const several = new Set(listOf(file, 'formats')).size > 1;
  const other = checkpoints.map(formatOf).find((format) => format !== own);
  if (!several && other === undefined) return [];
  return [
    {
      path,
      message: several
        ? 'the reference is asked in one prompt format, and every checkpoint in several'
        : `the reference is asked in ${quote(own)} prompts, and a checkpoint in ${quote(other)} ones`,
      fix: 'a margin compares one prompt: give the reference and every checkpoint the same promptFormat',
    },
  ];
}

function checkReferencePrompt(
  checkpoints: readonly WrittenModel[],
  reference: WrittenModel,
  path: Path,
  allowed: readonly JsonValue[],
): Finding[] {
  return ASKED.flatMap(([field, word, name]): Finding[] => {
    // Which adapters measure alike is known once both have answered.
    if (field === 'adapter' || allowed.includes(name)) return [];
    const own = wordsOf(reference.fields, field);
    const other = checkpoints.find((checkpoint) => !isSame(checkpoint, reference, field));
    if (other === undefined) return [];
    const message = `a margin has one ${word}: the reference has ${own}, and ${quote(textOf(other.fields, 'id'))} ${wordsOf(other.fields, field)}`;
    const fix = `give both the same ${word}, or allow the difference by name: settings: { allow: [${name}] }`;
    return [{ path, message, fix }];
  });
}

function formatOf({ fields }: WrittenModel): string {
  return textOf(fields, 'promptFormat') ?? 'raw';
}
