import { studentQuantile } from '../statistics/distributions.ts';
import { wilsonInterval } from '../statistics/proportion.ts';

/** Answers of one checkpoint that the scorer read alike, and what people said of those that they were shown. */
export interface LabelledCell {
  /** Summed weight of the cell's answers in the statistic; may be negative in a contrast. */
  readonly weight: number;
  readonly labelled: number;
  /** Of the labelled ones, those whose value is 1 by the label. */
  readonly positive: number;
}

/** Both sides of a comparison on the same samples; entry i of the arrays belongs to one sample. */
export interface DifferenceInput {
  /** Weight of each sample: 1/n for a mean, coefficient / group size for a contrast of means. */
  readonly weights: Float64Array;
  /** Group of each sample, whose mean its residual is taken from; all 0 for a mean. */
  readonly groups: ArrayLike<number>;
  readonly clusters: ArrayLike<number>;
  readonly from: Side;
  readonly to: Side;
}

export interface Side {
  /** Cell of each sample; −1 where the value rests on no scorer. */
  readonly cellOf: ArrayLike<number>;
  /** The metric's value of each sample, used where it rests on no scorer. */
  readonly values: ArrayLike<number>;
  readonly cells: readonly LabelledCell[];
}

export interface Corrected {
  readonly delta: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The difference of two checkpoints after correction by people's labels: mean of the scorer's values plus the weighted mean
 * of (label − scorer) in a stratified random sample, per checkpoint (difference estimator, Särndal, Swensson & Wretman
 * 1992, §6.3; prediction-powered inference, Angelopoulos et al. 2023, Science 382:669-674, arXiv 2301.09633; stratified,
 * Fisch et al. 2024, arXiv 2406.04291). Within a cell the scorer's value is constant, so that the corrected value of
 * each of its answers is the share of labels that say 1.
 *
 * The 95 % interval has three independent parts, joined by the method of variance estimates recovery (Zou & Donner 2008,
 * Stat. Med. 27:1693-1702): which samples were drawn (cluster-robust, Student's t, on the corrected values), and
 * for each side which answers were labelled (Wilson in every cell, so that a few labels without any error do not pass
 * for certainty). The labels' own part has no finite-population correction: with it, the spread within cells of the
 * samples themselves is covered too.
 *
 * @returns null when a cell has no label, or there are fewer than two clusters.
 */
export function correctedDifference({
  weights,
  groups,
  clusters,
  from,
  to,
}: DifferenceInput): Corrected | null {
  if ([...from.cells, ...to.cells].some(({ labelled }) => labelled === 0)) return null;
  const [before, after] = [correctedValues(from), correctedValues(to)];
  const differences = after.map((value, index) => value - (before[index] as number));
  const delta = differences.reduce((sum, value, index) => sum + value * (weights[index] as number), 0);
  const sampling = samplingHalf(differences, weights, groups, clusters);
  if (sampling === null) return null;
  const [lessFrom, moreFrom] = labelHalves(from.cells);
  const [lessTo, moreTo] = labelHalves(to.cells);
  return {
    delta,
    low: delta - Math.hypot(sampling, lessTo, moreFrom),
    high: delta + Math.hypot(sampling, moreTo, lessFrom),
  };
}

function correctedValues({ cellOf, values, cells }: Side): Float64Array {
  return Float64Array.from(values, (value, index) => {
    const cell = cells[cellOf[index] as number];
    return cell === undefined ? value : cell.positive / cell.labelled;
  });
}

/** Half the interval that comes from the choice of samples; null with fewer than two clusters. */
function samplingHalf(
  values: Float64Array,
  weights: Float64Array,
  groups: ArrayLike<number>,
  clusters: ArrayLike<number>,
): number | null {
  const means = groupMeans(values, groups);
  const sums = new Map<number, number>();
  for (const [index, value] of values.entries()) {
    const residual = value - (means.get(groups[index] as number) as number);
    const cluster = clusters[index] as number;
    sums.set(cluster, (sums.get(cluster) ?? 0) + (weights[index] as number) * residual);
  }
  const count = sums.size;
  if (count < 2) return null;
  const squares = [...sums.values()].reduce((sum, value) => sum + value * value, 0);
  return studentQuantile(0.975, count - 1) * Math.sqrt((count / (count - 1)) * squares);
}

function groupMeans(values: Float64Array, groups: ArrayLike<number>): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, value] of values.entries()) {
    const group = groups[index] as number;
    const known = sums.get(group) ?? { sum: 0, count: 0 };
    sums.set(group, { sum: known.sum + value, count: known.count + 1 });
  }
  return new Map([...sums].map(([group, { sum, count }]) => [group, sum / count]));
}

/** How far Σ weight · share may lie below and above its estimate. */
function labelHalves(cells: readonly LabelledCell[]): [less: number, more: number] {
  const parts = cells.map(({ weight, labelled, positive }) => {
    const share = positive / labelled;
    const { low, high } = wilsonInterval(positive, labelled);
    const ends = [weight * (share - low), weight * (high - share)];
    return weight >= 0 ? ends : [-(ends[1] as number), -(ends[0] as number)];
  });
  return [
    Math.hypot(...parts.map(([less]) => less as number)),
    Math.hypot(...parts.map(([, more]) => more as number)),
  ];
}
