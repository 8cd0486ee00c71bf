import type { MetricSpec, TaskFamily } from '../../suites/task.ts';
import type { Definition } from '../definition/definition.ts';
import type { PreparedTask } from './prepare-tasks.ts';

/** How many samples the headline metric of an instrument will speak of. */
export interface HeadlineSize {
  readonly instrument: string;
  readonly dimension: string;
  readonly metric: MetricSpec;
  readonly samples: number;
  readonly clusters: number;
  /** Size of the cluster of an average sample: Σ size² / Σ size; 1 when every sample is its own. */
  readonly clusterSize: number;
  /** Samples that the dataset holds without any limit. */
  readonly available: number;
  /** Samples by the stratum that a contrast of strata compares; null for other metrics. */
  readonly strata: Readonly<Record<string, number>> | null;
  /** Where it is not `trust`: its effects are corrected apart, one test for every metric that has no better side. */
  readonly apart?: { readonly family: Exclude<TaskFamily, 'trust'>; readonly metrics: number };
}

export function headlineSizes(definition: Definition, tasks: readonly PreparedTask[]): HeadlineSize[] {
  return tasks.map((prepared) => {
    const selection = definition.tasks.find(({ instrument }) => instrument === prepared.instrument);
    return headlineSize(prepared, selection?.dimension ?? prepared.task.dimension);
  });
}

function headlineSize(
  { instrument, task, samples, available }: PreparedTask,
  dimension: string,
): HeadlineSize {
  const { headline, metrics, family = 'trust' } = task;
  const { fold, within } = headline;
  const stratum = typeof fold === 'object' ? fold.stratum : undefined;
  const clusters = new Map<string, number>();
  const strata: Record<string, number> = {};
  let count = 0;
  for (const sample of samples()) {
    if (!liesWithin(sample.strata, within)) continue;
    count++;
    clusters.set(sample.cluster, (clusters.get(sample.cluster) ?? 0) + 1);
    const name = stratum === undefined ? undefined : sample.strata[stratum];
    if (name !== undefined) strata[name] = (strata[name] ?? 0) + 1;
  }
  return {
    instrument,
    dimension,
    metric: headline,
    samples: count,
    clusters: clusters.size,
    clusterSize: [...clusters.values()].reduce((sum, size) => sum + size ** 2, 0) / Math.max(1, count),
    available,
    strata: stratum === undefined ? null : strata,
    ...(family === 'trust'
      ? {}
      : {
          apart: { family, metrics: metrics.filter(({ direction }) => direction === 'neutral').length },
        }),
  };
}

function liesWithin(strata: Readonly<Record<string, string>>, within: MetricSpec['within']): boolean {
  return Object.entries(within ?? {}).every(([name, values]) => values.includes(strata[name] ?? ''));
}
