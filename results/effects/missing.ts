import type { MetricSpec } from '../../suites/task.ts';
import { isContrast } from '../outcomes/folds.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { ALPHA } from '../settings.ts';
import { sumByCluster } from '../statistics/clusters.ts';
import { mcnemarExact } from '../statistics/mcnemar.ts';
import { type SignPatterns, signFlipTest } from '../statistics/sign-flip.ts';
import type { Effect } from '../summary.ts';
import type { Paired } from './paired.ts';

/**
 * More samples lack a value on one side than on the other, beyond chance: McNemar's exact test on who lacks one where
 * every cluster holds one sample, else sign flips of whole clusters, since what is missing comes in clusters too.
 */
export function missingDiffers(table: InstrumentTable, paired: Paired, patterns: SignPatterns): boolean {
  const { droppedFrom, droppedTo, droppedBoth, asked, sides } = paired;
  const [from, to] = [droppedFrom - droppedBoth, droppedTo - droppedBoth];
  if (from === to) return false;
  const clusters = Array.from(asked, (unit) => table.clusters[unit] as number);
  if (new Set(clusters).size === asked.length) return mcnemarExact(from, to) <= ALPHA;
  const lacks = (values: Float64Array, unit: number): number => (Number.isNaN(values[unit]) ? 1 : 0);
  const differences = Array.from(asked, (unit) => lacks(sides.after, unit) - lacks(sides.before, unit));
  return signFlipTest(sumByCluster(differences, clusters).sums, patterns).p <= ALPHA;
}

/**
 * Between which bounds the difference over all samples asked on both sides lies, whatever the missing values are
 * (Manski 1990, American Economic Review 80:319-323): each is put at the end of the metric's range that lowers, and
 * then at the one that raises the difference.
 *
 * @returns null when nothing is missing, the range is open, or the metric is neither a mean nor a contrast of means.
 */
export function missingBounds(
  table: InstrumentTable,
  spec: MetricSpec,
  paired: Paired,
): Effect['missingBounds'] {
  if (paired.droppedFrom + paired.droppedTo === 0 || !spec.range.every(Number.isFinite)) return null;
  const weights = weightsOf(table, spec, paired.asked);
  if (weights === null) return null;
  const [least, most] = spec.range;
  const { before, after } = paired.sides;
  let [low, high] = [0, 0];
  for (const [index, unit] of paired.asked.entries()) {
    const weight = weights[index] as number;
    const [a, b] = [before[unit] as number, after[unit] as number];
    const [smallest, largest] = [or(b, least) - or(a, most), or(b, most) - or(a, least)];
    low += weight * (weight >= 0 ? smallest : largest);
    high += weight * (weight >= 0 ? largest : smallest);
  }
  return { low, high };
}

/** What each sample's difference weighs in the metric; they are known before its values are. */
function weightsOf(table: InstrumentTable, { fold }: MetricSpec, units: Uint32Array): Float64Array | null {
  if (fold === 'mean') return new Float64Array(units.length).fill(1 / units.length);
  if (!isContrast(fold)) return null;
  const groupOf = (unit: number): string => table.strata[unit]?.[fold.stratum] ?? '';
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(groupOf(unit), (counts.get(groupOf(unit)) ?? 0) + 1);
  const coefficients = fold.coefficients([...counts.keys()]);
  if (coefficients === null) return null;
  return Float64Array.from(units, (unit) => {
    const group = groupOf(unit);
    const coefficient = Object.hasOwn(coefficients, group) ? (coefficients[group] ?? 0) : 0;
    return coefficient / (counts.get(group) as number);
  });
}

function or(value: number, filler: number): number {
  return Number.isNaN(value) ? filler : value;
}
