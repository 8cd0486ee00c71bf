import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../core/random.ts';
import { Contrast } from '../../../results/statistics/contrast.ts';
import { SignPatterns, signFlipTest } from '../../../results/statistics/sign-flip.ts';
import { swapTest } from '../../../results/statistics/swap-test.ts';

const COEFFICIENTS = [0.5, 0.5, -1];

/** Σ c · mean by its definition; null while a group is empty. */
function byDefinition(rows: readonly Row[]): number | null {
  const means = COEFFICIENTS.map((_, group) => {
    const own = rows.filter((row) => row.group === group);
    return own.length === 0 ? Number.NaN : own.reduce((sum, { value }) => sum + value, 0) / own.length;
  });
  const total = COEFFICIENTS.reduce((sum, coefficient, group) => sum + coefficient * (means[group] ?? 0), 0);
  return Number.isNaN(total) ? null : total;
}

interface Row {
  readonly value: number;
  readonly group: number;
  readonly cluster: number;
}

function contrastOf(rows: readonly Row[]): Contrast {
  const pick = (name: keyof Row) => rows.map((row) => row[name]);
  const data = { values: pick('value'), groups: pick('group'), clusters: pick('cluster') };
  return new Contrast(data, 3, (present) => (present.every(Boolean) ? COEFFICIENTS : null));
}

const rows = fc.array(
  fc.record({ value: fc.integer({ min: -8, max: 8 }), group: fc.nat(2), cluster: fc.nat(6) }),
  { minLength: 6, maxLength: 30 },
);

describe('a contrast of group means', () => {
  it('is what its definition says, whole and without each cluster', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const contrast = contrastOf(all);
        const near = (found: number | null, expected: number | null): void => {
          if (expected === null) expect(found).toBeNull();
          else expect(found).toBeCloseTo(expected, 10);
        };
        near(contrast.value, byDefinition(all));
        const clusters = [...new Set(all.map(({ cluster }) => cluster))];
        contrast.leftOut().forEach((found, index) => {
          near(found, byDefinition(all.filter(({ cluster }) => cluster !== clusters[index])));
        });
      }),
    );
  });

  it('is the sum of what each cluster adds', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const contrast = contrastOf(all);
        const shares = contrast.clusterShares();
        if (contrast.value === null) expect(shares).toBeNull();
        else expect(shares?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(contrast.value, 10);
      }),
    );
  });

  it('is as surprising by its signs as by swapping whole clusters and folding both sides again', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 30 }), (all, befores) => {
        // Each row is a sample: its value before, and after.
        const pairs = all.map((row, index) => ({ ...row, before: befores[index] ?? 0 }));
        const differences = pairs.map((row) => ({ ...row, value: row.value - row.before }));
        const shares = contrastOf(differences).clusterShares();
        if (shares === null) return;
        const clusters = [...new Set(all.map(({ cluster }) => cluster))];
        const folded = (swapped: Uint32Array): number | null => {
          const isSwapped = (cluster: number) =>
            (((swapped[0] as number) >>> clusters.indexOf(cluster)) & 1) === 1;
          const after = pairs.map((row) => (isSwapped(row.cluster) ? { ...row, value: row.before } : row));
          const before = pairs.map((row) => (isSwapped(row.cluster) ? row : { ...row, value: row.before }));
          const [to, from] = [byDefinition(after), byDefinition(before)];
          return to === null || from === null ? null : to - from;
        };
        const patterns = new SignPatterns(seededRandom(1), 100);
        const bySigns = signFlipTest(shares, patterns);
        const bySwaps = swapTest(clusters.length, folded, patterns);
        expect(bySigns.exact).toBe(true);
        expect(bySigns.p).toBeCloseTo(bySwaps.p, 6);
      }),
      { numRuns: 60 },
    );
  });
});
