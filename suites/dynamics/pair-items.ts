import { digestOf } from '../../core/digest.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LoadedDataset, Prompt, RawForm, Sample } from '../task.ts';
import { placeOf, refuseRepeats, strataOf, textOf, unusable } from './items.ts';
import { cutTranscripts, turnsOf } from './transcript.ts';

/** Of a longer answer an error shows the beginning. */
const SHOWN_CHARACTERS = 60;

/** A pair, ready to be scored. A type, because it is a sample's JSON. */
export type PairData = {
  readonly raw: string;
  readonly turns: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly delimiter: string;
  readonly chosen: string;
  readonly rejected: string;
  /** The trainer's β; absent where the task needs none. */
  readonly beta?: number;
};

/**
 * One sample a pair. A row of transcripts (`chosen`, `rejected`, no `prompt`) is cut where its two texts part; one of which
 * a side then says nothing is passed over, because there is nothing to score.
 *
 * @throws UserError (exit code 3) for a pair of one text twice, and for one sample twice
 */
export function* pairSamples(dataset: LoadedDataset, beta?: number): Generator<Sample> {
  const place = refuseRepeats(dataset);
  for (const [index, row] of dataset.rows.entries()) {
    const pair = pairOf(row);
    if (pair === null) continue;
    const { id, cluster } = pair;
    const where = place(index, id);
    if (pair.chosen === pair.rejected) {
      const message = `${JSON.stringify(pair.rejected.slice(0, SHOWN_CHARACTERS))} is the chosen answer too`;
      throw unusable(where, 'rejected', message, 'correct one of the two, or remove the row');
    }
    const data: PairData = {
      ...(pair.isTranscript ? asItStands(pair.prompt) : inForm(pair.prompt, dataset.rawForm)),
      chosen: pair.chosen,
      rejected: pair.rejected,
      ...(beta === undefined ? {} : { beta }),
    };
    yield { id, cluster, strata: pair.strata, data };
  }
}

/** The prompt of a pair in both formats. */
export function promptOf({ raw, turns }: Pick<PairData, 'raw' | 'turns'>): Prompt {
  return { raw, chat: turns };
}

/** The prompt alone. A type, because it is part of a sample's JSON. */
export type PairPrompt = Pick<PairData, 'raw' | 'turns'>;

/** The prompt of a row of pairs, with the cluster that the row names; null where a transcript has none. */
export function promptOfRow(
  row: JsonObject,
  rawForm: RawForm,
): { readonly prompt: PairPrompt; readonly cluster?: string; readonly isTranscript: boolean } | null {
  const written = textOf(row['prompt']);
  if (written !== undefined) {
    const { raw, turns } = inForm(written, rawForm);
    const cluster = textOf(row['cluster']);
    return { prompt: { raw, turns }, isTranscript: false, ...(cluster === undefined ? {} : { cluster }) };
  }
  const pair = pairOf(row);
  if (pair === null) return null;
  const { raw, turns } = asItStands(pair.prompt);
  return { prompt: { raw, turns }, isTranscript: true };
}

interface Pair {
  readonly id: string;
  readonly cluster: string;
  readonly strata: Readonly<Record<string, string>>;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly isTranscript: boolean;
}

function pairOf(row: JsonObject): Pair | null {
  const [prompt, factor] = [textOf(row['prompt']), textOf(row['factor'])];
  const chosen = textOf(row['chosen']) ?? textOf(row['more']) ?? '';
  const rejected = textOf(row['rejected']) ?? textOf(row['less']) ?? '';
  if (prompt === undefined) {
    const cut = cutTranscripts(chosen, rejected);
    if (cut === null) return null;
    // Pairs of one prompt are not independent.
    const { id } = placeOf(row, cut.prompt);
    return { id, cluster: digestOf(cut.prompt).slice(0, 16), strata: {}, ...cut, isTranscript: true };
  }
  return {
    ...placeOf(row, prompt),
    strata: { ...strataOf(row), ...(factor === undefined ? {} : { factor }) },
    prompt,
    chosen: chosen.trim(),
    rejected: rejected.trim(),
    isTranscript: false,
  };
}

/** A prompt of one turn in both formats. */
export function inForm(
  prompt: string,
  { before, after, delimiter }: RawForm,
): Pick<PairData, 'raw' | 'turns' | 'delimiter'> {
  return { raw: `${before}${prompt}${after}`, turns: [{ role: 'user', content: prompt }], delimiter };
}

/** A transcript is its own raw form: the answer follows `Assistant:` after one space. */
function asItStands(prompt: string): Pick<PairData, 'raw' | 'turns' | 'delimiter'> {
  return { raw: prompt, turns: turnsOf(prompt), delimiter: ' ' };
}
