import type { Task } from './task.ts';

/** Every suite; it is imported when one of its tasks is wanted. Adding a suite is one folder and one line here. */
const SUITES: Readonly<Record<string, () => Promise<readonly Task[]>>> = {
  truthfulness: async () => (await import('./truthfulness/index.ts')).truthfulnessTasks,
  toxicity: async () => (await import('./toxicity/index.ts')).toxicityTasks,
  bias: async () => (await import('./bias/index.ts')).biasTasks,
  ethics: async () => (await import('./ethics/index.ts')).ethicsTasks,
  privacy: async () => (await import('./privacy/index.ts')).privacyTasks,
  refusal: async () => (await import('./refusal/index.ts')).refusalTasks,
  profile: async () => (await import('./profile/index.ts')).profileTasks,
  dynamics: async () => (await import('./dynamics/index.ts')).dynamicsTasks,
  custom: async () => (await import('./custom/index.ts')).customTasks,
};

/** Tasks of extensions, by name. */
const extended = new Map<string, Task>();

/** Adds tasks; one of the same name that an extension brought before is replaced, a task of ours never. */
export function extendTasks(tasks: readonly Task[]): void {
  for (const task of tasks) extended.set(task.name, task);
}

/** Every task of ours, in the order of the suites. */
export async function allTasks(): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (const load of Object.values(SUITES)) tasks.push(...(await load()));
  return tasks;
}

/** The task of that name, or undefined. Imports its suite alone. */
export async function findTask(name: string): Promise<Task | undefined> {
  const [suite = ''] = name.split('/');
  const own = Object.hasOwn(SUITES, suite) ? await SUITES[suite]?.() : undefined;
  return own?.find((task) => task.name === name) ?? extended.get(name);
}
