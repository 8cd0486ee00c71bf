import { counted } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import { clean } from '../text.ts';
import type { ShiftTable } from './shifts-view.ts';
import { shiftTables } from './shifts-view.ts';

export const PROFILE_TITLE = 'PROFILE: which factors pull preferences, after Oh et al. 2024';

/** Whether a run asked what pulls preferences. */
export function hasProfile({ tasks, profile }: Summary): boolean {
  return (
    (profile !== undefined && profile.tables.length > 0) || tasks.some(({ family }) => family === 'profile')
  );
}

/** `Holm over 216 tests`, or that there was none. */
export function profileCorrection({ families }: Summary): string {
  const tests = families.profile?.tests ?? 0;
  return tests === 0 ? 'nothing could be tested' : `Holm over ${counted(tests, 'test')}`;
}

export const MOVED_TITLE = 'How each method moved the factors';
export const SCORES_TITLE = 'What pulls whose preferences';

/** What the numbers of a table of shifts are. */
export function shiftCaption({ task, isLevels }: ShiftTable, summary: Summary): string {
  const what = isLevels
    ? 'how much of each factor the checkpoint’s own answers have, child minus parent, in the factor’s unit'
    : `Δτ14, child minus parent, on ${isWritten(task, summary) ? 'the prompts that both answered' : 'the pairs that both decided'}`;
  return `${what}, ± pointwise 95 % interval, ${profileCorrection(summary)}`;
}

/** Pairs of responses that each side wrote itself. */
function isWritten(task: string, { profile }: Summary): boolean {
  return profile?.tables.some((table) => table.task === task && table.setting === 'generation') === true;
}

/** The factors that a table of moved ones does not list. */
export function unmovedInWords(table: ShiftTable): string {
  const { rows, columns } = table;
  const tested = rows.filter(({ cells }) => cells.some((cell) => cell?.isTested === true));
  const rest = tested.filter(({ isMoved }) => !isMoved).length;
  const stages = columns.length === 1 ? 'in this stage' : `in any of ${columns.length} stages`;
  return [
    rest === 0
      ? null
      : rest === tested.length
        ? `no change detected ${stages} in any of ${counted(rest, 'factor')}`
        : `${counted(rest, 'other factor')}: no change detected ${stages}`,
    ...untestedInWords(table),
    unmeasuredInWords(table),
    ...table.remarks,
  ]
    .filter((part) => part !== null)
    .join('; ');
}

/** `3 factors could not be tested: no pair was answered by both`, a phrase a reason. */
function untestedInWords({ untested }: ShiftTable): string[] {
  return [...new Set(untested.map(({ reason }) => reason))].map((reason) => {
    const count = untested.filter((one) => one.reason === reason).length;
    return `${counted(count, 'factor')} could not be tested: ${reason}`;
  });
}

/** The same with every name. */
export function untestedByName({ untested }: ShiftTable): string[] {
  return [...new Set(untested.map(({ reason }) => reason))].map((reason) => {
    const labels = untested.filter((one) => one.reason === reason).map(({ label }) => label);
    return `Could not be tested, ${reason}: ${labels.join(', ')}.`;
  });
}

interface Absent {
  readonly unmeasured: readonly string[];
  readonly absence: string;
  readonly remarks: readonly string[];
}

/** Factors that no table lists row by row, and checkpoints that respond to nothing. */
export function absentInWords(flat: readonly string[], { unmeasured, absence, remarks }: Absent): string[] {
  return [
    ...remarks.map((remark) => `${remark}.`),
    flat.length === 0 ? null : `No pair differs in ${flat.join(', ')}.`,
    unmeasured.length === 0 ? null : `${capital(absence)}: ${unmeasured.join(', ')}.`,
  ].filter((line) => line !== null);
}

export function unmeasuredInWords({ unmeasured, absence }: Omit<Absent, 'remarks'>): string | null {
  if (unmeasured.length === 0) return null;
  const count = counted(unmeasured.length, 'factor');
  return absence.startsWith('the judge') ? `${count} without a value: ${absence}` : `${count} ${absence}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/**
 * What the words and numbers of PROFILE mean, for those that occur.
 *
 * @param isWhole whether the cells of factors that did not move say everything as well
 */
export function explainProfile(summary: Summary, isWhole: boolean): string[] {
  const tables = shiftTables(summary, clean);
  const { profile } = summary;
  const hasLevels = tables.some(({ isLevels }) => isLevels);
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const hasAll = cells.some((cell) => (isWhole || cell?.isMoved === true) && cell?.overall != null);
  return [
    'PROFILE follows Oh et al. 2024 (arXiv 2410.06965) in its idea; prompts and factors are ours and no number here is theirs.',
    'τ14 = (C − D) / (C + D + T): over pairs with a preference, how often it goes with the factor (C) less how often against it (D); pairs equal in the factor (T) count below the line. +1: more of it always wins; −1: less of it always wins; 0: it does not pull. No sign is good or bad in itself.',
    tables.length === 0 || (summary.families.profile?.tests ?? 0) === 0
      ? null
      : `"RAISED" and "LOWERED": adjusted p of at most .05 (${profileCorrection(summary)}: every factor of every instrument in every stage). They say that a stage moved the factor, not that this is better or worse.`,
    hasAll
      ? '"all pairs": the difference over all pairs that each side decided; the number before it is over the pairs that both decided.'
      : null,
    hasLevels
      ? 'Levels are no preferences: they say how the checkpoints’ own answers differ, whoever asked for it.'
      : null,
    profile === undefined
      ? null
      : '(85 %) after a score: its relevance, the share of the decided pairs that differ in the factor at all. τ14 is the direction times this share.',
    profile === undefined
      ? null
      : '* after a score: adjusted p of at most .05 that the factor pulls this rater at all (whole prompts flipped, Holm over this rater’s factors). Intervals resample whole prompts.',
  ].filter((line) => line !== null);
}
