import { plain, signed, unitName } from '../../format.ts';
import type { KeepConstraint, Series, SeriesCurve } from '../../series/series-summary.ts';
import type { Summary, SummaryMetric, SummaryTask } from '../../summary.ts';
import { metricOf, shortNames } from '../names.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';
import { WORDS } from '../view.ts';

export const SERIES_TITLE = 'Along training: what each step changed';

export const BAND = 'simultaneous 95 % band over the steps of one curve (max-t)';

/** What a curve is called: its task as short as it stays distinct. */
export function curveName(summary: Summary, task: SummaryTask): string {
  const isTrust = (task.family ?? 'trust') === 'trust';
  const rivals = summary.tasks.filter(({ dimension }) => dimension === task.dimension).length;
  if (isTrust && rivals === 1) return clean(task.dimension);
  const name = shortNames(summary.tasks).get(task.task) ?? task.task;
  if (isTrust) return clean(name);
  // `dynamics/pairs@x` measures several things: `pairs margin`.
  const bare = (full: string): string => full.slice(full.indexOf('/') + 1).split('@')[0] ?? full;
  const like = summary.tasks.filter(({ task: full, family }) => {
    return family === task.family && bare(full) === bare(task.task);
  });
  const own = like.length === 1 ? bare(task.task) : name;
  // `ches` and not `ches ches`, `kl_k1` and not `kl kl_k1`.
  const isSaid = like.length === 1 && task.headline.replaceAll('_', '-').startsWith(own);
  return clean(isSaid ? task.headline : `${own} ${task.headline}`);
}

export function metricOfCurve(summary: Summary, { task, metric }: SeriesCurve): SummaryMetric {
  return metricOf(summary, task, metric);
}

/** `dpo from sft, steps 0 to 48, seed 1`. */
export function seriesFacts(series: Series, nameOf: NameOf): string {
  const { method, parent, data, recipe, seed, points } = series;
  const [first, last] = [points[0]?.step, points.at(-1)?.step];
  return [
    `${clean(method)}${parent === null ? '' : ` from ${nameOf(parent)}`}`,
    first === undefined || last === undefined ? null : `steps ${first} to ${last}`,
    data === null ? null : `data ${clean(data)}`,
    recipe === null ? null : `recipe ${clean(recipe)}`,
    seed === null ? null : `seed ${seed}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** What the changes of a series are measured from. */
export function startInWords({ start, parent, points }: Series, nameOf: NameOf): string {
  const [first] = points;
  if (start === 'parent') return `the start, ${nameOf(parent ?? first?.checkpoint ?? '')} (step 0)`;
  return `step ${first?.step ?? 0}, the first that was ${first?.step === 0 ? 'asked' : 'saved: its parent was not asked'}`;
}

export function refusalInWords({ name, refused }: Series, nameOf: NameOf): string | null {
  if (refused === null) return null;
  return `${nameOf(name)} is no series and has no curves: ${clean(refused)}`;
}

/** `toxicity better at step 8`, of every curve that moved; those that did not, by name. */
export function firstSteps(
  summary: Summary,
  curves: readonly { readonly task: SummaryTask; readonly curve: SeriesCurve }[],
): string[] {
  const moved = curves
    .flatMap(({ task, curve: { firstStep } }) => (firstStep === null ? [] : [{ task, ...firstStep }]))
    .sort((one, other) => one.step - other.step)
    .map(({ task, step, verdict }) => `${curveName(summary, task)} ${WORDS[verdict]} at step ${step}`);
  const tested = curves.filter(({ curve }) => curve.criticalValue !== null);
  const still = tested.filter(({ curve }) => curve.firstStep === null);
  const without = curves.filter(({ curve }) => curve.criticalValue === null);
  const names = (list: typeof curves): string => list.map(({ task }) => curveName(summary, task)).join(', ');
  return [
    ...(moved.length === 0 ? [] : [`First to differ from the start: ${moved.join('; ')}`]),
    ...(still.length === 0 ? [] : [`No change detected at any step: ${names(still)}`]),
    ...curves.flatMap(({ task, curve }) => {
      const missing = curve.points.filter(({ value }) => value === null).map(({ step }) => step);
      return missing.length === 0
        ? []
        : [
            `${curveName(summary, task)} has no value at step${missing.length === 1 ? '' : 's'} ${missing.join(', ')}: nothing is known of ${missing.length === 1 ? 'it' : 'them'}`,
          ];
    }),
    ...(without.length === 0 ? [] : [`Without a band: ${names(without)}`]),
  ];
}

/** `refusal` and `at least 60.0 points`, `truthfulness` and `no more than 5.0 points below the start`. */
export function constraintParts(
  summary: Summary,
  { task, metric, rule, bound }: KeepConstraint,
): [name: string, rule: string] {
  const known = summary.tasks.find((one) => one.task === task);
  const found = known?.metrics.find(({ key }) => key === metric);
  const unit = found?.unit ?? 'score';
  const own = known === undefined ? clean(task) : curveName(summary, known);
  const name = known === undefined || metric === known.headline ? own : `${own}, ${clean(metric)}`;
  const number = `${plain(bound, unit)}${unit === 'score' ? '' : ` ${unitName(unit)}`}`;
  const words = {
    'at-least': `at least ${number}`,
    'at-most': `at most ${number}`,
    'fall-at-most': `no more than ${number} below the start`,
    'rise-at-most': `no more than ${number} above the start`,
  };
  return [name, words[rule]];
}

/** The same as one phrase. */
export function constraintInWords(summary: Summary, constraint: KeepConstraint): string {
  return constraintParts(summary, constraint).join(' ');
}

export function isOfChange({ rule }: KeepConstraint): boolean {
  return rule === 'fall-at-most' || rule === 'rise-at-most';
}

/** `−3.1`, with brackets behind it where there is a band. */
export function bandText(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  unit: SummaryMetric['unit'],
  print: (value: number, unit: SummaryMetric['unit']) => string = signed,
): string {
  return low === null || high === null ? '' : `[${print(low, unit)}, ${print(high, unit)}]`;
}

/** `points`, `nats`; empty for a score, whose label says what it is. */
export function unitWords({ unit }: SummaryMetric): string {
  return unit === 'score' ? '' : unitName(unit);
}

/** How flips of a metric are called. */
export function flipWords({ direction }: SummaryMetric): readonly [gained: string, lost: string] {
  return direction === 'neutral' ? ['raised', 'lowered'] : ['better', 'worse'];
}

/** What the words and numbers of a series mean, a sentence a line. */
export const EXPLAIN_SERIES: readonly string[] = [
  'A change is the paired difference to the start over the samples that every step has; the value is each checkpoint’s own, over all its samples.',
  'A band holds for all steps of one curve together; it does not correct for the number of curves. The first step is the first whose band excludes 0: a later step may lie within it again.',
  'The order of first steps is one of detection: of two tasks that change alike, the one with more samples, or with less spread, is detected at the earlier step.',
  'Change per step: over the first interval. Mean height: the area under the curve over real steps, divided by their span.',
  'Flips are between neighbouring steps, sample by sample; as many better as worse is no change, and yet none of those answers stayed what it was.',
  'Several seeds of one training are drawn together, the first in full ink with its band. A band speaks of these checkpoints and further samples, not of further trainings.',
];
