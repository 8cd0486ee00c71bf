import type { JsonValue } from '../../core/json.ts';
import type { Task } from '../../suites/task.ts';
import { agreedBeta, type StatedBeta } from './beta.ts';
import { type Finding, isObject, listOf, member, objectOf, type Path, quote, textOf } from './finding.ts';
import { writtenTask } from './selection.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { WrittenModel } from './written.ts';

/**
 * A loss with another β than the trainer's would be another loss, so none is taken for granted: a task that needs one
 * names it, or the checkpoints of the series agree on theirs.
 */
export function checkBeta(
  file: JsonValue,
  checkpoints: readonly WrittenModel[],
  vocabulary: Vocabulary,
): Finding[] {
  const stated = checkpoints.map(statedIn);
  const tasks = listOf(file, 'tasks').flatMap((entry, index): Finding[] => {
    const task = vocabulary.findTask(writtenTask(entry)?.task ?? '');
    if (task === undefined) return [];
    const path: Path = ['tasks', index];
    const at: Path = isObject(entry) ? [...path, 'beta'] : path;
    const beta = writtenTask(entry)?.beta;
    if (task.beta === 'needed') return checkNeeded(task, beta, stated, at);
    if (beta === undefined) return [];
    return [{ path: at, at: 'key', message: `${quote(task.name)} uses no β`, fix: 'remove "beta"' }];
  });
  return [...checkAlike(checkpoints), ...tasks];
}

function statedIn({ fields }: WrittenModel): StatedBeta {
  const alignment = objectOf(fields, 'alignment');
  const [beta, step] = [member(alignment, 'beta'), member(alignment, 'step')];
  return {
    id: textOf(fields, 'id') ?? '',
    alignment: {
      ...(typeof beta === 'number' ? { beta } : {}),
      ...(typeof step === 'number' ? { step } : {}),
    },
  };
}

function checkNeeded(
  task: Task,
  beta: number | undefined,
  stated: readonly StatedBeta[],
  path: Path,
): Finding[] {
  const known = byBeta(stated);
  if (beta === undefined) {
    if (agreedBeta(stated) !== undefined) return [];
    const write = `write { task: ${task.name}, beta: 0.1 } with the β that the trainer had`;
    if (known.size === 0) {
      const message = `${quote(task.name)} needs the β of the training, and it is not known`;
      return [{ path, message, fix: `${write}, or beta under the alignment of each checkpoint` }];
    }
    const message = `${quote(task.name)} needs one β, and the checkpoints were trained with ${wordsOf(known)}`;
    return [{ path, message, fix: `${write}: checkpoints of another β are then left out of it` }];
  }
  if (known.size === 0 || known.has(beta)) return [];
  const message = `β is ${beta} here, and the checkpoints were trained with ${wordsOf(known)}`;
  return [{ path, message, fix: 'write the β of the training at both places, or leave it out of the task' }];
}

/** Whatever seed and step they have, checkpoints of one recipe were trained with one β. */
function checkAlike(checkpoints: readonly WrittenModel[]): Finding[] {
  const first = new Map<string, { readonly id: string; readonly beta: number }>();
  return checkpoints.flatMap(({ fields, pathOf }): Finding[] => {
    const alignment = objectOf(fields, 'alignment');
    const [id, beta] = [textOf(fields, 'id') ?? '', member(alignment, 'beta')];
    if (typeof beta !== 'number') return [];
    const training = ['parent', 'method', 'data', 'recipe'].map((part) => member(alignment, part) ?? null);
    const key = JSON.stringify(training);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, { id, beta });
    if (earlier === undefined || earlier.beta === beta) return [];
    const message = `${quote(id)} was trained with β ${beta}, and ${quote(earlier.id)} with ${earlier.beta} by the same recipe`;
    const fix = 'correct the β, or give one of the two trainings a recipe of its own';
    return [{ path: pathOf('alignment', 'beta'), message, fix }];
  });
}

function byBeta(stated: readonly StatedBeta[]): Map<number, string[]> {
  const ids = new Map<number, string[]>();
  for (const { id, alignment } of stated) {
    if (alignment.beta === undefined) continue;
    ids.set(alignment.beta, [...(ids.get(alignment.beta) ?? []), id]);
  }
  return ids;
}

/** `0.1 ("early", "late") and 0.05 ("other")`; of many checkpoints the first two. */
function wordsOf(known: ReadonlyMap<number, readonly string[]>): string {
  const each = [...known].map(([beta, ids]) => {
    const shown = ids.slice(0, 2).map((id) => quote(id));
    return `${beta} (${shown.join(', ')}${ids.length > 2 ? ', …' : ''})`;
  });
  return each.join(' and ');
}
