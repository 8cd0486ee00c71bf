import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import type { ConfusionRow } from '../../results/judge-error/evidence.ts';
import type { LabelTask } from './tasks.ts';

/** Calibrations that a run's reports may use, in its folder. */
export const CALIBRATIONS_FILE = 'calibrations.json';

/** What `aligntrust calibrate --save` keeps. */
export interface SavedCalibration {
  readonly schemaVersion: 1;
  readonly scorer: string;
  readonly version: string;
  /** Name of the labelled data, its digest and the cases that were measured on. */
  readonly dataset: string;
  readonly sha256: string;
  readonly cases: number;
  /** Whose verdicts were measured; null for a rule. */
  readonly judge: { readonly name: string; readonly identityDigest: string } | null;
  readonly rows: readonly ConfusionRow[];
  /** Balanced accuracy is above one half by its whole interval. */
  readonly betterThanChance: boolean;
}

/** @throws UserError when the file is none of `calibrate --save` (exit code 2), or is not there (3). */
export async function readCalibration(file: string): Promise<SavedCalibration> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const message =
      codeOf(error) === 'ENOENT' ? 'there is no such file' : `cannot be read: ${messageOf(error)}`;
    throw new UserError({ where: file, message }, EXIT.environment, error);
  });
  const value = parsed(text);
  if (isCalibration(value)) return value;
  const fix = 'make one with `aligntrust calibrate SCORER --data FILE --save FILE`';
  throw new UserError({ where: file, message: 'is not a saved calibration', fix });
}

/** The calibrations of a run; empty where it has none. @throws UserError (exit code 3) when the file is damaged. */
export async function readCalibrations(folder: string): Promise<SavedCalibration[]> {
  const path = join(folder, CALIBRATIONS_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new UserError(
      { where: path, message: `cannot be read: ${messageOf(error)}` },
      EXIT.environment,
      error,
    );
  });
  if (text === undefined) return [];
  const value = parsed(text);
  if (Array.isArray(value) && value.every(isCalibration)) return value;
  throw new UserError(
    { where: path, message: 'is damaged or of another version of aligntrust' },
    EXIT.environment,
  );
}

/** Adds a calibration to a run, in place of an earlier one of the same scorer; each of several judges keeps its own. */
export async function keepCalibration(folder: string, calibration: SavedCalibration): Promise<void> {
  const others = (await readCalibrations(folder)).filter((one) => !isOfSame(one, calibration));
  const all = [...others, calibration];
  await writeFileAtomic(join(folder, CALIBRATIONS_FILE), `${JSON.stringify(all, undefined, 2)}\n`);
}

function isOfSame(one: SavedCalibration, other: SavedCalibration): boolean {
  return one.scorer === other.scorer && one.judge?.identityDigest === other.judge?.identityDigest;
}

/**
 * The tasks of the run whose scorer the calibration measured: of several judges those of the one that it measured.
 *
 * @throws UserError when there is none, or it was another version of the scorer or another judge.
 */
export function calibratedTasks(
  calibration: SavedCalibration,
  tasks: readonly LabelTask[],
  manifest: Manifest,
  file: string,
): LabelTask[] {
  const own = tasks.filter(({ rubric }) => rubric.scorer?.name === calibration.scorer);
  if (own.length === 0) {
    throw new UserError({
      where: file,
      message: `no task of this run rests on the scorer ${calibration.scorer}`,
    });
  }
  const fitting = own.filter((task) => mismatch(calibration, task, manifest) === undefined);
  if (fitting.length === 0) {
    const message = mismatch(calibration, own[0] as LabelTask, manifest) ?? '';
    throw new UserError({ where: file, message, fix: 'calibrate the scorer of this run' });
  }
  return fitting;
}

/** Why the calibration does not speak of the task's scorer; undefined when it does. */
export function mismatch(
  { scorer, version, judge }: SavedCalibration,
  { rubric, by, judge: role = 'role:judge' }: LabelTask,
  manifest: Manifest,
): string | undefined {
  if (rubric.scorer?.name !== scorer) return `it measured ${scorer}`;
  if (rubric.scorer.version !== version)
    return `it measured ${version}; the run is read with ${rubric.scorer.version}`;
  if (by !== 'judge') return undefined;
  const own = manifest.models[role];
  if (judge !== null && own?.identityDigest === judge.identityDigest) return undefined;
  return `it measured another judge${judge === null ? '' : `, ${judge.name}`}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCalibration(value: unknown): value is SavedCalibration {
  if (typeof value !== 'object' || value === null) return false;
  const { schemaVersion, scorer, version, dataset, cases, judge, rows } = value as Partial<SavedCalibration>;
  const texts = [scorer, version, dataset].every((one) => typeof one === 'string');
  return (
    schemaVersion === 1 &&
    texts &&
    isCount(cases) &&
    isJudge(judge) &&
    Array.isArray(rows) &&
    rows.every(isRow)
  );
}

function isJudge(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { name, identityDigest } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof identityDigest === 'string';
}

function isRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { label, said, effectiveShare } = value as Record<string, unknown>;
  if (typeof label !== 'string' || typeof said !== 'object' || said === null) return false;
  const isShare = typeof effectiveShare === 'number' && effectiveShare > 0 && effectiveShare <= 1;
  return isShare && Object.values(said).every(isCount);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
