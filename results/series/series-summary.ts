import type { Verdict } from '../summary.ts';

/**
 * The checkpoints of one training run in the order of their steps: every task becomes a curve. A series has at least two
 * checkpoints with a step; its start is the parent (step 0) where it was asked.
 */
export interface Series {
  /** Id of its last checkpoint: what names it everywhere. */
  readonly name: string;
  readonly method: string;
  readonly parent: string | null;
  readonly data: string | null;
  readonly recipe: string | null;
  readonly seed: number | null;
  /** Ascending; the first has step 0 where `start` is 'parent', and is the first saved checkpoint otherwise. */
  readonly points: readonly SeriesPoint[];
  readonly start: 'parent' | 'first-step';
  /** Why the series is not compared at all (members differ in template, quantisation, measuring method …); its curves are then empty. */
  readonly refused: string | null;
  /** One for each task and each of its metrics that the series has values of; the headline metric first. */
  readonly curves: readonly SeriesCurve[];
  /** Helpfulness or reward against every headline of trust; empty where neither was asked. */
  readonly fronts: readonly SeriesFront[];
  /** The step that the constraint keeps; null where the definition states none. */
  readonly kept: KeptStep | null;
}

export interface SeriesPoint {
  readonly checkpoint: string;
  readonly step: number;
}

export interface SeriesCurve {
  readonly task: string;
  readonly metric: string;
  /** In the order of the series' points. */
  readonly points: readonly CurvePoint[];
  /**
   * The first step whose simultaneous interval of the difference to the start excludes 0, and which way; null where none
   * does. Only of headline metrics: of the others no band is drawn.
   */
  readonly firstStep: { readonly step: number; readonly verdict: Verdict } | null;
  /** Clusters that have a value at every point (points without any value are left out): what the band rests on. */
  readonly clusters: number;
  /** Samples likewise. */
  readonly n: number;
  /** Multiplier of the standard errors: 95 % quantile of max |t| over steps; null without a band. */
  readonly criticalValue: number | null;
  /** Speed of the change (learning-dynamics.md section 3, row 10); null where it is not defined. */
  readonly speed: CurveSpeed | null;
  /** Why there is no band. */
  readonly reason: string | null;
}

export interface CurvePoint {
  readonly step: number;
  /** The checkpoint's own cell: all its samples. */
  readonly value: number | null;
  /** Paired difference to the start, over the samples that every point with a value has; 0 at the start. */
  readonly delta: number | null;
  /** Simultaneous 95 % band of delta over the steps of this curve (max-t); null at the start and without a band. */
  readonly low: number | null;
  readonly high: number | null;
  /**
   * Samples, of those that every point has, that flipped since the point before: better and worse (raised and lowered for
   * neutral metrics); 0 at the start.
   */
  readonly gained: number;
  readonly lost: number;
}

export interface CurveSpeed {
  /** Change per step over the first interval. */
  readonly initialSlope: number | null;
  /** Trapezoid area of delta over real steps, divided by their span: the curve's mean height above its start. */
  readonly area: number | null;
}

export interface SeriesFront {
  /** The task that is on the horizontal axis: helpfulness, or reward. */
  readonly against: { readonly task: string; readonly metric: string };
  readonly task: string;
  readonly metric: string;
  readonly points: readonly {
    readonly checkpoint: string;
    readonly step: number;
    readonly x: number;
    readonly y: number;
    /** No other point is at least as good in both and better in one. */
    readonly efficient: boolean;
  }[];
}

/** What a user asks of the step to keep. */
export interface KeepConstraint {
  readonly task: string;
  readonly metric: string;
  /** `at-least`/`at-most`: of the value. `fall-at-most`/`rise-at-most`: of the change since the start, a positive number. */
  readonly rule: 'at-least' | 'at-most' | 'fall-at-most' | 'rise-at-most';
  readonly bound: number;
}

/** A step chosen on one half of the clusters and reported on the other, so that its numbers are not flattered by the choice. */
export interface KeptStep {
  readonly constraints: readonly KeepConstraint[];
  /** The latest step on which every constraint holds on the choosing half; null where none does. */
  readonly step: number | null;
  readonly checkpoint: string | null;
  /** For each constraint, in their order, at the step that was chosen. */
  readonly checks: readonly {
    readonly chosenOn: {
      readonly value: number | null;
      readonly change: number | null;
      readonly holds: boolean;
    };
    readonly heldOut: {
      readonly value: number | null;
      readonly change: number | null;
      readonly low: number | null;
      readonly high: number | null;
      readonly holds: boolean;
    };
  }[];
  /** Which steps satisfy all constraints on the choosing half. */
  readonly allowed: readonly number[];
  /** Seed of the split. */
  readonly seed: number;
  readonly reason: string | null;
}
