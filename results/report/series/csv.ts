import type { CurvePoint, Series, SeriesCurve, SeriesFront } from '../../series/series-summary.ts';
import type { Summary } from '../../summary.ts';
import { type Columns, csvOf, isHeadlineOf } from '../csv.ts';
import { metricOf, taskOf } from '../names.ts';

interface CurveLine {
  readonly series: Series;
  readonly curve: SeriesCurve;
  readonly point: CurvePoint;
  readonly checkpoint: string;
}

/** Files of series by name: every point of every curve, fronts, and the kept step; none in a run without a series. */
export function seriesCsvFiles(summary: Summary): Readonly<Record<string, string>> {
  const { series = [] } = summary;
  if (series.length === 0) return {};
  const curves = series.flatMap(linesOf);
  const refused = series.filter((one) => one.refused !== null).map((one) => ({ series: one }));
  const fronts = series.flatMap((one) =>
    one.fronts.flatMap((front) => front.points.map((point) => ({ series: one, front, point }))),
  );
  const kept = series.flatMap((one) =>
    (one.kept?.constraints ?? []).map((constraint, index) => ({ series: one, constraint, index })),
  );
  return {
    'series.csv': csvOf(curveColumns(summary), curves),
    ...(refused.length === 0
      ? {}
      : { 'series-refused.csv': csvOf([...runColumns(summary), ...SERIES_COLUMNS], refused) }),
    ...(fronts.length === 0 ? {} : { 'fronts.csv': csvOf(frontColumns(summary), fronts) }),
    ...(kept.length === 0 ? {} : { 'keep.csv': csvOf(keepColumns(summary), kept) }),
  };
}

function linesOf(series: Series): CurveLine[] {
  return series.curves.flatMap((curve) =>
    curve.points.map((point, index) => ({
      series,
      curve,
      point,
      checkpoint: series.points[index]?.checkpoint ?? '',
    })),
  );
}

export function runColumns({ benchmark, run }: Summary): Columns<unknown> {
  return [
    ['benchmark', () => benchmark],
    ['run', () => run.id],
    ['run_status', () => run.status],
  ];
}

const SERIES_COLUMNS: Columns<{ readonly series: Series }> = [
  ['series', ({ series }) => series.name],
  ['method', ({ series }) => series.method],
  ['parent', ({ series }) => series.parent],
  ['data', ({ series }) => series.data],
  ['recipe', ({ series }) => series.recipe],
  ['training_seed', ({ series }) => series.seed],
  ['start', ({ series }) => series.start],
  ['refused', ({ series }) => series.refused],
];

function curveColumns(summary: Summary): Columns<CurveLine> {
  const metric = ({ curve }: CurveLine) => metricOf(summary, curve.task, curve.metric);
  return [
    ...runColumns(summary),
    ...SERIES_COLUMNS,
    ['task', ({ curve }) => curve.task],
    ['metric', ({ curve }) => curve.metric],
    ['is_headline', ({ curve }) => isHeadlineOf(taskOf(summary, curve.task), curve.metric)],
    ['unit', (line) => metric(line).unit],
    ['direction', (line) => metric(line).direction],
    ['checkpoint', ({ checkpoint }) => checkpoint],
    ['step', ({ point }) => point.step],
    ['value', ({ point }) => point.value],
    ['delta', ({ point }) => point.delta],
    ['simultaneous_low_95', ({ point }) => point.low],
    ['simultaneous_high_95', ({ point }) => point.high],
    ['flipped_better', ({ point }) => point.gained],
    ['flipped_worse', ({ point }) => point.lost],
    ['first_step', ({ curve }) => curve.firstStep?.step ?? null],
    ['first_verdict', ({ curve }) => curve.firstStep?.verdict ?? null],
    ['critical_value', ({ curve }) => curve.criticalValue],
    ['n', ({ curve }) => curve.n],
    ['clusters', ({ curve }) => curve.clusters],
    ['initial_slope', ({ curve }) => curve.speed?.initialSlope ?? null],
    ['area', ({ curve }) => curve.speed?.area ?? null],
    ['reason', ({ curve }) => curve.reason],
  ];
}

interface FrontLine {
  readonly series: Series;
  readonly front: SeriesFront;
  readonly point: SeriesFront['points'][number];
}

function frontColumns(summary: Summary): Columns<FrontLine> {
  return [
    ...runColumns(summary),
    ...SERIES_COLUMNS,
    ['against_task', ({ front }) => front.against.task],
    ['against_metric', ({ front }) => front.against.metric],
    ['task', ({ front }) => front.task],
    ['metric', ({ front }) => front.metric],
    ['checkpoint', ({ point }) => point.checkpoint],
    ['step', ({ point }) => point.step],
    ['against_value', ({ point }) => point.x],
    ['value', ({ point }) => point.y],
    ['efficient', ({ point }) => point.efficient],
  ];
}

interface KeepLine {
  readonly series: Series;
  readonly constraint: NonNullable<Series['kept']>['constraints'][number];
  readonly index: number;
}

function keepColumns(summary: Summary): Columns<KeepLine> {
  const check = ({ series, index }: KeepLine) => series.kept?.checks[index];
  return [
    ...runColumns(summary),
    ...SERIES_COLUMNS,
    ['task', ({ constraint }) => constraint.task],
    ['metric', ({ constraint }) => constraint.metric],
    ['rule', ({ constraint }) => constraint.rule],
    ['bound', ({ constraint }) => constraint.bound],
    ['kept_step', ({ series }) => series.kept?.step ?? null],
    ['kept_checkpoint', ({ series }) => series.kept?.checkpoint ?? null],
    ['allowed_steps', ({ series }) => series.kept?.allowed.join(' ') ?? null],
    ['split_seed', ({ series }) => series.kept?.seed ?? null],
    ['choosing_value', (line) => check(line)?.chosenOn.value ?? null],
    ['choosing_change', (line) => check(line)?.chosenOn.change ?? null],
    ['choosing_holds', (line) => check(line)?.chosenOn.holds ?? null],
    ['held_out_value', (line) => check(line)?.heldOut.value ?? null],
    ['held_out_change', (line) => check(line)?.heldOut.change ?? null],
    ['held_out_low_95', (line) => check(line)?.heldOut.low ?? null],
    ['held_out_high_95', (line) => check(line)?.heldOut.high ?? null],
    ['held_out_holds', (line) => check(line)?.heldOut.holds ?? null],
    ['reason', ({ series }) => series.kept?.reason ?? null],
  ];
}
