import { plain, pValue, signed, withSide } from '../format.ts';
import type { Decomposition, Effect, MethodEffect, Summary, SummaryMetric } from '../summary.ts';
import { intervalInWords, isSequential } from './interval-words.ts';
import { escaped, table } from './markdown-text.ts';
import { metricOf, shortNames } from './names.ts';
import { clean } from './text.ts';
import { titleOf, WORDS } from './view.ts';
import { singleStepInWords } from './words.ts';

type Names = ReadonlyMap<string, string>;

const EFFECT_COLUMNS = (interval: string) => [
  'effect',
  'instrument',
  'metric',
  'change',
  interval,
  'simultaneous 95 %',
  'n / clusters',
  'better / worse',
  'dropped',
  'if missing',
  'p',
  'adjusted',
  'test',
  'verdict',
];

const METHOD_COLUMNS = (interval: string) => [
  'method',
  'instrument',
  'mean',
  interval,
  'simultaneous 95 %',
  'each seed',
  'n / clusters',
  'variance of seeds / of items',
  'degrees of freedom',
  'p',
  'adjusted',
  'verdict',
];

/** Methods over training seeds, totals by stage, and every effect, with everything that a reviewer asks for. */
export function detailSections(summary: Summary): string[] {
  const names = shortNames(summary.tasks);
  const { methods, decompositions } = summary.relations;
  const intervals = isSequential(summary) ? intervalInWords(summary) : 'pointwise 95 %';
  return [
    ...section(
      '## Every method over its training seeds',
      METHOD_COLUMNS(intervals),
      methods.map((method) => methodRow(summary, method, names)),
    ),
    ...section(
      '## All stages together, stage by stage',
      ['path', 'instrument', 'n', 'stages', 'together'],
      decompositions.map((decomposition) => decompositionRow(summary, decomposition, names)),
      'On the samples that have a value at every checkpoint of the path; the intervals of a row hold together with 95 % confidence.',
    ),
    ...section(
      '## Every effect',
      EFFECT_COLUMNS(intervals),
      summary.effects.map((effect) => effectRow(summary, effect, names)),
      `Simultaneous: the intervals of the primary family hold together with 95 % confidence.${singleStepInWords(summary)} If missing: bounds of the change with the worst and the best values in place of those that a side lacks.`,
    ),
  ];
}

function section(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  caption?: string,
): string[] {
  if (rows.length === 0) return [];
  return [title, ...(caption === undefined ? [] : [escaped(caption)]), table(columns, rows)];
}

function effectRow(summary: Summary, effect: Effect, names: Names): string[] {
  const { unit, direction } = metricOf(summary, effect.task, effect.metric);
  const { delta, low, high, p, pAdjusted, simultaneous, missingBounds } = effect;
  return [
    titleOf(effect, clean).join(' '),
    names.get(effect.task) ?? effect.task,
    effect.metric,
    delta === null ? '–' : withSide(delta, unit, direction),
    interval(low, high, unit),
    interval(simultaneous?.low ?? null, simultaneous?.high ?? null, unit),
    `${effect.n} / ${effect.clusters}`,
    `${effect.gained} / ${effect.lost}`,
    `${effect.droppedFrom} / ${effect.droppedTo}${effect.missingDiffers ? ', uneven' : ''}`,
    interval(missingBounds?.low ?? null, missingBounds?.high ?? null, unit),
    p === null ? '–' : pValue(p),
    pAdjusted === null ? '–' : `${pValue(pAdjusted)} (${effect.family})`,
    effect.test ?? '–',
    verdictOf(effect, unit, effect.detectable),
  ].map(escaped);
}

function methodRow(summary: Summary, method: MethodEffect, names: Names): string[] {
  const { unit, direction } = metricOf(summary, method.task, method.metric);
  const { mean, low, high, seeds, p, pAdjusted, degreesOfFreedom: df } = method;
  return [
    titleOf(method, clean).join(' '),
    names.get(method.task) ?? method.task,
    withSide(mean, unit, direction),
    interval(low, high, unit),
    interval(method.simultaneous?.low ?? null, method.simultaneous?.high ?? null, unit),
    seeds.map(({ seed, delta }) => `${seed}: ${withSide(delta, unit, direction)}`).join(', '),
    `${method.n} / ${method.clusters}`,
    `${small(method.seedVariance)} / ${small(method.itemVariance)}`,
    df === null ? '–' : df.toFixed(1),
    p === null ? '–' : pValue(p),
    pAdjusted === null ? '–' : `${pValue(pAdjusted)} (${method.family})`,
    verdictOf(method, unit, method.detectable),
  ].map(escaped);
}

function decompositionRow(summary: Summary, decomposition: Decomposition, names: Names): string[] {
  const { task, metric, path, parts, total, n } = decomposition;
  const { unit, direction } = metricOf(summary, task, metric);
  const said = ({ delta, low, high }: Decomposition['total']): string => {
    const bounds = low === null || high === null ? '' : `, ${interval(low, high, unit)}`;
    return `${withSide(delta, unit, direction)}${bounds}`;
  };
  const stages = parts.map((part) => escaped(`${part.from} → ${part.to}: ${said(part)}`));
  return [
    escaped(path.join(' → ')),
    escaped(names.get(task) ?? task),
    String(n),
    stages.join('<br>'),
    escaped(said(total)),
  ];
}

function verdictOf(
  {
    verdict,
    reason,
    equivalence,
    confounds,
  }: Pick<Effect, 'verdict' | 'reason' | 'equivalence' | 'confounds'>,
  unit: SummaryMetric['unit'],
  detectable: number | null,
): string {
  const margin =
    equivalence === null ? '' : `±${plain(equivalence.margin, unit)} (p ${pValue(equivalence.p)})`;
  return [
    `${WORDS[verdict]}${reason === null ? '' : `: ${reason}`}`,
    detectable === null || verdict !== 'no detectable change' ? null : `sees ${plain(detectable, unit)}`,
    equivalence === null ? null : `${equivalence.equivalent ? '' : 'not shown '}equivalent within ${margin}`,
    confounds.length === 0 ? null : [...confounds, 'training'].join(' + '),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function interval(low: number | null, high: number | null, unit: SummaryMetric['unit']): string {
  return low === null || high === null ? '–' : `${signed(low, unit)} to ${signed(high, unit)}`;
}

const NO_VARIANCE = 1e-15;

/** A variance in the metric's own unit, squared: too small for fixed decimals. */
function small(value: number): string {
  // What rounding leaves of equal numbers is none.
  return Math.abs(value) < NO_VARIANCE ? '0' : value.toPrecision(2);
}
