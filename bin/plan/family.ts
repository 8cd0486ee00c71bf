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
}

export function primaryFamily(definition: Definition, headlines: readonly HeadlineSize[]): PrimaryFamily {
  const checkpoints = definition.checkpoints.map((one) => checkpointFacts(one, { models: {} }));
  const seeds = stageSeeds(planComparisons(checkpoints).comparisons);
  const stages = seeds.length;
  const headlineTasks = headlineTasksOf(definition, headlines);
  const tests = stages * headlineTasks.length;
  return { stages, seeds, headlineTasks, tests, level: ALPHA / Math.max(1, tests) };
}

function stageSeeds(comparisons: readonly Comparison[]): StageSeeds[] {
  const stages = comparisons.filter(({ kind, intermediate }) => kind === 'stage' && !intermediate);
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
