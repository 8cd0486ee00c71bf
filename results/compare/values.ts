import { UserError } from '../../core/errors.ts';
import { type SummaryTaskInput, summarise } from '../summarise.ts';
import type { Cell, Effect, Summary } from '../summary.ts';
import type { Join } from './join.ts';
import type { RunInput } from './run-input.ts';

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
  readonly problem: string | null;
}

/** What one run alone says of the joined instruments; a run whose outcomes are damaged says nothing, and why. */
export async function valuesOf(
  input: RunInput,
  { joined }: Join,
  tasks: readonly SummaryTaskInput[],
): Promise<ReadValues> {
  const { label, benchmark, run, checkpoints, allow } = input;
  const own = tasks.filter(({ facts }) =>
    joined.some(({ instrument, runs }) => instrument === facts.task && runs.includes(label)),
  );
  try {
    const summary = await summarise({
      run,
      benchmark,
      checkpoints,
      tasks: own,
      outcomes: input.outcomes(),
      runnerAlarms: [],
      seed: run.seed,
      allow,
    });
    const cells = summary.cells.map((cell) => ({ ...cell, checkpoint: `${label}/${cell.checkpoint}` }));
    return { label, cells, stages: stagesOf(summary, label), problem: null };
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return { label, cells: [], stages: [], problem: error.message };
  }
}

function stagesOf({ effects, tasks }: Summary, label: string): StageChange[] {
  const headlines = new Map(tasks.map(({ task, headline }) => [task, headline]));
  return effects
    .filter(({ kind, task, metric }) => kind === 'stage' && headlines.get(task) === metric)
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
