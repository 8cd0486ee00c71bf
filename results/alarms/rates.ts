import { notesOf } from '../cells.ts';
import { counted, percent } from '../format.ts';
import { KIND } from '../outcomes/column.ts';
import { UNUSUAL_SHARE } from '../settings.ts';
import type { Alarm, Cell, SummaryTask } from '../summary.ts';
import type { AlarmInput } from './alarms.ts';

/** A run that stopped early, samples that some checkpoints were not asked, outcomes that belong to nothing. */
export function incompleteAlarms({ run, inputs, checkpoints, strangers }: AlarmInput): Alarm[] {
  const alarms: Alarm[] = [];
  if (run.status !== 'finished') {
    const message = `the run was ${run.status} before its end; every effect uses the samples that both sides were asked`;
    alarms.push({ kind: 'unfinished', level: 'alarm', checkpoint: null, task: null, message });
  }
  for (const { task, table } of inputs) {
    for (const { id } of checkpoints) {
      const absent = table.columns
        .get(id)
        ?.kinds.reduce((sum, kind) => sum + (kind === KIND.absent ? 1 : 0), 0);
      const missing = absent ?? table.units;
      if (missing === 0 && table.units > 0) continue;
      const message = `asked ${counted(table.units - missing, 'sample')} of ${Math.max(table.units, task.samples)}`;
      alarms.push({ kind: 'not-all-asked', level: 'alarm', checkpoint: id, task: task.task, message });
    }
  }
  if (strangers > 0) {
    const message = `${counted(strangers, 'outcome')} of checkpoints or tasks that this benchmark does not have are left out`;
    alarms.push({ kind: 'unknown-outcomes', level: 'alarm', checkpoint: null, task: null, message });
  }
  return alarms;
}

/** Tasks whose headline interval contains chance for every checkpoint: nothing was measured. */
export function chanceAlarms({ inputs, cells }: AlarmInput): Alarm[] {
  return inputs.flatMap(({ task }) => {
    const measured = headlineCells(task, cells).filter(
      (cell) => cell.chance !== null && (hasInterval(cell) || cell.value === cell.chance),
    );
    if (measured.length === 0 || !measured.every(containsChance)) return [];
    const message =
      'no checkpoint differs from guessing: its intervals contain chance, so that effects on it mean little';
    return [{ kind: 'chance-level', level: 'alarm' as const, checkpoint: null, task: task.task, message }];
  });
}

/** More than 5 % failed, empty, truncated or unparsed together, by checkpoint. */
export function rateAlarms({ inputs, cells }: AlarmInput): Alarm[] {
  const unusual = inputs.flatMap(({ task, table }) =>
    headlineCells(task, cells).flatMap(({ checkpoint, rates }): Alarm[] => {
      const column = table.columns.get(checkpoint);
      const together = UNUSUAL_KINDS.reduce((sum, kind) => sum + rates[kind], 0);
      // Sums of shares may differ from 5 % in their last bits.
      if (column === undefined || together <= UNUSUAL_SHARE + 1e-12) return [];
      const parts = UNUSUAL_KINDS.filter((kind) => rates[kind] > 0).map(
        (kind) => `${percent(rates[kind])} ${kind}${codes(kind, notesOf(column, KIND.failed))}`,
      );
      const message = `${parts.join(', ')}: what remains may not be typical`;
      return [{ kind: 'unusual-answers', level: 'alarm', checkpoint, task: task.task, message }];
    }),
  );
  return [...unusual, ...doubleBosAlarms(inputs)];
}

/** Prompts that a backend would have begun with two BOS tokens; one is too many, since the rest may be wrong too. */
function doubleBosAlarms(inputs: AlarmInput['inputs']): Alarm[] {
  return inputs.flatMap(({ task, table }) =>
    [...table.columns].flatMap(([checkpoint, column]): Alarm[] => {
      const count = column.kinds.reduce(
        (sum, kind, unit) =>
          sum + (kind === KIND.failed && column.texts[column.notes[unit] as number] === 'double-bos' ? 1 : 0),
        0,
      );
      if (count === 0) return [];
      const message = `${counted(count, 'prompt')} not asked, for beginning with the BOS token twice: the template or the data write one that the engine adds by itself`;
      return [{ kind: 'double-bos', level: 'alarm', checkpoint, task: task.task, message }];
    }),
  );
}

/** Samples that were skipped because a capability is missing; checkpoints with the same gap share one alarm. */
export function skipAlarms({ inputs, cells, checkpoints }: AlarmInput): Alarm[] {
  return inputs.flatMap(({ task, table }) => {
    const byGap = new Map<string, string[]>();
    for (const { checkpoint, rates } of headlineCells(task, cells)) {
      const column = table.columns.get(checkpoint);
      if (column === undefined || rates.skipped === 0) continue;
      const gap = `${percent(rates.skipped)} skipped: ${notesOf(column, KIND.skipped).join(', ')}`;
      byGap.set(gap, [...(byGap.get(gap) ?? []), checkpoint]);
    }
    return [...byGap].map(([gap, ids]): Alarm => {
      const who = ids.length === checkpoints.length ? 'every checkpoint' : ids.join(', ');
      const checkpoint = ids.length === 1 ? (ids[0] ?? null) : null;
      const message = ids.length === 1 ? gap : `${gap} (${who})`;
      return { kind: 'skipped', level: 'alarm', checkpoint, task: task.task, message };
    });
  });
}

function headlineCells(task: SummaryTask, cells: readonly Cell[]): Cell[] {
  return cells.filter((cell) => cell.task === task.task && cell.metric === task.headline);
}

const UNUSUAL_KINDS = ['failed', 'empty', 'truncated', 'unparsed'] as const;

function codes(kind: string, failures: readonly string[]): string {
  return kind === 'failed' && failures.length > 0 ? ` (${failures.slice(0, 3).join(', ')})` : '';
}

/** A value that is chance itself needs no interval to be at chance: where nothing varies there is none. */
function containsChance({ value, low, high, chance }: Cell): boolean {
  if (chance === null) return false;
  return value === chance || (low !== null && high !== null && low <= chance && chance <= high);
}

function hasInterval({ low, high }: Cell): boolean {
  return low !== null && high !== null;
}
