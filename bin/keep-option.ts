import type { Definition, KeepConstraint } from '../benchmarks/definition/definition.ts';
import {
  constraintWords,
  type KEEP_RULES,
  NO_SERIES,
  readConstraint,
  SERIES_FIX,
} from '../benchmarks/definition/keep.ts';
import { EXIT, type Problem, UserError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Alarm } from '../results/summary.ts';
import { findTask } from '../suites/registry.ts';
import type { Task } from '../suites/task.ts';
import type { OptionValues } from './command.ts';

/** What `--keep` was given, as written; empty where it was not. */
export function keepOption(options: OptionValues): string[] {
  const given = options['keep'];
  return Array.isArray(given) ? given.map(String) : [];
}

/**
 * What the step to keep must satisfy: what the command line says, in place of the definition.
 *
 * @throws UserError (exit code 2) with every constraint that cannot be read, or that the run cannot be asked.
 */
export async function keepConstraints(
  definition: Definition,
  given: readonly string[],
): Promise<readonly KeepConstraint[]> {
  if (given.length === 0) return definition.keep ?? [];
  if (!hasSeries(definition)) {
    throw new UserError(
      { field: '--keep', message: `${NO_SERIES} in this benchmark`, fix: SERIES_FIX },
      EXIT.usage,
    );
  }
  const tasks = new Map<string, Task>();
  for (const { task: name } of definition.tasks) {
    const task = await findTask(name);
    if (task !== undefined) tasks.set(name, task);
  }
  const context = { selections: definition.tasks, findTask: (name: string) => tasks.get(name) };
  const problems: Problem[] = [];
  const constraints = given.flatMap((text) => {
    const field = `--keep "${text}"`;
    const entry = writtenConstraint(text);
    if (entry === undefined) {
      problems.push({ field, message: 'cannot be read', fix: FORM });
      return [];
    }
    const read = readConstraint(entry, context, []);
    if ('constraint' in read) return [read.constraint];
    problems.push(
      ...read.findings.map(({ message, fix }) => ({ field, message, ...(fix === undefined ? {} : { fix }) })),
    );
    return [];
  });
  if (problems.length > 0) throw new UserError(problems, EXIT.usage);
  return constraints;
}

/** Equal parent, method, data, recipe, seed and prompt format, as results/series/grouping.ts has it. */
function hasSeries({ checkpoints }: Definition): boolean {
  const runs = checkpoints
    .filter(({ alignment, control }) => alignment.step !== undefined && control === undefined)
    .map(({ alignment: { parent, method, data, recipe, seed }, promptFormat }) =>
      JSON.stringify([parent, method, data, recipe, seed, promptFormat].map((part) => part ?? null)),
    );
  return new Set(runs).size < runs.length;
}

/** Said where constraints of the command line replace those that stood in the definition, or were not there. */
export function keepNote(
  { keep = [] }: Pick<Definition, 'keep'>,
  constraints: readonly KeepConstraint[],
): Alarm[] {
  const [before, now] = [keep, constraints].map((list) => list.map(constraintWords).join(', '));
  if (before === now) return [];
  const message = `the step to keep is chosen by ${now}, given with --keep when answers could be seen; the definition says ${before === '' ? 'nothing' : before}`;
  return [{ kind: 'analysis-changed', level: 'note', checkpoint: null, task: null, message }];
}

const FORM =
  'Write TASK [METRIC] >= BOUND, TASK [METRIC] <= BOUND, TASK [METRIC] fall <= BOUND or TASK [METRIC] rise <= BOUND, for example "truthfulness/mc1 fall <= 0.05".';

/** As an entry of `keep` in a definition. */
function writtenConstraint(text: string): JsonObject | undefined {
  const parts =
    /^\s*(?<task>[^\s<>=]+)(\s+(?!(?:fall|rise)\b)(?<metric>[^\s<>=]+))?(\s+(?<change>fall|rise))?\s*(?<sign>>=|<=)\s*(?<bound>[-+]?[\d.]+(e[-+]?\d+)?)\s*$/i.exec(
      text,
    )?.groups;
  const bound = Number(parts?.['bound']);
  const [task, metric, change, sign] = ['task', 'metric', 'change', 'sign'].map((name) => parts?.[name]);
  if (task === undefined || sign === undefined || !Number.isFinite(bound)) return undefined;
  if (change !== undefined && sign === '>=') return undefined;
  const rule: keyof typeof KEEP_RULES =
    change === undefined
      ? sign === '>='
        ? 'atLeast'
        : 'atMost'
      : change.toLowerCase() === 'fall'
        ? 'fallAtMost'
        : 'riseAtMost';
  return { task, ...(metric === undefined ? {} : { metric }), [rule]: bound };
}
