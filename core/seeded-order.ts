import { deriveSeed } from './random.ts';

/**
 * Names in one random order that depends on the seed and on the names alone, whatever order they come in and whichever
 * others there are: leaving some out does not move the rest.
 */
export function inSeededOrder(names: Iterable<string>, seed: number): string[] {
  return [...new Set(names)]
    .map((name) => ({ name, key: deriveSeed(seed, 'seeded-order', name) }))
    .sort((a, b) => a.key - b.key || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}
