import type { SeriesMembers } from '../series/grouping.ts';
import { MINIMUM_BEHAVIOURS, speedRelation } from '../statistics/dynamics-relation.ts';
import { type Crossing, crossingSpeeds } from '../statistics/dynamics-speed.ts';
import { curvesOf, type MeasuredSpeed, speedOf } from './curve-speeds.ts';
import type { BehaviourOdds, BehaviourStates, DistinguishabilitySpeed } from './dynamics-summary.ts';
import { type Group, groupsOf, type Placed } from './groups.ts';

type Metric = DistinguishabilitySpeed['speedOf']['metric'];
type Speed = DistinguishabilitySpeed['speed'];
type Measure = DistinguishabilitySpeed['measure'];

const METRICS: readonly Metric[] = ['matching', 'matching_log_odds'];
/** `area`, which holds the level of the start, comes last: it is no speed. */
const SPEEDS: readonly Speed[] = ['initial-slope', 'area-of-change', 'first-crossing', 'area'];

/** Distinguishability of every behaviour at the start, from one instrument. */
interface Source {
  readonly measure: Measure;
  readonly group: Group<Placed & { readonly value: number | null }>;
  /** The only task whose speed it is set against; any when null. */
  readonly only: string | null;
}

/**
 * Whether the behaviours that lie farther apart at the start of a series are learned faster on it. Distinguishability is
 * of the start alone, speed of the steps from there on. Log-odds are set against the speed of their own instrument only.
 */
export function distinguishabilitySpeeds(
  series: readonly SeriesMembers[],
  states: readonly BehaviourStates[],
  odds: readonly BehaviourOdds[],
): DistinguishabilitySpeed[] {
  return series.flatMap((members) => {
    const start = members.points[0]?.checkpoint ?? '';
    const sources = [...stateSources(states, start), ...oddsSources(odds, start)];
    const steps = new Set(members.points.map(({ checkpoint }) => checkpoint));
    const curves = groupsOf(odds.filter(({ checkpoint }) => steps.has(checkpoint)));
    return sources.flatMap((source) =>
      curves
        .filter(({ name }) => source.only === null || source.only === name)
        .flatMap((curve) =>
          METRICS.flatMap((metric) =>
            SPEEDS.map((speed) => relationOf({ members, start, source, curve, metric, speed })),
          ),
        ),
    );
  });
}

function stateSources(states: readonly BehaviourStates[], start: string): Source[] {
  const there = states.filter(({ checkpoint }) => checkpoint === start);
  const by = (measure: Measure, measureOf: (one: BehaviourStates) => number | null): Source[] =>
    groupsOf(there.map((one) => ({ task: one.task, behaviour: one.behaviour, value: measureOf(one) }))).map(
      (group) => ({ measure, group, only: null }),
    );
  return [
    ...by('distinguishability', ({ distinguishability }) => distinguishability),
    ...by('debiased-distinguishability', ({ debiased }) => debiased),
    ...by('held-out-auc', ({ heldOutAuc }) => heldOutAuc),
  ];
}

function oddsSources(odds: readonly BehaviourOdds[], start: string): Source[] {
  const there = odds.filter(({ checkpoint }) => checkpoint === start);
  return groupsOf(there.map(({ task, behaviour, dPrime }) => ({ task, behaviour, value: dPrime }))).map(
    (group) => ({ measure: 'log-odds-d-prime', group, only: group.name }),
  );
}

interface Asked {
  readonly members: SeriesMembers;
  readonly start: string;
  readonly source: Source;
  readonly curve: Group<BehaviourOdds>;
  readonly metric: Metric;
  readonly speed: Speed;
}

function relationOf({ members, start, source, curve, metric, speed }: Asked): DistinguishabilitySpeed {
  const placed = source.group.members.map(({ behaviour, key, entry: { value } }) => ({
    behaviour,
    distinguishability: value,
    own: curve.members.filter((one) => one.key === key).map(({ entry }) => entry),
  }));
  const curves = curvesOf(placed, members, metric);
  const measured = placed.map(({ behaviour, distinguishability }, place): Measured => {
    const found = curves[place];
    if (distinguishability === null) {
      return { ...NO_SPEED, behaviour, distinguishability, reason: 'not measured at the start' };
    }
    if (found === undefined || typeof found === 'string') {
      return { ...NO_SPEED, behaviour, distinguishability, reason: found ?? 'no curve' };
    }
    return { behaviour, distinguishability, ...speedOf(found, metric, speed) };
  });
  return {
    series: members.name,
    start,
    task: source.group.task,
    speedOf: { task: curve.task, metric },
    measure: source.measure,
    speed,
    behaviours: measured.map(({ behaviour, distinguishability, speed: value, censored, reason }) => ({
      behaviour,
      distinguishability,
      speed: value,
      censored,
      reason,
    })),
    ...correlated(measured.filter((one): one is Told => one.reason === null)),
  };
}

interface Measured extends MeasuredSpeed {
  readonly behaviour: string;
  readonly distinguishability: number | null;
}

const NO_SPEED = { speed: null, rank: null, censored: false } as const;

interface Told extends Measured {
  readonly distinguishability: number;
  readonly rank: number | Crossing;
}

function correlated(told: readonly Told[]): Pick<DistinguishabilitySpeed, 'n' | 'rho' | 'p' | 'reason'> {
  const found = speedRelation(
    told.map(({ distinguishability }) => distinguishability),
    ranked(told.map(({ rank }) => rank)),
  );
  if (found.rho !== null) return { n: found.n, rho: found.rho, p: found.twoSidedP, reason: null };
  const reason =
    found.reason === 'too-few'
      ? `not computable: ${found.n} of at least ${MINIMUM_BEHAVIOURS} behaviours`
      : 'not computable: all behaviours are alike in one of the two';
  return { n: found.n, rho: null, p: null, reason };
}

function ranked(ranks: readonly (number | Crossing)[]): number[] {
  const crossings = ranks.filter((rank): rank is Crossing => typeof rank !== 'number');
  return crossings.length > 0
    ? crossingSpeeds(crossings)
    : ranks.filter((rank): rank is number => typeof rank === 'number');
}
