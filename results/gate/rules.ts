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
 * Reads `NAME:MARGIN` rules. A name is a dimension (its headline task), `suite/task`, or a full instrument.
 *
 * @throws UserError (exit code 2) with everything that is wrong in any of them.
 */
export function readRules(texts: readonly string[], summary: Summary): GateRule[] {
  if (texts.length === 0) {
    throw new UserError({
      field: '--no-worse',
      message: 'is missing: nothing to check',
      fix: `For example --no-worse ${summary.tasks[0]?.dimension ?? 'truthfulness'}:0.03, which allows 3 points less.`,
    });
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

function readRule(text: string, summary: Summary): GateRule {
  const colon = text.lastIndexOf(':');
  if (colon <= 0)
    throw wrong(
      `"${clean(text)}" is not NAME:MARGIN`,
      'For example truthfulness:0.03. The run stands before the rules.',
    );
  const task = taskNamed(text.slice(0, colon), summary);
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

function taskNamed(name: string, { tasks }: Summary): SummaryTask {
  const ofDimension = tasks.filter(({ dimension }) => dimension === name);
  const headline = ofDimension.find(({ primary }) => primary);
  if (headline !== undefined) return headline;
  if (ofDimension.length > 0) {
    throw wrong(
      `"${clean(name)}" has no headline task in this run: its judge was not shown to be better than chance`,
      `Calibrate the judge (aligntrust label), or name a task: ${ofDimension.map(({ task }) => clean(task)).join(', ')}.`,
    );
  }
  const named = tasks.filter(({ task }) => task === name || task.slice(0, task.lastIndexOf('@')) === name);
  const [only, ...more] = named;
  if (only !== undefined && more.length === 0) return only;
  if (only !== undefined) {
    throw wrong(
      `"${clean(name)}" is several instruments of this run`,
      `Name one: ${named.map(({ task }) => clean(task)).join(', ')}.`,
    );
  }
  const known = [
    ...new Set(
      tasks.flatMap(({ dimension, task }) => [dimension, task.slice(0, task.lastIndexOf('@')), task]),
    ),
  ];
  const close = nearest(name, known);
  const dimensions = [...new Set(tasks.map(({ dimension }) => clean(dimension)))];
  throw wrong(
    `this run has no dimension or task "${clean(name)}"`,
    close.length > 0 ? `Did you mean ${close.map(clean).join(' or ')}?` : `It has ${dimensions.join(', ')}.`,
  );
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
