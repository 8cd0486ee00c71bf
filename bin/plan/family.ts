import type { Definition } from '../../benchmarks/definition/definition.ts';
import type { HeadlineSize } from '../../benchmarks/run/headline-size.ts';
import { type Comparison, planComparisons } from '../../results/effects/comparisons.ts';
import { ALPHA } from '../../results/settings.ts';
import { checkpointFacts } from '../summarise-run.ts';
import type { StageSeeds } from './over-seeds.ts';

/** The family of tests that verdicts are corrected over. */
export interface PrimaryFamily {
  /** Comparisons of a parent with its child; all training seeds of one count once, by their mean or their main run. */
  readonly stages: number;
  /** How many training seeds stand behind each of these. */
  readonly seeds: readonly StageSeeds[];
  /** One a dimension. */
  readonly headlineTasks: readonly string[];
  readonly tests: number;
  /** What the strongest effect must reach: the first step of Holm's correction. */
  readonly level: number;
  /** Families that are corrected apart, as factors of preference are; empty where the definition asks of trust alone. */
  readonly apart: readonly FamilyApart[];
}

/** Tests of what has no better side: every such metric of these tasks in every stage, of the main training seed. */
export interface FamilyApart {
  readonly family: NonNullable<HeadlineSize['apart']>['family'];
  readonly tasks: readonly string[];
  /** Over all tasks. */
  readonly metrics: number;
  readonly stages: number;
  /** At most: a metric under which nothing differs is not tested. */
  readonly tests: number;
  readonly level: number;
}

export function primaryFamily(definition: Definition, headlines: readonly HeadlineSize[]): PrimaryFamily {
  const checkpoints = definition.checkpoints.map((one) => checkpointFacts(one, { models: {} }));
  const { comparisons } = planComparisons(checkpoints);
  const seeds = stageSeeds(comparisons);
  const stages = seeds.length;
  const headlineTasks = headlineTasksOf(
    definition,
    headlines.filter(({ apart }) => apart === undefined),
  );
  const tests = stages * headlineTasks.length;
  const apart = familiesApart(headlines, stages);
  return { stages, seeds, headlineTasks, tests, level: levelOf(tests), apart };
}

function levelOf(tests: number): number {
  return ALPHA / Math.max(1, tests);
}

function familiesApart(headlines: readonly HeadlineSize[], stages: number): FamilyApart[] {
  return (['profile', 'dynamics'] as const).flatMap((family) => {
    const own = headlines.filter(({ apart }) => apart?.family === family);
    if (own.length === 0) return [];
    const metrics = own.reduce((sum, { apart }) => sum + (apart?.metrics ?? 0), 0);
    const tests = metrics * stages;
    const tasks = own.map(({ instrument }) => instrument);
    return [{ family, tasks, metrics, stages, tests, level: levelOf(tests) }];
  });
}

function stagesOf(comparisons: readonly Comparison[]): Comparison[] {
  return comparisons.filter(({ kind, intermediate }) => kind === 'stage' && !intermediate);
}

function stageSeeds(comparisons: readonly Comparison[]): StageSeeds[] {
  const stages = stagesOf(comparisons);
  return stages
    .filter(({ main }) => main)
    .map(({ from, to, replicates }) => ({
      from: from.id,
      to: to.id,
      seeds: stages.filter((each) => each.replicates === replicates).length,
    }));
}

/** The task of each dimension that the definition marks as its headline, else the first one. */
function headlineTasksOf({ tasks }: Definition, headlines: readonly HeadlineSize[]): string[] {
  const marked = new Set(
    tasks.flatMap(({ headline, instrument }) => (headline === true ? [instrument] : [])),
  );
  return [...new Set(headlines.map(({ dimension }) => dimension))].flatMap((dimension) => {
    const rivals = headlines.filter((one) => one.dimension === dimension);
    const chosen = rivals.find(({ instrument }) => marked.has(instrument)) ?? rivals[0];
    return chosen === undefined ? [] : [chosen.instrument];
  });
}
