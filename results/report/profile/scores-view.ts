import { percent } from '../../format.ts';
import type { FactorFacts, FactorRow, FactorTable, ProfileRater } from '../../profile/profile-summary.ts';
import type { Summary } from '../../summary.ts';
import { shortNames } from '../names.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';

/** Factor scores under one instrument: rows are factors, columns are raters. */
export interface ScoreTable {
  readonly task: string;
  readonly name: string;
  /** How the preferences came about. */
  readonly setting: string;
  readonly columns: readonly ScoreColumn[];
  /** Factors in which pairs differ and that a rater has a score of, in the order of the summary. */
  readonly rows: readonly ScoreRow[];
  /** Labels of factors in which no rated pair differs: their τ14 is 0 and tells nothing. */
  readonly flat: readonly string[];
  /** Labels of those that no pair has a value of. */
  readonly unmeasured: readonly string[];
  /** Why these have none: the data, or the judge. */
  readonly absence: string;
  /** A sentence for every checkpoint whose answers do not respond to the requested quality. */
  readonly remarks: readonly string[];
}

export interface ScoreColumn {
  readonly name: string;
  readonly table: FactorTable;
  /** Share of responses of which the judge gave no readable rating; null without a judge or a rating asked for. */
  readonly unread: number | null;
}

export interface ScoreRow {
  readonly facts: FactorFacts;
  readonly label: string;
  /** The largest |τ14| of its raters. */
  readonly strength: number;
  readonly scores: readonly (FactorRow | null)[];
}

export function scoreTables(summary: Summary, nameOf: NameOf): ScoreTable[] {
  const { profile } = summary;
  if (profile === undefined) return [];
  const names = shortNames(summary.tasks);
  const tasks = [...new Set(profile.tables.map(({ task }) => task))];
  return tasks.map((task) => {
    const tables = profile.tables.filter((table) => table.task === task);
    const rows = profile.factors.map((facts) => rowOf(facts, tables));
    const isMeasured = ({ scores }: ScoreRow): boolean => scores.some((score) => score?.tau14 != null);
    return {
      task,
      name: clean(names.get(task) ?? task),
      setting: settingOf(tables),
      columns: tables.map((table) => ({
        name: raterName(table.rater, nameOf),
        table,
        unread: table.rater.kind === 'checkpoint' ? unreadOf(summary, task, table.rater.name) : null,
      })),
      rows: rows.filter((row) => isMeasured(row) && !isFlat(row)),
      flat: rows.filter((row) => isMeasured(row) && isFlat(row)).map(({ label }) => label),
      unmeasured: rows.filter((row) => !isMeasured(row)).map(({ label }) => label),
      absence: absenceOf(summary, task),
      remarks: unresponsive(summary, task, nameOf),
    };
  });
}

/** Checkpoints whose responses to all requested qualities are alike in every factor, a sentence each. */
export function unresponsive({ profile }: Summary, task: string, nameOf: NameOf): string[] {
  return (profile?.tables ?? []).flatMap(({ task: own, setting, rater, scores }) => {
    if (own !== task || setting !== 'generation') return [];
    const decided = scores.filter(({ C, D, Tf }) => C + D + Tf > 0);
    const isAlike = decided.length > 0 && decided.every(({ C, D }) => C + D === 0);
    return isAlike
      ? [`${nameOf(rater.name)}: no pair differs in any factor: it does not respond to the requested quality`]
      : [];
  });
}

/** Share of responses that the judge gave no readable rating of; null where no judge was asked. */
export function unreadOf({ cells }: Summary, task: string, checkpoint: string): number | null {
  const found = cells.find(
    (cell) => cell.task === task && cell.checkpoint === checkpoint && cell.metric === 'judge_unreadable',
  );
  return found?.value ?? null;
}

/** What factors without any value lack: `not measured on this data`, unless a judge could not be read. */
export function absenceOf({ cells }: Summary, task: string): string {
  const shares = cells.flatMap((cell) =>
    cell.task === task && cell.metric === 'judge_unreadable' && cell.value !== null ? [cell.value] : [],
  );
  const most = Math.max(0, ...shares);
  if (most === 0) return 'not measured on this data';
  if (Math.min(...shares) === 1) return 'the judge gave no readable answer';
  return `without a value (the judge gave no readable answer on up to ${percent(most)} of the responses)`;
}

/** The strongest pulls first, whichever way they pull; factors that pull nobody are left out. */
export function strongest({ rows }: ScoreTable, most: number): ScoreRow[] {
  return rows
    .filter(({ strength }) => strength > 0)
    .sort((one, other) => other.strength - one.strength)
    .slice(0, most);
}

/** `people`, `vote of NAME`, or the checkpoint. */
export function raterName({ kind, name }: ProfileRater, nameOf: NameOf): string {
  if (kind === 'human') return 'people';
  return kind === 'vote' ? `vote: ${nameOf(name)}` : nameOf(name);
}

/** The adjusted p of a pull is at most .05. */
export function isPulling({ pAdjusted }: Pick<FactorRow, 'pAdjusted'>, alpha: number): boolean {
  return pAdjusted !== null && pAdjusted <= alpha;
}

function rowOf(facts: FactorFacts, tables: readonly FactorTable[]): ScoreRow {
  const scores = tables.map((table) => table.scores.find(({ factor }) => factor === facts.key) ?? null);
  return {
    facts,
    label: clean(facts.label),
    strength: Math.max(0, ...scores.map((score) => Math.abs(score?.tau14 ?? 0))),
    scores,
  };
}

/** Pairs that differ in the factor, whatever was preferred; of written responses every pair has a preference. */
function isFlat({ scores }: ScoreRow): boolean {
  return scores.every((score) => score === null || score.C + score.D + score.Tp === 0);
}

const SETTINGS = {
  evaluation: 'choosing the better of two given responses',
  likelihood: 'which of two given responses is found more likely',
  generation: 'writing to a requested quality',
  human: 'choosing the better of two given responses',
} as const;

function settingOf(tables: readonly FactorTable[]): string {
  const own = tables.find(({ setting }) => setting !== 'human') ?? tables[0];
  return own === undefined ? '' : SETTINGS[own.setting];
}
