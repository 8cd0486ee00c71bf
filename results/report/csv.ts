import { sideWord } from '../direction.ts';
import type {
  Cell,
  Effect,
  Families,
  MethodEffect,
  RunFacts,
  Summary,
  SummaryMetric,
  SummaryTask,
} from '../summary.ts';
import { metricOf, taskOf } from './names.ts';
import { clean } from './text.ts';

/** What one field of a table may hold. Numbers are printed as numbers, whatever the locale; null is an empty field. */
export type CsvValue = string | number | boolean | null;

/**
 * A table by RFC 4180: CR LF between records, a header, quotes where a field needs them. A text that a spreadsheet
 * would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) gets an apostrophe in front;
 * numbers stay as they are, minus signs too.
 */
export function csv(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Columns of a table: their names and what they read of one item. */
export type Columns<T> = readonly (readonly [name: string, read: (item: T) => CsvValue])[];

/** A row for each item. */
export function csvOf<T>(columns: Columns<T>, items: readonly T[]): string {
  return csv(
    columns.map(([name]) => name),
    items.map((item) => columns.map(([, read]) => read(item))),
  );
}

/** Every effect under every metric, a row each, numbers in the metric's own unit and in full precision. */
export function effectsCsv(summary: Summary): string {
  return csvOf(effectColumns(summary), summary.effects);
}

/** Every checkpoint under every metric, a row each. */
export function cellsCsv(summary: Summary): string {
  return csvOf(cellColumns(summary), summary.cells);
}

/** Every effect of a method over its training seeds, a row each. */
export function methodsCsv(summary: Summary): string {
  return csvOf(methodColumns(summary), summary.relations.methods);
}

/** How a change was measured and tested: the same columns wherever effects stand in a table. */
export const TEST_COLUMNS: Columns<Effect> = [
  ['delta', ({ delta }) => delta],
  ['low_95', ({ low }) => low],
  ['high_95', ({ high }) => high],
  ['towards', towards],
  ['verdict', ({ verdict }) => verdict],
  ['reason', ({ reason }) => reason],
  ['p', ({ p }) => p],
  ['p_adjusted', ({ pAdjusted }) => pAdjusted],
];

/** How many samples stand behind it, and which are missing. */
export const SAMPLE_COLUMNS: Columns<Effect> = [
  ['n', ({ n }) => n],
  ['clusters', ({ clusters }) => clusters],
  ['dropped_from', ({ droppedFrom }) => droppedFrom],
  ['dropped_to', ({ droppedTo }) => droppedTo],
  ['got_better', ({ gained }) => gained],
  ['got_worse', ({ lost }) => lost],
  ['detectable', ({ detectable }) => detectable],
];

/** A value with its interval. */
export const VALUE_COLUMNS: Columns<Cell> = [
  ['value', ({ value }) => value],
  ['low_95', ({ low }) => low],
  ['high_95', ({ high }) => high],
  ['interval', ({ interval }) => interval],
];

function effectColumns(summary: Summary): Columns<Effect> {
  const metric = ({ task, metric: key }: Effect): SummaryMetric => metricOf(summary, task, key);
  return [
    ...runColumns(summary.benchmark, summary.run),
    ['kind', ({ kind }) => kind],
    ['dimension', ({ dimension }) => dimension],
    ['task', ({ task }) => task],
    ['metric', ({ metric: key }) => key],
    ['is_headline', ({ task, metric: key }) => isHeadlineOf(taskOf(summary, task), key)],
    ['unit', (effect) => metric(effect).unit],
    ['direction', ({ direction }) => direction],
    ['method', ({ method }) => method],
    ['from', ({ from }) => from],
    ['to', ({ to }) => to],
    ...TEST_COLUMNS,
    ['adjustment', (effect) => adjustmentOf(summary.families, effect)],
    ['tests_in_family', (effect) => testsOf(summary.families, effect)],
    ['test', ({ test }) => test],
    ['simultaneous_low_95', ({ simultaneous }) => simultaneous?.low ?? null],
    ['simultaneous_high_95', ({ simultaneous }) => simultaneous?.high ?? null],
    ...SAMPLE_COLUMNS,
    ['missing_differs', ({ missingDiffers }) => missingDiffers],
    ['missing_low', ({ missingBounds }) => missingBounds?.low ?? null],
    ['missing_high', ({ missingBounds }) => missingBounds?.high ?? null],
    ['in_overview', ({ main, task }) => main && isOfTrust(taskOf(summary, task))],
    ['training_seeds', ({ seeds }) => seeds],
    ['seed_spread', ({ seedSpread }) => seedSpread],
    ['effect_spread', ({ effectSpread }) => effectSpread],
    ['within_seed_noise', ({ withinSeedNoise }) => withinSeedNoise],
    ['equivalence_margin', ({ equivalence }) => equivalence?.margin ?? null],
    ['equivalence_p', ({ equivalence }) => equivalence?.p ?? null],
    ['equivalent', ({ equivalence }) => equivalence?.equivalent ?? null],
    ['confounds', ({ confounds }) => confounds.join('; ')],
    ['judge_estimator', ({ judge }) => judge?.estimator ?? null],
    ['judge_delta', ({ judge }) => judge?.delta ?? null],
    ['judge_low_95', ({ judge }) => judge?.low ?? null],
    ['judge_high_95', ({ judge }) => judge?.high ?? null],
  ];
}

function methodColumns(summary: Summary): Columns<MethodEffect> {
  const metric = ({ task, metric: key }: MethodEffect): SummaryMetric => metricOf(summary, task, key);
  return [
    ...runColumns(summary.benchmark, summary.run),
    ['kind', ({ kind }) => kind],
    ['dimension', ({ dimension }) => dimension],
    ['task', ({ task }) => task],
    ['metric', ({ metric: key }) => key],
    ['unit', (effect) => metric(effect).unit],
    ['direction', (effect) => metric(effect).direction],
    ['method', ({ method }) => method],
    ['from', ({ from }) => from],
    ['to', ({ to }) => to],
    ['seeds', ({ seeds }) => seeds.map(({ seed }) => seed).join(' ')],
    ['mean', ({ mean }) => mean],
    ['low_95', ({ low }) => low],
    ['high_95', ({ high }) => high],
    ['towards', (effect) => towards({ delta: effect.mean, direction: metric(effect).direction })],
    ['verdict', ({ verdict }) => verdict],
    ['reason', ({ reason }) => reason],
    ['p', ({ p }) => p],
    ['p_adjusted', ({ pAdjusted }) => pAdjusted],
    ['family', ({ family }) => family],
    ['n', ({ n }) => n],
    ['clusters', ({ clusters }) => clusters],
    ['seed_variance', ({ seedVariance }) => seedVariance],
    ['item_variance', ({ itemVariance }) => itemVariance],
    ['degrees_of_freedom', ({ degreesOfFreedom }) => degreesOfFreedom],
    ['detectable', ({ detectable }) => detectable],
    ['confounds', ({ confounds }) => confounds.join('; ')],
  ];
}

function cellColumns(summary: Summary): Columns<Cell> {
  const checkpoints = new Map(summary.checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  const tasks = new Map(summary.tasks.map((task) => [task.task, task]));
  const of = ({ checkpoint }: Cell) => checkpoints.get(checkpoint);
  return [
    ...runColumns(summary.benchmark, summary.run),
    ['checkpoint', ({ checkpoint }) => checkpoint],
    ['method', (cell) => of(cell)?.method ?? null],
    ['parent', (cell) => of(cell)?.parent ?? null],
    ['training_seed', (cell) => of(cell)?.seed ?? null],
    ['step', (cell) => of(cell)?.step ?? null],
    ['family', (cell) => of(cell)?.family ?? null],
    ['control', (cell) => of(cell)?.control ?? null],
    ['dimension', ({ task }) => tasks.get(task)?.dimension ?? null],
    ['task', ({ task }) => task],
    ['task_version', ({ task }) => tasks.get(task)?.version ?? null],
    ['metric', ({ metric }) => metric],
    ['is_headline', ({ task, metric }) => isHeadlineOf(taskOf(summary, task), metric)],
    ['unit', ({ task, metric }) => metricOf(summary, task, metric).unit],
    ['direction', ({ task, metric }) => metricOf(summary, task, metric).direction],
    ...VALUE_COLUMNS,
    ['chance', ({ chance }) => chance],
    ['value_scored_only', ({ valueScoredOnly }) => valueScoredOnly],
    ['n', ({ n }) => n],
    ['clusters', ({ clusters }) => clusters],
    ...RATES.map((kind) => [`share_${kind}`, ({ rates }: Cell) => rates[kind]] as const),
    ['reason', ({ reason }) => reason],
  ];
}

const RATES = ['scored', 'refused', 'empty', 'truncated', 'unparsed', 'failed', 'skipped'] as const;

function runColumns(benchmark: string, run: RunFacts): Columns<unknown> {
  return [
    ['benchmark', () => benchmark],
    ['run', () => run.id],
    ['run_status', () => run.status],
  ];
}

/** Which way the raw number points, whatever the verdict says of it. */
export function towards({ delta, direction }: Pick<Effect, 'delta' | 'direction'>): string | null {
  if (delta === null) return null;
  if (delta === 0) return 'equal';
  return sideWord(delta, direction);
}

function adjustmentOf(families: Families, { family }: Effect): string {
  return family === 'none' ? 'none' : (families[family]?.adjustment ?? 'none');
}

function testsOf(families: Families, { family }: Effect): number | null {
  return family === 'none' ? null : (families[family]?.tests ?? null);
}

/** The metric that stands for an instrument of trust; no factor of preference speaks for the others. */
export function isHeadlineOf(task: Pick<SummaryTask, 'family' | 'headline'>, metric: string): boolean {
  return isOfTrust(task) && task.headline === metric;
}

function isOfTrust({ family = 'trust' }: Pick<SummaryTask, 'family'>): boolean {
  return family === 'trust';
}

function field(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = disarmed(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Full-width forms of the same signs start a formula in some spreadsheets as well. */
function disarmed(value: string): string {
  const text = clean(value);
  const startsFormula = /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(text) || /^[\t\r\n]/.test(value);
  return startsFormula ? `'${text}` : text;
}
