import { kendallTauB } from '../statistics/correlation.ts';
import type { Effect, SummaryCheckpoint } from '../summary.ts';
import type { Bridge, BridgeCorrelation, BridgeDelta, BridgeLineage } from './profile-summary.ts';

/** Siblings share their parent's noise, and ten runs of one base model are one base model. */
export const MINIMUM_BRIDGE_FAMILIES = 8;

/**
 * Factors beside trust, for every main stage: the effects of the factor family beside those of the dimensions' headline
 * tasks. Correlated over independent base families alone, the first stage of each method standing for its family.
 *
 * @param share whether two instruments were read from a common answer.
 */
export function bridgeOf(
  effects: readonly Effect[],
  checkpoints: readonly SummaryCheckpoint[],
  share: (factorTask: string, trustTask: string) => boolean,
): Bridge {
  const stages = effects.filter(({ kind, main }) => kind === 'stage' && main);
  const isCoupled = remembered(share);
  const lineages = lineagesOf(stages, checkpoints, isCoupled);
  const groups = groupsOf(lineages, checkpoints);
  const most = Math.max(0, ...[...groups.values()].map((members) => members.length));
  const correlations = [...groups].flatMap(([methods, members]) =>
    members.length < MINIMUM_BRIDGE_FAMILIES ? [] : correlationsOf(methods, members, isCoupled),
  );
  const reason =
    correlations.length > 0
      ? null
      : `${most} independent base ${most === 1 ? 'family' : 'families'}: a correlation needs at least ${MINIMUM_BRIDGE_FAMILIES}, one point each`;
  return { lineages, correlations, reason };
}

type Coupling = (factorTask: string, trustTask: string) => boolean;

function remembered(share: Coupling): Coupling {
  const known = new Map<string, boolean>();
  return (factorTask, trustTask) => {
    const key = JSON.stringify([factorTask, trustTask]);
    const found = known.get(key) ?? share(factorTask, trustTask);
    known.set(key, found);
    return found;
  };
}

function lineagesOf(
  stages: readonly Effect[],
  checkpoints: readonly SummaryCheckpoint[],
  isCoupled: Coupling,
): BridgeLineage[] {
  const groups = new Map<string, Effect[]>();
  for (const effect of stages) {
    const key = JSON.stringify([effect.from, effect.to]);
    const group = groups.get(key) ?? [];
    group.push(effect);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((own): BridgeLineage[] => {
    const factors = own.filter(({ family }) => family === 'profile').map(deltaOf);
    const trust = own.filter(({ family }) => family === 'primary').map(deltaOf);
    const [first] = own;
    if (first === undefined || factors.length === 0 || trust.length === 0) return [];
    const tasksOf = (deltas: readonly BridgeDelta[]): string[] => [
      ...new Set(deltas.map(({ task }) => task)),
    ];
    const coupled = tasksOf(factors).flatMap((factorTask) =>
      tasksOf(trust).flatMap((trustTask) =>
        isCoupled(factorTask, trustTask) ? [{ factorTask, trustTask }] : [],
      ),
    );
    const { method, from, to } = first;
    return [{ method, from, to, family: familyOf(to, checkpoints), factors, trust, coupled }];
  });
}

function deltaOf({ dimension, task, metric, delta, low, high, verdict }: Effect): BridgeDelta {
  return { dimension, task, metric, delta, low, high, verdict };
}

/** The named base family, or the checkpoint that everything descends from. */
function familyOf(id: string, checkpoints: readonly SummaryCheckpoint[]): string {
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  let place = byId.get(id);
  const passed = new Set<string>();
  while (place !== undefined && !passed.has(place.id)) {
    if (place.family !== null) return place.family;
    passed.add(place.id);
    const parent = place.parent === null ? undefined : byId.get(place.parent);
    if (parent === undefined) return place.id;
    place = parent;
  }
  return id;
}

/** By what parents and children are: one lineage a family, the first. */
function groupsOf(
  lineages: readonly BridgeLineage[],
  checkpoints: readonly SummaryCheckpoint[],
): ReadonlyMap<string, BridgeLineage[]> {
  const methods = new Map(checkpoints.map(({ id, method }) => [id, method]));
  const groups = new Map<string, BridgeLineage[]>();
  for (const lineage of lineages) {
    const key = `${methods.get(lineage.from) ?? 'none'} → ${lineage.method}`;
    const group = groups.get(key) ?? [];
    if (!group.some(({ family }) => family === lineage.family)) group.push(lineage);
    groups.set(key, group);
  }
  return groups;
}

function correlationsOf(
  methods: string,
  members: readonly BridgeLineage[],
  isCoupled: Coupling,
): BridgeCorrelation[] {
  const columnsOf = (pick: (lineage: BridgeLineage) => readonly BridgeDelta[]): BridgeDelta[] => {
    const seen = new Map<string, BridgeDelta>();
    for (const delta of members.flatMap(pick)) seen.set(placeOf(delta), delta);
    return [...seen.values()];
  };
  return columnsOf(({ factors }) => factors).flatMap((factor) =>
    columnsOf(({ trust }) => trust).flatMap((trust): BridgeCorrelation[] => {
      const points = members.flatMap((lineage) => {
        const [x, y] = [deltaAt(lineage.factors, factor), deltaAt(lineage.trust, trust)];
        return x === null || y === null ? [] : [[x, y] as const];
      });
      if (points.length < MINIMUM_BRIDGE_FAMILIES) return [];
      const { value, p } = kendallTauB(
        points.map(([x]) => x),
        points.map(([, y]) => y),
      );
      return [
        {
          methods,
          factorTask: factor.task,
          factor: factor.metric,
          trustTask: trust.task,
          trust: trust.metric,
          families: points.length,
          tauB: value,
          p,
          coupled: isCoupled(factor.task, trust.task),
        },
      ];
    }),
  );
}

function deltaAt(deltas: readonly BridgeDelta[], like: BridgeDelta): number | null {
  const found = deltas.find((delta) => placeOf(delta) === placeOf(like));
  return found === undefined || found.verdict === 'not comparable' ? null : found.delta;
}

function placeOf({ task, metric }: BridgeDelta): string {
  return JSON.stringify([task, metric]);
}
