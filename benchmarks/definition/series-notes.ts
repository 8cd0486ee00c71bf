import type { CheckpointDefinition } from './definition.ts';

/**
 * What keeps checkpoints off the curve of their training (results/series), one sentence each: steps that name one another
 * as parents, and a checkpoint that does not say which step it is.
 */
export function seriesNotes(checkpoints: readonly CheckpointDefinition[]): string[] {
  const own = checkpoints.filter(({ control }) => control === undefined);
  return [...chainNotes(own), ...stepless(own)];
}

/** Steps of one training that are each other's parents: a series is the steps that name one parent. */
function chainNotes(checkpoints: readonly CheckpointDefinition[]): string[] {
  const steps = checkpoints.filter(hasStep);
  const before = (one: CheckpointDefinition): CheckpointDefinition | undefined =>
    steps.find((other) => other.id === one.alignment.parent && recipeOf(other) === recipeOf(one));
  const isLoose = (one: CheckpointDefinition): boolean =>
    steps.filter((other) => runOf(other) === runOf(one)).length < 2;
  const chains = new Map<CheckpointDefinition, CheckpointDefinition[]>();
  for (const one of steps) {
    if (before(one) === undefined && !steps.some((other) => before(other) === one)) continue;
    const first = firstOf(one, before);
    chains.set(first, [...(chains.get(first) ?? []), one]);
  }
  return [...chains].flatMap(([first, members]) => {
    const loose = members.filter(isLoose);
    if (loose.length === 0) return [];
    const named = loose.map(({ id, alignment }) => `${id} of ${alignment.parent ?? 'none'}`).join(', ');
    const start = first.alignment.parent;
    const fix = `name the checkpoint that the training started from${start === undefined ? '' : `, ${start},`} as the parent of each`;
    return [
      `${loose.map(({ id }) => id).join(', ')}: a step each, but in no series and on no curve, because a series is the steps that name one parent, and these name another each (${named}). If they are steps of one training, ${fix}.`,
    ];
  });
}

/** A lineage is a forest by now, so that this ends. */
function firstOf(
  one: CheckpointDefinition,
  before: (one: CheckpointDefinition) => CheckpointDefinition | undefined,
): CheckpointDefinition {
  const earlier = before(one);
  return earlier === undefined ? one : firstOf(earlier, before);
}

function stepless(checkpoints: readonly CheckpointDefinition[]): string[] {
  return checkpoints
    .filter((one) => !hasStep(one) && one.alignment.parent !== undefined)
    .flatMap((one) => {
      const steps = checkpoints.filter((other) => hasStep(other) && runOf(other) === runOf(one));
      if (steps.length === 0) return [];
      const others = steps.map(({ id }) => id).join(', ');
      return [
        `${one.id} has no step, so that it is not on the curve of ${others}, which are of the same training: write the step that it was saved at.`,
      ];
    });
}

function hasStep({ alignment }: Pick<CheckpointDefinition, 'alignment'>): boolean {
  return alignment.step !== undefined;
}

/** What the steps of a series agree in. */
function runOf(one: CheckpointDefinition): string {
  return JSON.stringify([one.alignment.parent ?? null, recipeOf(one)]);
}

/** The same without the parent. */
function recipeOf({
  alignment,
  promptFormat,
}: Pick<CheckpointDefinition, 'alignment' | 'promptFormat'>): string {
  const { method, data, recipe, seed } = alignment;
  return JSON.stringify([method, data, recipe, seed, promptFormat].map((part) => part ?? null));
}
