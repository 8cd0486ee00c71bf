import { partsOfInstrument } from '../../suites/task.ts';
import type { DynamicsSummary } from '../dynamics/dynamics-summary.ts';
import { percent } from '../format.ts';
import type { Alarm, Cell } from '../summary.ts';
import type { AlarmInput } from './alarms.ts';

/** Below this probability of any answer the log-odds of Yes and No speak of words that nobody would have said. */
const LITTLE_MASS = 0.5;

/**
 * Checkpoints whose preference pairs are displaced: the margin rose while the chosen answers themselves became less likely
 * (Razin et al. 2024, arXiv 2410.08847), by more than the interval of the mean. Those of one task share one alarm.
 */
export function displacementAlarms({ inputs, cells }: Pick<AlarmInput, 'inputs' | 'cells'>): Alarm[] {
  return inputs.flatMap(({ task }): Alarm[] => {
    if (partsOfInstrument(task.task)?.task !== 'dynamics/pairs') return [];
    const of = (metric: string): Cell[] =>
      cells.filter((cell) => cell.task === task.task && cell.metric === metric);
    const risen = new Set(
      of('margin').flatMap(({ checkpoint, low }) => (low !== null && low > 0 ? [checkpoint] : [])),
    );
    const fallen = of('chosen_shift').filter(
      ({ checkpoint, high }) => risen.has(checkpoint) && high !== null && high < 0,
    );
    return grouped('displaced', task.task, fallen, ({ value }) => nats(value), DISPLACED);
  });
}

/** Checkpoints that would hardly have answered with any form of Yes or No. */
export function answerMassAlarms({ inputs, cells }: Pick<AlarmInput, 'inputs' | 'cells'>): Alarm[] {
  return inputs.flatMap(({ task }): Alarm[] => {
    const low = cells.filter(
      (cell) =>
        cell.task === task.task &&
        cell.metric === 'answer_mass' &&
        cell.value !== null &&
        cell.value < LITTLE_MASS,
    );
    return grouped('low-answer-mass', task.task, low, ({ value }) => percent(value ?? 0), LITTLE);
  });
}

/**
 * Tasks of first tokens of which samples have a bound only at some checkpoint. Those enter no mean there, and no curve at
 * any step: they are the ones that moved furthest.
 */
export function censoredAlarms({ inputs }: Pick<AlarmInput, 'inputs'>): Alarm[] {
  return inputs.flatMap(({ task, table }): Alarm[] => {
    if (partsOfInstrument(task.task)?.task.startsWith('dynamics/') !== true) return [];
    const columns = [...table.columns.values()].flatMap(({ values }) => values.get('censored') ?? []);
    const units = Array.from({ length: table.units }, (_, unit) => columns.map((column) => column[unit]));
    const known = units.filter((values) => values.some((value) => value === 0 || value === 1));
    const dropped = known.filter((values) => values.includes(1)).length;
    const share = dropped / known.length;
    if (!(share >= NOTICEABLE)) return [];
    const message = `${percent(share)} of samples (${dropped} of ${known.length}) are censored at one checkpoint or more, their answer not among the alternatives: they enter no mean there and no curve at any step, and being those that moved furthest they leave changes understated`;
    return [{ kind: 'censored-samples', level: 'alarm', checkpoint: null, task: task.task, message }];
  });
}

/** Share of samples from which on their absence is pointed out. */
const NOTICEABLE = 0.01;

/**
 * Behaviours of which every statement has the same matching answer: their log-odds are a lean to Yes or No and no
 * behaviour, and they stand in the means of their task. One alarm a task.
 */
export function oneClassAlarms({ odds, states }: Pick<DynamicsSummary, 'odds' | 'states'>): Alarm[] {
  const lacking = [...odds, ...states].filter(
    ({ positive, negative }) => (positive === 0) !== (negative === 0),
  );
  const tasks = [...new Set(lacking.map(({ task }) => task))];
  return tasks.map((task): Alarm => {
    const names = [...new Set(lacking.filter((one) => one.task === task).map(({ behaviour }) => behaviour))];
    const message = `every statement of ${names.join(', ')} has the same matching answer: what is measured of ${names.length === 1 ? 'it' : 'them'} is a lean to Yes or No, and stands in the means of this task`;
    return { kind: 'one-class', level: 'alarm', checkpoint: null, task, message };
  });
}

const DISPLACED =
  'the margin rose while the chosen answers became less likely, mean change of their log-probability since the reference';
const LITTLE =
  'an answer begins with a form of Yes or No only rarely, so that its log-odds speak of words that were not about to be said; probability';

function grouped(
  kind: string,
  task: string,
  cells: readonly Cell[],
  figure: (cell: Cell) => string,
  what: string,
): Alarm[] {
  const [only] = cells;
  if (only === undefined) return [];
  const who =
    cells.length === 1 ? figure(only) : cells.map((cell) => `${cell.checkpoint} ${figure(cell)}`).join(', ');
  const checkpoint = cells.length === 1 ? only.checkpoint : null;
  return [{ kind, level: 'alarm', checkpoint, task, message: `${what} ${who}` }];
}

function nats(value: number | null): string {
  return `${(value ?? 0).toFixed(2).replace('-', '−')} nats`;
}
