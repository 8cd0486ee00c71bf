import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { MetricSpec, Task } from '../../suites/task.ts';
import { hasSeries } from './check-series.ts';
import type { KeepConstraint, TaskSelection } from './definition.ts';
import { type Finding, isObject, listOf, member, type Path, quote, suggest, textOf } from './finding.ts';
import { judgedBy } from './judges.ts';
import { selectTask, writtenTask } from './selection.ts';
import type { Vocabulary } from './vocabulary.ts';
import { roleEntries, type WrittenModel } from './written.ts';

/** How each rule is written. */
export const KEEP_RULES = {
  atLeast: 'at-least',
  atMost: 'at-most',
  fallAtMost: 'fall-at-most',
  riseAtMost: 'rise-at-most',
} as const satisfies Readonly<Record<string, KeepConstraint['rule']>>;

/** What a constraint may speak of: the instruments of a definition, and their tasks. */
export interface KeepContext {
  readonly selections: readonly TaskSelection[];
  findTask(name: string): Task | undefined;
}

/** Every entry of `keep` names one instrument of the file, one of its metrics, and one bound that a value can meet. */
export function checkKeep(
  file: JsonValue,
  checkpoints: readonly WrittenModel[],
  vocabulary: Vocabulary,
): Finding[] {
  const entries = listOf(file, 'keep');
  if (entries.length === 0) return [];
  const context = keepContext(file, vocabulary);
  const findings = entries.flatMap((entry, index) => {
    const read = readConstraint(entry, context, ['keep', index]);
    return 'findings' in read ? read.findings : [];
  });
  return [...findings, ...checkHasSeries(checkpoints)];
}

/** The constraints of a file that has passed every check. */
export function fillKeep(file: JsonValue, vocabulary: Vocabulary): KeepConstraint[] {
  const context = keepContext(file, vocabulary);
  return listOf(file, 'keep').flatMap((entry) => {
    const read = readConstraint(entry, context, ['keep']);
    return 'constraint' in read ? [read.constraint] : [];
  });
}

/** One constraint, or what is wrong with it; its shape may be anything. */
export function readConstraint(
  entry: JsonValue,
  context: KeepContext,
  path: Path,
): { readonly constraint: KeepConstraint } | { readonly findings: readonly Finding[] } {
  const name = textOf(entry, 'task');
  // The schema says what is wrong with such a shape.
  if (!isObject(entry) || name === undefined) return { findings: [] };
  const selection = selectionOf(name, context, [...path, 'task']);
  if ('message' in selection) return { findings: [selection] };
  const task = context.findTask(selection.task);
  if (task === undefined) return { findings: [] };
  const metric = metricOf(entry, task, [...path, 'metric']);
  if ('message' in metric) return { findings: [metric] };
  const bound = boundOf(entry, metric, path);
  if ('message' in bound) return { findings: [bound] };
  return { constraint: { task: selection.instrument, metric: metric.key, ...bound } };
}

/** In the words of `--keep`: `truthfulness/mc1@truthfulqa-817:robust mc1 fall <= 0.05`. */
export function constraintWords({ task, metric, rule, bound }: KeepConstraint): string {
  const relation = {
    'at-least': '>=',
    'at-most': '<=',
    'fall-at-most': 'fall <=',
    'rise-at-most': 'rise <=',
  }[rule];
  return `${task} ${metric} ${relation} ${bound}`;
}

function keepContext(file: JsonValue, vocabulary: Vocabulary): KeepContext {
  const judges = roleEntries(file)
    .filter(({ role }) => role === 'judge')
    .flatMap(({ value }) => (typeof value === 'string' ? value : (textOf(value, 'id') ?? [])));
  const selections = listOf(file, 'tasks').flatMap((entry) => {
    const written = writtenTask(entry);
    const task = written === undefined ? undefined : vocabulary.findTask(written.task);
    return written === undefined || task === undefined
      ? []
      : judgedBy(selectTask(written, task), task, judges);
  });
  return { selections, findTask: (name) => vocabulary.findTask(name) };
}

/** By full name, or by as much of it as tells it from every other instrument. */
function selectionOf(name: string, { selections }: KeepContext, path: Path): TaskSelection | Finding {
  const written = writtenTask(name);
  const found = selections.filter(
    ({ task, dataset, preset, instrument }) =>
      instrument === name ||
      (task === written?.task &&
        (written.dataset ?? dataset) === dataset &&
        (written.preset ?? preset) === preset),
  );
  const [first] = found;
  const known = selections.map(({ instrument }) => instrument);
  if (first === undefined) {
    const names = [...new Set(selections.map(({ task }) => task))];
    const fix = suggest(name, names.includes(name) ? known : names, 'tasks of this benchmark');
    return { path, message: `no task ${quote(name)} is asked`, fix };
  }
  if (found.length === 1) return first;
  const message = `${quote(name)} is more than one instrument`;
  return { path, message, fix: `name one of ${found.map(({ instrument }) => instrument).join(', ')}` };
}

function metricOf(entry: JsonObject, task: Task, path: Path): MetricSpec | Finding {
  const key = textOf(entry, 'metric') ?? task.headline.key;
  const metric = task.metrics.find((one) => one.key === key);
  if (metric !== undefined) return metric;
  const fix = suggest(
    key,
    task.metrics.map((one) => one.key),
    'it has',
  );
  return { path, message: `${quote(task.name)} has no metric ${quote(key)}`, fix };
}

function boundOf(
  entry: JsonObject,
  { key, range, unit }: MetricSpec,
  path: Path,
): Pick<KeepConstraint, 'rule' | 'bound'> | Finding {
  const given = Object.keys(KEEP_RULES).filter((name) => member(entry, name) !== undefined);
  const [name] = given as (keyof typeof KEEP_RULES)[];
  if (name === undefined || given.length > 1) {
    const message =
      name === undefined
        ? 'says no bound'
        : `says ${given.map(quote).join(' and ')}, which are two constraints`;
    return { path, message, fix: `write exactly one of ${Object.keys(KEEP_RULES).join(', ')}` };
  }
  const bound = member(entry, name);
  const at = [...path, name];
  // The schema says what is wrong with anything else.
  if (typeof bound !== 'number' || !Number.isFinite(bound)) return { path: at, message: 'is no number' };
  const rule = KEEP_RULES[name];
  const isOfChange = rule === 'fall-at-most' || rule === 'rise-at-most';
  const [least, most] = isOfChange ? [0, range[1] - range[0]] : range;
  if (bound >= least && bound <= most) return { rule, bound };
  const what = isOfChange ? `a change of ${key} has a size` : `${key} runs`;
  const isAlways = (rule === 'at-least' && bound < least) || (rule !== 'at-least' && bound > most);
  const message = `${bound} ${isAlways ? 'excludes nothing' : 'can never be met'}: ${what} from ${least} to ${most}`;
  const isPoints = unit === 'share' && bound > 1 && bound <= 100;
  return { path: at, message, ...(isPoints ? { fix: `${bound} points are ${bound / 100}` } : {}) };
}

/** Which step to keep can only be asked of checkpoints with steps. */
function checkHasSeries(checkpoints: readonly WrittenModel[]): Finding[] {
  if (hasSeries(checkpoints)) return [];
  const message = `asks which step to keep, and ${NO_SERIES}`;
  return [{ path: ['keep'], at: 'key', message, fix: SERIES_FIX }];
}

export const NO_SERIES = 'no training run has two checkpoints with a step';
export const SERIES_FIX =
  'give the checkpoints of one run their alignment.step, and all of them the parent, method, data, recipe and seed of the run';
