import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { packageFile } from '../../../core/package-root.ts';
import * as statistics from '../../../results/statistics/public.ts';

describe('aligntrust/statistics', () => {
  it('is what package.json exports and the build bundles', () => {
    const { exports } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
      readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
    };
    expect(exports['./statistics']).toEqual({
      types: './dist/results/statistics/public.d.ts',
      default: './dist/results/statistics/public.js',
    });
    expect(readFileSync(packageFile('scripts/build.mjs'), 'utf8')).toContain(
      "'results/statistics/public.ts'",
    );
  });

  it('holds what the page on statistics offers for analyses of one’s own', () => {
    const { random, ...offered } = {
      random: statistics.seededRandom(1).next(),
      clopperPearson: statistics.clopperPearsonInterval(0, 10).high,
      newcombe: statistics.newcombeInterval({ both: 20, gained: 9, lost: 5, neither: 6 }).low,
      midP: statistics.mcnemarMidP(1, 9),
      tau: statistics.kendallTauB([1, 2, 3], [1, 2, 3]).value,
    };
    expect(random).toBeLessThan(1);
    // 1 − .025^(1/10); mid-p counts half of the ten ways to one of ten: 2 (1 + 10/2) / 2^10.
    expect(offered.clopperPearson).toBeCloseTo(1 - 0.025 ** 0.1, 10);
    expect(offered.midP).toBeCloseTo((2 * (1 + 10 / 2)) / 1024, 10);
    expect(offered.newcombe).toBeLessThan(0.1);
    expect(offered.tau).toBe(1);
  });
});
