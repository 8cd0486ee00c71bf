import type { Definition } from '../../benchmarks/definition/definition.ts';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import type { JudgeEvidence, RunLabels, ScorerErrors } from '../../results/judge-error/evidence.ts';
import { mismatch, readCalibrations, type SavedCalibration } from './calibrations.ts';
import { type LabelKey, readLabelKey, readLabels, type StoredLabel } from './store.ts';
import { type LabelTask, labelTasks } from './tasks.ts';

/** What a run's folder holds on the errors of its scorers: labels that people gave, and calibrations. */
export async function readEvidence(
  folder: string,
  definition: Definition,
  manifest: Manifest,
): Promise<JudgeEvidence> {
  const [key, labels, calibrations] = await Promise.all([
    readLabelKey(folder),
    readLabels(folder),
    readCalibrations(folder),
  ]);
  if (labels.length === 0 && calibrations.length === 0) return { labels: new Map(), calibrations: new Map() };
  const tasks = await labelTasks(definition);
  return {
    labels: new Map(
      tasks.flatMap((task) => {
        const own = key === undefined ? null : runLabels(task, key, labels, definition);
        return own === null ? [] : [[task.instrument, own] as const];
      }),
    ),
    calibrations: new Map(
      tasks.flatMap((task) => {
        const fitting = calibrations.find((one) => mismatch(one, task, manifest) === undefined);
        return fitting === undefined ? [] : [[task.instrument, scorerErrors(fitting, task)] as const];
      }),
    ),
  };
}

/** The labels of the sample as it was drawn last; null where there is none under the instrument. */
function runLabels(
  { instrument, rubric, keys }: LabelTask,
  { items, populations }: LabelKey,
  labels: readonly StoredLabel[],
  { checkpoints }: Definition,
): RunLabels | null {
  const drawn = new Set(items.map(({ id }) => id));
  const own = labels.filter((label) => label.instrument === instrument && drawn.has(label.id));
  if (own.length === 0) return null;
  const ofInstrument = populations[instrument] ?? {};
  return {
    keys,
    labels: own.map(({ checkpoint, sample, repeat, label }) => ({ checkpoint, sample, repeat, label })),
    valuesOf: (label, strata) => rubric.valuesOf(label, strata),
    populations: new Map(
      checkpoints.flatMap(({ id }) => {
        const cells = ofInstrument[id];
        return cells === undefined ? [] : [[id, new Map(Object.entries(cells))] as const];
      }),
    ),
  };
}

function scorerErrors({ dataset, cases, rows }: SavedCalibration, { rubric }: LabelTask): ScorerErrors {
  return { dataset, cases, rows, valuesOf: (label, strata) => rubric.valuesOf(label, strata) };
}
