import type { MetricSpec } from '../../suites/task.ts';
import { KIND } from '../outcomes/column.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { cellOf, type RunLabels } from './evidence.ts';

/** The labels of an instrument by the unit that they speak of, and the cell of every unit. */
export class LabelLookup {
  readonly labels: RunLabels;
  readonly #table: InstrumentTable;
  readonly #specs: readonly MetricSpec[];
  readonly #units: ReadonlyMap<string, number>;
  readonly #sides = new Map<string, CheckpointLabels | null>();

  constructor(labels: RunLabels, table: InstrumentTable, specs: readonly MetricSpec[]) {
    this.labels = labels;
    this.#table = table;
    this.#specs = specs;
    this.#units = new Map(table.samples.map((sample, unit) => [`${table.repeats[unit]} ${sample}`, unit]));
  }

  /** Null when the checkpoint has no labels. */
  of(checkpoint: string): CheckpointLabels | null {
    const known = this.#sides.get(checkpoint);
    if (known !== undefined) return known;
    const made = this.#make(checkpoint);
    this.#sides.set(checkpoint, made);
    return made;
  }

  #make(checkpoint: string): CheckpointLabels | null {
    const own = this.labels.labels.filter((label) => label.checkpoint === checkpoint);
    const column = this.#table.columns.get(checkpoint);
    if (own.length === 0 || column === undefined) return null;
    const { keys } = this.labels;
    const cells = Array.from({ length: this.#table.units }, (_, unit) =>
      column.kinds[unit] === KIND.scored
        ? cellOf(this.#specs, keys, (key) => column.values.get(key)?.[unit], this.#table.strata[unit] ?? {})
        : null,
    );
    const labels = new Map(
      own.flatMap(({ sample, repeat, label }) => {
        const unit = this.#units.get(`${repeat} ${sample}`);
        if (unit === undefined) return [];
        return [[unit, this.labels.valuesOf(label, this.#table.strata[unit] ?? {})] as const];
      }),
    );
    const counts = new Map<string, number>();
    for (const cell of cells) if (cell !== null) counts.set(cell, (counts.get(cell) ?? 0) + 1);
    const drawn = this.labels.populations.get(checkpoint) ?? new Map<string, number>();
    const isAsDrawn =
      counts.size === drawn.size && [...counts].every(([cell, count]) => drawn.get(cell) === count);
    return { cells, labels, isAsDrawn: isAsDrawn && labels.size === own.length };
  }
}

export interface CheckpointLabels {
  /** By unit; null where no scorer said anything. */
  readonly cells: readonly (string | null)[];
  readonly labels: ReadonlyMap<number, Readonly<Record<string, number>>>;
  /** The answers are those that the sample was drawn from. */
  readonly isAsDrawn: boolean;
}
