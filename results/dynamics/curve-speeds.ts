import type { SeriesMembers } from '../series/grouping.ts';
import {
  type Crossing,
  firstCrossing,
  initialSlope,
  type LearningCurve,
  normalisedArea,
} from '../statistics/dynamics-speed.ts';
import type { BehaviourOdds, DistinguishabilitySpeed } from './dynamics-summary.ts';

/** What a curve must reach to count as learned: three of four statements, or odds of three to one. */
export const THRESHOLDS = { matching: 0.75, matching_log_odds: Math.log(3) } as const;

type Metric = DistinguishabilitySpeed['speedOf']['metric'];
type Speed = DistinguishabilitySpeed['speed'];

/** What one behaviour of a relation has. */
export interface CurveSource {
  readonly distinguishability: number | null;
  readonly own: readonly BehaviourOdds[];
}

/**
 * The curve of each behaviour over the same steps, or why it has none. Speeds over different steps cannot be ranked: the
 * steps are those at which most of the behaviours that can be ranked have a value, and a behaviour without one of them is
 * left out.
 */
export function curvesOf(
  sources: readonly CurveSource[],
  { points }: SeriesMembers,
  metric: Metric,
): (LearningCurve | string)[] {
  const rows = sources.map(({ own }) => {
    const byCheckpoint = new Map(own.map((one) => [one.checkpoint, one]));
    return points.map(({ checkpoint }) => {
      const found = byCheckpoint.get(checkpoint);
      return (metric === 'matching' ? found?.matching : found?.matchingLogOdds) ?? null;
    });
  });
  const ranked = rows.filter((row, place) => sources[place]?.distinguishability !== null && hasCurve(row));
  const places = points.flatMap((_, at) => {
    const known = ranked.filter((row) => row[at] !== null).length;
    return 2 * known > ranked.length ? [at] : [];
  });
  const steps = places.map((at) => points[at]?.step ?? Number.NaN);
  return rows.map((row) => {
    if (row[0] === null) return 'no value at the start';
    if (!hasCurve(row) || steps.length < 2) return 'no value at a later step';
    const missing = places.find((at) => row[at] === null);
    if (missing !== undefined) return `no value at step ${points[missing]?.step}, which most others have`;
    return { steps, values: places.map((at) => row[at] as number) };
  });
}

/** The first value and a later one. */
function hasCurve(row: readonly (number | null)[]): boolean {
  return row[0] !== null && row.filter((value) => value !== null).length >= 2;
}

export interface MeasuredSpeed {
  /** The number to show. */
  readonly speed: number | null;
  /** What is ranked: the number itself, or the crossing. */
  readonly rank: number | Crossing | null;
  /** Never crossed. */
  readonly censored: boolean;
  /** Why there is nothing to rank. */
  readonly reason: string | null;
}

/** What was reached before the first step says nothing of how fast: it has no rank. */
export function speedOf(curve: LearningCurve, metric: Metric, speed: Speed): MeasuredSpeed {
  if (speed === 'first-crossing') {
    const crossing = firstCrossing(curve, THRESHOLDS[metric]);
    if (crossing === null || crossing.kind === 'at-start') {
      return { speed: null, rank: null, censored: false, reason: 'there already at the start' };
    }
    const censored = crossing.kind === 'never';
    return { speed: censored ? crossing.lastStep : crossing.step, rank: crossing, censored, reason: null };
  }
  const value = numberOf(curve, speed);
  return { speed: value, rank: value, censored: false, reason: value === null ? 'no later step' : null };
}

function numberOf(curve: LearningCurve, speed: Exclude<Speed, 'first-crossing'>): number | null {
  if (speed === 'initial-slope') return initialSlope(curve);
  return normalisedArea(speed === 'area' ? curve : sinceStart(curve));
}

/** Values less the first one. */
function sinceStart({ steps, values }: LearningCurve): LearningCurve {
  const start = values[0] ?? Number.NaN;
  return { steps, values: Float64Array.from(values, (value) => value - start) };
}
