import { UserError } from '../../core/errors.ts';
import { cellOf } from '../cells.ts';
import { collectOutcomes } from '../outcomes/table.ts';
import type { SummaryTaskInput } from '../summarise.ts';
import type { Cell } from '../summary.ts';
import type { Join } from './join.ts';
import type { RunInput } from './run-input.ts';

export interface ReadValues {
  readonly label: string;
  readonly cells: readonly Cell[];
  readonly problem: string | null;
}

/** The cells of one run; a run whose outcomes are damaged has none, and says why. */
export async function valuesOf(
  input: RunInput,
  { joined }: Join,
  tasks: readonly SummaryTaskInput[],
): Promise<ReadValues> {
  const own = tasks.filter(({ facts }) =>
    joined.some(({ instrument, runs }) => instrument === facts.task && runs.includes(input.label)),
  );
  const specs = new Map(own.map(({ facts, metrics }) => [facts.task, metrics]));
  const ids = input.checkpoints.map(({ id }) => id);
  try {
    const { instruments } = await collectOutcomes(input.outcomes(), ids, specs);
    const cells = own.flatMap(({ facts, metrics }) => {
      const table = instruments.get(facts.task);
      if (table === undefined) return [];
      return ids.flatMap((id) =>
        metrics.map((spec) => ({
          ...cellOf(id, facts.task, table, spec),
          checkpoint: `${input.label}/${id}`,
        })),
      );
    });
    return { label: input.label, cells, problem: null };
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return { label: input.label, cells: [], problem: error.message };
  }
}
