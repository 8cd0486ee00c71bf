import type { Series } from './series/series-summary.ts';
import type { Summary } from './summary.ts';

/** What a report asks in its title. */
export function questionOf(summary: Summary): string {
  if (asksOfTrust(summary)) return 'which alignment method moved which trust';
  return summary.tasks.some(({ family }) => family === 'profile')
    ? 'which factors pull preferences'
    : 'what did the checkpoints learn';
}

/** Whether a run has a task of trust; one that asked nothing says so in the words of trust. */
export function asksOfTrust({ tasks }: Summary): boolean {
  return tasks.length === 0 || tasks.some(({ family = 'trust' }) => family === 'trust');
}

/**
 * The summary without the factors of preference and without learning dynamics: what the tables of trust, its trade-offs and its rankings speak of.
 * The same object where there are none.
 */
export function trustPart(summary: Summary): Summary {
  const tasks = summary.tasks.filter(({ family = 'trust' }) => family === 'trust');
  if (tasks.length === summary.tasks.length) return summary;
  const names = new Set(tasks.map(({ task }) => task));
  const kept = <T extends { readonly task: string }>(items: readonly T[]): T[] =>
    items.filter(({ task }) => names.has(task));
  const { relations } = summary;
  const dimensions = new Set(tasks.map(({ dimension }) => dimension));
  return {
    ...summary,
    tasks,
    cells: kept(summary.cells),
    effects: kept(summary.effects),
    relations: {
      ...relations,
      methods: kept(relations.methods),
      pooled: kept(relations.pooled),
      ...(relations.readings === undefined ? {} : { readings: kept(relations.readings) }),
      agreements: relations.agreements.filter(({ dimension }) => dimensions.has(dimension)),
      decompositions: kept(relations.decompositions),
      noise: kept(relations.noise),
    },
    ...(summary.series === undefined ? {} : { series: summary.series.map((one) => seriesOver(one, names)) }),
  };
}

/** A series under these tasks alone; the step to keep stands or falls with all of its constraints. */
function seriesOver(series: Series, tasks: ReadonlySet<string>): Series {
  const { curves, fronts, kept } = series;
  return {
    ...series,
    curves: curves.filter(({ task }) => tasks.has(task)),
    fronts: fronts.filter(({ task, against }) => tasks.has(task) && tasks.has(against.task)),
    kept: kept?.constraints.every(({ task }) => tasks.has(task)) === true ? kept : null,
  };
}
