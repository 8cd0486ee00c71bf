import type { JsonObject } from '../../../core/json.ts';

/** What a rater says of two responses; `both`, `neither` and `invalid` are no preference between them. */
export type Vote = 'a' | 'b' | 'tie' | 'both' | 'neither' | 'invalid';

/** Two responses to one prompt, and who preferred which: a row of a pairs file. A type, because it travels as JSON. */
export type PairRow = {
  readonly id: string;
  /** The prompt's id: pairs of one prompt are not independent. */
  readonly item: string;
  readonly prompt: string;
  /** The text that the responses speak about (a post, a document); absent where there is none. */
  readonly source?: string;
  /** Passages that the responses quote. */
  readonly quotes?: readonly string[];
  /** A response that is known to be good. */
  readonly reference?: string;
  readonly a: string;
  readonly b: string;
  readonly modelA?: string;
  readonly modelB?: string;
  /** The main human label. Absent: nobody said. */
  readonly preference?: 'a' | 'b' | 'tie';
  /** How clear the preference was, 0 to 1, where the source says so. */
  readonly strength?: number;
  /** Every further rater by name: annotators, votes on a trait. */
  readonly votes?: Readonly<Record<string, Vote>>;
  readonly meta?: JsonObject;
};

/** 1 for a, −1 for b, 0 for a tie; null where it is no preference. */
export function signOfVote(vote: Vote): 1 | 0 | -1 | null {
  return ({ a: 1, b: -1, tie: 0, both: null, neither: null, invalid: null } as const)[vote];
}
