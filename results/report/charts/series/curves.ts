import { plain, signed, unitName } from '../../../format.ts';
import type { CurvePoint, Series, SeriesCurve } from '../../../series/series-summary.ts';
import type { Summary, SummaryMetric, SummaryTask, Verdict } from '../../../summary.ts';
import {
  type CurveFamily,
  headlineCurves,
  isMoved,
  type SeriesGroup,
  seriesGroups,
} from '../../series/groups.ts';
import { bandText, curveName, metricOfCurve, startInWords } from '../../series/words.ts';
import { idOf, WORDS } from '../../view.ts';
import { COLOURS } from '../colours.ts';
import type { Figure } from '../figure.ts';
import { drawPanels, LETTER, type Panel, type Place, pathOf, placeOf } from './panels.ts';
import { type PanelScale, roundScale, stepScale } from './scale.ts';

/** A drawing of curves: of which series it is, and where its steps lie. */
export interface CurveFigure extends Figure {
  /** Name of the series in full ink. */
  readonly series: string;
  readonly family: CurveFamily;
  /** Every step and its place across a panel, in units of the drawing. */
  readonly steps: readonly { readonly step: number; readonly x: number }[];
}

const SHAPE = { columns: 3, width: 250, height: 110 } as const;
/** A change of less is not drawn as large. */
const LEAST_POINTS = 5;
/** Steps that a description says one by one. */
const MOST_DESCRIBED = 12;

interface Drawn {
  readonly task: SummaryTask;
  readonly metric: SummaryMetric;
  readonly main: SeriesCurve;
  readonly others: readonly SeriesCurve[];
}

/** Small multiples, one panel a task, of every training that has a series: trust first, then learning dynamics. */
export function curveFigures(summary: Summary): CurveFigure[] {
  return seriesGroups(summary).flatMap((group, index) =>
    (['trust', 'dynamics'] as const).flatMap((family) => figureOf(summary, group, family, index + 1)),
  );
}

function figureOf(summary: Summary, group: SeriesGroup, family: CurveFamily, place: number): CurveFigure[] {
  const { main, others } = group;
  const drawn = headlineCurves(summary, main, [family])
    .map(
      ({ task, curve }): Drawn => ({
        task,
        metric: metricOfCurve(summary, curve),
        main: curve,
        others: others.flatMap((one) => twinOf(one, curve)),
      }),
    )
    .filter(({ main: curve }) => curve.points.some(({ delta }) => delta !== null));
  if (drawn.length === 0) return [];
  const across = stepScale(
    [main, ...others].flatMap(({ points }) => points.map(({ step }) => step)),
    SHAPE.width,
    LETTER,
  );
  const scales = upScales(drawn);
  const what = family === 'trust' ? 'Change of trust' : 'Change of what was learned';
  const seeds =
    others.length === 0 ? '' : `; ${others.length} further ${others.length === 1 ? 'seed' : 'seeds'} thin`;
  return [
    {
      id: `series-${place}-${family}`,
      series: main.name,
      family,
      steps: stepPlaces(across),
      title: `${what} along ${idOf(main.name)}: difference to ${startInWords(main, idOf)}, simultaneous 95 % bands${seeds}`,
      description: drawn.map((one) => described(summary, main, one)).join(' '),
      svg: drawPanels(
        drawn.map((one) => panelOf(summary, one, across, scales(one))),
        SHAPE,
      ),
    },
  ];
}

function stepPlaces(across: PanelScale): { step: number; x: number }[] {
  const { x } = placeOf(across, { domain: [0, 1], ticks: [] }, SHAPE.width, SHAPE.height);
  return across.ticks.map(({ value }) => ({ step: value, x: x(value) }));
}

function twinOf({ curves }: Series, { task, metric }: SeriesCurve): SeriesCurve[] {
  return curves.filter((one) => one.task === task && one.metric === metric);
}

/** Shares have one scale, so that panels compare; nats and scores are each other's measure in nothing. */
function upScales(drawn: readonly Drawn[]): (one: Drawn) => PanelScale {
  const shares = drawn.filter(({ metric }) => metric.unit === 'share');
  const common = roundScale(shares.flatMap(valuesOf), 6, LEAST_POINTS);
  return (one) => (one.metric.unit === 'share' ? common : roundScale(valuesOf(one)));
}

function valuesOf({ metric, main, others }: Drawn): number[] {
  const own = main.points.flatMap(({ delta, low, high }) => [delta, low, high]);
  const theirs = others.flatMap(({ points }) => points.map(({ delta }) => delta));
  const known = [0, ...own, ...theirs].filter((value) => value !== null);
  return known.map((value) => value * scaleOf(metric));
}

function scaleOf({ unit }: SummaryMetric): number {
  return unit === 'share' ? 100 : 1;
}

function panelOf(summary: Summary, one: Drawn, across: PanelScale, up: PanelScale): Panel {
  const { task, metric, main } = one;
  const last = main.points.findLast(({ delta }) => delta !== null);
  const { firstStep } = main;
  const start = main.points[0]?.value ?? null;
  return {
    title: curveName(summary, task),
    notes: [
      `${unitWord(metric)}${DIRECTION[metric.direction]}${start === null ? '' : `; start ${plain(start, metric.unit)}`}`,
      firstStep === null
        ? main.criticalValue === null
          ? 'no band'
          : 'no change detected at any step'
        : `first ${WORDS[firstStep.verdict]} at step ${firstStep.step}; end ${last?.delta == null ? '–' : signed(last.delta, metric.unit)}`,
    ],
    across,
    up,
    acrossTitle: '',
    draw: (place) => drawCurves(one, place),
  };
}

const DIRECTION: Readonly<Record<SummaryMetric['direction'], string>> = {
  'higher-is-better': ', higher is better',
  'lower-is-better': ', lower is better',
  neutral: ', neither is better',
};

function unitWord({ unit }: SummaryMetric): string {
  return unit === 'share' ? 'points' : unitName(unit);
}

function drawCurves({ metric, main, others }: Drawn, place: Place): string {
  const { ink, plain: grey, axis, paper } = COLOURS;
  const scale = scaleOf(metric);
  const at = ({ step, delta }: CurvePoint): [number, number] | null =>
    delta === null ? null : [place.x(step), place.y(delta * scale)];
  const [start] = main.points;
  const first = main.points.find(({ step }) => step === main.firstStep?.step);
  const inner = main.points.slice(1).flatMap((point) => (point === first ? [] : (at(point) ?? [])));
  return [
    ribbon(main.points, scale, place),
    ...others.map(
      ({ points }) => `<path d="${pathOf(points.map(at))}" fill="none" stroke="${axis}" stroke-width="1.2"/>`,
    ),
    `<path d="${pathOf(main.points.map(at))}" fill="none" stroke="${ink}" stroke-width="1.8"/>`,
    dots(inner, grey),
    start === undefined ? '' : square(at(start), paper, ink),
    first === undefined || main.firstStep === null ? '' : triangle(at(first), first, main.firstStep.verdict),
    // Moved by the step picker of the page.
    `<path d="M0 0V${place.height}" stroke="${axis}" stroke-width="2" stroke-dasharray="3 3" visibility="hidden" data-guide=""/>`,
  ].join('');
}

/**
 * The band as areas: over neighbouring points that have one, and the start, where the difference is 0 by definition. Where a
 * point has none there is none.
 */
function ribbon(points: readonly CurvePoint[], scale: number, place: Place): string {
  const areas: { readonly step: number; readonly low: number; readonly high: number }[][] = [[]];
  for (const [index, { step, low, high, delta }] of points.entries()) {
    if (low !== null && high !== null) areas.at(-1)?.push({ step, low, high });
    else if (index === 0 && delta === 0) areas.at(-1)?.push({ step, low: 0, high: 0 });
    else areas.push([]);
  }
  const drawn = areas
    .filter((area) => area.length > 1)
    .map((area) => {
      const upper = area.map(({ step, high }) => `${place.x(step)} ${place.y(high * scale)}`);
      const lower = area.map(({ step, low }) => `${place.x(step)} ${place.y(low * scale)}`).reverse();
      return `M${[...upper, ...lower].join('L')}Z`;
    });
  return drawn.length === 0
    ? ''
    : `<path d="${drawn.join('')}" fill="${COLOURS.plain}" fill-opacity="0.25"/>`;
}

/** Many small marks as one element. */
function dots(places: readonly number[], colour: string): string {
  const marks: string[] = [];
  for (let index = 0; index + 1 < places.length; index += 2) {
    marks.push(`M${(places[index] as number) - 2} ${places[index + 1]}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0`);
  }
  return marks.length === 0 ? '' : `<path d="${marks.join('')}" fill="${colour}"/>`;
}

function square(at: readonly [number, number] | null, fill: string, stroke: string): string {
  return at === null
    ? ''
    : `<path d="M${at[0] - 4} ${at[1] - 4}h8v8h-8z" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>`;
}

const COLOUR_OF: Readonly<Record<Verdict, string>> = {
  improved: COLOURS.good,
  worsened: COLOURS.bad,
  raised: COLOURS.ink,
  lowered: COLOURS.ink,
  'no detectable change': COLOURS.ink,
  'not comparable': COLOURS.ink,
};

/** Points to where the number went. */
function triangle(at: readonly [number, number] | null, { delta }: CurvePoint, verdict: Verdict): string {
  if (at === null) return '';
  const side = (delta ?? 0) < 0 ? -1 : 1;
  return `<path d="M${at[0] - 6} ${at[1] + 5 * side}h12l-6 ${-11 * side}z" fill="${COLOUR_OF[verdict]}"/>`;
}

function described(summary: Summary, series: Series, { task, metric, main }: Drawn): string {
  const { points, firstStep } = main;
  const [start] = points;
  const shown = points.length <= MOST_DESCRIBED ? points.slice(1) : points.slice(-1);
  const numbers = shown.flatMap((point) => {
    if (point.delta === null) return [];
    const { step, delta } = point;
    return [`step ${step} ${signed(delta, metric.unit)} ${bandText(point, metric.unit)}`.trim()];
  });
  const moved = points.filter(isMoved).length;
  return [
    `${curveName(summary, task)}, ${unitWord(metric)}: ${start?.value == null ? 'start not known' : `start ${plain(start.value, metric.unit)}`}`,
    ...numbers,
    firstStep === null
      ? 'no step differs from the start'
      : `first ${WORDS[firstStep.verdict]} at step ${firstStep.step}, ${moved} of ${series.points.length - 1} steps differ`,
  ]
    .join('; ')
    .concat('.');
}
