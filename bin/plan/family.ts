import type { Definition } from '../../benchmarks/definition/definition.ts';
import type { HeadlineSize } from '../../benchmarks/run/headline-size.ts';
import { planComparisons } from '../../results/effects/comparisons.ts';
import { ALPHA } from '../../results/settings.ts';
import { checkpointFacts } from '../summarise-run.ts';

/** The family of tests that verdicts are corrected over. */
export interface PrimaryFamily {
  /** Comparisons of a parent with its child; all training seeds of one count once, by their mean or their main run. */
  readonly stages: number;
  /** One a dimension. */
  readonly headlineTasks: readonly string[];
  readonly tests: number;
  /** What the strongest effect must reach: the first step of Holm's correction. */
  readonly level: number;
}

export function primaryFamily(definition: Definition, headlines: readonly HeadlineSize[]): PrimaryFamily {
  const checkpoints = definition.checkpoints.map((one) => checkpointFacts(one, { models: {} }));
  const stages = planComparisons(checkpoints).comparisons.filter(
    ({ kind, main }) => kind === 'stage' && main,
  ).length;
  const headlineTasks = headlineTasksOf(definition, headlines);
  const tests = stages * headlineTasks.length;
  return { stages, headlineTasks, tests, level: ALPHA / Math.max(1, tests) };
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
