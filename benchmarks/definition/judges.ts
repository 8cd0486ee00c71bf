import { type FurtherJudge, judgedName, type Role, type Task } from '../../suites/task.ts';
import type { Definition, RoleDefinition, TaskSelection } from './definition.ts';
import type { WrittenRole } from './written.ts';

/** A model of `roles`, defaults filled in. */
export interface FilledRole {
  readonly role: WrittenRole['role'];
  readonly model: RoleDefinition;
}

/** Under which role every further judge is asked. */
export function furtherJudge(id: string): FurtherJudge {
  return `judge+${id}`;
}

/** The first judge is `judge`, so that with one nothing else is to be known; every other one is `judge+ID`. */
export function rolesByKey(models: readonly FilledRole[]): Definition['roles'] {
  const first = firstJudge(models);
  return Object.fromEntries(
    models.map((one) => [
      one.role === 'judge' && one !== first ? furtherJudge(one.model.id) : one.role,
      one.model,
    ]),
  );
}

function firstJudge(models: readonly FilledRole[]): FilledRole | undefined {
  return models.find(({ role }) => role === 'judge');
}

/** One instrument for each of several judges where the task has one; the first may be the headline, the others stand beside it. */
export function judgedBy(
  selection: TaskSelection,
  { roles }: Pick<Task, 'roles'>,
  judges: readonly string[],
): TaskSelection[] {
  if (roles.judge === undefined || judges.length < 2) return [selection];
  const { headline, ...rest } = selection;
  return judges.map((judge, index) => ({
    ...rest,
    instrument: judgedName(selection.instrument, judge),
    judge,
    ...(index === 0 && headline !== undefined ? { headline } : {}),
  }));
}

/** Whether another judge stands for what this instrument measures. */
export function isBesideHeadline(
  { judge }: Pick<TaskSelection, 'judge'>,
  { roles }: Pick<Definition, 'roles'>,
): boolean {
  return judge !== undefined && judge !== roles.judge?.id;
}

/** Who plays a role for an instrument: the judge that its name carries, in place of the first one. */
export function playedBy(
  role: Exclude<Role, 'checkpoint'>,
  selection: Pick<TaskSelection, 'judge'>,
  definition: Pick<Definition, 'roles'>,
): Exclude<Role, 'checkpoint'> {
  const { judge } = selection;
  return role === 'judge' && judge !== undefined && isBesideHeadline(selection, definition)
    ? furtherJudge(judge)
    : role;
}

/** The task as this instrument asks it: of its own judge. What the checkpoint is asked stays the same, key by key. */
export function taskOfJudge(
  task: Task,
  selection: Pick<TaskSelection, 'judge'>,
  definition: Pick<Definition, 'roles'>,
): Task {
  const player = playedBy('judge', selection, definition);
  const { judge: needs, ...others } = task.roles;
  if (player === 'judge' || needs === undefined) return task;
  return {
    ...task,
    roles: { ...others, [player]: needs },
    samples: (dataset, preset, settings) => task.samples(dataset, preset, settings),
    ask: (sample, answers) =>
      task.ask(sample, answers).map((ask) => (ask.role === 'judge' ? { ...ask, role: player } : ask)),
    read: (sample, answers) => task.read(sample, answers),
  };
}
