import { sha256 } from './digest.ts';
import { deriveSeed } from './random.ts';

/**
 * Names in one random order that depends on the seed and on the names alone, whatever order they come in and whichever
 * others there are: leaving some out does not move the rest. A name that was published as its digest, `sha256:…`, stands
 * where it stood.
 */
export function inSeededOrder(names: Iterable<string>, seed: number): string[] {
  return [...new Set(names)]
    .map((name) => ({ name, key: deriveSeed(seed, 'seeded-order', digested(name)) }))
    .sort((a, b) => a.key - b.key || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

function digested(name: string): string {
  return /^sha256:[0-9a-f]{64}$/.test(name) ? name : `sha256:${sha256(name)}`;
}
