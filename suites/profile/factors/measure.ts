import { readItem } from './item.ts';
import { RULES } from './rules/index.ts';
import { sharedByItems } from './shared.ts';
import { readText } from './text.ts';
import type { FactorInput, FactorValues } from './types.ts';

/** What the responses of one item share. */
export type ItemText = Omit<FactorInput, 'response'>;

/**
 * Every rule factor of one response, by key. A missing part of the item makes null, and so does a response that is too
 * short for a factor; no value is ever NaN or infinite, whatever the text. Time grows linearly with the texts.
 *
 * For several responses of one item use `measurer`: it reads what they share once.
 */
export function measure(input: FactorInput): FactorValues {
  return measurer(input)(input.response);
}

/** Reads an item's prompt, source, quotes and reference once, and gives what measures its responses. */
export function measurer(item: ItemText): (response: string) => FactorValues {
  const shared = sharedByItems();
  const read = readItem(item, shared);
  return (response) => {
    const text = readText(response, shared);
    const values: Record<string, number | null> = {};
    for (const rule of RULES) values[rule.key] = rule.of(text, read);
    return values;
  };
}
