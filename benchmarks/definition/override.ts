import { digestOf } from '../../core/digest.ts';
import type { Definition } from './definition.ts';
import { definitionJson } from './fill.ts';

/** What the command line may say in place of the file. */
export interface Overrides {
  /** At most so many samples of every task. */
  readonly limit?: number;
  /** A stopping rule. */
  readonly until?: string;
}

/**
 * A definition with other settings, as if the file had said so: its digest and with it the run are others. A task's own
 * smaller limit stays. A smaller limit asks a subset of what a larger one asks, because both cut one seeded order.
 */
export function overridden(definition: Definition, { limit, until }: Overrides): Definition {
  if (limit === undefined && until === undefined) return definition;
  const { settings, tasks } = definition;
  const changed = {
    ...definition,
    settings: {
      ...settings,
      ...(limit === undefined ? {} : { limit: Math.min(limit, settings.limit ?? limit) }),
      ...(until === undefined ? {} : { until }),
    },
    tasks: tasks.map((task) =>
      limit === undefined || task.limit === undefined
        ? task
        : { ...task, limit: Math.min(limit, task.limit) },
    ),
  };
  return { ...changed, digest: digestOf(definitionJson(changed)) };
}
