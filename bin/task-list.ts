import type { JsonObject } from '../core/json.ts';
import { directionInWords } from '../results/direction.ts';
import { grouped, plain, unitName } from '../results/format.ts';
import { type Palette, palette } from '../results/report/colour.ts';
import { displayWidth, hanging, padded } from '../results/report/text.ts';
import { type DatasetDescription, describeDataset } from '../suites/datasets/index.ts';
import { allTasks } from '../suites/registry.ts';
import { type MetricSpec, type Preset, type Task, UNSCORED_REASONS } from '../suites/task.ts';
import { fold } from './table.ts';

/** A task with what only the whole list tells. */
export interface ListedTask {
  readonly task: Task;
  /** The first of its dimension stands for it. */
  readonly standsForDimension: boolean;
}

/** Every task, in the order of the registry, then those that extensions bring. */
export async function listedTasks(more: readonly Task[] = []): Promise<ListedTask[]> {
  const tasks = [...(await allTasks()), ...more];
  return tasks.map((task) => ({
    task,
    standsForDimension: tasks.find(({ dimension }) => dimension === task.dimension) === task,
  }));
}

/** One block a task under its suite, every line at most `width` columns wide. */
export function drawTasks(tasks: readonly ListedTask[], width: number, colour: boolean): string {
  const paint = palette(colour);
  const suites = [...new Set(tasks.map(({ task }) => suiteOf(task)))];
  const sections = suites.map((suite) => {
    const members = tasks.filter(({ task }) => suiteOf(task) === suite);
    const count = `${members.length} task${members.length === 1 ? '' : 's'}`;
    const blocks = members.map((member) => drawTask(member, width, paint).join('\n'));
    return `${paint.strong(suite)} ${paint.faint(`(${count})`)}\n\n${blocks.join('\n\n')}`;
  });
  return sections.join('\n\n');
}

/** Everything that the text says, and the other metrics in full. */
export function taskJson({ task, standsForDimension }: ListedTask): JsonObject {
  return {
    name: task.name,
    suite: suiteOf(task),
    dimension: task.dimension,
    standsForDimension,
    version: task.version,
    question: task.question,
    source: task.source,
    needs: task.needs,
    roles: task.roles as JsonObject,
    cluster: task.cluster,
    datasets: task.datasets,
    licences: Object.fromEntries(task.datasets.map((id) => [id, describeDataset(id).licence])),
    presets: task.presets,
    defaultPreset: defaultPreset(task),
    headline: task.headline.key,
    metrics: task.metrics.map(({ fold: how, range, ...metric }) => ({
      ...metric,
      range: range.map((end) => (Number.isFinite(end) ? end : null)),
      fold: how === 'mean' ? 'mean' : 'statistic',
    })),
  };
}

function suiteOf({ name }: Task): string {
  return name.split('/')[0] ?? name;
}

function defaultPreset({ presets }: Task): Preset {
  return presets.includes('robust') ? 'robust' : (presets[0] ?? 'robust');
}

const LABEL_WIDTH = 11;

function drawTask({ task, standsForDimension }: ListedTask, width: number, paint: Palette): string[] {
  const { name, question, dimension, cluster, source, headline, metrics } = task;
  const others = metrics.slice(1).map(({ key }) => key);
  const facts: [string, readonly string[]][] = [
    ['metric', [metricInWords(headline)]],
    ['guessing', [chanceInWords(headline)]],
    ['unscored', [countsInWords(headline)]],
    ['also gives', others.length === 0 ? [] : [others.join(', ')]],
    ['needs', [needsInWords(task)]],
    ['cluster', [cluster]],
    ['presets', [task.presets.map((preset) => marked(preset, preset === defaultPreset(task))).join(', ')]],
    ['data', dataInWords(task)],
    [
      'dimension',
      [
        standsForDimension && (task.family ?? 'trust') === 'trust'
          ? `${dimension} (its headline task)`
          : dimension,
      ],
    ],
    ['paper', [source]],
  ];
  return [
    `  ${paint.strong(name)}`,
    ...hanging('    ', question, width),
    ...facts.flatMap(([label, lines]) =>
      lines.flatMap((line, index) => drawFact(index === 0 ? label : '', line, width, paint)),
    ),
  ];
}

function drawFact(label: string, text: string, width: number, paint: Palette): string[] {
  const indent = 4 + LABEL_WIDTH;
  return fold(text, Math.max(20, width - indent)).map((line, index) =>
    index === 0 ? `    ${paint.faint(padded(label, LABEL_WIDTH))}${line}` : `${' '.repeat(indent)}${line}`,
  );
}

function metricInWords({ key, label, range, unit, direction }: MetricSpec): string {
  const [least, most] = range.map((end) => numeral(end, unit));
  return `${label} (${key}), ${least} to ${most} ${unitName(unit)}, ${directionInWords(direction)}`;
}

function chanceInWords({ chance, unit }: MetricSpec): string {
  if (chance === null) return 'means nothing here';
  if (chance === 'per-sample') return 'differs by sample; the report gives its mean';
  return `gives ${numeral(chance, unit)} ${unitName(unit)}`;
}

/** What becomes of answers that the task cannot score. */
function countsInWords({ counts, unit }: MetricSpec): string {
  const counted = UNSCORED_REASONS.flatMap((reason) => {
    const value = counts[reason];
    return value === undefined ? [] : [`${reason} counts as ${numeral(value, unit)}`];
  });
  const left = UNSCORED_REASONS.filter((reason) => counts[reason] === undefined);
  const rest = left.length === 0 ? [] : [`${left.join(', ')}: left out of the value, shown as rates`];
  return [...counted, ...rest].join('; ');
}

function needsInWords({ needs, roles }: Task): string {
  const others = Object.entries(roles).map(
    ([role, verbs]) => `a ${role} that can ${(verbs ?? []).join(', ')}`,
  );
  return [needs.join(', '), ...others].join('; ');
}

function dataInWords({ datasets }: Task): string[] {
  const described = datasets.map((id) => describeDataset(id));
  const names = described.map(({ id }, index) => marked(id, index === 0 && datasets.length > 1));
  const nameWidth = Math.max(...names.map(displayWidth));
  return described.map(
    ({ licence, ...dataset }, index) =>
      `${padded(names[index] as string, nameWidth)}  ${rowsInWords(dataset)}, ${licence}`,
  );
}

/** How many rows a dataset has and where they are. */
export function rowsInWords({ rows, file }: Pick<DatasetDescription, 'rows' | 'file'>): string {
  const place = { package: 'in this package', download: 'downloaded', given: 'from a file of yours' }[
    file.kind
  ];
  return rows === null ? place : `${grouped(rows)} rows, ${place}`;
}

function marked(name: string, isDefault: boolean): string {
  return isDefault ? `${name} (default)` : name;
}

/** A value as the reports print it, without an empty decimal. */
function numeral(value: number, unit: MetricSpec['unit']): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return plain(value, unit).replace(/\.0+$/, '');
}
