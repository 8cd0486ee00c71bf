import { percent } from '../../format.ts';
import type { FactorShift, ProfileShift } from '../../profile/profile-summary.ts';
import { hasNoWidth } from '../../statistics/factor-width.ts';
import type { Effect, Summary, SummaryTask } from '../../summary.ts';
import { shortNames } from '../names.ts';
import { clean } from '../text.ts';
import {
  failsOnlyAfterCorrection,
  hasDirection,
  type NameOf,
  overSeeds,
  shownEffect,
  titleOf,
  WORDS,
} from '../view.ts';
import { changed, type Digits, fine } from './numbers.ts';
import { absenceOf, unresponsive } from './scores-view.ts';

/** How every stage moved the factors under one instrument: rows are factors, columns are stages. */
export interface ShiftTable {
  readonly task: string;
  readonly name: string;
  readonly question: string;
  /** Whether numbers are levels in each factor's own unit; else they are differences of τ14. */
  readonly isLevels: boolean;
  readonly columns: readonly ShiftColumn[];
  /** Factors that at least one stage has a number for. */
  readonly rows: readonly ShiftRow[];
  /** Labels of those that no sample has a value for. */
  readonly unmeasured: readonly string[];
  /** Why these have none: the data, or the judge. */
  readonly absence: string;
  /** Factors that have values and that no stage could test. */
  readonly untested: readonly { readonly label: string; readonly reason: string }[];
  /** A sentence for every checkpoint whose answers do not respond to the requested quality. */
  readonly remarks: readonly string[];
}

export interface ShiftColumn {
  readonly title: readonly [string, string];
  readonly method: string;
  readonly from: string;
  readonly to: string;
  /** On how many pairs both orders disagreed, before and after: `12.5 % → 5.9 %`; null where nothing has two orders. */
  readonly inconsistent: string | null;
  /** Why no factor could be tested in this stage; null where one was. */
  readonly untested: string | null;
}

export interface ShiftRow {
  readonly factor: string;
  readonly label: string;
  /** Of levels. */
  readonly unit: string;
  /** A stage raised or lowered it, after correction. */
  readonly isMoved: boolean;
  readonly cells: readonly (ShiftCell | null)[];
}

export interface ShiftCell {
  readonly word: string;
  /** What number and interval print. */
  readonly delta: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly number: string;
  /** `±0.05`, or nothing. */
  readonly interval: string;
  readonly isMoved: boolean;
  readonly isTested: boolean;
  /** The difference over all pairs that each side decided, where it prints as another number. */
  readonly overall: string | null;
  /** What limits it. */
  readonly notes: readonly string[];
  readonly effect: Effect;
}

/** Every instrument of PROFILE that compares checkpoints; empty in a run without any. */
export function shiftTables(summary: Summary, nameOf: NameOf): ShiftTable[] {
  const names = shortNames(summary.tasks);
  return summary.tasks.flatMap((task): ShiftTable[] => {
    if (task.family !== 'profile') return [];
    const effects = factorEffects(summary, task);
    return effects.length === 0
      ? []
      : [tableOf(summary, task, effects, clean(names.get(task.task) ?? task.task), nameOf)];
  });
}

/** Stages of the main checkpoints under the factors of one instrument. */
function factorEffects({ effects }: Summary, { task }: SummaryTask): Effect[] {
  return effects.filter(
    (effect) =>
      effect.task === task && effect.kind === 'stage' && effect.main && effect.direction === 'neutral',
  );
}

function tableOf(
  summary: Summary,
  task: SummaryTask,
  effects: readonly Effect[],
  name: string,
  nameOf: NameOf,
): ShiftTable {
  const isLevels = !isPull(task);
  const stages = [...new Map(effects.map((effect) => [placeOf(effect), effect])).values()];
  const shifts = stages.map((stage) => shiftOf(summary, stage));
  const rows = task.metrics
    .filter(({ direction }) => direction === 'neutral')
    .map(({ key, label }): ShiftRow => {
      const cells = stages.map((stage, index): ShiftCell | null => {
        const effect = effects.find((one) => one.metric === key && placeOf(one) === placeOf(stage));
        if (effect === undefined || effect.delta === null) return null;
        return cellOf(summary, effect, effect.delta, isLevels ? 2 : 1, factorIn(shifts[index], key));
      });
      const facts = summary.profile?.factors.find((factor) => factor.key === key);
      return {
        factor: key,
        label: clean(facts?.label ?? label),
        unit: clean(facts?.unit ?? ''),
        isMoved: cells.some((cell) => cell?.isMoved === true),
        cells,
      };
    });
  const isCompared = ({ cells }: ShiftRow): boolean => cells.some((cell) => cell !== null);
  const isTested = ({ cells }: ShiftRow): boolean => cells.some((cell) => cell?.isTested === true);
  const isMeasured = (row: ShiftRow): boolean => isCompared(row) || hasValues(summary, task, row.factor);
  return {
    task: task.task,
    name,
    question: clean(task.question),
    isLevels,
    columns: stages.map((stage, index) => columnOf(stage, effects, shifts[index], nameOf)),
    rows: rows.filter(isCompared),
    unmeasured: rows.filter((row) => !isMeasured(row)).map(({ label }) => label),
    absence: absenceOf(summary, task.task),
    untested: rows
      .filter((row) => isMeasured(row) && !isTested(row))
      .map(({ factor, label }) => ({
        label,
        reason: untestedReason(effects.filter(({ metric }) => metric === factor)),
      })),
    remarks: unresponsive(summary, task.task, nameOf),
  };
}

function hasValues({ cells }: Summary, { task }: SummaryTask, factor: string): boolean {
  return cells.some((cell) => cell.task === task && cell.metric === factor && cell.n > 0);
}

/** What kept these effects from a test. */
function untestedReason(effects: readonly Effect[]): string {
  const reasons = effects.flatMap(({ n, reason }) => (n > 0 && reason !== null ? [clean(reason)] : []));
  return [...new Set(reasons)].join('; ') || 'no pair was answered by both';
}

/** The metrics of a pull are bounded by −1 and 1; levels are in units of their own. */
export function isPull({ metrics }: SummaryTask): boolean {
  return metrics.some(
    ({ direction, range: [least, most] }) => direction === 'neutral' && least === -1 && most === 1,
  );
}

function columnOf(
  stage: Effect,
  effects: readonly Effect[],
  shift: ProfileShift | undefined,
  nameOf: NameOf,
): ShiftColumn {
  const own = effects.filter((effect) => placeOf(effect) === placeOf(stage));
  const [before, after] = [shift?.inconsistentFrom ?? null, shift?.inconsistentTo ?? null];
  return {
    title: titleOf(stage, nameOf),
    method: clean(stage.method),
    from: stage.from,
    to: stage.to,
    inconsistent: before === null || after === null ? null : `${percent(before)} → ${percent(after)}`,
    untested: own.some(({ p }) => p !== null) ? null : `could not be tested: ${untestedReason(own)}`,
  };
}

function cellOf(
  summary: Summary,
  effect: Effect,
  delta: number,
  digits: Digits,
  shift: FactorShift | undefined,
): ShiftCell {
  const shown = shownEffect(summary, effect);
  const seeds = overSeeds(summary, effect)?.seeds.length;
  const [number, interval] = changed(shown, digits);
  // Of one run, which does not stand beside a mean over several.
  const all = seeds === undefined ? (shift?.all.difference ?? null) : null;
  const overall = all === null ? number : fine(all, digits);
  return {
    word: WORDS[shown.verdict],
    delta: shown.delta ?? delta,
    low: shown.low,
    high: shown.high,
    number,
    interval,
    isMoved: hasDirection(shown),
    isTested: shown.verdict !== 'not comparable',
    overall: overall === number ? null : overall,
    notes: [
      overall === number ? null : allPairs(overall),
      seeds === undefined ? null : `mean of ${seeds} seeds`,
      failsOnlyAfterCorrection(shown) ? 'not after correction' : null,
      hasNoWidth(shown.low, shown.high) ? 'every prompt says the same' : null,
      shown.verdict === 'not comparable' ? clean(shown.reason ?? 'no reason was recorded') : null,
    ].filter((note) => note !== null),
    effect,
  };
}

/** `all pairs +0.30`. */
export function allPairs(overall: string): string {
  return `all pairs ${overall}`;
}

function shiftOf({ profile }: Summary, { task, from, to }: Effect): ProfileShift | undefined {
  return profile?.shifts.find((shift) => shift.task === task && shift.from === from && shift.to === to);
}

function factorIn(shift: ProfileShift | undefined, key: string): FactorShift | undefined {
  return shift?.factors.find(({ factor }) => factor === key);
}

function placeOf({ from, to }: Effect): string {
  return JSON.stringify([from, to]);
}
