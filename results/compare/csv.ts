import { csv } from '../report/csv.ts';
import type { RunComparison } from './comparison.ts';
import { headlineOf } from './grids.ts';

/** Every checkpoint of every run under every metric of the joined instruments, a row each. */
export function comparisonValuesCsv({ runs, tasks, checkpoints, cells }: RunComparison): string {
  const rows = cells.flatMap((cell) => {
    const checkpoint = checkpoints.find(({ name }) => name === cell.checkpoint);
    const run = runs.find(({ label }) => label === checkpoint?.run);
    const task = tasks.find((each) => each.task === cell.task);
    const metric = task?.metrics.find(({ key }) => key === cell.metric);
    if (checkpoint === undefined || run === undefined || task === undefined || metric === undefined)
      return [];
    return [
      [
        run.label,
        run.id,
        run.benchmark,
        run.status,
        checkpoint.id,
        checkpoint.method,
        checkpoint.parent,
        checkpoint.seed,
        checkpoint.step,
        checkpoint.sameAs?.name ?? null,
        task.dimension,
        task.task,
        task.version,
        metric.key,
        headlineOf(task).key === metric.key,
        metric.unit,
        metric.direction,
        cell.value,
        cell.low,
        cell.high,
        cell.interval,
        cell.n,
        cell.clusters,
        task.paired.includes(run.label),
        cell.reason,
      ],
    ];
  });
  return csv(VALUE_COLUMNS, rows);
}

/** Every comparison between runs, a row each. */
export function comparisonEffectsCsv({ checkpoints, tasks, effects }: RunComparison): string {
  return csv(
    EFFECT_COLUMNS,
    effects.map((effect) => [
      effect.from,
      effect.to,
      checkpoints.find(({ name }) => name === effect.to)?.against?.sameWeights ?? null,
      effect.dimension,
      effect.task,
      effect.metric,
      tasks.find(({ task }) => task === effect.task)?.metrics.find(({ key }) => key === effect.metric)
        ?.unit ?? null,
      effect.direction,
      effect.delta,
      effect.low,
      effect.high,
      effect.verdict,
      effect.reason,
      effect.p,
      effect.pAdjusted,
      effect.family,
      effect.test,
      effect.n,
      effect.clusters,
      effect.gained,
      effect.lost,
      effect.droppedFrom,
      effect.droppedTo,
      effect.detectable,
    ]),
  );
}

/** What each stage changed within its own run, a row each. */
export function comparisonStagesCsv({ stages, tasks }: RunComparison): string {
  return csv(
    STAGE_COLUMNS,
    stages.map((stage) => [
      stage.from,
      stage.to,
      stage.method,
      stage.dimension,
      stage.task,
      stage.metric,
      tasks.find(({ task }) => task === stage.task)?.metrics.find(({ key }) => key === stage.metric)?.unit ??
        null,
      stage.direction,
      stage.delta,
      stage.low,
      stage.high,
      stage.n,
      stage.reason,
    ]),
  );
}

const STAGE_COLUMNS = [
  'from',
  'to',
  'method',
  'dimension',
  'task',
  'metric',
  'unit',
  'direction',
  'delta',
  'low_95',
  'high_95',
  'n',
  'reason',
];

const VALUE_COLUMNS = [
  'run_label',
  'run',
  'benchmark',
  'run_status',
  'checkpoint',
  'method',
  'parent',
  'training_seed',
  'step',
  'same_checkpoint_as',
  'dimension',
  'task',
  'task_version',
  'metric',
  'is_headline',
  'unit',
  'direction',
  'value',
  'low_95',
  'high_95',
  'interval',
  'n',
  'clusters',
  'same_samples',
  'reason',
];

const EFFECT_COLUMNS = [
  'from',
  'to',
  'same_weights',
  'dimension',
  'task',
  'metric',
  'unit',
  'direction',
  'delta',
  'low_95',
  'high_95',
  'verdict',
  'reason',
  'p',
  'p_adjusted',
  'family',
  'test',
  'n',
  'clusters',
  'got_better',
  'got_worse',
  'dropped_from',
  'dropped_to',
  'detectable',
];
