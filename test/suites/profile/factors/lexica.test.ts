import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../../../core/package-root.ts';
import { type FactorValues, LEXICON_VERSION, measure } from '../../../../suites/profile/factors/factor.ts';
import { ABBREVIATIONS } from '../../../../suites/profile/factors/lexica/abbreviations.ts';
import * as register from '../../../../suites/profile/factors/lexica/register.ts';
import { STOP_WORDS } from '../../../../suites/profile/factors/lexica/stop-words.ts';
import { wordsOf } from '../../../../suites/profile/factors/tokens.ts';

const { CONTRACTED_ENDINGS: _, ...lists } = register;
const all: [string, readonly string[]][] = Object.entries({ ...lists, STOP_WORDS, ABBREVIATIONS });

describe('the frozen lists', () => {
  it.each(all)('%s has every entry once, in the form in which texts are read', (_name, entries) => {
    expect(entries.length).toBeGreaterThan(10);
    expect(new Set(entries).size).toBe(entries.length);
    for (const entry of entries) expect(wordsOf(entry).words.join(' ')).toBe(entry);
  });

  it('a change of a list changes the version', () => {
    const sizes = Object.fromEntries(all.map(([name, entries]) => [name, entries.length]));
    expect({ version: LEXICON_VERSION, sizes }).toMatchInlineSnapshot(`
{
  "sizes": {
    "ABBREVIATIONS": 42,
    "APOLOGIES": 17,
    "CONTRACTED_OTHERWISE": 24,
    "CONTRACTED_S_AFTER": 22,
    "COURTESIES": 81,
    "FIRST_AND_SECOND_PERSON": 21,
    "HEDGES": 84,
    "SLANG": 94,
    "STOP_WORDS": 208,
  },
  "version": "rules-1",
}
`);
  });

  it('every hedge, apology and courtesy is found by itself', () => {
    const holds = (key: string, text: string): boolean =>
      ((measure({ prompt: '', response: text })[key] ?? 0) as number) > 0;
    for (const one of register.HEDGES) expect([one, holds('hedge_rate', one)]).toEqual([one, true]);
    for (const one of register.COURTESIES) expect([one, holds('courtesy', one)]).toEqual([one, true]);
    for (const one of register.APOLOGIES) expect([one, holds('apology', one)]).toEqual([one, true]);
  });
});

interface ZooRow {
  readonly factor: 'length' | 'formality' | 'courtesy';
  readonly prompt: string;
  readonly more: string;
  readonly less: string;
}

describe('the planted factors of the zoo', () => {
  const rows = readFileSync(join(packageRoot(), 'zoo/items/profile.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ZooRow);

  it.each(['length', 'formality', 'courtesy'] as const)(
    '%s: the answer with more of it has the larger value',
    (factor) => {
      const those = rows.filter((row) => row.factor === factor);
      const value = (values: FactorValues): number => values[factor] ?? Number.NaN;
      const right = those.filter(
        ({ prompt, more, less }) =>
          value(measure({ prompt, response: more })) > value(measure({ prompt, response: less })),
      );
      expect(those.length).toBeGreaterThan(100);
      expect(right.length).toBe(those.length);
    },
  );
});
