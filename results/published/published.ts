import { rlhfTrustV1 } from './rlhf-trust-v1.ts';

/**
 * Numbers that a paper printed, as data. They are context for a reader and never enter a statistic: other scorers,
 * other samplers and no samples stand behind them, so nothing can be paired with them.
 */
export interface PublishedTable {
  /** A stable short name. */
  readonly id: string;
  readonly title: string;
  /** The publication, with its version. */
  readonly source: string;
  /** Where in it, or around it, the numbers were found. */
  readonly foundIn: string;
  readonly dimension: string;
  readonly quantity: string;
  /** `share` of 1, or a plain `score`, or `nats`; what the publication printed as percent is stored as a share. */
  readonly unit: 'share' | 'score' | 'nats';
  /** How exactly the publication gives its numbers: digits after the point, in `unit`. */
  readonly digits: number;
  readonly direction: 'higher-is-better' | 'lower-is-better' | null;
  /** What a reader must know before he lays a number of his own beside these. */
  readonly caveats: readonly string[];
  /** Which checkpoints, as the publication's code names them. */
  readonly checkpoints: string;
  /** Columns. */
  readonly models: readonly string[];
  /** Rows: how the models were tuned, in the words of the publication, with one value a model. */
  readonly rows: readonly { readonly method: string; readonly values: readonly number[] }[];
  /** Instruments that ask the same, with the metric to lay beside; none where this program has none. */
  readonly instruments: readonly PublishedInstrument[];
}

export interface PublishedInstrument {
  /** `suite/task`. */
  readonly task: string;
  readonly dataset: string;
  readonly metric: string;
  /** What differs even so. */
  readonly differs: string;
}

/** Published numbers that belong beside one metric of an instrument. */
export interface PublishedMatch {
  readonly table: PublishedTable;
  readonly instrument: PublishedInstrument;
}

/** Everything that is known, in the order of the publications. */
export const PUBLISHED: readonly PublishedTable[] = rlhfTrustV1;

/**
 * The published numbers of the quantity that an instrument measures under the publication's own protocol.
 *
 * @param task `task@dataset:preset`; anything but the preset `paper` has no published counterpart.
 */
export function publishedFor(task: string): PublishedMatch[] {
  const parts = /^(.+)@(.+):paper$/.exec(task);
  if (parts === null) return [];
  const [, name, dataset] = parts;
  return PUBLISHED.flatMap((table) =>
    table.instruments
      .filter((instrument) => instrument.task === name && instrument.dataset === dataset)
      .map((instrument) => ({ table, instrument })),
  );
}

/** A published value as it was printed: shares as points of 100. */
export function publishedValue({ unit, digits }: PublishedTable, value: number): string {
  const shown = unit === 'share' ? Math.abs(value) * 100 : Math.abs(value);
  const text = shown.toFixed(unit === 'share' ? Math.max(0, digits - 2) : digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
