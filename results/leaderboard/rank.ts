import { deriveSeed, seededRandom } from '../../core/random.ts';
import type { MetricSpec } from '../../suites/task.ts';
import { foldOf, leftOutOf } from '../outcomes/folds.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { unitsWithValue, valuesUnder } from '../outcomes/values.ts';
import { type RankInput, rankSets } from '../statistics/ranks.ts';
import type { ComparableSet } from './board.ts';
import { rankKey } from './columns.ts';
import type { BoardRank } from './leaderboard.ts';

/**
 * Ranks within one set of comparable checkpoints: 95 % simultaneous bounds from all paired comparisons on shared
 * samples, by whole clusters (results/statistics/ranks.ts). A metric that is no mean is compared by the jackknife
 * pseudo-values of its clusters.
 *
 * @param table outcomes of the set's instrument; its columns are named by row key
 */
export function rankMembers(
  set: ComparableSet,
  table: InstrumentTable,
  spec: MetricSpec,
): Map<string, BoardRank | string> {
  const rows = set.members.map(({ row }) => row);
  const said = (word: string) => new Map(rows.map((row) => [rankKey(set.column, row), word]));
  if (rows.length < 2) return said('no other checkpoint was measured in the same way');
  const input = inputOf(rows, table, spec);
  if (input === null) return said('the metric is not defined without one of the clusters');
  const { ranks } = rankSets(input, seededRandom(deriveSeed(0, 'ranks', set.name)));
  return new Map(
    rows.map((row, index) => {
      const { best, worst, group } = ranks[index] as { best: number; worst: number; group: number };
      const rank = { set: set.name, low: best, high: worst, of: rows.length, group: groupLetter(group) };
      return [rankKey(set.column, row), rank];
    }),
  );
}

/** A for 1, Z for 26, AA for 27. */
export function groupLetter(group: number): string {
  const rest = Math.floor((group - 1) / 26);
  return `${rest > 0 ? groupLetter(rest) : ''}${String.fromCharCode(65 + ((group - 1) % 26))}`;
}

function inputOf(rows: readonly string[], table: InstrumentTable, spec: MetricSpec): RankInput | null {
  const columns = rows.map((row) => {
    const column = table.columns.get(row);
    return column === undefined
      ? new Float64Array(table.units).fill(Number.NaN)
      : valuesUnder(table, column, spec);
  });
  const { direction } = spec;
  // Neither way is better, so there is no first.
  if (direction === 'neutral') return null;
  if (spec.fold === 'mean') return { values: columns, clusters: table.clusters, direction };
  const pseudo = columns.map((values) => pseudoValues(table, values, spec));
  if (pseudo.some((values) => values === null)) return null;
  const clusters = Uint32Array.from(table.clusterNames.keys());
  return { values: pseudo.filter((values) => values !== null), clusters, direction };
}

/** By cluster: G·value − (G − 1)·value without the cluster; NaN for clusters without a value. */
function pseudoValues(table: InstrumentTable, values: Float64Array, spec: MetricSpec): Float64Array | null {
  const units = unitsWithValue(values);
  const whole = foldOf(table, values, units, spec);
  const leftOut = whole === null ? null : leftOutOf(table, values, units, spec);
  if (whole === null || leftOut === null) return null;
  const clusters = [...new Set(Array.from(units, (unit) => table.clusters[unit] as number))];
  const found = new Float64Array(table.clusterNames.length).fill(Number.NaN);
  for (const [index, cluster] of clusters.entries()) {
    found[cluster] = clusters.length * whole - (clusters.length - 1) * (leftOut[index] as number);
  }
  return found;
}
