import { intervalAfter, plain, signed } from '../../format.ts';
import type { CurvePoint, Series, SeriesCurve } from '../../series/series-summary.ts';
import type { Summary, SummaryMetric } from '../../summary.ts';
import { clean } from '../text.ts';
import { type NameOf, WORDS } from '../view.ts';
import { type HeadlineCurve, headlineCurves, isMoved } from './groups.ts';
import { cell, figures, NOTHING, type StepCell, type StepTable, words } from './step-table.ts';
import { BAND, bandText, curveName, flipWords, metricOfCurve, startInWords, unitWords } from './words.ts';

/** What a series moved and when, its curves as numbers, and flips between neighbouring steps. */
export function curveTables(summary: Summary, series: Series, nameOf: NameOf, id: string): StepTable[] {
  const curves = headlineCurves(summary, series);
  if (curves.length === 0) return [];
  return [
    overviewTable(summary, series, curves, nameOf, id),
    changeTable(summary, series, curves, nameOf, id),
    ...flipTable(summary, series, curves, nameOf, id),
  ];
}

function overviewTable(
  summary: Summary,
  series: Series,
  curves: readonly HeadlineCurve[],
  nameOf: NameOf,
  id: string,
): StepTable {
  const last = series.points.at(-1)?.step ?? 0;
  const reasons = [
    ...new Set(curves.flatMap(({ curve }) => (curve.reason === null ? [] : [clean(curve.reason)]))),
  ];
  return {
    id: `${id}-first`,
    title: `${nameOf(series.name)}: what moved first`,
    caption: `Headline metrics, in points of 100 where no other unit is named. Changes since ${startInWords(series, nameOf)}; ${BAND}.`,
    first: 'task',
    columns: [
      words('first step', 'that differs'),
      figures('value at', 'the start'),
      figures('value at', `step ${last}`),
      figures(`change at step ${last}`),
      figures('change', 'per step'),
      figures('mean', 'height'),
      figures('clusters'),
    ],
    rows: curves.map(({ task, curve }) => {
      const metric = metricOfCurve(summary, curve);
      const { unit } = metric;
      const [start, end] = [curve.points[0], curve.points.at(-1)];
      const units = unitWords(metric);
      return {
        label: `${curveName(summary, task)}${unit === 'share' || units === '' ? '' : `, ${units}`}`,
        cells: [
          firstCell(curve),
          valueCell(start, unit),
          valueCell(end, unit),
          changeCell(end, unit, true),
          cell(slope(curve.speed?.initialSlope ?? null, unit)),
          curve.speed?.area == null ? NOTHING : cell(signed(curve.speed.area, unit)),
          cell(String(curve.clusters)),
        ],
      };
    }),
    notes: reasons.map((reason) => `No band: ${reason}.`),
  };
}

function firstCell({ firstStep, criticalValue }: SeriesCurve): StepCell {
  if (firstStep !== null) return cell(`step ${firstStep.step}`, WORDS[firstStep.verdict], true);
  return criticalValue === null ? NOTHING : cell('none');
}

/** Slopes are small: two digits that say something, whatever the unit. */
export function slope(value: number | null, unit: SummaryMetric['unit']): string {
  if (value === null) return '–';
  const size = Math.abs(unit === 'share' ? value * 100 : value);
  if (size === 0) return '0';
  const digits = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(size))));
  const text = size.toFixed(digits);
  if (Number(text) === 0) return '0';
  return `${value < 0 ? '−' : '+'}${text}`;
}

function changeTable(
  summary: Summary,
  series: Series,
  curves: readonly HeadlineCurve[],
  nameOf: NameOf,
  id: string,
): StepTable {
  return {
    id: `${id}-changes`,
    title: `${nameOf(series.name)}: every step`,
    caption: `Value, and below it the change since ${startInWords(series, nameOf)}, with its ${BAND}. *: the band excludes 0.`,
    first: 'step',
    columns: curves.map(({ task, curve }) => {
      const units = unitWords(metricOfCurve(summary, curve));
      return figures(curveName(summary, task), units);
    }),
    rows: series.points.map(({ step, checkpoint }, index) => ({
      label: `${step} ${nameOf(checkpoint)}`,
      step,
      cells: curves.map(({ curve }) => {
        const { unit } = metricOfCurve(summary, curve);
        const point = curve.points[index];
        if (point === undefined || point.value === null) return NOTHING;
        const change = index === 0 || point.delta === null ? '' : changeCell(point, unit, false).main;
        return cell(plain(point.value, unit), change, isMoved(point));
      }),
    })),
    notes: [],
  };
}

function flipTable(
  summary: Summary,
  series: Series,
  curves: readonly HeadlineCurve[],
  nameOf: NameOf,
  id: string,
): StepTable[] {
  // Where no way is better and nothing is counted, every sample moves at every step.
  const flipping = curves.filter(
    ({ curve }) =>
      metricOfCurve(summary, curve).direction !== 'neutral' &&
      curve.points.some(({ gained, lost }) => gained > 0 || lost > 0),
  );
  if (flipping.length === 0) return [];
  return [
    {
      id: `${id}-flips`,
      title: `${nameOf(series.name)}: flips between neighbouring steps`,
      caption:
        'Samples whose result changed from one step to the next, either way: how much moves where the mean hardly does.',
      first: 'steps',
      columns: flipping.map(({ task, curve }) =>
        figures(curveName(summary, task), flipWords(metricOfCurve(summary, curve)).join(' / ')),
      ),
      rows: series.points.slice(1).map(({ step }, index) => ({
        label: `${series.points[index]?.step ?? 0} → ${step}`,
        step,
        cells: flipping.map(({ curve }) => {
          const point = curve.points[index + 1];
          return point === undefined || point.value === null
            ? NOTHING
            : cell(`${point.gained} / ${point.lost}`);
        }),
      })),
      notes: [],
    },
  ];
}

function valueCell(point: CurvePoint | undefined, unit: SummaryMetric['unit']): StepCell {
  return point?.value == null ? NOTHING : cell(plain(point.value, unit));
}

/** `−3.1 [−5.0, −1.2]`, or `−3.1 ±1.9`; with a star where the band excludes 0 and no bold says so. */
function changeCell(point: CurvePoint | undefined, unit: SummaryMetric['unit'], isSplit: boolean): StepCell {
  if (point === undefined || point.delta === null) return NOTHING;
  const { delta, low, high } = point;
  const star = isMoved(point) ? '*' : '';
  if (isSplit) return cell(`${signed(delta, unit)}${star}`, bandText(point, unit), isMoved(point));
  return cell(`${signed(delta, unit)}${star}${intervalAfter(delta, low, high, unit)}`);
}
