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
    return [...rowsOf(states, id, against, BY_STATES), ...rowsOf(odds, id, against, BY_ODDS)];
  });
}

interface Proxy<Row> {
  readonly measureOf: (row: Row) => number | null;
  readonly member: 'byStates' | 'byOdds';
  /** Why there is no ratio although both have a number. */
  readonly noRatio: string;
}

const BY_STATES: Proxy<BehaviourStates> = {
  measureOf: ({ debiased }) => debiased,
  member: 'byStates',
  noRatio: 'the reference does not tell the classes apart beyond noise',
};
const BY_ODDS: Proxy<BehaviourOdds> = {
  measureOf: ({ dPrime }) => dPrime,
  member: 'byOdds',
  noRatio: 'd′ of the log-odds is not above 0 in both',
};

function rowsOf<Row extends { checkpoint: string; task: string; behaviour: string }>(
  rows: readonly Row[],
  checkpoint: string,
  reference: string,
  proxy: Proxy<Row>,
): Susceptibility[] {
  const placeOf = ({ task, behaviour }: Row): string => JSON.stringify([task, behaviour]);
  const before = new Map(
    rows.filter((row) => row.checkpoint === reference).map((row) => [placeOf(row), proxy.measureOf(row)]),
  );
  return rows
    .filter((row) => row.checkpoint === checkpoint && before.has(placeOf(row)))
    .map((row) => {
      const { ratio, reason } = ratioOf(proxy, proxy.measureOf(row), before.get(placeOf(row)) ?? null);
      const { task, behaviour } = row;
      const none = { byStates: null, byOdds: null };
      return { checkpoint, reference, task, behaviour, ...none, [proxy.member]: ratio, reason };
    });
}

function ratioOf(
  { noRatio }: Pick<Proxy<never>, 'noRatio'>,
  own: number | null,
  reference: number | null,
): { readonly ratio: number | null; readonly reason: string | null } {
  if (own === null || reference === null) {
    return { ratio: null, reason: `${own === null ? 'the checkpoint' : 'the reference'} has no such number` };
  }
  const ratio = susceptibility(own, reference);
  return { ratio, reason: ratio === null ? noRatio : null };
}
