import { susceptibility } from '../statistics/dynamics-theory.ts';
import type { BehaviourOdds, BehaviourStates, Susceptibility } from './dynamics-summary.ts';

export interface Lineage {
  readonly id: string;
  readonly parent: string | null;
}

/**
 * For every checkpoint against the reference of the definition where that was asked, else against its own parent. One row
 * an instrument: of hidden states, or of log-odds; two instruments never share a row.
 */
export function susceptibilities(
  states: readonly BehaviourStates[],
  odds: readonly BehaviourOdds[],
  checkpoints: readonly Lineage[],
  reference: string | null,
): Susceptibility[] {
  const known = new Set(checkpoints.map(({ id }) => id));
  const base = reference !== null && known.has(reference) ? reference : null;
  return checkpoints.flatMap(({ id, parent }) => {
    const against = base ?? parent;
    if (against === null || against === id || !known.has(against)) return [];
    return [
      ...rowsOf(states, id, against, ({ distinguishability }) => distinguishability, 'byStates'),
      ...rowsOf(odds, id, against, ({ dPrime }) => dPrime, 'byOdds'),
    ];
  });
}

function rowsOf<Row extends { checkpoint: string; task: string; behaviour: string }>(
  rows: readonly Row[],
  checkpoint: string,
  reference: string,
  measureOf: (row: Row) => number | null,
  member: 'byStates' | 'byOdds',
): Susceptibility[] {
  const placeOf = ({ task, behaviour }: Row): string => JSON.stringify([task, behaviour]);
  const before = new Map(
    rows.filter((row) => row.checkpoint === reference).map((row) => [placeOf(row), measureOf(row)]),
  );
  return rows
    .filter((row) => row.checkpoint === checkpoint && before.has(placeOf(row)))
    .map((row) => ({
      checkpoint,
      reference,
      task: row.task,
      behaviour: row.behaviour,
      byStates: null,
      byOdds: null,
      [member]: ratioOf(measureOf(row), before.get(placeOf(row)) ?? null),
    }));
}

function ratioOf(own: number | null, reference: number | null): number | null {
  return own === null || reference === null ? null : susceptibility(own, reference);
}
