import type { JsonObject } from '../../../../core/json.ts';
import type { PairRow } from '../pair.ts';

/** Why a row gives no pair. The words are what people read. */
export const LEFT_OUT = {
  self_pair: 'both responses are the same text',
  duplicate: 'the same pair again',
  mirrored: 'the same pair again, mirrored',
  contexts_differ: 'the conversations differ before their last turn',
  ends_on_human: 'a conversation ends without a response',
  no_prompt: 'no prompt, which a pairs file must have',
  below_strength: 'weaker than the least strength',
  no_strength: 'no strength to compare with the least one',
} as const;

export type LeftOut = keyof typeof LEFT_OUT;

/** What pairs that are kept are counted by besides. */
export const NOTED = {
  tie: 'tied',
  no_label: 'without a main label',
  empty_response: 'with an empty response',
  id_repeated: 'with an id that was taken, and got another',
  label_differs: 'left out as the same pair again, though their label differs',
} as const;

export type Noted = keyof typeof NOTED;

export interface PairFormat {
  readonly name: string;
  readonly title: string;
  /** Columns that every row has; together no other format has them. */
  readonly columns: readonly string[];
  /** All columns there are, where others are mistakes; absent where rows may carry more. */
  readonly allColumns?: readonly string[];
  /** @throws UserError (exit code 3) for a row whose shape is not that of the format. */
  readonly read: (row: JsonObject, where: string) => PairRow | LeftOut;
}
