import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { ConfoundName } from '../effects/comparable.ts';
import type { SummaryTaskInput } from '../summarise.ts';
import type { RunFacts, SummaryCheckpoint } from '../summary.ts';
import type { Asked } from './join.ts';

/** One run as it comes to a comparison. */
export interface RunInput {
  readonly label: string;
  readonly benchmark: string;
  readonly run: RunFacts;
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly asked: readonly Asked[];
  /** What a summary knows of an instrument; called for those that are joined. */
  readonly taskOf: (instrument: string) => Promise<SummaryTaskInput>;
  /** Differences between two sides that its definition allows by name. */
  readonly allow: readonly ConfoundName[];
  /** All outcomes, streamed; called up to twice. */
  readonly outcomes: () => AsyncIterable<OutcomeRecord>;
}
