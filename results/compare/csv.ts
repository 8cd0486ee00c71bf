import {
  type Columns,
  csvOf,
  isHeadlineOf,
  SAMPLE_COLUMNS,
  TEST_COLUMNS,
  towards,
  VALUE_COLUMNS,
} from '../report/csv.ts';
import type { Cell, Effect, SummaryMetric } from '../summary.ts';
import type { StageAgain } from './again.ts';
import type { RunComparison } from './comparison.ts';
import type { StageChange } from './values.ts';

/** Every checkpoint of every run under every metric of the joined instruments, a row each. */
export function comparisonValuesCsv(comparison: RunComparison): string {
  return csvOf(valueColumns(comparison), comparison.cells);
}

/** Every comparison between runs, a row each. */
export function comparisonEffectsCsv(comparison: RunComparison): string {
  return csvOf(effectColumns(comparison), comparison.effects);
}

/** What each stage changed within its own run, a row each. */
export function comparisonStagesCsv(comparison: RunComparison): string {
  return csvOf(stageColumns(comparison), comparison.stages);
}

/** Whether each stage effect happened again, a row each. */
export function comparisonAgainCsv(comparison: RunComparison): string {
  return csvOf(AGAIN_COLUMNS, comparison.again);
}

const AGAIN_COLUMNS: Columns<StageAgain> = [
  ['first_from', ({ first }) => first.from],
  ['first_to', ({ first }) => first.to],
  ['first_delta', ({ first }) => first.delta],
  ['again_from', ({ again }) => again.from],
  ['again_to', ({ again }) => again.to],
  ['again_delta', ({ again }) => again.delta],
  ['task', ({ task }) => task],
  ['metric', ({ metric }) => metric],
  ['same_sign', ({ sameSign }) => sameSign],
  ['intervals_overlap', ({ overlap }) => overlap],
  ['same_weights', ({ sameWeights }) => sameWeights],
  ['shared_samples', ({ sharedSamples }) => sharedSamples],
];

function valueColumns({ runs, tasks, checkpoints }: RunComparison): Columns<Cell> {
  const checkpointOf = ({ checkpoint }: Cell) => checkpoints.find(({ name }) => name === checkpoint);
  const runOf = (cell: Cell) => runs.find(({ label }) => label === checkpointOf(cell)?.run);
  const taskOf = (cell: Cell) => tasks.find(({ task }) => task === cell.task);
  const metric = metricIn({ tasks });
  return [
    ['run_label', (cell) => runOf(cell)?.label ?? null],
    ['run', (cell) => runOf(cell)?.id ?? null],
    ['benchmark', (cell) => runOf(cell)?.benchmark ?? null],
    ['run_status', (cell) => runOf(cell)?.status ?? null],
    ['checkpoint', (cell) => checkpointOf(cell)?.id ?? null],
    ['method', (cell) => checkpointOf(cell)?.method ?? null],
    ['parent', (cell) => checkpointOf(cell)?.parent ?? null],
    ['training_seed', (cell) => checkpointOf(cell)?.seed ?? null],
    ['step', (cell) => checkpointOf(cell)?.step ?? null],
    ['same_checkpoint_as', (cell) => checkpointOf(cell)?.sameAs?.name ?? null],
    ['dimension', (cell) => taskOf(cell)?.dimension ?? null],
    ['task', ({ task }) => task],
    ['task_version', (cell) => taskOf(cell)?.version ?? null],
    ['metric', ({ metric: key }) => key],
    ['is_headline', (cell) => isHeadline(taskOf(cell), cell)],
    ['unit', (cell) => metric(cell)?.unit ?? null],
    ['direction', (cell) => metric(cell)?.direction ?? null],
    ...VALUE_COLUMNS,
    ['n', ({ n }) => n],
    ['clusters', ({ clusters }) => clusters],
    ['same_samples', (cell) => taskOf(cell)?.paired.includes(runOf(cell)?.label ?? '') ?? null],
    ['reason', ({ reason }) => reason],
  ];
}

function effectColumns(comparison: RunComparison): Columns<Effect> {
  const metric = metricIn(comparison);
  const against = ({ to }: Effect) => comparison.checkpoints.find(({ name }) => name === to)?.against;
  return [
    ['from', ({ from }) => from],
    ['to', ({ to }) => to],
    ['same_weights', (effect) => against(effect)?.sameWeights ?? null],
    ['dimension', ({ dimension }) => dimension],
    ['task', ({ task }) => task],
    ['metric', ({ metric: key }) => key],
    ['unit', (effect) => metric(effect)?.unit ?? null],
    ['direction', ({ direction }) => direction],
    ...TEST_COLUMNS,
    ['family', ({ family }) => family],
    ['test', ({ test }) => test],
    ...SAMPLE_COLUMNS,
  ];
}

function stageColumns(comparison: RunComparison): Columns<StageChange> {
  const metric = metricIn(comparison);
  return [
    ['from', ({ from }) => from],
    ['to', ({ to }) => to],
    ['method', ({ method }) => method],
    ['dimension', ({ dimension }) => dimension],
    ['task', ({ task }) => task],
    ['metric', ({ metric: key }) => key],
    ['unit', (stage) => metric(stage)?.unit ?? null],
    ['direction', ({ direction }) => direction],
    ['delta', ({ delta }) => delta],
    ['low_95', ({ low }) => low],
    ['high_95', ({ high }) => high],
    ['towards', towards],
    ['n', ({ n }) => n],
    ['reason', ({ reason }) => reason],
  ];
}

type Place = Pick<Cell, 'task' | 'metric'>;

function metricIn({ tasks }: Pick<RunComparison, 'tasks'>): (place: Place) => SummaryMetric | undefined {
  return ({ task, metric }) =>
    tasks.find((each) => each.task === task)?.metrics.find(({ key }) => key === metric);
}

function isHeadline(task: RunComparison['tasks'][number] | undefined, { metric }: Place): boolean | null {
  return task === undefined ? null : isHeadlineOf(task, metric);
}
