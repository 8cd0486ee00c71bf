import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { packageRoot } from '../../../../core/package-root.ts';
import { countPairs, type PairCounts, tau14 } from '../../../../results/statistics/factor-score.ts';
import { type FactorValues, measure, RULE_FACTORS } from '../../../../suites/profile/factors/factor.ts';
import { describeWithData, sharedData } from '../../shared-data.ts';

/** What scripts/profile/golden.py computes from the same files with other code. */
interface Golden extends PairCounts {
  readonly tau14: number | null;
  /** Over all responses that have a value. */
  readonly mean: number | null;
  readonly n: number;
}
type Tables = Readonly<Record<string, Readonly<Record<string, Golden>>>>;

interface Pair {
  readonly preference: number;
  readonly a: FactorValues;
  readonly b: FactorValues;
}

const golden = JSON.parse(
  readFileSync(join(packageRoot(), 'test/suites/profile/factors/fixtures/golden.json'), 'utf8'),
) as Tables;
const PANDALM = join(sharedData, 'pandalm', 'testset-v1.json');
const LLMBAR = ['Natural', 'Adversarial/Manual', 'Adversarial/Neighbor'];
const llmbarFile = (name: string): string => join(sharedData, 'llmbar', name, 'dataset.json');

describeWithData('factors that pull people', [PANDALM, ...LLMBAR.map(llmbarFile)], () => {
  it('on PandaLM are those of an independent computation', () => {
    agrees(pandalm(), golden['pandalm']);
  });

  it.each(LLMBAR)('on LLMBar %s are those of an independent computation', (name) => {
    agrees(llmbar(name), golden[`llmbar ${name}`]);
  });

  it('length pulls PandaLM’s annotators up, and the truth of the adversarial LLMBar down, as docs/profile.md says', () => {
    const length = (pairs: readonly Pair[]): number => tau14(countsOf(pairs, 'length')) ?? 0;
    expect(length(pandalm()).toFixed(2)).toBe('0.29');
    expect(LLMBAR.map((name) => length(llmbar(name)).toFixed(2))).toEqual(['0.13', '-0.61', '-0.72']);
  });
});

function agrees(pairs: readonly Pair[], expected: Tables[string] | undefined): void {
  if (expected === undefined) throw new Error('no golden values');
  expect(Object.keys(expected).length).toBeGreaterThan(20);
  for (const [key, { tau14: score, mean, n, ...counts }] of Object.entries(expected)) {
    expect(RULE_FACTORS.map((factor) => factor.key)).toContain(key);
    const found = countsOf(pairs, key);
    expect([key, found]).toEqual([key, counts]);
    const values = pairs
      .flatMap(({ a, b }) => [a[key] ?? null, b[key] ?? null])
      .filter((one) => one !== null);
    expect([key, values.length]).toEqual([key, n]);
    if (mean !== null) expect(values.reduce((sum, one) => sum + one, 0) / values.length).toBeCloseTo(mean, 9);
    if (score === null) expect(tau14(found)).toBeNull();
    else expect(tau14(found)).toBeCloseTo(score, 12);
  }
}

function countsOf(pairs: readonly Pair[], key: string): PairCounts {
  const signs = pairs.map(({ a, b }) => {
    const [left, right] = [a[key] ?? null, b[key] ?? null];
    return left === null || right === null ? Number.NaN : Math.sign(left - right);
  });
  return countPairs(
    pairs.map(({ preference }) => preference),
    signs,
  );
}

function pairOf(prompt: string, source: string, a: string, b: string, preference: number): Pair {
  const of = (response: string): FactorValues => measure({ prompt, source, response });
  return { preference, a: of(a), b: of(b) };
}

/** The majority of three annotators; where all differ the pair has no label. */
function pandalm(): Pair[] {
  const rows = JSON.parse(readFileSync(PANDALM, 'utf8')) as Record<string, string>[];
  return rows.flatMap((row) => {
    const votes = [1, 2, 3].map((one) => Number(row[`annotator${one}`]));
    const label = [0, 1, 2].find((value) => votes.filter((vote) => vote === value).length >= 2);
    if (label === undefined) return [];
    const { instruction = '', input = '', response1 = '', response2 = '' } = row;
    return [pairOf(instruction, input, response1, response2, [0, 1, -1][label] ?? 0)];
  });
}

function llmbar(name: string): Pair[] {
  const rows = JSON.parse(readFileSync(llmbarFile(name), 'utf8')) as Record<string, string>[];
  return rows.map(({ input = '', output_1 = '', output_2 = '', label }) =>
    pairOf(input, '', output_1, output_2, Number(label) === 1 ? 1 : -1),
  );
}
