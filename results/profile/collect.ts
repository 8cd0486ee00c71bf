import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { AnswerKeys } from './answer-keys.ts';
import { type PairDetail, profileDetail } from './detail.ts';
import { type CollectedTable, Names, PairTable, type TableFrame, WrittenTable } from './tables.ts';

export interface CollectOptions {
  /** Instruments of PROFILE in the order of the definition, by full name (`task@dataset:preset`). */
  readonly instruments: readonly string[];
  /** In the order of the definition. */
  readonly checkpoints: readonly string[];
  /** Keys of the factors, in the order in which they are to be shown. */
  readonly factors: readonly string[];
  /** The factor that says how long a response is. */
  readonly lengthFactor: string;
}

/** All that a run knows of factors and preferences, by dataset: prompts are numbered alike within one. */
export interface CollectedProfile {
  readonly datasets: readonly CollectedDataset[];
  readonly keys: AnswerKeys;
  readonly notes: readonly string[];
}

export interface CollectedDataset {
  readonly name: string;
  readonly promptCount: number;
  readonly tables: readonly CollectedTable[];
}

/**
 * Reads outcomes once, in any order, and keeps what factor scores need. Memory: 8 bytes a pair and factor, and a byte a
 * pair and rater; details are let go.
 */
export async function collectProfile(
  outcomes: AsyncIterable<OutcomeRecord>,
  options: CollectOptions,
): Promise<CollectedProfile> {
  const collector = new ProfileCollector(options);
  for await (const record of outcomes) collector.enter(record);
  return collector.collected();
}

interface Dataset {
  readonly prompts: Names;
  readonly pairs: Map<string, PairTable>;
  /** By instrument and checkpoint. */
  readonly written: Map<string, Map<string, WrittenTable>>;
}

/** The same, fed by whoever reads the outcomes anyway. */
export class ProfileCollector {
  readonly #options: CollectOptions;
  readonly #frame: TableFrame;
  readonly #instruments: ReadonlySet<string>;
  readonly #checkpoints: ReadonlySet<string>;
  readonly #datasets = new Map<string, Dataset>();
  readonly #keys: AnswerKeys;
  /** Samples without a preference of instruments of which nothing is known yet: by instrument and checkpoint. */
  readonly #invalid = new Map<string, Map<string, number>>();
  #unreadable = 0;

  constructor(options: CollectOptions) {
    this.#options = options;
    this.#frame = { factors: options.factors, length: options.factors.indexOf(options.lengthFactor) };
    this.#instruments = new Set(options.instruments);
    this.#checkpoints = new Set(options.checkpoints);
    this.#keys = new AnswerKeys();
  }

  /** Passes outcomes on to the next reader and keeps what it needs of them. */
  async *tap(outcomes: AsyncIterable<OutcomeRecord>): AsyncGenerator<OutcomeRecord> {
    for await (const record of outcomes) {
      this.enter(record);
      yield record;
    }
  }

  enter(record: OutcomeRecord): void {
    const { checkpoint, instrument, outcome } = record;
    if (!this.#checkpoints.has(checkpoint)) return;
    this.#keys.enter(instrument, record.answers);
    if (!this.#instruments.has(instrument)) return;
    const detail = profileDetail(record);
    if (detail?.kind === 'pair')
      this.#pairs(instrument).enter(checkpoint, record.sample, record.repeat, record.cluster, detail);
    if (detail?.kind === 'written') {
      this.#written(instrument, checkpoint).enter(record.sample, record.repeat, record.cluster, detail);
    }
    if (outcome.kind === 'unscored') this.#countInvalid(instrument, checkpoint);
    if (detail === null && outcome.kind === 'scored' && !isLevels(outcome.detail)) this.#unreadable++;
  }

  /** A pair that people rated, outside any run. */
  enterPair(instrument: string, id: string, item: string, detail: PairDetail): void {
    this.#pairs(instrument).enter(null, id, 0, item, detail);
  }

  collected(): CollectedProfile {
    this.#handInvalid();
    return {
      datasets: [...this.#datasets]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, dataset]) => this.#arranged(name, dataset)),
      keys: this.#keys,
      notes: this.#notes(),
    };
  }

  #arranged(name: string, { prompts, pairs, written }: Dataset): CollectedDataset {
    const numbers = prompts.sortedNumbers();
    const { instruments, checkpoints } = this.#options;
    const known = [...new Set([...instruments, ...pairs.keys(), ...written.keys()])];
    const tables = known.flatMap((task) => [
      ...(pairs.get(task) === undefined ? [] : [pairs.get(task)?.arranged(task, numbers, checkpoints)]),
      ...checkpoints.map((id) => written.get(task)?.get(id)?.arranged(task, numbers, id)),
    ]);
    return { name, promptCount: prompts.names.length, tables: tables.filter((table) => table !== undefined) };
  }

  #countInvalid(instrument: string, checkpoint: string): void {
    const counts = this.#invalid.get(instrument) ?? new Map<string, number>();
    counts.set(checkpoint, (counts.get(checkpoint) ?? 0) + 1);
    this.#invalid.set(instrument, counts);
  }

  /** Which kind of table an instrument has is known once all is read. */
  #handInvalid(): void {
    for (const [instrument, counts] of this.#invalid) {
      const { pairs, written } = this.#dataset(instrument);
      for (const [checkpoint, count] of counts) {
        for (let each = 0; each < count; each++) {
          if (written.has(instrument)) this.#written(instrument, checkpoint).enterInvalid();
          else if (pairs.has(instrument)) this.#pairs(instrument).enterInvalid(checkpoint);
        }
      }
    }
    this.#invalid.clear();
  }

  #notes(): string[] {
    const contradictions = [...this.#datasets.values()]
      .flatMap(({ pairs }) => [...pairs.values()])
      .reduce((sum, table) => sum + table.contradictions, 0);
    return [
      ...(this.#unreadable === 0
        ? []
        : [`${this.#unreadable} outcomes of PROFILE hold no factors that can be read`]),
      ...(contradictions === 0
        ? []
        : [
            `${contradictions} factors of pairs were measured differently for different checkpoints and count as missing`,
          ]),
    ];
  }

  #pairs(instrument: string): PairTable {
    const { pairs, prompts } = this.#dataset(instrument);
    const table = pairs.get(instrument) ?? new PairTable(this.#frame, prompts);
    pairs.set(instrument, table);
    return table;
  }

  #written(instrument: string, checkpoint: string): WrittenTable {
    const { written, prompts } = this.#dataset(instrument);
    const byCheckpoint = written.get(instrument) ?? new Map<string, WrittenTable>();
    const table = byCheckpoint.get(checkpoint) ?? new WrittenTable(this.#frame, prompts);
    byCheckpoint.set(checkpoint, table);
    written.set(instrument, byCheckpoint);
    return table;
  }

  #dataset(instrument: string): Dataset {
    const name = datasetOf(instrument);
    const dataset = this.#datasets.get(name) ?? {
      prompts: new Names(),
      pairs: new Map(),
      written: new Map(),
    };
    this.#datasets.set(name, dataset);
    return dataset;
  }
}

/** `dataset:preset` of `task@dataset:preset`. */
function datasetOf(instrument: string): string {
  return instrument.slice(instrument.indexOf('@') + 1);
}

/** Outcomes that measure responses and prefer none: they are read by their metrics alone. */
function isLevels(detail: unknown): boolean {
  return typeof detail === 'object' && detail !== null && 'setting' in detail && detail.setting === 'levels';
}
