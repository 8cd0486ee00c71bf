import type { SummaryCheckpoint } from '../summary.ts';
import type { Series, SeriesPoint } from './series-summary.ts';

/** The checkpoints of one training run, in the order of their steps; what a `Series` says of itself before any number. */
export type SeriesMembers = Pick<
  Series,
  'name' | 'method' | 'parent' | 'data' | 'recipe' | 'seed' | 'points' | 'start'
>;

type Step = SummaryCheckpoint & { readonly step: number };

/**
 * The series among checkpoints: equal parent, method, data, recipe, seed and prompt format, at least two of them with a step.
 * The parent, where it was asked, is step 0 of a series that has none of its own. Control copies belong to none.
 *
 * @returns in the order in which the series' first checkpoints are listed; points ascend by step.
 */
export function seriesOf(checkpoints: readonly SummaryCheckpoint[]): SeriesMembers[] {
  const asked = new Set(checkpoints.filter(({ control }) => control === null).map(({ id }) => id));
  const groups = new Map<string, Step[]>();
  for (const checkpoint of checkpoints) {
    if (!hasStep(checkpoint) || checkpoint.control !== null) continue;
    const { parent, method, data, recipe, seed, promptFormat } = checkpoint;
    const key = JSON.stringify([parent, method, data, recipe, seed, promptFormat]);
    groups.set(key, [...(groups.get(key) ?? []), checkpoint]);
  }
  return [...groups.values()].flatMap((steps) => (steps.length < 2 ? [] : [membersOf(steps, asked)]));
}

function hasStep(checkpoint: SummaryCheckpoint): checkpoint is Step {
  return checkpoint.step !== null;
}

function membersOf(steps: readonly Step[], asked: ReadonlySet<string>): SeriesMembers {
  const sorted = [...steps].sort((one, other) => one.step - other.step);
  const [first, last] = [sorted[0] as Step, sorted.at(-1) as Step];
  const { parent, method, data, recipe, seed } = last;
  const own: SeriesPoint[] = sorted.map(({ id, step }) => ({ checkpoint: id, step }));
  const fromParent = parent !== null && asked.has(parent) && first.step > 0;
  return {
    name: last.id,
    method,
    parent,
    data,
    recipe,
    seed,
    points: fromParent ? [{ checkpoint: parent, step: 0 }, ...own] : own,
    start: fromParent ? 'parent' : 'first-step',
  };
}
