import type { MetricSpec } from '../../suites/task.ts';
import type { Paired } from '../effects/paired.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { MINIMUM_CLUSTERS } from '../settings.ts';
import type { Effect, JudgeCorrection } from '../summary.ts';
import { correctedDifference, type LabelledCell, type Side } from './difference.ts';
import type { CheckpointLabels, LabelLookup } from './label-lookup.ts';
import type { Weighed } from './weigh.ts';

export interface LabelledPlace {
  readonly table: InstrumentTable;
  readonly spec: MetricSpec;
  readonly paired: Paired;
  readonly weighed: Weighed;
}

/** Null when one side has no labels at all: then they say nothing of this effect. */
export function byLabels(lookup: LabelLookup, effect: Effect, place: LabelledPlace): JudgeCorrection | null {
  const [from, to] = [lookup.of(effect.from), lookup.of(effect.to)];
  if (from === null || to === null) return null;
  const all = from.labels.size + to.labels.size;
  if (!from.isAsDrawn || !to.isAsDrawn) return refused(REDRAWN, all);
  const same = sameAnswers(effect, place);
  // Whatever is said of equal answers, it is the same: the effect itself is exact.
  if (same.every((one) => one === 1)) return null;
  const apart = sidesOf(from, to, place, same);
  const isLabelled = [...apart.from.cells, ...apart.to.cells].every((cell) => cell.labelled > 0);
  const sides = isLabelled ? apart : sidesOf(from, to, place, new Uint8Array(same.length));
  const { clusters, clusterCount } = place.paired;
  const found = correctedDifference({ ...place.weighed, clusters, ...sides });
  if (found === null) return refused('not computed: some verdict of one side has no label; draw more', all);
  const isSure = clusterCount >= MINIMUM_CLUSTERS;
  const [ofFrom, ofTo] = [labelled(sides.from), labelled(sides.to)];
  const equal = isLabelled ? same.reduce((sum, one) => sum + one, 0) : 0;
  return {
    estimator: 'difference',
    labels: ofFrom + ofTo,
    delta: found.delta,
    low: isSure ? found.low : null,
    high: isSure ? found.high : null,
    note: `labels of this run: ${ofFrom} answers of ${effect.from}, ${ofTo} of ${effect.to}${equal === 0 ? '' : `; ${equal} samples with the same answer on both sides need none`}`,
  };
}

const REDRAWN =
  'not computed: the outcomes are not those that the labelled sample was drawn from; draw and label again';

function refused(note: string, labels: number): JudgeCorrection {
  return { estimator: 'difference', labels, delta: null, low: null, high: null, note };
}

/**
 * 1 for samples that both sides answered alike, to the letter: whoever labels them, they differ by nothing. Where that would
 * leave a verdict without a label, no sample is set apart: whether a cell holds labels says nothing of what they are.
 */
function sameAnswers({ from, to }: Effect, place: LabelledPlace): Uint8Array {
  const { table, paired } = place;
  const [before, after] = [table.columns.get(from)?.contents, table.columns.get(to)?.contents];
  return Uint8Array.from(paired.units, (unit) => Number(before?.[unit] === after?.[unit]));
}

function sidesOf(from: CheckpointLabels, to: CheckpointLabels, place: LabelledPlace, same: Uint8Array) {
  return { from: sideOf(from, place, 'from', same), to: sideOf(to, place, 'to', same) };
}

function sideOf(
  { cells, labels }: CheckpointLabels,
  { spec: { key }, paired, weighed: { weights } }: LabelledPlace,
  end: 'from' | 'to',
  same: Uint8Array,
): Side {
  const numbers = new Map<string, number>();
  const found: { weight: number; labelled: number; positive: number }[] = [];
  const cellNumbers = Int32Array.from(paired.units, (unit, index) => {
    const name = same[index] === 1 ? null : (cells[unit] ?? null);
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
  return { cellOf: cellNumbers, values: paired[end], cells: found satisfies LabelledCell[] };
}

function labelled({ cells }: Side): number {
  return cells.reduce((sum, cell) => sum + cell.labelled, 0);
}
