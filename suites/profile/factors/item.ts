import type { Shared } from './shared.ts';
import { readText, type Text } from './text.ts';
import type { FactorInput } from './types.ts';

/** What the responses of one item are compared with, read once for all of them; null where there is none. */
export interface Item {
  readonly prompt: Text | null;
  readonly source: Text | null;
  readonly quotes: readonly Text[];
  /** The reference, or else the source. */
  readonly model: Text | null;
}

/** More passages than any data set quotes; further ones are not read. */
export const MOST_QUOTES = 64;

export function readItem(parts: Omit<FactorInput, 'response'>, shared: Shared): Item {
  const read = (raw: string | undefined): Text | null => {
    const text = raw === undefined ? null : readText(raw, shared);
    return text === null || text.ids.length === 0 ? null : text;
  };
  const source = read(parts.source);
  return {
    prompt: read(parts.prompt),
    source,
    quotes: (parts.quotes ?? []).slice(0, MOST_QUOTES).flatMap((raw) => read(raw) ?? []),
    model: read(parts.reference) ?? source,
  };
}
