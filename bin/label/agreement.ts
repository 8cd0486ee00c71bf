import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { StoredLabel } from './store.ts';
import type { LabelTask } from './tasks.ts';

/** How often people and the scorer agree on the labelled answers of one checkpoint. */
export interface Agreement {
  readonly instrument: string;
  readonly checkpoint: string;
  readonly labelled: number;
  /** Every metric that the label decides has the same value by the scorer. */
  readonly agreed: number;
}

/** By instrument and checkpoint, in the order in which these occur in the outcomes. */
export async function agreements(
  outcomes: AsyncIterable<OutcomeRecord>,
  labels: readonly StoredLabel[],
  tasks: readonly LabelTask[],
): Promise<Agreement[]> {
  const byPlace = new Map(labels.map((one) => [placeOf(one), one]));
  const rubrics = new Map(tasks.map(({ instrument, rubric }) => [instrument, rubric]));
  const found = new Map<
    string,
    { instrument: string; checkpoint: string; labelled: number; agreed: number }
  >();
  for await (const record of outcomes) {
    const label = byPlace.get(placeOf(record));
    const rubric = rubrics.get(record.instrument);
    const { outcome, instrument, checkpoint, strata } = record;
    if (label === undefined || rubric === undefined || outcome.kind !== 'scored') continue;
    const values = Object.entries(rubric.valuesOf(label.label, strata));
    const isSame = values.every(([key, value]) => outcome.values[key] === value);
    const key = JSON.stringify([instrument, checkpoint]);
    const known = found.get(key) ?? { instrument, checkpoint, labelled: 0, agreed: 0 };
    found.set(key, { ...known, labelled: known.labelled + 1, agreed: known.agreed + (isSame ? 1 : 0) });
  }
  return [...found.values()];
}

function placeOf({
  checkpoint,
  instrument,
  sample,
  repeat,
}: Pick<OutcomeRecord, 'checkpoint' | 'instrument' | 'sample' | 'repeat'>): string {
  return JSON.stringify([checkpoint, instrument, sample, repeat]);
}
