import type { JsonValue } from '../../core/json.ts';
import type { RawFormName } from '../../suites/datasets/raw-forms.ts';
import { instrumentName, type Preset, type Task } from '../../suites/task.ts';
import type { TaskSelection } from './definition.ts';
import { isObject, member, textOf } from './finding.ts';

/** A task as the file names it, in either form; absent parts have defaults. */
export interface WrittenTask {
  readonly task: string;
  readonly dataset?: string;
  readonly preset?: string;
  readonly path?: string;
  readonly form?: string;
  readonly dimension?: string;
  readonly limit?: number;
  readonly headline?: true;
  readonly equivalence?: number;
  readonly beta?: number;
}

/** Whether the task reads this dataset as rows of the user's own. */
export function readsOwnRows(task: Task, dataset: string): boolean {
  return task.ownRows !== undefined && !task.datasets.includes(dataset);
}

/** `suite/task@dataset:preset` or the group of fields; undefined when the shape is wrong. */
export function writtenTask(entry: JsonValue): WrittenTask | undefined {
  if (typeof entry === 'string') return parseShorthand(entry);
  const task = textOf(entry, 'task');
  if (!isObject(entry) || task === undefined) return undefined;
  const [limit, equivalence] = [member(entry, 'limit'), member(entry, 'equivalence')];
  const beta = member(entry, 'beta');
  return {
    task,
    ...optional('dataset', textOf(entry, 'dataset')),
    ...optional('preset', textOf(entry, 'preset')),
    ...optional('path', textOf(entry, 'path')),
    ...optional('form', textOf(entry, 'form')),
    ...optional('dimension', textOf(entry, 'dimension')),
    ...(typeof limit === 'number' ? { limit } : {}),
    ...(member(entry, 'headline') === true ? { headline: true } : {}),
    ...(typeof equivalence === 'number' ? { equivalence } : {}),
    ...(typeof beta === 'number' ? { beta } : {}),
  };
}

function parseShorthand(text: string): WrittenTask | undefined {
  const groups = /^(?<task>[^@:]+)(@(?<dataset>[^@:]+))?(:(?<preset>[^@:]+))?$/.exec(text)?.groups;
  const task = groups?.['task'];
  if (task === undefined) return undefined;
  return { task, ...optional('dataset', groups?.['dataset']), ...optional('preset', groups?.['preset']) };
}

/** The instrument that is meant, with the task's defaults: its first dataset, and `robust` where it has that. */
export function selectTask(written: WrittenTask, task: Task): TaskSelection {
  const dataset = written.dataset ?? task.datasets[0] ?? '';
  const fallback: Preset = task.presets.includes('robust') ? 'robust' : (task.presets[0] ?? 'robust');
  const preset = task.presets.find((known) => known === written.preset) ?? fallback;
  return {
    task: task.name,
    dataset,
    preset,
    instrument: instrumentName(task.name, dataset, preset),
    ...optional('path', written.path),
    // The schema has checked the name.
    ...(written.form === undefined ? {} : { form: written.form as RawFormName }),
    ...optional('dimension', written.dimension),
    ...(written.limit === undefined ? {} : { limit: written.limit }),
    ...(written.headline === undefined ? {} : { headline: written.headline }),
    ...(written.equivalence === undefined ? {} : { equivalence: written.equivalence }),
    ...(written.beta === undefined ? {} : { beta: written.beta }),
  };
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}
