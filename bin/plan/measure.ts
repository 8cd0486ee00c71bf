import type { Definition } from '../../benchmarks/definition/definition.ts';
import type { HeadlineSize } from '../../benchmarks/run/headline-size.ts';
import type { EarlierRun } from './earlier-run.ts';
import { type PrimaryFamily, primaryFamily } from './family.ts';
import { type Aim, type Sensitivity, sensitivityOf } from './sensitivity.ts';

/** What a benchmark can see, task by task, and what that rests on. */
export interface Sight {
  readonly family: PrimaryFamily;
  readonly tasks: readonly Sensitivity[];
  /** The earlier run that the spreads come from; null where all are assumed. */
  readonly earlier: string | null;
}

/** @param detect the effect that a person wants to see, in the metrics' own unit. */
export function sightOf(
  definition: Definition,
  headlines: readonly HeadlineSize[],
  earlier: EarlierRun | undefined,
  detect?: number,
): Sight {
  const family = primaryFamily(definition, headlines);
  const tasks = headlines.map((size) =>
    sensitivityOf(size, earlier?.spreads.get(size.instrument) ?? [], {
      ...aimOf(size, family),
      ...(detect === undefined ? {} : { detect }),
    }),
  );
  const isMeasured = tasks.some(({ measuredOn }) => measuredOn !== null);
  return { family, tasks, earlier: isMeasured ? (earlier?.id ?? null) : null };
}

/** The level of the task's own family; what is tested apart is tested run by run, with no mean over training seeds. */
function aimOf({ instrument }: HeadlineSize, { level, seeds, apart }: PrimaryFamily): Aim {
  const own = apart.find(({ tasks }) => tasks.includes(instrument));
  return own === undefined ? { level, seeds } : { level: own.level };
}
