import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { MetricSpec } from '../../suites/task.ts';
import { pairUp } from '../effects/paired.ts';
import { collectOutcomes } from '../outcomes/table.ts';
import { sequentialEstimate } from './estimate.ts';
import type { SequentialDesign } from './rule.ts';

/** What the rule watches: the headline of each instrument in each of these comparisons. */
export interface Watched {
  readonly headlines: ReadonlyMap<string, MetricSpec>;
  readonly pairs: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Says which instruments need no further samples: those of which every watched effect has an interval narrower than
 * the rule demands. It keeps the outcome of every sample without its details, some 200 bytes each.
 */
export class WidthRule {
  readonly #design: SequentialDesign;
  readonly #watched: Watched;
  readonly #records = new Map<string, OutcomeRecord[]>();
  readonly #settled = new Set<string>();

  constructor(design: SequentialDesign, watched: Watched) {
    this.#design = design;
    this.#watched = watched;
  }

  observe({ checkpoint, instrument, sample, cluster, strata, repeat, outcome }: OutcomeRecord): void {
    const bare = outcome.kind === 'scored' ? { kind: outcome.kind, values: outcome.values } : outcome;
    const record = {
      checkpoint,
      instrument,
      sample,
      cluster,
      strata,
      repeat,
      outcome: bare,
      answers: [],
      content: null,
    };
    const known = this.#records.get(instrument);
    if (known === undefined) this.#records.set(instrument, [record]);
    else known.push(record);
  }

  /** Instruments that are settled after what was observed so far; once settled, an instrument stays so. */
  async settled(): Promise<ReadonlySet<string>> {
    for (const [instrument, spec] of this.#watched.headlines) {
      if (this.#settled.has(instrument) || !(await this.#isSettled(instrument, spec))) continue;
      this.#settled.add(instrument);
      this.#records.delete(instrument);
    }
    return this.#settled;
  }

  async #isSettled(instrument: string, spec: MetricSpec): Promise<boolean> {
    const ids = [...new Set(this.#watched.pairs.flatMap(({ from, to }) => [from, to]))];
    const records = this.#records.get(instrument);
    if (records === undefined) return false;
    const { instruments } = await collectOutcomes(inOrder(records), ids, new Map([[instrument, [spec]]]));
    const table = instruments.get(instrument);
    if (table === undefined) return false;
    return this.#watched.pairs.every(({ from, to }) => {
      const paired = pairUp(table, spec, from, to);
      // A checkpoint that cannot be asked holds nobody up: its effects are not comparable, however long one asks.
      if (paired === null || paired.units.length === 0) return true;
      const { low, high } = sequentialEstimate(table, spec, paired, this.#design, instrument);
      return low !== null && high !== null && high - low < this.#design.width;
    });
  }
}

async function* inOrder(records: readonly OutcomeRecord[]): AsyncGenerator<OutcomeRecord> {
  yield* records;
}
