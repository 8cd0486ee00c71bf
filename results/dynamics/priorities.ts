import { priorityGap, priorityLevels } from '../statistics/states-priority.ts';
import type { AnalysedStates } from './behaviour-states.ts';
import type { PriorityTable } from './dynamics-summary.ts';
import { groupsOf } from './groups.ts';

/** With more behaviours than this their gaps, which grow with the square, are left out. */
export const MOST_GAPPED = 20;

/** For every checkpoint and task with at least two behaviours. */
export function priorityTables(
  states: readonly AnalysedStates[],
  checkpoints: readonly string[],
): PriorityTable[] {
  return checkpoints.flatMap((checkpoint) => {
    const placed = states
      .filter(({ summary }) => summary.checkpoint === checkpoint)
      .map(({ summary: { task, behaviour }, delta }) => ({ task, behaviour, delta }));
    return groupsOf(placed).flatMap(({ task, members }): PriorityTable[] => {
      if (members.length < 2) return [];
      const told = members.flatMap(({ behaviour, entry: { delta } }) =>
        delta === null ? [] : [{ behaviour, delta }],
      );
      return [{ checkpoint, task, levels: levelsOf(members, told), gaps: gapsOf(told) }];
    });
  });
}

interface Told {
  readonly behaviour: string;
  readonly delta: Float64Array;
}

/** Null for a behaviour without a direction, which is no part of the mixture, and for all where directions cancel. */
function levelsOf(
  members: readonly { readonly behaviour: string }[],
  told: readonly Told[],
): PriorityTable['levels'] {
  const found = isOneSpace(told) && told.length >= 2 ? priorityLevels(told.map(({ delta }) => delta)) : null;
  const levels = new Map(told.map(({ behaviour }, place) => [behaviour, found?.levels[place] ?? null]));
  return members.map(({ behaviour }) => ({ behaviour, level: levels.get(behaviour) ?? null }));
}

function gapsOf(told: readonly Told[]): PriorityTable['gaps'] {
  if (told.length > MOST_GAPPED || !isOneSpace(told)) return [];
  return told.flatMap((one, place) =>
    told.slice(place + 1).map((other) => ({
      one: one.behaviour,
      other: other.behaviour,
      gap: priorityGap(one.delta, other.delta),
    })),
  );
}

/** Vectors of two widths stand in two spaces. */
function isOneSpace(told: readonly Told[]): boolean {
  return told.every(({ delta }) => delta.length === told[0]?.delta.length);
}
