import type { Completion } from '../../adapters/model.ts';
import type { LoadedDataset, UnscoredReason } from '../task.ts';
import type { ItemText } from './factors/factor.ts';
import { isZoo } from './items.ts';

/** Room for a response of a few paragraphs. */
const MAX_TOKENS = 512;
/** The zoo's answers are two short sentences. */
const ZOO_TOKENS = 48;

/** No text of so few tokens is longer; what is, was not asked for, and would only cost time. */
const MOST_CHARACTERS = 20_000;

/** What is asked of a prompt; a type, because it is a sample's JSON. */
export type ResponseData = {
  readonly item: ItemText & { readonly [key: string]: string | readonly string[] };
  readonly turns: readonly { readonly raw: string; readonly turn: string }[];
  readonly stop: readonly string[];
  readonly maxTokens: number;
};

export function roomFor(dataset: LoadedDataset): number {
  return isZoo(dataset) ? ZOO_TOKENS : MAX_TOKENS;
}

/**
 * Why a completion is no response whose factors could be measured; undefined for one that is. A response that was cut
 * off has no known length, so that it is left out as a whole. A refusal in words is a response: it is one of the factors.
 */
export function whyNoResponse({ text, finish }: Completion): UnscoredReason | undefined {
  if (finish === 'filter') return 'refused';
  if (finish === 'length') return 'truncated';
  if (text.length > MOST_CHARACTERS) return 'unparsed';
  return /[\p{L}\p{N}]/u.test(text) ? undefined : 'empty';
}
