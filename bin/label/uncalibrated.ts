import type { Definition } from '../../benchmarks/definition/definition.ts';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import { isInformative } from '../../results/judge-error/informative.ts';
import { mismatch, readCalibrations } from './calibrations.ts';
import { readLabelKey, readLabels, type StoredLabel } from './store.ts';
import { type LabelTask, labelTasks } from './tasks.ts';

/**
 * Instruments that rest on a judge which nobody has shown to be better than chance, neither by a calibration that this run
 * keeps nor by labels of its own answers; each with the reason. Such an instrument feeds no headline. Rules come with
 * their measured errors (the README of their suite) and are none of these.
 */
export async function uncalibratedJudges(
  folder: string,
  definition: Definition,
  manifest: Manifest,
): Promise<ReadonlyMap<string, string>> {
  if (definition.roles.judge === undefined) return new Map();
  const tasks = (await labelTasks(definition)).filter(({ by }) => by === 'judge');
  if (tasks.length === 0) return new Map();
  const [calibrations, labels, key] = await Promise.all([
    readCalibrations(folder),
    readLabels(folder),
    readLabelKey(folder),
  ]);
  const drawn = new Map((key?.items ?? []).map(({ id, cell }) => [id, cell]));
  const found = new Map<string, string>();
  for (const task of tasks) {
    const fitting = calibrations.find((one) => mismatch(one, task, manifest) === undefined);
    const own = labels.filter(({ id, instrument }) => instrument === task.instrument && drawn.has(id));
    if (fitting?.betterThanChance === true || agreesWithPeople(task, own, drawn)) continue;
    found.set(task.instrument, reasonFor(task, fitting?.dataset, own.length));
  }
  return found;
}

function reasonFor({ rubric }: LabelTask, dataset: string | undefined, labels: number): string {
  const so = 'so that it feeds no headline and its effects are exploratory';
  if (labels > 0) return `${labels} labels of this run do not show its judge to be better than chance, ${so}`;
  if (dataset !== undefined) return `its judge was not shown to be better than chance on ${dataset}, ${so}`;
  const way =
    rubric.scorer === null
      ? 'aligntrust label'
      : `aligntrust calibrate ${rubric.scorer.name} --save FILE and aligntrust label RUN --calibration FILE, or aligntrust label`;
  return `nobody has measured the errors of its judge, ${so}; ${way} would`;
}

/** By the first metric that a label decides. */
function agreesWithPeople(
  { metrics, keys, rubric }: LabelTask,
  labels: readonly StoredLabel[],
  cells: ReadonlyMap<string, string>,
): boolean {
  const headline = metrics.find(({ key }) => keys.includes(key))?.key;
  const counts = [0, 1].map((verdict) => {
    const own = labels.filter(
      ({ id }) => saidIn(cells.get(id) ?? '', keys.indexOf(headline ?? '')) === verdict,
    );
    const positive = own.filter(({ label }) => rubric.valuesOf(label, {})[headline ?? ''] === 1);
    return { labelled: own.length, positive: positive.length };
  });
  const [zero, one] = counts;
  return zero !== undefined && one !== undefined && isInformative(one, zero);
}

/** What the scorer said, from the name of the cell that an answer was drawn in. */
function saidIn(cell: string, index: number): unknown {
  try {
    const [, values] = JSON.parse(cell) as [unknown, unknown[]];
    return values[index];
  } catch {
    return undefined;
  }
}
