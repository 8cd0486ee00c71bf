import type { JsonValue } from '../../core/json.ts';
import { type SeriesMembers, seriesOf } from '../series/grouping.ts';
import type { Summary, SummaryCheckpoint } from '../summary.ts';
import { behaviourOdds } from './behaviour-odds.ts';
import { type AnalysedStates, analysedStates, stateFacts } from './behaviour-states.ts';
import type { Collected, CollectedDynamics } from './collect.ts';
import { displacementOf } from './displacement.ts';
import type { DynamicsSummary } from './dynamics-summary.ts';
import { MOST_GAPPED, priorityTables } from './priorities.ts';
import { distinguishabilitySpeeds } from './relations.ts';
import { susceptibilities } from './susceptibilities.ts';
import type { StateTable } from './tables.ts';

export interface DynamicsFacts {
  /** Instruments of learning dynamics in the order of the definition. */
  readonly instruments: readonly string[];
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly cells: Summary['cells'];
  /** As the summary has them: those that are refused are left out here. Grouped anew when absent. */
  readonly series?: Summary['series'];
  /** The checkpoint that is the definition's reference; null where there is none among the checkpoints. */
  readonly reference: string | null;
}

/** What details and cells say together; undefined where nothing was asked of which anything can be said. */
export function dynamicsSummary(
  { states: stateTables, odds: oddsTables, unreadable }: CollectedDynamics,
  facts: DynamicsFacts,
): DynamicsSummary | undefined {
  const { checkpoints, instruments, cells, reference } = facts;
  const series: readonly SeriesMembers[] =
    facts.series?.filter(({ refused }) => refused === null) ?? seriesOf(checkpoints);
  const analysed = statesOf(stateTables, checkpoints);
  const states = analysed.map(({ summary }) => summary);
  const odds = oddsTables.map(behaviourOdds);
  const priorities = priorityTables(
    analysed,
    checkpoints.map(({ id }) => id),
  );
  const relations = distinguishabilitySpeeds(series, states, odds);
  const inSeries = new Set(
    (facts.series ?? series).flatMap(({ points }) => points.map(({ checkpoint }) => checkpoint)),
  );
  const others = checkpoints.filter(({ id }) => !inSeries.has(id));
  const { paths, ends } = displacementOf(series, others, instruments, cells);
  if (states.length + odds.length + paths.length + ends.length === 0) return undefined;
  const isNotDpo = ({ name, method }: SeriesMembers): boolean =>
    method !== 'dpo' && relations.some((one) => one.series === name);
  return {
    states,
    odds,
    priorities,
    susceptibility: susceptibilities(states, odds, checkpoints, reference),
    relations,
    displacement: paths,
    displacementEnds: ends,
    notes: [
      ...(unreadable === 0 ? [] : [`${unreadable} outcomes hold nothing of a behaviour that can be read`]),
      ...widthNotes(stateTables, states),
      ...(states.some(({ normalised }) => normalised)
        ? ['vectors of length 1 have no distances: where a server hands them out, separability alone is told']
        : []),
      ...(priorities.some(({ levels }) => levels.length > MOST_GAPPED)
        ? [`gaps of priority are left out where there are more than ${MOST_GAPPED} behaviours`]
        : []),
      ...(series.some(isNotDpo)
        ? ['distinguishability is said to predict speed under DPO; of other methods the relation describes']
        : []),
    ],
  };
}

function statesOf(
  tables: readonly Collected<StateTable>[],
  checkpoints: readonly SummaryCheckpoint[],
): AnalysedStates[] {
  const said = new Set(checkpoints.filter(saysNormalised).map(({ id }) => id));
  const byPlace = new Map<string, Collected<StateTable>[]>();
  for (const one of tables) {
    const place = JSON.stringify([one.instrument, one.checkpoint]);
    byPlace.set(place, [...(byPlace.get(place) ?? []), one]);
  }
  return [...byPlace.values()].flatMap((together) => {
    const facts = stateFacts(
      together.map(({ table }) => table),
      together.some(({ checkpoint }) => said.has(checkpoint)),
    );
    return together.map((one) => analysedStates(one, facts));
  });
}

/** Whether the adapter noted that its server scales vectors to length 1. */
function saysNormalised({ identity: { facts } }: SummaryCheckpoint): boolean {
  const notes: JsonValue = facts['notes'] ?? null;
  const embeddings =
    typeof notes === 'object' && notes !== null && 'embeddings' in notes ? notes['embeddings'] : null;
  return typeof embeddings === 'string' && embeddings.startsWith('normalised');
}

function widthNotes(tables: readonly Collected<StateTable>[], states: DynamicsSummary['states']): string[] {
  const several = tables.filter(({ table }) => table.widths.size > 1).length;
  const unusable = states.reduce((sum, one) => sum + one.unusable, 0);
  return [
    ...(several === 0
      ? []
      : [`vectors of several lengths came of ${several} behaviours: those of the length of most are used`]),
    ...(unusable === 0
      ? []
      : [`${unusable} vectors are left out: not finite, all zero, or of another length`]),
  ];
}
