import { UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { plain, pointsAsShare, unitName } from '../format.ts';
import { metricOf } from '../report/names.ts';
import { clean } from '../report/text.ts';
import type { Summary, SummaryMetric, SummaryTask } from '../summary.ts';

/** "No worse than its parent by more than `margin`", under the headline metric of one instrument. */
export interface GateRule {
  /** As written. */
  readonly rule: string;
  readonly task: string;
  readonly metric: SummaryMetric;
  /** At least 0, in the metric's own unit: .03 of a share is 3 points. */
  readonly margin: number;
}

/**
 * Reads `NAME:MARGIN` rules. A name is a dimension (its headline task), `suite/task`, `suite/task@dataset`, or a full
 * instrument. What has no better side, as factors of preference, cannot become worse and is refused.
 *
 * @throws UserError (exit code 2) with everything that is wrong in any of them.
 */
export function readRules(texts: readonly string[], summary: Summary): GateRule[] {
  if (texts.length === 0) {
    throw wrong('is missing: nothing to check', exampleFor(summary));
  }
  const problems: UserError['problems'][number][] = [];
  const rules = texts.flatMap((text) => {
    try {
      return [readRule(text, summary)];
    } catch (error) {
      if (!UserError.is(error)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new UserError(problems);
  return rules;
}

/** A rule that this run can hold: of a dimension with a headline, which only trust has. */
function exampleFor(summary: Summary): string {
  const gated = summary.tasks.filter((task) => !isNeutral(task, summary));
  const example = gated.find(({ primary }) => primary) ?? gated[0];
  if (example === undefined)
    return 'Nothing in this run has a better side, so it has nothing that can be gated.';
  const name = example.primary ? example.dimension : shortNamesOf(example).at(-1);
  const { unit } = metricOf(summary, example.task, example.headline);
  const allowed = unit === 'share' ? '3 points' : `0.03 ${unitName(unit)}`;
  return `For example --no-worse ${clean(name ?? example.task)}:0.03, which allows ${allowed} for the worse.`;
}

/** Neither way of its headline is better. */
function isNeutral({ task, headline }: SummaryTask, summary: Summary): boolean {
  return metricOf(summary, task, headline).direction === 'neutral';
}

/** `suite/task` and `suite/task@dataset` of `suite/task@dataset:preset`. */
function shortNamesOf({ task }: Pick<SummaryTask, 'task'>): string[] {
  const [at, colon] = [task.lastIndexOf('@'), task.lastIndexOf(':')];
  return [...(at > 0 ? [task.slice(0, at)] : []), ...(colon > at ? [task.slice(0, colon)] : [])];
}

function readRule(text: string, summary: Summary): GateRule {
  const colon = text.lastIndexOf(':');
  if (colon <= 0)
    throw wrong(
      `"${clean(text)}" is not NAME:MARGIN`,
      'For example truthfulness:0.03. The run stands before the rules.',
    );
  const name = text.slice(0, colon);
  const task = taskNamed(name, summary);
  if (isNeutral(task, summary)) throw neutral(name, summary);
  const metric = metricOf(summary, task.task, task.headline);
  return { rule: text, task: task.task, metric, margin: readMargin(text.slice(colon + 1), metric) };
}

function readMargin(text: string, metric: SummaryMetric): number {
  if (!/^\d*\.?\d+$/.test(text)) {
    throw wrong(
      `"${clean(text)}" is no margin`,
      'A number of at least 0 in the unit of the metric, with a decimal point: 0.03 of a share is 3 points.',
    );
  }
  const margin = Number(text);
  const [least, most] = metric.range;
  const width = least === null || most === null ? Number.POSITIVE_INFINITY : most - least;
  if (margin >= width) {
    throw wrong(
      `a margin of ${text} allows everything: ${metric.key} runs from ${least} to ${most}`,
      metric.unit === 'share' ? `${pointsAsShare(margin)}.` : undefined,
    );
  }
  return margin;
}

function taskNamed(name: string, summary: Summary): SummaryTask {
  const { tasks } = summary;
  const ofDimension = tasks.filter(({ dimension }) => dimension === name);
  const headline = ofDimension.find(({ primary }) => primary);
  if (headline !== undefined) return headline;
  if (ofDimension.length > 0) {
    if (ofDimension.every((task) => isNeutral(task, summary))) throw neutral(name, summary);
    throw wrong(
      `"${clean(name)}" has no headline task in this run: its judge was not shown to be better than chance`,
      `Calibrate the judge (aligntrust label), or name a task: ${ofDimension.map(({ task }) => clean(task)).join(', ')}.`,
    );
  }
  const named = tasks.filter((task) => task.task === name || shortNamesOf(task).includes(name));
  const [only, ...more] = named;
  if (only !== undefined && more.length === 0) return only;
  if (only !== undefined) {
    throw wrong(
      `"${clean(name)}" is several instruments of this run`,
      `Name one: ${named.map(({ task }) => clean(task)).join(', ')}.`,
    );
  }
  throw unknownName(name, summary);
}

function unknownName(name: string, summary: Summary): UserError {
  const gated = summary.tasks.filter((task) => !isNeutral(task, summary));
  const known = [...new Set(gated.flatMap((task) => [task.dimension, ...shortNamesOf(task), task.task]))];
  const close = nearest(name, known);
  const dimensions = [...new Set(gated.map(({ dimension }) => clean(dimension)))];
  return wrong(
    `this run has no dimension or task "${clean(name)}"`,
    close.length > 0
      ? `Did you mean ${close.map(clean).join(' or ')}?`
      : dimensions.length > 0
        ? `It has ${dimensions.join(', ')}.`
        : exampleFor(summary),
  );
}

function neutral(name: string, summary: Summary): UserError {
  return wrong(`${clean(name)} has no better or worse; it cannot be gated`, exampleFor(summary));
}

/** `3.0 points`; with more decimals where fewer would print another margin. */
export function marginInWords({ margin, metric }: GateRule): string {
  const shown = metric.unit === 'share' ? margin * 100 : margin;
  const text = plain(margin, metric.unit);
  const exact = String(Number(shown.toPrecision(12)));
  return `${Number(text) === Number(exact) ? text : exact} ${unitName(metric.unit)}`;
}

function wrong(message: string, fix: string | undefined): UserError {
  return new UserError({ field: '--no-worse', message, ...(fix === undefined ? {} : { fix }) });
}
