import { plain, signed } from '../../format.ts';
import type { KeepConstraint, KeptStep, Series } from '../../series/series-summary.ts';
import type { Summary, SummaryMetric } from '../../summary.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';
import { cell, figures, NOTHING, type StepCell, type StepTable, words } from './step-table.ts';
import { bandText, constraintInWords, constraintParts, isOfChange } from './words.ts';

/** Which step a constraint keeps, in words; empty where the definition states none. */
export function keepSentences(summary: Summary, series: Series, nameOf: NameOf): string[] {
  const { kept } = series;
  if (kept === null) return [];
  const wanted = kept.constraints.map((one) => constraintInWords(summary, one)).join(', and ');
  if (kept.step === null) {
    const reason = kept.reason === null ? '' : `: ${clean(kept.reason)}`;
    return [`No step keeps ${wanted}, on the half of the clusters that was used for choosing${reason}.`];
  }
  const named = kept.checkpoint === null ? '' : ` (${nameOf(kept.checkpoint)})`;
  const isStart = kept.step === series.points[0]?.step;
  const held = kept.constraints.map((constraint, index) => heldInWords(summary, kept, constraint, index));
  return [
    `Step ${kept.step}${named} is ${isStart ? 'the start, and no later step' : 'the last one that'} keeps ${wanted}, on a half of the clusters that was drawn with seed ${kept.seed}.`,
    `On the half that was not used for choosing: ${held.join('; ')}. ${verdictOf(kept)}`,
    ...(kept.reason === null ? [] : [`${capital(clean(kept.reason))}.`]),
  ];
}

/** Whether the other half agrees; "as estimated" where an interval there reaches over a bound. */
function verdictOf({ constraints, checks }: KeptStep): string {
  const held = checks.map(({ heldOut }) => heldOut);
  const numbers = held.map((each, index) => {
    const constraint = constraints[index];
    return constraint !== undefined && isOfChange(constraint) ? each.change : each.value;
  });
  if (numbers.some((number) => number === null)) return 'What is not known there, nobody can hold to.';
  if (!held.every(({ holds }) => holds)) return 'So the half that chose this step flattered it.';
  const isSure = held.every(({ low, high }, index) => isBeyond(constraints[index], low, high));
  return isSure
    ? 'So every constraint holds there too.'
    : 'So every constraint holds there too as estimated, and not beyond doubt: an interval reaches over its bound.';
}

function isBeyond(constraint: KeepConstraint | undefined, low: number | null, high: number | null): boolean {
  if (constraint === undefined || low === null || high === null) return false;
  const { rule, bound } = constraint;
  return {
    'at-least': low >= bound,
    'at-most': high <= bound,
    'fall-at-most': -low <= bound,
    'rise-at-most': high <= bound,
  }[rule];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function heldInWords(summary: Summary, kept: KeptStep, constraint: KeepConstraint, index: number): string {
  const check = kept.checks[index];
  if (check === undefined) return `${constraintInWords(summary, constraint)}: not known`;
  const { main, rest } = numberCell(constraint, check.heldOut, unitOf(summary, constraint));
  if (main === NOTHING.main) return `${constraintInWords(summary, constraint)}: not known`;
  const number = [main, rest].filter((part) => part !== '').join(' ');
  return `${constraintInWords(summary, constraint)} ${check.heldOut.holds ? 'holds' : 'DOES NOT HOLD'} (${number})`;
}

/** The step picker: every step with what the constraints say of it, then the chosen one on both halves. */
export function keepTables(summary: Summary, series: Series, nameOf: NameOf, id: string): StepTable[] {
  const { kept } = series;
  if (kept === null) return [];
  return [stepsTable(summary, series, kept, nameOf, id), ...chosenTable(summary, series, kept, nameOf, id)];
}

function stepsTable(summary: Summary, series: Series, kept: KeptStep, nameOf: NameOf, id: string): StepTable {
  return {
    id: `${id}-keep`,
    title: `${nameOf(series.name)}: which step to keep`,
    caption: `Steps that satisfy every constraint on the choosing half (seed ${kept.seed}), and beside them the numbers of all samples, of both halves.`,
    first: 'step',
    columns: [
      words('choosing half,', 'all constraints'),
      ...kept.constraints.map((constraint) =>
        figures(...constraintParts(summary, constraint), 'all samples'),
      ),
    ],
    rows: series.points.map(({ step, checkpoint }, index) => ({
      label: `${step} ${nameOf(checkpoint)}`,
      step,
      cells: [
        step === kept.step ? cell('kept', '', true) : cell(choosingWord(series, kept, step, index)),
        ...kept.constraints.map((constraint) => wholeCell(summary, series, constraint, index)),
      ],
    })),
    notes: [],
  };
}

/** Of a step that a constraint's task has no value of, nobody knows. */
function choosingWord(series: Series, kept: KeptStep, step: number, index: number): string {
  if (kept.allowed.includes(step)) return 'satisfied';
  const isKnown = kept.constraints.every(
    (constraint) => curveOf(series, constraint)?.points[index]?.value != null,
  );
  return isKnown ? 'not' : 'not known';
}

function curveOf({ curves }: Series, constraint: KeepConstraint): Series['curves'][number] | undefined {
  return curves.find(({ task, metric }) => task === constraint.task && metric === constraint.metric);
}

function wholeCell(summary: Summary, series: Series, constraint: KeepConstraint, index: number): StepCell {
  const point = curveOf(series, constraint)?.points[index];
  if (point === undefined) return NOTHING;
  return numberCell(
    constraint,
    { value: point.value, change: point.delta, low: null, high: null },
    unitOf(summary, constraint),
  );
}

function chosenTable(
  summary: Summary,
  series: Series,
  kept: KeptStep,
  nameOf: NameOf,
  id: string,
): StepTable[] {
  if (kept.step === null || kept.checks.length === 0) return [];
  return [
    {
      id: `${id}-kept`,
      title: `${nameOf(series.name)}: step ${kept.step} on the half that chose it and on the other`,
      caption:
        'The choice flatters the numbers of the choosing half; those of the other half are what to expect. 95 % intervals.',
      first: 'task',
      columns: [
        words('constraint'),
        figures('choosing half'),
        words('holds'),
        figures('held-out half'),
        words('holds'),
      ],
      rows: kept.constraints.flatMap((constraint, index) => {
        const check = kept.checks[index];
        if (check === undefined) return [];
        const unit = unitOf(summary, constraint);
        const { chosenOn, heldOut } = check;
        const [name, rule] = constraintParts(summary, constraint);
        return [
          {
            label: name,
            cells: [
              cell(rule),
              numberCell(constraint, { ...chosenOn, low: null, high: null }, unit),
              cell(chosenOn.holds ? 'yes' : 'NO', '', !chosenOn.holds),
              numberCell(constraint, heldOut, unit),
              heldCell(constraint, heldOut),
            ],
          },
        ];
      }),
      notes: [],
    },
  ];
}

function heldCell(constraint: KeepConstraint, heldOut: KeptStep['checks'][number]['heldOut']): StepCell {
  const number = isOfChange(constraint) ? heldOut.change : heldOut.value;
  if (number === null) return cell('not known');
  return cell(heldOut.holds ? 'yes' : 'NO', '', !heldOut.holds);
}

interface Numbers {
  readonly value: number | null;
  readonly change: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The number that a constraint is about: the value, or the change since the start. */
function numberCell(constraint: KeepConstraint, numbers: Numbers, unit: SummaryMetric['unit']): StepCell {
  const isChange = isOfChange(constraint);
  const number = isChange ? numbers.change : numbers.value;
  const print = isChange ? signed : plain;
  return number === null ? NOTHING : cell(print(number, unit), bandText(numbers, unit, print));
}

function unitOf({ tasks }: Summary, { task, metric }: KeepConstraint): SummaryMetric['unit'] {
  const metrics = tasks.find((one) => one.task === task)?.metrics;
  return metrics?.find(({ key }) => key === metric)?.unit ?? 'score';
}
