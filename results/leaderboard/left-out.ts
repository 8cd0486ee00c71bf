import type { TaskFamily } from '../../suites/task.ts';
import type { Summary } from '../summary.ts';

const WHY: Readonly<Record<Exclude<TaskFamily, 'trust'>, string>> = {
  profile:
    'PROFILE is not published: its factor scores rest on details of the answers, which stay with the run; `aligntrust report` shows them',
  dynamics:
    'learning dynamics are not published: the tables of a site are those of trust; `aligntrust report` shows them',
};

/** What a run asked that has no place in the tables of a site, and why; a sentence each, without its full stop. */
export function leftOut({ tasks }: Pick<Summary, 'tasks'>): string[] {
  const families = new Set(tasks.map(({ family = 'trust' }) => family));
  return [...families].flatMap((family) => (family === 'trust' ? [] : [WHY[family]]));
}
