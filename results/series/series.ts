import type { ConfoundName } from '../effects/comparable.ts';
import { comparedMetrics, type EffectInput } from '../effects/effects.ts';
import { placeOf } from '../effects/seeds.ts';
import { MaxT } from '../statistics/max-t.ts';
import type { Cell, SummaryCheckpoint } from '../summary.ts';
import { type CurveContext, curveOf } from './curve.ts';
import { frontsOf } from './fronts.ts';
import { seriesOf } from './grouping.ts';
import { keptStepOf, nothingKept } from './kept-step.ts';
import { refusalOf } from './refusal.ts';
import type { KeepConstraint, Series, SeriesCurve } from './series-summary.ts';

export interface SeriesInput {
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly inputs: readonly EffectInput[];
  readonly cells: readonly Cell[];
  /** Differences between members that the definition allows by name. */
  readonly allow: readonly ConfoundName[];
  readonly keep: readonly KeepConstraint[];
  readonly seed: number;
  /** False for a run that was stopped by what it saw: no band and no interval then. */
  readonly isFixedSize: boolean;
}

/** Every series among the checkpoints, with its curves, fronts and the step to keep; empty where no run has two steps. */
export function makeSeries(input: SeriesInput): Series[] {
  const { checkpoints, inputs, allow, keep, seed, isFixedSize } = input;
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  const found = seriesOf(checkpoints);
  if (found.length === 0) return [];
  const cells = new Map(input.cells.map((cell) => [placeOf(cell.checkpoint, cell.task, cell.metric), cell]));
  const maxT = new MaxT(seed);
  const context: CurveContext = { cells, maxT, isFixedSize };
  return found.map((members): Series => {
    const refused = refusalOf(members, byId, allow);
    if (refused !== null) {
      const kept = keep.length === 0 ? null : nothingKept(keep, seed, refused);
      return { ...members, refused, curves: [], fronts: [], kept };
    }
    return {
      ...members,
      refused,
      curves: inputs.flatMap((one) => curvesOf(members, one, context)),
      fronts: frontsOf(members, inputs, cells),
      kept: keep.length === 0 ? null : keptStepOf(members, inputs, keep, seed, isFixedSize),
    };
  });
}

/** The headline metric first: metrics stand so in every task. */
function curvesOf(
  members: Parameters<typeof curveOf>[0],
  input: EffectInput,
  context: CurveContext,
): SeriesCurve[] {
  return comparedMetrics(input.specs).flatMap((spec) => curveOf(members, input, spec, context) ?? []);
}
