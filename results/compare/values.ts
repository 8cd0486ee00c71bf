import { UserError } from '../../core/errors.ts';
import { summarise } from '../summarise.ts';
import type { Cell, Effect, Summary } from '../summary.ts';
import { comparedPlaces, hasMoved, type Place, placeKey } from './columns.ts';
import type { Join } from './join.ts';
import type { RunInput } from './run-input.ts';
import { noting, type SampleIds } from './shared.ts';

/**
 * A stage within one run, as its own report has it; names with the run's label. Its verdict stands there, because it
 * depends on everything that was tested with it.
 */
export type StageChange = Pick<
  Effect,
  | 'from'
  | 'to'
  | 'method'
  | 'dimension'
  | 'task'
  | 'metric'
  | 'direction'
  | 'delta'
  | 'low'
  | 'high'
  | 'n'
  | 'reason'
>;

export interface ReadValues {
  readonly label: string;
  readonly cells: readonly Cell[];
  readonly stages: readonly StageChange[];
  /** Metrics without a better side that a stage raised or lowered. */
  readonly moved: readonly Place[];
  readonly problem: string | null;
  /** Which samples it asked, of instruments of which some run asked others. */
  readonly ids: SampleIds;
}

/** What one run alone says of the joined instruments; a run whose outcomes are damaged says nothing, and why. */
export async function valuesOf(
  input: RunInput,
  join: Join,
  inputs: readonly RunInput[],
): Promise<ReadValues> {
  const { label, benchmark, run, checkpoints, allow } = input;
  const own = await Promise.all(
    join.joined.filter(({ runs }) => runs.includes(label)).map(({ instrument }) => input.taskOf(instrument)),
  );
  const ids = new Map<string, Set<string>>();
  try {
    const summary = await summarise({
      run,
      benchmark,
      checkpoints,
      tasks: own,
      outcomes: noting(input.outcomes(), join, inputs, ids),
      runnerAlarms: [],
      seed: run.seed,
      allow,
    });
    const cells = summary.cells.map((cell) => ({ ...cell, checkpoint: `${label}/${cell.checkpoint}` }));
    return { label, cells, stages: stagesOf(summary, label), moved: movedIn(summary), problem: null, ids };
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return { label, cells: [], stages: [], moved: [], problem: error.message, ids };
  }
}

function movedIn({ effects }: Summary): Place[] {
  return effects
    .filter((effect) => effect.kind === 'stage' && hasMoved(effect))
    .map(({ task, metric }) => ({ task, metric }));
}

function stagesOf({ effects, tasks }: Summary, label: string): StageChange[] {
  const compared = comparedPlaces(tasks);
  return effects
    .filter((effect) => effect.kind === 'stage' && compared.has(placeKey(effect)))
    .map(({ from, to, method, dimension, task, metric, direction, delta, low, high, n, reason }) => ({
      from: `${label}/${from}`,
      to: `${label}/${to}`,
      method,
      dimension,
      task,
      metric,
      direction,
      delta,
      low,
      high,
      n,
      reason,
    }));
}
