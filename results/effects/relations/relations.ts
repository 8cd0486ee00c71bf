import type { MethodEffect, NoiseFloor, Relations, SummaryCheckpoint } from '../../summary.ts';
import { agreements, tradeOffs } from './agreements.ts';
import { decompositions } from './decompositions.ts';
import { pooledEffects } from './pooled.ts';
import { readingAgreements } from './readings.ts';
import type { RelationInput } from './shown.ts';

/**
 * What several training seeds, base families, tasks and stages say together.
 *
 * @param isFixedSize false for a run that was stopped by what it saw: whatever rests on standard errors, which hold for
 *   a number of samples that was fixed beforehand, is left out.
 */
export function relate(
  input: RelationInput,
  methods: readonly MethodEffect[],
  checkpoints: readonly SummaryCheckpoint[],
  noise: readonly NoiseFloor[],
  isFixedSize = true,
): Relations {
  const readings = readingAgreements(input, methods, checkpoints);
  return {
    methods,
    pooled: isFixedSize ? pooledEffects(input, methods) : [],
    agreements: agreements(input, methods),
    ...(readings.length === 0 ? {} : { readings }),
    tradeOffs: tradeOffs(input, methods),
    decompositions: isFixedSize ? decompositions(input, checkpoints) : [],
    noise,
  };
}
