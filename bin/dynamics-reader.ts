import type { Definition } from '../benchmarks/definition/definition.ts';
import type { OutcomeRecord } from '../benchmarks/journal/records.ts';
import type { DynamicsSummary } from '../results/dynamics/dynamics-summary.ts';
import type { SummaryTaskInput } from '../results/summarise.ts';
import type { Summary } from '../results/summary.ts';

/** What reads learning dynamics along with a run's outcomes. */
export interface DynamicsReader {
  /** Passes outcomes on and keeps what their details say of behaviours. */
  tap(outcomes: AsyncIterable<OutcomeRecord>): AsyncIterable<OutcomeRecord>;
  /** Undefined where nothing was asked of which anything can be said. */
  dynamicsOf(summary: Summary): DynamicsSummary | undefined;
}

/** The reader of a run that asked about learning dynamics; undefined for all other runs, which then load nothing of it. */
export async function dynamicsReader(
  { checkpoints, roles }: Definition,
  tasks: readonly SummaryTaskInput[],
): Promise<DynamicsReader | undefined> {
  const instruments = tasks.filter(({ facts }) => facts.family === 'dynamics').map(({ facts }) => facts.task);
  if (instruments.length === 0) return undefined;
  const { DynamicsCollector } = await import('../results/dynamics/collect.ts');
  const { dynamicsSummary } = await import('../results/dynamics/summarise-dynamics.ts');
  const ids = checkpoints.map(({ id }) => id);
  const collector = new DynamicsCollector({ instruments, checkpoints: ids });
  const reference = ids.find((id) => id === roles.reference?.id) ?? null;
  return {
    tap: (outcomes) => collector.tap(outcomes),
    dynamicsOf: ({ checkpoints: known, cells, series }) =>
      dynamicsSummary(collector.collected(), {
        instruments,
        checkpoints: known,
        cells,
        reference,
        ...(series === undefined ? {} : { series }),
      }),
  };
}
