import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { partsOfInstrument } from '../../suites/task.ts';
import { statementDetail } from './detail.ts';
import { OddsTable, StateTable } from './tables.ts';

export interface CollectOptions {
  /** Instruments of learning dynamics in the order of the definition, by full name (`task@dataset:preset`). */
  readonly instruments: readonly string[];
  /** In the order of the definition. */
  readonly checkpoints: readonly string[];
}

/** What one checkpoint was found to hold of one behaviour by one instrument. */
export interface Collected<Table> {
  readonly instrument: string;
  readonly checkpoint: string;
  readonly behaviour: string;
  readonly table: Table;
}

/** In the order of instruments, then of checkpoints, then of behaviours by name. */
export interface CollectedDynamics {
  readonly states: readonly Collected<StateTable>[];
  readonly odds: readonly Collected<OddsTable>[];
  /** Scored outcomes whose detail cannot be read, of instruments that have others which can. */
  readonly unreadable: number;
}

/**
 * Keeps what the details of outcomes say of behaviours, in any order. Memory: 4 bytes for every number of every state, 8
 * for every log-odds; details are let go. A sample that is asked again counts once.
 */
export class DynamicsCollector {
  readonly #options: CollectOptions;
  readonly #checkpoints: ReadonlySet<string>;
  /** By instrument, checkpoint and behaviour. */
  readonly #states: Shelf<StateTable>;
  readonly #odds: Shelf<OddsTable>;
  readonly #silent = new Map<string, number>();

  constructor(options: CollectOptions) {
    this.#options = options;
    this.#checkpoints = new Set(options.checkpoints);
    this.#states = new Map(options.instruments.map((instrument) => [instrument, new Map()]));
    this.#odds = new Map(options.instruments.map((instrument) => [instrument, new Map()]));
  }

  /** Passes outcomes on to the next reader and keeps what it needs of them. */
  async *tap(outcomes: AsyncIterable<OutcomeRecord>): AsyncGenerator<OutcomeRecord> {
    for await (const record of outcomes) {
      this.enter(record);
      yield record;
    }
  }

  enter(record: OutcomeRecord): void {
    const { instrument, checkpoint, cluster, repeat } = record;
    if (repeat !== 0 || !this.#states.has(instrument) || !this.#checkpoints.has(checkpoint)) return;
    const detail = statementDetail(record);
    if (detail === null) {
      this.#countSilent(record);
      return;
    }
    const place = [instrument, checkpoint, behaviourOf(record)] as const;
    if (detail.kind === 'odds') tableOf(this.#odds, place, () => new OddsTable()).add(detail);
    else {
      const table = tableOf(this.#states, place, () => new StateTable());
      if (detail.kind === 'state') table.add(detail.vector, detail.matching, cluster);
      else table.addUnusable();
    }
  }

  collected(): CollectedDynamics {
    const [states, odds] = [this.#listed(this.#states), this.#listed(this.#odds)];
    const spoken = new Set([...states, ...odds].map(({ instrument }) => instrument));
    const unreadable = [...this.#silent].reduce(
      (sum, [instrument, count]) => sum + (spoken.has(instrument) ? count : 0),
      0,
    );
    return { states, odds, unreadable };
  }

  #countSilent({ instrument, outcome }: OutcomeRecord): void {
    if (outcome.kind !== 'scored') return;
    this.#silent.set(instrument, (this.#silent.get(instrument) ?? 0) + 1);
  }

  #listed<Table>(shelf: Shelf<Table>): Collected<Table>[] {
    const { instruments, checkpoints } = this.#options;
    return instruments.flatMap((instrument) =>
      checkpoints.flatMap((checkpoint) =>
        [...(shelf.get(instrument)?.get(checkpoint) ?? [])]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([behaviour, table]) => ({ instrument, checkpoint, behaviour, table })),
      ),
    );
  }
}

type Shelf<Table> = Map<string, Map<string, Map<string, Table>>>;

function tableOf<Table>(
  shelf: Shelf<Table>,
  [instrument, checkpoint, behaviour]: readonly [string, string, string],
  create: () => Table,
): Table {
  const byCheckpoint = shelf.get(instrument) ?? new Map<string, Map<string, Table>>();
  const byBehaviour = byCheckpoint.get(checkpoint) ?? new Map<string, Table>();
  const table = byBehaviour.get(behaviour) ?? create();
  shelf.set(instrument, byCheckpoint);
  byCheckpoint.set(checkpoint, byBehaviour);
  byBehaviour.set(behaviour, table);
  return table;
}

function behaviourOf({ instrument, strata }: OutcomeRecord): string {
  return strata['behaviour'] ?? partsOfInstrument(instrument)?.dataset ?? instrument;
}
