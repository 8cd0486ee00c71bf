import type { MetricSpec } from '../../suites/task.ts';
import type { Paired } from '../effects/paired.ts';
import { MINIMUM_CLUSTERS } from '../settings.ts';
import type { Effect, JudgeCorrection } from '../summary.ts';
import { correctedDifference, type LabelledCell, type Side } from './difference.ts';
import type { CheckpointLabels, LabelLookup } from './label-lookup.ts';
import type { Weighed } from './weigh.ts';

/** Null when one side has no labels at all: then they say nothing of this effect. */
export function byLabels(
  lookup: LabelLookup,
  effect: Effect,
  {
    spec,
    paired,
    weighed,
  }: { readonly spec: MetricSpec; readonly paired: Paired; readonly weighed: Weighed },
): JudgeCorrection | null {
  const [from, to] = [lookup.of(effect.from), lookup.of(effect.to)];
  if (from === null || to === null) return null;
  const refused = (note: string): JudgeCorrection => ({
    estimator: 'difference',
    labels: from.labels.size + to.labels.size,
    delta: null,
    low: null,
    high: null,
    note,
  });
  if (!from.isAsDrawn || !to.isAsDrawn) {
    return refused(
      'not computed: the outcomes are not those that the labelled sample was drawn from; draw and label again',
    );
  }
  const sides = {
    from: sideOf(from, paired.from, spec, paired, weighed),
    to: sideOf(to, paired.to, spec, paired, weighed),
  };
  const used = labelled(sides.from) + labelled(sides.to);
  const found = correctedDifference({ ...weighed, clusters: paired.clusters, ...sides });
  if (found === null) return refused('not computed: some verdict of one side has no label; draw more');
  const isSure = paired.clusterCount >= MINIMUM_CLUSTERS;
  return {
    estimator: 'difference',
    labels: used,
    delta: found.delta,
    low: isSure ? found.low : null,
    high: isSure ? found.high : null,
    note: `labels of this run: ${labelled(sides.from)} answers of ${effect.from}, ${labelled(sides.to)} of ${effect.to}`,
  };
}

function sideOf(
  { cells, labels }: CheckpointLabels,
  values: Float64Array,
  { key }: MetricSpec,
  { units }: Paired,
  { weights }: Weighed,
): Side {
  const numbers = new Map<string, number>();
  const found: { weight: number; labelled: number; positive: number }[] = [];
  const cellNumbers = Int32Array.from(units, (unit, index) => {
    const name = cells[unit] ?? null;
    if (name === null) return -1;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    const cell = found[number] ?? { weight: 0, labelled: 0, positive: 0 };
    const label = labels.get(unit)?.[key];
    found[number] = {
      weight: cell.weight + (weights[index] as number),
      labelled: cell.labelled + (label === undefined ? 0 : 1),
      positive: cell.positive + (label ?? 0),
    };
    return number;
  });
  return { cellOf: cellNumbers, values, cells: found satisfies LabelledCell[] };
}

function labelled({ cells }: Side): number {
  return cells.reduce((sum, cell) => sum + cell.labelled, 0);
}
