/** A checkpoint as far as its β is concerned. */
export interface StatedBeta {
  readonly id: string;
  readonly alignment: { readonly beta?: number; readonly step?: number };
}

/**
 * The β on which all checkpoints agree that state one: those with a step (a series) where any has both, else all.
 * Undefined where none states any, or where they disagree.
 */
export function agreedBeta(checkpoints: readonly StatedBeta[]): number | undefined {
  const stated = checkpoints.filter(({ alignment }) => alignment.beta !== undefined);
  const stepped = stated.filter(({ alignment }) => alignment.step !== undefined);
  const found = new Set((stepped.length > 0 ? stepped : stated).map(({ alignment }) => alignment.beta));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Why a checkpoint has no loss of this β; undefined where nothing is against it. */
export function otherBeta(
  alignment: { readonly beta?: number } | undefined,
  beta: number | undefined,
): string | undefined {
  if (beta === undefined || alignment?.beta === undefined || alignment.beta === beta) return undefined;
  return `trained with β ${alignment.beta}, and the loss is that of β ${beta}`;
}
