import type {
  BehaviourOdds,
  BehaviourStates,
  DistinguishabilitySpeed,
  DynamicsSummary,
  PriorityTable,
  Shifts,
  Susceptibility,
} from '../../dynamics/dynamics-summary.ts';
import type { Summary } from '../../summary.ts';
import { type Columns, csvOf } from '../csv.ts';
import { runColumns } from './csv.ts';

/** Files of hidden states, odds and speed by name, a row each, in full precision; of what was measured alone. */
export function learningCsvFiles(summary: Summary): Readonly<Record<string, string>> {
  const { dynamics } = summary;
  if (dynamics === undefined) return {};
  const before = runColumns(summary);
  const file = <T>(name: string, columns: Columns<T>, items: readonly T[]): Record<string, string> =>
    items.length === 0 ? {} : { [name]: csvOf([...before, ...columns], items) };
  return {
    ...file('dynamics-states.csv', STATES, dynamics.states),
    ...file('dynamics-odds.csv', ODDS, dynamics.odds),
    ...file('dynamics-priority.csv', PRIORITY, prioritiesOf(dynamics)),
    ...file('dynamics-priority-gaps.csv', GAPS, gapsOf(dynamics)),
    ...file('dynamics-susceptibility.csv', SUSCEPTIBILITY, dynamics.susceptibility),
    ...file('dynamics-speed.csv', SPEED, speedsOf(dynamics)),
    ...file('dynamics-displacement.csv', DISPLACEMENT, displacementsOf(dynamics)),
  };
}

const STATES: Columns<BehaviourStates> = [
  ['checkpoint', (one) => one.checkpoint],
  ['task', (one) => one.task],
  ['behaviour', (one) => one.behaviour],
  ['positive', (one) => one.positive],
  ['negative', (one) => one.negative],
  ['unusable', (one) => one.unusable],
  ['normalised', (one) => one.normalised],
  ['distinguishability', (one) => one.distinguishability],
  ['debiased_squared', (one) => one.debiasedSquared],
  ['debiased', (one) => one.debiased],
  ['floored_at_zero', (one) => one.flooredAtZero],
  ['concentration', (one) => one.concentration],
  ['trace', (one) => one.trace],
  ['spread_along_difference', (one) => one.spreadAlongDifference],
  ['held_out_auc', (one) => one.heldOutAuc],
  ['d_prime', (one) => one.dPrime],
  ['reason', (one) => one.reason],
];

const ODDS: Columns<BehaviourOdds> = [
  ['checkpoint', (one) => one.checkpoint],
  ['task', (one) => one.task],
  ['behaviour', (one) => one.behaviour],
  ['positive', (one) => one.positive],
  ['negative', (one) => one.negative],
  ['auc', (one) => one.auc],
  ['d_prime', (one) => one.dPrime],
  ['matching_log_odds', (one) => one.matchingLogOdds],
  ['matching', (one) => one.matching],
  ['mass', (one) => one.mass],
  ['censored', (one) => one.censored],
  ['reason', (one) => one.reason],
];

interface PriorityLine {
  readonly table: PriorityTable;
  readonly behaviour: string;
  readonly level: number | null;
}

function prioritiesOf({ priorities }: DynamicsSummary): PriorityLine[] {
  return priorities.flatMap((table) => table.levels.map((one) => ({ table, ...one })));
}

const PRIORITY: Columns<PriorityLine> = [
  ['checkpoint', ({ table }) => table.checkpoint],
  ['task', ({ table }) => table.task],
  ['behaviour', ({ behaviour }) => behaviour],
  ['priority_level', ({ level }) => level],
];

type GapLine = PriorityTable['gaps'][number] & { readonly table: PriorityTable };

function gapsOf({ priorities }: DynamicsSummary): GapLine[] {
  return priorities.flatMap((table) => table.gaps.map((one) => ({ table, ...one })));
}

const GAPS: Columns<GapLine> = [
  ['checkpoint', ({ table }) => table.checkpoint],
  ['task', ({ table }) => table.task],
  ['behaviour', ({ one }) => one],
  ['other', ({ other }) => other],
  ['gap', ({ gap }) => gap],
];

const SUSCEPTIBILITY: Columns<Susceptibility> = [
  ['checkpoint', (one) => one.checkpoint],
  ['reference', (one) => one.reference],
  ['task', (one) => one.task],
  ['behaviour', (one) => one.behaviour],
  ['by_states', (one) => one.byStates],
  ['by_odds', (one) => one.byOdds],
  ['reason', (one) => one.reason],
];

interface SpeedLine {
  readonly relation: DistinguishabilitySpeed;
  readonly own: DistinguishabilitySpeed['behaviours'][number];
}

function speedsOf({ relations }: DynamicsSummary): SpeedLine[] {
  return relations.flatMap((relation) => relation.behaviours.map((own) => ({ relation, own })));
}

const SPEED: Columns<SpeedLine> = [
  ['series', ({ relation }) => relation.series],
  ['start', ({ relation }) => relation.start],
  ['task', ({ relation }) => relation.task],
  ['speed_of_task', ({ relation }) => relation.speedOf.task],
  ['speed_of_metric', ({ relation }) => relation.speedOf.metric],
  ['measure', ({ relation }) => relation.measure],
  ['speed_by', ({ relation }) => relation.speed],
  ['behaviour', ({ own }) => own.behaviour],
  ['distinguishability', ({ own }) => own.distinguishability],
  ['speed', ({ own }) => own.speed],
  ['never_crossed', ({ own }) => own.censored],
  ['not_ranked', ({ own }) => own.reason],
  ['behaviours', ({ relation }) => relation.n],
  ['rho', ({ relation }) => relation.rho],
  ['p', ({ relation }) => relation.p],
  ['reason', ({ relation }) => relation.reason],
];

interface DisplacementLine {
  /** Null outside a series. */
  readonly series: string | null;
  readonly step: number | null;
  readonly task: string;
  readonly point: Shifts;
}

function displacementsOf({ displacement, displacementEnds }: DynamicsSummary): DisplacementLine[] {
  return [
    ...displacement.flatMap(({ series, task, points }) =>
      points.map((point) => ({ series, step: point.step, task, point })),
    ),
    ...displacementEnds.map((point) => ({ series: null, step: null, task: point.task, point })),
  ];
}

const DISPLACEMENT: Columns<DisplacementLine> = [
  ['series', ({ series }) => series],
  ['task', ({ task }) => task],
  ['checkpoint', ({ point }) => point.checkpoint],
  ['step', ({ step }) => step],
  ['chosen_shift', ({ point }) => point.chosenShift],
  ['rejected_shift', ({ point }) => point.rejectedShift],
  ['margin', ({ point }) => point.margin],
  ['displaced', ({ point }) => point.displaced],
];
