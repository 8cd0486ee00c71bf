import type { BehaviourOdds, BehaviourStates, Susceptibility } from '../../dynamics/dynamics-summary.ts';
import { percent } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';
import { behaviourName, taskName } from './behaviour-names.ts';
import { displacementTables, nats } from './displacement-tables.ts';
import { EXPLAIN_LEARNING } from './learning-words.ts';
import { quantity, signedQuantity } from './number-text.ts';
import { speedReadings, speedTables } from './speed-tables.ts';
import { cell, figures, NOTHING, type StepCell, type StepTable, words } from './step-table.ts';

/** What hidden states and odds say of behaviours, and how fast each was learned. */
export function learningTables(summary: Summary, nameOf: NameOf): StepTable[] {
  const { relations, behaviours } = speedTables(summary, nameOf);
  return [
    ...displacementTables(summary, nameOf),
    ...relations,
    ...behaviours,
    ...stateAndOddsTables(summary, nameOf),
  ];
}

/** Those of no drawing. */
export function stateAndOddsTables(summary: Summary, nameOf: NameOf): StepTable[] {
  return [
    ...stateTables(summary, nameOf),
    ...oddsTables(summary, nameOf),
    ...priorityTables(summary, nameOf),
    ...susceptibilityTable(summary, nameOf),
  ];
}

function stateTables(summary: Summary, nameOf: NameOf): StepTable[] {
  return byCheckpoint(summary.dynamics?.states ?? []).map(([checkpoint, own], index) => {
    const isNormalised = own.some(({ normalised }) => normalised);
    const unusable = own.reduce((sum, one) => sum + one.unusable, 0);
    return {
      id: `states-${index + 1}`,
      title: `${nameOf(checkpoint)}: hidden states`,
      caption:
        'Separation of prompts that Yes matches from prompts that No matches, in the last hidden state.',
      first: 'behaviour',
      columns: [
        figures('D'),
        figures('without bias'),
        figures('spread', 'along it'),
        figures('held-out AUC'),
        figures('d′'),
        figures('concentration'),
        figures('trace'),
        figures('Yes / No'),
      ],
      rows: own.map((one) => ({
        label: behaviourName(summary, one, own),
        cells: [
          cell(quantity(one.distinguishability)),
          debiasedCell(one),
          cell(quantity(one.spreadAlongDifference)),
          cell(quantity(one.heldOutAuc)),
          cell(quantity(one.dPrime)),
          cell(quantity(one.concentration)),
          cell(quantity(one.trace)),
          cell(`${one.positive} / ${one.negative}`),
        ],
      })),
      notes: [
        ...(isNormalised
          ? ['This server hands out vectors of length 1: distance and spread mean nothing, AUC stays.']
          : []),
        ...(unusable === 0 ? [] : [`${unusable} vectors were left out: they hold NaN or are all zero.`]),
        ...reasonsOf(summary, own),
      ],
    };
  });
}

function debiasedCell({ debiased, flooredAtZero }: BehaviourStates): StepCell {
  if (debiased === null) return NOTHING;
  return cell(quantity(debiased), flooredAtZero ? '(below 0)' : '');
}

function oddsTables(summary: Summary, nameOf: NameOf): StepTable[] {
  return byCheckpoint(summary.dynamics?.odds ?? []).map(([checkpoint, own], index) => ({
    id: `odds-${index + 1}`,
    title: `${nameOf(checkpoint)}: log-odds of Yes`,
    caption:
      'Separability without hidden states. Mass: the probability that the answer is Yes or No at all; where it is low the log-odds speak of words the checkpoint was not about to say.',
    first: 'behaviour',
    columns: [
      figures('AUC'),
      figures('d′'),
      figures('matching', 'log-odds, nats'),
      figures('matching', 'likelier'),
      figures('mass'),
      figures('bounds only'),
      figures('Yes / No'),
    ],
    rows: own.map((one) => ({
      label: behaviourName(summary, one, own),
      cells: [
        cell(quantity(one.auc)),
        cell(quantity(one.dPrime)),
        cell(nats(one.matchingLogOdds)),
        cell(one.matching === null ? '–' : percent(one.matching)),
        cell(one.mass === null ? '–' : percent(one.mass)),
        cell(percent(one.censored)),
        cell(`${one.positive} / ${one.negative}`),
      ],
    })),
    notes: reasonsOf(summary, own),
  }));
}

function priorityTables(summary: Summary, nameOf: NameOf): StepTable[] {
  return (summary.dynamics?.priorities ?? []).map(({ checkpoint, task, levels, gaps }, index) => ({
    id: `priority-${index + 1}`,
    title: `${nameOf(checkpoint)}: what the mixture would improve first, ${taskName(summary, task)}`,
    caption:
      'Priority level of each behaviour, and its gap to every other, as a share of the larger distance.',
    first: 'behaviour',
    columns: [figures('level'), words('gap to')],
    rows: [...levels]
      .sort((one, other) => (other.level ?? -Infinity) - (one.level ?? -Infinity))
      .map(({ behaviour, level }) => ({
        label: clean(behaviour),
        cells: [
          cell(signedQuantity(level), level !== null && level < 0 ? 'gets worse first' : ''),
          cell(gapsOf(gaps, behaviour)),
        ],
      })),
    notes: [],
  }));
}

const MOST_GAPS = 8;

/** Each gap stands once, with the behaviour that is named first. */
function gapsOf(
  gaps: readonly { readonly one: string; readonly other: string; readonly gap: number | null }[],
  behaviour: string,
): string {
  const own = gaps.filter(({ one, gap }) => one === behaviour && gap !== null);
  const shown = own.slice(0, MOST_GAPS).map(({ other, gap }) => `${clean(other)} ${signedQuantity(gap, 2)}`);
  const rest = own.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more in the CSV files`] : [])].join('; ') || '–';
}

function susceptibilityTable(summary: Summary, nameOf: NameOf): StepTable[] {
  const all = summary.dynamics?.susceptibility ?? [];
  if (all.length === 0) return [];
  return [
    {
      id: 'susceptibility-1',
      title: 'Susceptibility to flipped labels',
      caption: 'Against the reference: above 1 flipped labels are learned faster by the theory. A proxy.',
      first: 'checkpoint',
      columns: [words('reference'), words('behaviour'), figures('by states'), figures('by odds')],
      rows: all.map((one) => ({
        label: nameOf(one.checkpoint),
        cells: [
          cell(nameOf(one.reference)),
          cell(behaviourName(summary, one, all)),
          cell(quantity(one.byStates)),
          cell(quantity(one.byOdds)),
        ],
      })),
      notes: reasonsOf(summary, all),
    },
  ];
}

function reasonsOf(
  summary: Summary,
  all: readonly (BehaviourStates | BehaviourOdds | Susceptibility)[],
): string[] {
  const reasons = all.flatMap((one) =>
    one.reason === null ? [] : [`${behaviourName(summary, one, all)}: ${clean(one.reason)}.`],
  );
  return [...new Set(reasons)];
}

function byCheckpoint<T extends { readonly checkpoint: string }>(items: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of items) groups.set(one.checkpoint, [...(groups.get(one.checkpoint) ?? []), one]);
  return [...groups];
}

/**
 * What a reader must know, and what the measuring noticed.
 *
 * @param hasReadings false where what the relations may be read as stands beside them already.
 */
export function learningNotes(summary: Summary, hasReadings = true): string[] {
  const { dynamics } = summary;
  if (dynamics === undefined) return [];
  return [
    ...dynamics.notes.map((note) => clean(note)),
    ...(hasReadings ? speedReadings(summary) : []),
    ...EXPLAIN_LEARNING,
  ];
}

/** Whether hidden states, odds or speeds were measured at all. */
export function hasLearning({ dynamics }: Summary): boolean {
  if (dynamics === undefined) return false;
  const { states, odds, priorities, susceptibility, relations, displacement, displacementEnds } = dynamics;
  return [states, odds, priorities, susceptibility, relations, displacement, displacementEnds].some(
    (part) => part.length > 0,
  );
}
