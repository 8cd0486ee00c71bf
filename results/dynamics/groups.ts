import { partsOfInstrument } from '../../suites/task.ts';

/** Something known of one behaviour under one instrument. */
export interface Placed {
  readonly task: string;
  readonly behaviour: string;
}

/** What one task says of behaviours, whatever datasets they lie in. */
export interface Group<Entry> {
  /** Task and preset. */
  readonly name: string;
  /** The instrument, or the name of the task where there are several. */
  readonly task: string;
  readonly members: readonly { readonly behaviour: string; readonly key: string; readonly entry: Entry }[];
}

/**
 * Entries by task and preset, in the order in which they come. Behaviours of one name in two datasets are told apart by
 * the dataset; `key` is that of dataset and behaviour, by which two tasks know the same behaviour.
 */
export function groupsOf<Entry extends Placed>(entries: readonly Entry[]): Group<Entry>[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { task, preset } = partsOf(entry.task);
    const name = `${task}:${preset}`;
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups].map(([name, members]) => groupOf(name, members));
}

function groupOf<Entry extends Placed>(name: string, entries: readonly Entry[]): Group<Entry> {
  const instruments = [...new Set(entries.map(({ task }) => task))];
  const [instrument = ''] = instruments;
  const uses = new Map<string, Set<string>>();
  for (const { task, behaviour } of entries)
    uses.set(behaviour, (uses.get(behaviour) ?? new Set()).add(partsOf(task).dataset));
  return {
    name,
    task: instruments.length === 1 ? instrument : partsOf(instrument).task,
    members: entries.map((entry) => {
      const { dataset } = partsOf(entry.task);
      const isUnique = uses.get(entry.behaviour)?.size === 1;
      return {
        behaviour: isUnique ? entry.behaviour : `${dataset}: ${entry.behaviour}`,
        key: JSON.stringify([dataset, entry.behaviour]),
        entry,
      };
    }),
  };
}

function partsOf(instrument: string): {
  readonly task: string;
  readonly dataset: string;
  readonly preset: string;
} {
  return partsOfInstrument(instrument) ?? { task: instrument, dataset: '', preset: '' };
}
