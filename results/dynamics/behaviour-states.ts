import { distinguishability } from '../statistics/states-distinguishability.ts';
import { heldOutSeparability } from '../statistics/states-held-out.ts';
import { mahalanobisDistance } from '../statistics/states-mahalanobis.ts';
import type { Collected } from './collect.ts';
import type { BehaviourStates } from './dynamics-summary.ts';
import type { StateTable } from './tables.ts';

/** A behaviour in one checkpoint, with what its numbers rest on. */
export interface AnalysedStates {
  readonly summary: BehaviourStates;
  /** Mean state of the statements that Yes matches less that of the others; null where it is not told or has no scale. */
  readonly delta: Float64Array | null;
}

/** How far from 1 a length may be and still be a normalised one in single precision. */
const UNIT_TOLERANCE = 1e-3;

export interface StateFacts {
  /** The width that counts. */
  readonly width: number;
  /** Every vector of the checkpoint has length 1, or its server says so. */
  readonly normalised: boolean;
}

/**
 * The width and scale of all vectors that one instrument got from one checkpoint: the width of most of them (the larger
 * one of two that are equally many).
 */
export function stateFacts(tables: readonly StateTable[], saidToBeNormalised: boolean): StateFacts {
  const counts = new Map<number, number>();
  for (const { widths } of tables)
    for (const [width, count] of widths) counts.set(width, (counts.get(width) ?? 0) + count);
  const [width = 0] = [...counts].sort(([a, n], [b, m]) => m - n || b - a)[0] ?? [];
  const isUnit =
    counts.size > 0 && tables.every(({ farthestFromUnit }) => farthestFromUnit <= UNIT_TOLERANCE);
  return { width, normalised: saidToBeNormalised || isUnit };
}

/** Separation of the two classes of one behaviour; folds of the held-out part are clusters. */
export function analysedStates(
  { instrument, checkpoint, behaviour, table }: Collected<StateTable>,
  { width, normalised }: StateFacts,
): AnalysedStates {
  const { positive, negative, folds, unusable } = table.classes(width);
  const counts = { positive: positive.length, negative: negative.length, unusable };
  const head = { checkpoint, task: instrument, behaviour, ...counts, normalised };
  const missing = missingClass(counts);
  if (missing !== null) return { summary: { ...head, ...NOTHING, reason: missing }, delta: null };
  const found = distinguishability({ positive, negative });
  const heldOutAuc = heldOutSeparability({ positive, negative }, folds)?.auc ?? null;
  const summary: BehaviourStates = {
    ...head,
    ...(normalised || found === null
      ? SCALELESS
      : {
          distinguishability: found.raw,
          debiasedSquared: found.debiasedSquare,
          debiased: found.debiased,
          flooredAtZero: found.clipped,
          concentration: found.concentration,
          trace: found.trace,
          spreadAlongDifference: found.spreadAlong,
        }),
    heldOutAuc,
    dPrime: mahalanobisDistance({ positive, negative })?.dPrime ?? null,
    reason:
      [...(normalised ? [NO_SCALE] : []), ...(heldOutAuc === null ? [ONE_CLUSTER] : [])].join('; ') || null,
  };
  return { summary, delta: normalised ? null : (found?.delta ?? null) };
}

const NO_SCALE = 'the server hands out vectors of length 1: distances have no scale, separability stays';
const ONE_CLUSTER = 'no held-out AUC: whatever clusters are left out hold all statements of a class';

const SCALELESS = {
  distinguishability: null,
  debiasedSquared: null,
  debiased: null,
  flooredAtZero: false,
  concentration: null,
  trace: null,
  spreadAlongDifference: null,
} as const;

const NOTHING = { ...SCALELESS, heldOutAuc: null, dPrime: null } as const;

/** Why two classes cannot be told apart; null where they can. */
export function missingClass({
  positive,
  negative,
}: {
  readonly positive: number;
  readonly negative: number;
}): string | null {
  if (positive === 0 && negative === 0) return 'no statement can be used';
  if (positive === 0) return 'one class is missing: no statement that Yes matches';
  if (negative === 0) return 'one class is missing: no statement that No matches';
  if (positive === 1 || negative === 1) return 'a class of one statement has no spread';
  return null;
}
