import { digestOf } from '../../core/digest.ts';
import type { LoadedDataset, Sample } from '../task.ts';
import { type PairPrompt, promptOfRow } from './pair-items.ts';

/** A prompt that answers are drawn to. A type, because it is a sample's JSON. */
export type DrawnPrompt = PairPrompt & { readonly stop: readonly string[] };

/** Where a dialogue of its own form would go on with the next turn of the person. */
const NEXT_TURN = '\n\nHuman:';

/** The prompts of preference pairs, each once however many pairs it has; named by their text. */
export function* promptSamples(dataset: LoadedDataset): Generator<Sample> {
  const seen = new Set<string>();
  for (const row of dataset.rows) {
    const found = promptOfRow(row, dataset.rawForm);
    if (found === null) continue;
    const { prompt, cluster, isTranscript } = found;
    const id = digestOf(prompt.raw).slice(0, 16);
    if (seen.has(id)) continue;
    seen.add(id);
    const stop = isTranscript ? [NEXT_TURN] : dataset.rawForm.stop;
    const data: DrawnPrompt = { ...prompt, stop };
    yield { id, cluster: cluster ?? id, strata: {}, data };
  }
}
