import { gainSign } from '../direction.ts';
import { type EffectInput, headlineOf } from '../effects/effects.ts';
import { placeOf } from '../effects/seeds.ts';
import type { Cell } from '../summary.ts';
import type { SeriesMembers } from './grouping.ts';
import type { SeriesFront } from './series-summary.ts';

/**
 * What training bought and what it cost: the headline of helpfulness, or where none was asked the reward margin of
 * preference pairs, against the headline of every other dimension of trust. Values of single checkpoints, without their
 * errors: what is efficient describes these samples.
 */
export function frontsOf(
  { points }: SeriesMembers,
  inputs: readonly EffectInput[],
  cells: ReadonlyMap<string, Cell>,
): SeriesFront[] {
  const across = horizontalOf(inputs);
  if (across === undefined) return [];
  const [x, xSign] = [headlineOf(across), gainSign(headlineOf(across).direction)];
  return inputs
    .filter((input) => input.task.primary && input !== across)
    .flatMap((input) => {
      const y = headlineOf(input);
      const found = points.flatMap(({ checkpoint, step }) => {
        const one = cells.get(placeOf(checkpoint, across.task.task, x.key))?.value ?? null;
        const other = cells.get(placeOf(checkpoint, input.task.task, y.key))?.value ?? null;
        return one === null || other === null ? [] : [{ checkpoint, step, x: one, y: other }];
      });
      if (found.length === 0) return [];
      const better = found.map((point) => [point.x * xSign, point.y * gainSign(y.direction)] as const);
      return [
        {
          against: { task: across.task.task, metric: x.key },
          task: input.task.task,
          metric: y.key,
          points: found.map((point, index) => ({ ...point, efficient: isEfficient(index, better) })),
        },
      ];
    });
}

/** Helpfulness before reward; of several tasks of it the one that is the headline. A margin has no better side by itself: more of it is more reward. */
function horizontalOf(inputs: readonly EffectInput[]): EffectInput | undefined {
  const helpful = inputs.filter(({ task }) => task.dimension === 'helpfulness');
  return (
    helpful.find(({ task }) => task.primary) ??
    helpful[0] ??
    inputs.find(({ task }) => task.task.split('@')[0] === 'dynamics/pairs')
  );
}

/** No other point is at least as good in both and better in one. */
function isEfficient(index: number, points: readonly (readonly [number, number])[]): boolean {
  const [x, y] = points[index] as readonly [number, number];
  return !points.some(([a, b]) => a >= x && b >= y && (a > x || b > y));
}
