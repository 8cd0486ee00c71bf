import type { Definition } from '../../benchmarks/definition/definition.ts';
import { playedBy } from '../../benchmarks/definition/judges.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { findTask } from '../../suites/registry.ts';
import type { LabelRubric, MetricSpec } from '../../suites/task.ts';

/** An instrument of a run whose outcomes rest on a judge, a classifier or a rule that people can check. */
export interface LabelTask {
  readonly instrument: string;
  readonly dataset: string;
  readonly rubric: LabelRubric;
  /** What plays the scorer: a judge or classifier of the definition, or a rule. */
  readonly by: 'judge' | 'classifier' | 'rule';
  /** Where a manifest keeps this judge; absent where it is the first or only one, or none. */
  readonly judge?: `role:${string}`;
  readonly metrics: readonly MetricSpec[];
  /** Metrics that a label decides. */
  readonly keys: readonly string[];
}

/** Every instrument of the run that people can label. */
export async function labelTasks(definition: Definition): Promise<LabelTask[]> {
  const found: LabelTask[] = [];
  for (const selection of definition.tasks) {
    const { task: name, instrument, dataset } = selection;
    const task = await findTask(name);
    if (task?.labels === undefined) continue;
    const { labels: rubric, metrics, roles } = task;
    const by = roles.judge !== undefined ? 'judge' : roles.classifier !== undefined ? 'classifier' : 'rule';
    const player = playedBy('judge', selection, definition);
    const judge = player === 'judge' ? {} : { judge: `role:${player}` as const };
    found.push({ instrument, dataset, rubric, by, ...judge, metrics, keys: decidedKeys(rubric, metrics) });
  }
  return found;
}

/**
 * Those that were named, as `suite/task` or in full; all when none was.
 *
 * @throws UserError for a name that is none of them.
 */
export function chooseTasks(
  all: readonly LabelTask[],
  named: readonly string[],
  definition: Definition,
): LabelTask[] {
  if (all.length === 0) {
    const message = 'no task of this run rests on a judge, a classifier or a rule that people could check';
    throw new UserError(
      { message, fix: 'likelihoods and letters are compared, not judged' },
      EXIT.environment,
    );
  }
  if (named.length === 0) return [...all];
  const chosen = new Set<LabelTask>();
  for (const name of named) {
    const matching = all.filter(
      ({ instrument }) => instrument === name || instrument.split(/[@:]/)[0] === name,
    );
    if (matching.length === 0) throw unknownTask(name, all, definition);
    for (const one of matching) chosen.add(one);
  }
  return all.filter((one) => chosen.has(one));
}

function unknownTask(name: string, all: readonly LabelTask[], { tasks }: Definition): UserError {
  const isAsked = tasks.some(({ task, instrument }) => task === name || instrument === name);
  const names = all.map(({ instrument }) => instrument.split('@')[0] ?? instrument);
  const [close] = nearest(name, names);
  return new UserError({
    field: '--task',
    message: isAsked ? `nothing judges the answers of ${name}` : `the run has no task ${name}`,
    fix: `There are: ${[...new Set(names)].join(', ')}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
  });
}

/** A label decides the same metrics whatever it is, in at least one of the strata. */
function decidedKeys(rubric: LabelRubric, metrics: readonly MetricSpec[]): string[] {
  const strata = strataOf(metrics);
  const keys = new Set(
    Object.keys(rubric.labels).flatMap((label) =>
      strata.flatMap((one) => Object.keys(rubric.valuesOf(label, one))),
    ),
  );
  return metrics.map(({ key }) => key).filter((key) => keys.has(key));
}

/** One set of strata for each value that a metric speaks of. */
function strataOf(metrics: readonly MetricSpec[]): Record<string, string>[] {
  const named = metrics.flatMap(({ within }) =>
    Object.entries(within ?? {}).flatMap(([name, values]) => values.map((value) => ({ [name]: value }))),
  );
  return [{}, ...named];
}
