import type { NoiseFloor, Relations, SummaryCheckpoint } from '../../summary.ts';
import { agreements, tradeOffs } from './agreements.ts';
import { decompositions } from './decompositions.ts';
import { methodEffects } from './methods.ts';
import { pooledEffects } from './pooled.ts';
import type { RelationInput } from './shown.ts';

/** What several training seeds, base families, tasks and stages say together. */
export function relate(
  input: RelationInput,
  checkpoints: readonly SummaryCheckpoint[],
  noise: readonly NoiseFloor[],
): Relations {
  const methods = methodEffects(input);
  return {
    methods,
    pooled: pooledEffects(input, methods),
    agreements: agreements(input, methods),
    tradeOffs: tradeOffs(input, methods),
    decompositions: decompositions(input, checkpoints),
    noise,
  };
}
