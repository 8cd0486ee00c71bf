import type { SeriesMembers } from '../series/grouping.ts';
import { MINIMUM_BEHAVIOURS, speedRelation } from '../statistics/dynamics-relation.ts';
import {
  type Crossing,
  crossingSpeeds,
  firstCrossing,
  initialSlope,
  type LearningCurve,
  normalisedArea,
} from '../statistics/dynamics-speed.ts';
import type { BehaviourOdds, BehaviourStates, DistinguishabilitySpeed } from './dynamics-summary.ts';
import { type Group, groupsOf, type Placed } from './groups.ts';

/** What a curve must reach to count as learned: three of four statements, or odds of three to one. */
export const THRESHOLDS = { matching: 0.75, matching_log_odds: Math.log(3) } as const;

type Metric = DistinguishabilitySpeed['speedOf']['metric'];
type Speed = DistinguishabilitySpeed['speed'];
type Measure = DistinguishabilitySpeed['measure'];

const METRICS: readonly Metric[] = ['matching', 'matching_log_odds'];
const SPEEDS: readonly Speed[] = ['initial-slope', 'area', 'first-crossing'];

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
  const measured = source.group.members.map(({ behaviour, key, entry: { value } }) => {
    const own = curve.members.filter((one) => one.key === key).map(({ entry }) => entry);
    return { behaviour, distinguishability: value, ...speedOf(curveOf(own, members, metric), metric, speed) };
  });
  const told = measured.filter(
    (one): one is Told => one.distinguishability !== null && one.speed !== null && one.rank !== null,
  );
  return {
    series: members.name,
    start,
    task: source.group.task,
    speedOf: { task: curve.task, metric },
    measure: source.measure,
    speed,
    behaviours: measured.map(({ behaviour, distinguishability, speed: value, censored }) => ({
      behaviour,
      distinguishability,
      speed: value,
      censored,
    })),
    ...correlated(told),
  };
}

interface Told {
  readonly distinguishability: number;
  readonly speed: number;
  readonly rank: number | Crossing;
  readonly censored: boolean;
  readonly behaviour: string;
}

/** The points at which the behaviour has a value; null unless its first and a later one are among them. */
function curveOf(
  own: readonly BehaviourOdds[],
  { points }: SeriesMembers,
  metric: Metric,
): LearningCurve | null {
  const values = points.map(({ checkpoint, step }) => {
    const found = own.find((one) => one.checkpoint === checkpoint);
    return { step, value: (metric === 'matching' ? found?.matching : found?.matchingLogOdds) ?? null };
  });
  const known = values.filter((one): one is { step: number; value: number } => one.value !== null);
  if (values[0]?.value === null || known.length < 2) return null;
  return { steps: known.map(({ step }) => step), values: known.map(({ value }) => value) };
}

/** The number to show, and what is ranked: the number itself, or the crossing. */
function speedOf(
  curve: LearningCurve | null,
  metric: Metric,
  speed: Speed,
): { readonly speed: number | null; readonly rank: number | Crossing | null; readonly censored: boolean } {
  if (curve === null) return { speed: null, rank: null, censored: false };
  if (speed === 'first-crossing') {
    const crossing = firstCrossing(curve, THRESHOLDS[metric]);
    if (crossing === null) return { speed: null, rank: null, censored: false };
    const censored = crossing.kind === 'never';
    return { speed: censored ? crossing.lastStep : crossing.step, rank: crossing, censored };
  }
  const value = speed === 'area' ? normalisedArea(curve) : initialSlope(curve);
  return { speed: value, rank: value, censored: false };
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
