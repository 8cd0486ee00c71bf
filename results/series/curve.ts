import type { MetricSpec } from '../../suites/task.ts';
import { gainSign, verdictWord } from '../direction.ts';
import type { EffectInput } from '../effects/effects.ts';
import { clustersAmong, shareUnits } from '../effects/paired.ts';
import { placeOf } from '../effects/seeds.ts';
import { KIND } from '../outcomes/column.ts';
import { contrastOf, foldOf, isContrast } from '../outcomes/folds.ts';
import { initialSlope, normalisedArea } from '../statistics/dynamics-speed.ts';
import type { MaxT } from '../statistics/max-t.ts';
import type { Cell } from '../summary.ts';
import { type Bands, bandsOf, type SharedValues } from './bands.ts';
import type { SeriesMembers } from './grouping.ts';
import type { CurvePoint, CurveSpeed, SeriesCurve, SeriesPoint } from './series-summary.ts';

export interface CurveContext {
  /** By `placeOf`. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly maxT: MaxT;
  /** A run that was stopped by what it saw has no intervals for a fixed number of samples. */
  readonly isFixedSize: boolean;
}

/** One metric of one instrument over the steps of a series; null where no point has a value. */
export function curveOf(
  members: SeriesMembers,
  { task, table }: EffectInput,
  spec: MetricSpec,
  { cells, maxT, isFixedSize }: CurveContext,
): SeriesCurve | null {
  const places = members.points.map((point): Place => {
    const cell = cells.get(placeOf(point.checkpoint, task.task, spec.key));
    return { ...point, value: cell?.value ?? null, why: cell?.reason ?? null };
  });
  const present = places.filter(({ value }) => value !== null);
  if (present.length === 0) return null;
  const head = { task: task.task, metric: spec.key };
  const [start, second] = present;
  if (start !== places[0]) return unpaired(head, places, noStart(places[0] as Place));
  if (second === undefined) return unpaired(head, places, 'no later step has a value');
  const found = shareUnits(
    table,
    spec,
    present.map(({ checkpoint }) => checkpoint),
  );
  if (found === null || found.units.length === 0) return unpaired(head, places, fewest(table, present));
  const { units, values } = found;
  const [first, ...later] = present.map(({ checkpoint }) => values.get(checkpoint) as Float64Array) as [
    Float64Array,
    ...Float64Array[],
  ];
  const shared = { table, spec, units, start: first, later };
  const bands = whyNoBands(spec.key === task.headline, isFixedSize) ?? bandsOf(shared, maxT);
  const points = places.map((place) => pointOf(place, present.indexOf(place), shared, bands.intervals));
  return {
    ...head,
    points,
    firstStep: firstStepOf(points, spec),
    clusters: clustersAmong(table, units),
    n: units.length,
    criticalValue: bands.criticalValue,
    speed: speedOf(points),
    reason: bands.reason,
  };
}

function whyNoBands(isHeadline: boolean, isFixedSize: boolean): Bands | null {
  if (isHeadline && isFixedSize) return null;
  return { intervals: [], criticalValue: null, reason: isHeadline ? SEQUENTIAL : NO_HEADLINE };
}

/** @param index of the point among those with a value; below 0 for one without. */
function pointOf(
  { step, value }: Place,
  index: number,
  { table, spec, units, start, later }: SharedValues,
  bands: Bands['intervals'],
): CurvePoint {
  const to = index === 0 ? start : later[index - 1];
  if (to === undefined) return { step, value, delta: null, ...NO_BAND, ...NO_FLIPS };
  if (index === 0) return { step, value, delta: 0, ...NO_BAND, ...NO_FLIPS };
  const { low, high } = bands[index - 1] ?? NO_BAND;
  const flips = flipsBetween(later[index - 2] ?? start, to, units, spec);
  return { step, value, delta: differenceOf(table, spec, units, start, to), low, high, ...flips };
}

interface Place extends SeriesPoint {
  readonly value: number | null;
  /** Why it has no value. */
  readonly why: string | null;
}

/** Of the metric's own statistic, over the given units; of a contrast that of the differences, which is the same. */
function differenceOf(
  table: EffectInput['table'],
  spec: MetricSpec,
  units: Uint32Array,
  from: Float64Array,
  to: Float64Array,
): number | null {
  const { fold } = spec;
  if (fold === 'mean' || isContrast(fold)) {
    const differences = Float64Array.from(units, (unit) => (to[unit] as number) - (from[unit] as number));
    if (isContrast(fold)) return contrastOf(table, units, differences, fold).value;
    return differences.reduce((sum, each) => sum + each, 0) / units.length;
  }
  const [before, after] = [foldOf(table, from, units, spec), foldOf(table, to, units, spec)];
  return before === null || after === null ? null : after - before;
}

/** On the samples that the whole curve rests on. */
function flipsBetween(
  before: Float64Array,
  after: Float64Array,
  units: Uint32Array,
  { direction }: MetricSpec,
): { readonly gained: number; readonly lost: number } {
  const better = gainSign(direction);
  let [gained, lost] = [0, 0];
  for (const unit of units) {
    const change = ((after[unit] as number) - (before[unit] as number)) * better;
    if (change > 0) gained++;
    else if (change < 0) lost++;
  }
  return { gained, lost };
}

function firstStepOf(points: readonly CurvePoint[], { direction }: MetricSpec): SeriesCurve['firstStep'] {
  const first = points.find((point) => excludesZero(point));
  return first === undefined || first.delta === null
    ? null
    : { step: first.step, verdict: verdictWord(first.delta, direction) };
}

function excludesZero({ low, high }: { readonly low: number | null; readonly high: number | null }): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}

/** Of the change since the start, over real steps; points without one are passed over. */
function speedOf(points: readonly CurvePoint[]): CurveSpeed | null {
  const known = points.flatMap(({ step, delta }) => (delta === null ? [] : [{ step, delta }]));
  if (known.length < 2) return null;
  const curve = { steps: known.map(({ step }) => step), values: known.map(({ delta }) => delta) };
  return { initialSlope: initialSlope(curve), area: normalisedArea(curve) };
}

/** A curve of which only the values are known. */
function unpaired(
  head: Pick<SeriesCurve, 'task' | 'metric'>,
  places: readonly Place[],
  reason: string,
): SeriesCurve {
  const points = places.map(({ step, value }) => ({
    step,
    value,
    delta: null,
    ...NO_BAND,
    ...NO_FLIPS,
  }));
  return { ...head, points, firstStep: null, clusters: 0, n: 0, criticalValue: null, speed: null, reason };
}

function noStart({ checkpoint, why }: Place): string {
  return `the start has no value: ${checkpoint}${why === null ? '' : `, ${why}`}`;
}

/** No sample has a value at every point: whose samples are fewest. */
function fewest(table: EffectInput['table'], present: readonly Place[]): string {
  const counted = present.map(({ checkpoint }) => ({
    checkpoint,
    n: table.columns.get(checkpoint)?.kinds.reduce((sum, kind) => sum + Number(kind === KIND.scored), 0) ?? 0,
  }));
  const least = counted.reduce((worst, one) => (one.n < worst.n ? one : worst));
  return `no sample has a value at every step; ${least.checkpoint} has the fewest`;
}

const NO_BAND = { low: null, high: null } as const;
const NO_FLIPS = { gained: 0, lost: 0 } as const;
const NO_HEADLINE = 'bands are drawn for headline metrics alone';
const SEQUENTIAL =
  'no band: the run was stopped by what it saw, and bands are for a number of samples that was fixed beforehand';
