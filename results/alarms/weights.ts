import type { Alarm, SummaryCheckpoint } from '../summary.ts';

/**
 * Checkpoints, control copies apart, whose weights have one digest: all but one of them are not what their names say. One
 * alarm for each group of them.
 */
export function equalWeightsAlarms(checkpoints: readonly SummaryCheckpoint[]): Alarm[] {
  const groups = new Map<string, string[]>();
  for (const { id, control, promptFormat, identity } of checkpoints) {
    const weights = identity.facts['weights'];
    if (control !== null || typeof weights !== 'string') continue;
    // The same weights asked in two formats are compared within each format only.
    const key = JSON.stringify([weights, promptFormat]);
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return [...groups.values()].flatMap(([first = '', ...others]): Alarm[] => {
    const [only] = others;
    if (only === undefined) return [];
    const isOne = others.length === 1;
    const what = `${isOne ? 'has' : `${others.join(', ')} have`} the weights of ${first} (same digest)`;
    return [
      {
        kind: 'equal-weights',
        level: 'alarm',
        checkpoint: isOne ? only : null,
        task: null,
        message: `${what}: every difference between them is noise or set-up, not training`,
      },
    ];
  });
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
