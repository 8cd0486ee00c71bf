import { describe, expect, it } from '@jest/globals';
import type {
  BehaviourOdds,
  BehaviourStates,
  DistinguishabilitySpeed,
} from '../../../results/dynamics/dynamics-summary.ts';
import { distinguishabilitySpeeds } from '../../../results/dynamics/relations.ts';
import { ODDS, STATES } from './records.ts';

type Curve = readonly (number | null)[];

interface Case {
  readonly steps: readonly number[];
  readonly distances: readonly (number | null)[];
  /** Share of matching answers of each behaviour at each step. */
  readonly curves: readonly Curve[];
}

const nameOf = (place: number): string => `b${place}`;

/** Relations of behaviours with these distances at the start and these curves. */
function relationsOf({ steps, distances, curves }: Case): DistinguishabilitySpeed[] {
  const points = steps.map((step) => ({ checkpoint: `step-${step}`, step }));
  const series = {
    name: 'run',
    parent: 'step-0',
    method: 'dpo',
    data: null,
    recipe: null,
    seed: null,
    start: 'parent',
    points,
  } as const;
  const states = distances.map(
    (distance, place): BehaviourStates => ({
      checkpoint: 'step-0',
      task: STATES,
      behaviour: nameOf(place),
      positive: 9,
      negative: 9,
      unusable: 0,
      normalised: false,
      distinguishability: distance,
      debiasedSquared: distance === null ? null : distance ** 2 - 1,
      debiased: distance === null ? null : Math.sqrt(Math.max(0, distance ** 2 - 1)),
      flooredAtZero: false,
      concentration: null,
      trace: null,
      spreadAlongDifference: null,
      heldOutAuc: null,
      dPrime: null,
      reason: null,
    }),
  );
  const odds = curves.flatMap((curve, place) =>
    curve.map(
      (matching, at): BehaviourOdds => ({
        checkpoint: points[at]?.checkpoint ?? '',
        task: ODDS,
        behaviour: nameOf(place),
        positive: 9,
        negative: 9,
        auc: null,
        dPrime: null,
        matchingLogOdds: null,
        matching,
        mass: null,
        censored: 0,
        reason: null,
      }),
    ),
  );
  return distinguishabilitySpeeds([series], states, odds);
}

function relation(
  given: Case,
  speed: DistinguishabilitySpeed['speed'],
  measure: DistinguishabilitySpeed['measure'] = 'distinguishability',
): DistinguishabilitySpeed {
  const found = relationsOf(given).find(
    (one) => one.speed === speed && one.measure === measure && one.speedOf.metric === 'matching',
  );
  if (found === undefined) throw new Error(`no relation of ${measure} and ${speed}`);
  return found;
}

const left = ({ behaviours }: DistinguishabilitySpeed): [string, string][] =>
  behaviours.flatMap(({ behaviour, reason }): [string, string][] =>
    reason === null ? [] : [[behaviour, reason]],
  );

describe('ties that rounding would break', () => {
  it('equal gains from different starts are one rank, in rho and in its exact p', () => {
    const starts = [0.4, 0.56, 0.5, 0.4, 0.5];
    const gains = [0.06, 0.06, 0.1, 0.06, 0.02];
    const given = {
      steps: [0, 8],
      distances: [3, 2, 5, 4, 1],
      curves: starts.map((start, i) => [start, start + (gains[i] ?? 0)]),
    };
    const slopes = relation(given, 'initial-slope').behaviours.map(({ speed }) => speed);
    expect(new Set([slopes[0], slopes[1], slopes[3]]).size).toBeGreaterThan(1);
    for (const speed of ['initial-slope', 'area-of-change'] as const) {
      const { rho, p } = relation(given, speed);
      expect(rho).toBeCloseTo(0.894427, 6);
      expect(p).toBeCloseTo(0.1, 12);
    }
  });

  it('equal distances that differ by rounding are one rank', () => {
    const given = {
      steps: [0, 8],
      distances: [0.1 + 0.2, 0.3, 1, 2],
      curves: [0.1, 0.2, 0.3, 0.4].map((gain) => [0.5, 0.5 + gain]),
    };
    expect(relation(given, 'initial-slope').rho).toBeCloseTo(0.948683, 6);
  });
});

describe('the level of the start is no speed', () => {
  const levels = [0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.72, 0.74];
  const flat = {
    steps: [0, 4, 16],
    distances: levels.map((_, i) => i + 1),
    curves: levels.map((level) => [level, level, level]),
  };

  it('flat curves have no order of speed; their mean height has, under a name of its own', () => {
    expect(relation(flat, 'area-of-change')).toMatchObject({ n: 8, rho: null });
    expect(relation(flat, 'area-of-change').behaviours.map(({ speed }) => speed)).toEqual(
      levels.map(() => 0),
    );
    expect(relation(flat, 'area')).toMatchObject({ n: 8, rho: 1 });
  });

  it('what is there at the start has no crossing and no rank, and says so', () => {
    const curves = [...flat.curves.slice(1), [0.9, 0.9, 0.9]].map((curve, i) =>
      i === 0 ? [0.5, 0.8, 0.9] : curve,
    );
    const found = relation({ ...flat, curves }, 'first-crossing');
    expect(left(found)).toEqual([['b7', 'there already at the start']]);
    expect(found.n).toBe(7);
    expect(found.behaviours[7]).toMatchObject({ speed: null, censored: false });
    expect(left(relation({ ...flat, curves }, 'area-of-change'))).toEqual([]);
  });
});

describe('ranks over the same steps', () => {
  const curves: Curve[] = [1, 2, 3, 4, 5].map((gain) => [0.5, 0.5 + gain / 20, 0.5 + gain / 12]);

  it('a behaviour with a gap is left out with its reason', () => {
    const gapped = [...curves.slice(0, 4), [0.5, null, 0.9]];
    const given = { steps: [0, 4, 16], distances: [1, 2, 3, 4, 0.5], curves: gapped };
    for (const speed of ['initial-slope', 'area-of-change'] as const) {
      const found = relation(given, speed);
      expect(left(found)).toEqual([['b4', 'no value at step 4, which most others have']]);
      expect(found).toMatchObject({ n: 4, rho: 1 });
    }
  });

  it('a step that only few have is passed over for all', () => {
    const few = curves.map((curve, i) => (i < 2 ? curve : [curve[0] ?? null, curve[1] ?? null, null]));
    const given = { steps: [0, 4, 16], distances: [1, 2, 3, 4, 5], curves: few };
    const found = relation(given, 'area-of-change');
    expect(left(found)).toEqual([]);
    expect(found.behaviours[0]?.speed).toBeCloseTo(0.025, 12);
    expect(found).toMatchObject({ n: 5, rho: 1 });
  });

  it('without a start, a later step or a distance: left out, and no step of theirs counts', () => {
    const given = {
      steps: [0, 4],
      distances: [1, 2, null, 4, 5],
      curves: [[null, 0.6], [0.5, null], ...curves.slice(2).map((curve) => curve.slice(0, 2))],
    };
    const found = relation(given, 'initial-slope');
    expect(left(found)).toEqual([
      ['b0', 'no value at the start'],
      ['b1', 'no value at a later step'],
      ['b2', 'not measured at the start'],
    ]);
    expect(found).toMatchObject({ n: 2, reason: 'not computable: 2 of at least 4 behaviours' });
  });
});

it('distance without bias is a measure of its own', () => {
  const given = {
    steps: [0, 8],
    distances: [2, 3, 4, 5],
    curves: [1, 2, 3, 4].map((gain) => [0.5, 0.5 + gain / 10]),
  };
  const found = relation(given, 'initial-slope', 'debiased-distinguishability');
  expect(found.behaviours.map(({ distinguishability }) => distinguishability)).toEqual(
    [3, 8, 15, 24].map(Math.sqrt),
  );
  expect(found.rho).toBe(1);
});
