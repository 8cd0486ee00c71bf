/** A cell of the population and the group (a checkpoint under an instrument) that it belongs to. */
export interface CellSize {
  readonly group: string;
  readonly size: number;
}

/** Two labels are the least that tell anything of a cell; smaller cells are labelled whole. */
export const LEAST_PER_CELL = 2;

/** The fewest labels that leave no cell without. */
export function leastLabels(cells: readonly CellSize[]): number {
  return cells.reduce((sum, { size }) => sum + Math.min(LEAST_PER_CELL, size), 0);
}

/**
 * How many to draw from each cell: at least two, then the groups alike and their cells in proportion to the square root
 * of their size (power allocation, Bankier 1988, Am. Stat. 42:174-177), by highest averages; never more than there are.
 *
 * @param total at least `leastLabels(cells)`.
 */
export function allocate(cells: readonly CellSize[], total: number): number[] {
  const drawn = cells.map(({ size }) => Math.min(LEAST_PER_CELL, size));
  const roots = new Map<string, number>();
  for (const { group, size } of cells) roots.set(group, (roots.get(group) ?? 0) + Math.sqrt(size));
  const weights = cells.map(({ group, size }) => Math.sqrt(size) / (roots.get(group) as number));
  for (let left = total - drawn.reduce((sum, count) => sum + count, 0); left > 0; left--) {
    const next = neediest(cells, weights, drawn);
    if (next === undefined) break;
    drawn[next] = (drawn[next] as number) + 1;
  }
  return drawn;
}

function neediest(
  cells: readonly CellSize[],
  weights: readonly number[],
  drawn: readonly number[],
): number | undefined {
  let best: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, { size }] of cells.entries()) {
    const has = drawn[index] as number;
    const need = (weights[index] as number) / (has + 1);
    if (has < size && need > most) {
      most = need;
      best = index;
    }
  }
  return best;
}
