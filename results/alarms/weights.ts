import type { Alarm, SummaryCheckpoint } from '../summary.ts';

/** Pairs of checkpoints, control copies apart, whose weights have one digest: one of them is not what its name says. */
export function equalWeightsAlarms(checkpoints: readonly SummaryCheckpoint[]): Alarm[] {
  return (
    pairsOf(checkpoints)
      // The same weights asked in two formats are compared within each format only.
      .filter(([a, b]) => haveEqualWeights(a, b) && a.promptFormat === b.promptFormat)
      .map(([a, b]) => ({
        kind: 'equal-weights',
        level: 'alarm',
        checkpoint: b.id,
        task: null,
        message: `has the weights of ${a.id} (same digest): every difference between them is noise or set-up, not training`,
      }))
  );
}

export function haveEqualWeights(a: SummaryCheckpoint, b: SummaryCheckpoint): boolean {
  const weights = a.identity.facts['weights'];
  return typeof weights === 'string' && weights === b.identity.facts['weights'];
}

/** Every two checkpoints that claim to be different, in the order declared. */
export function pairsOf(checkpoints: readonly SummaryCheckpoint[]): [SummaryCheckpoint, SummaryCheckpoint][] {
  const own = checkpoints.filter(({ control }) => control === null);
  return own.flatMap((a, index) =>
    own.slice(index + 1).map((b): [SummaryCheckpoint, SummaryCheckpoint] => [a, b]),
  );
}
