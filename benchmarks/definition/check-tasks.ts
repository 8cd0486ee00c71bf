import type { JsonValue } from '../../core/json.ts';
import type { Task } from '../../suites/task.ts';
import { checkOwnRows } from './check-own-rows.ts';
import { type Finding, isObject, listOf, type Path, quote, suggest } from './finding.ts';
import { readsOwnRows, selectTask, type WrittenTask, writtenTask } from './selection.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Tasks, datasets and presets exist, roles that tasks need are there, and no instrument is listed twice. */
export function checkTasks(file: JsonValue, roles: readonly string[], vocabulary: Vocabulary): Finding[] {
  const firstOf = new Map<string, number>();
  const ownPaths = new Map<string, string>();
  const headlines = new Map<string, number>();
  return listOf(file, 'tasks').flatMap((entry, index): Finding[] => {
    const written = writtenTask(entry);
    if (written === undefined) return [];
    const path: Path = ['tasks', index];
    const at = (field: string): Path => (isObject(entry) ? [...path, field] : path);
    const task = vocabulary.findTask(written.task);
    if (task === undefined) {
      const message = `unknown task ${quote(written.task)}`;
      return [{ path: at('task'), message, fix: suggest(written.task, vocabulary.taskNames, 'known') }];
    }
    const findings = [
      ...checkNames(written, task, at),
      ...checkOwnRows(written, task, at, vocabulary.datasetIds ?? [], ownPaths),
      ...checkNeededRoles(task, at('task'), roles),
      ...checkMargin(written, task, at),
      ...checkHeadline(written, task, index, headlines, at),
    ];
    if (findings.length > 0) return findings;
    const { instrument } = selectTask(written, task);
    const first = firstOf.get(instrument);
    if (first === undefined) {
      firstOf.set(instrument, index);
      return [];
    }
    return [
      {
        path,
        message: `${quote(instrument)} is listed twice`,
        fix: `tasks[${first}] is the same instrument; remove one`,
      },
    ];
  });
}

function checkNames(written: WrittenTask, task: Task, at: (field: string) => Path): Finding[] {
  const { dataset, preset } = written;
  const presets: readonly string[] = task.presets;
  const findings: Finding[] = [];
  if (dataset !== undefined && !task.datasets.includes(dataset) && !readsOwnRows(task, dataset)) {
    const message = `${quote(task.name)} cannot read the dataset ${quote(dataset)}`;
    findings.push({ path: at('dataset'), message, fix: suggest(dataset, task.datasets, 'it can read') });
  }
  if (preset !== undefined && !presets.includes(preset)) {
    const message = `${quote(task.name)} has no preset ${quote(preset)}`;
    findings.push({ path: at('preset'), message, fix: suggest(preset, presets, 'it has') });
  }
  return findings;
}

/** A share cannot differ by 1 or more: whoever writes 3 means 3 points. */
function checkMargin(
  { equivalence }: WrittenTask,
  { headline }: Task,
  at: (field: string) => Path,
): Finding[] {
  if (equivalence === undefined || headline.unit !== 'share' || equivalence < 1) return [];
  const message = `a share cannot differ by ${equivalence}`;
  return [{ path: at('equivalence'), message, fix: `${equivalence} points are ${equivalence / 100}` }];
}

function checkHeadline(
  { headline, dimension }: WrittenTask,
  task: Task,
  index: number,
  headlines: Map<string, number>,
  at: (field: string) => Path,
): Finding[] {
  if (headline !== true) return [];
  const name = dimension ?? task.dimension;
  const first = headlines.get(name);
  if (first === undefined) {
    headlines.set(name, index);
    return [];
  }
  const message = `${quote(name)} has its headline task already`;
  return [{ path: at('headline'), message, fix: `tasks[${first}] is marked; mark one of the two` }];
}

function checkNeededRoles(task: Task, path: Path, roles: readonly string[]): Finding[] {
  return Object.keys(task.roles)
    .filter((role) => !roles.includes(role))
    .map((role) => ({
      path,
      message: `${quote(task.name)} needs a ${role}, and the file names none`,
      fix: `add roles.${role}`,
    }));
}
