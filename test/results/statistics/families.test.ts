import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { benjaminiHochberg, holm } from '../../../results/statistics/adjust.ts';
import {
  detectableFromError,
  smallestDetectableChange,
  smallestDetectableDifference,
} from '../../../results/statistics/detectable.ts';
import { golden } from './golden.ts';

describe('adjustment for many tests', () => {
  it.each(golden.adjustments)('equals statsmodels: $ps', (row) => {
    expect(holm(row.ps)).toEqual(row.holm.map((p) => expect.closeTo(p, 14)));
    expect(benjaminiHochberg(row.ps)).toEqual(row.benjaminiHochberg.map((p) => expect.closeTo(p, 14)));
  });
  it('keeps the order of the tests, never helps a p, and Holm is the stricter one', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { maxLength: 30 }), (ps) => {
        const [strict, lenient] = [holm(ps), benjaminiHochberg(ps)];
        for (const [i, first] of ps.entries()) {
          expect(strict[i]).toBeGreaterThanOrEqual((lenient[i] ?? Number.NaN) * (1 - 1e-12));
          expect(lenient[i]).toBeGreaterThanOrEqual(first);
          for (const [j, second] of ps.entries()) {
            if (first < second) expect(strict[i]).toBeLessThanOrEqual(strict[j] ?? Number.NaN);
          }
        }
        expect(holm(ps.toReversed()).toReversed()).toEqual(strict);
      }),
    );
  });
  it('refuses what is no p value', () => {
    expect(() => holm([0.1, Number.NaN])).toThrow(RangeError);
  });
});

describe('smallest detectable effect', () => {
  it.each(golden.detectable)(
    'n $n, discordance $discordance: equals the solved equation',
    ({ value, ...design }) => {
      expect(smallestDetectableDifference(design)).toBeCloseTo(value, 10);
    },
  );
  it('shrinks with n, grows with clustering, and is null when nothing could be found', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 5000 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (n, discordance) => {
          const here = smallestDetectableDifference({ n, discordance });
          const more = smallestDetectableDifference({ n: 2 * n, discordance });
          const clustered = smallestDetectableDifference({ n: 2 * n, discordance, designEffect: 2 });
          if (here !== null) expect(more).toBeLessThan(here);
          expect(clustered).toBe(here);
        },
      ),
    );
    expect(smallestDetectableDifference({ n: 10, discordance: 0.1 })).toBeNull();
    expect(() => smallestDetectableDifference({ n: 0, discordance: 0.1 })).toThrow(RangeError);
  });
  it('after the fact is 2.80 standard errors at 5 % and 80 % power', () => {
    expect(detectableFromError(1)).toBeCloseTo(2.8016, 4);
    // t₁₀: 2.228139 and 0.879058.
    expect(detectableFromError(0.5, 0.05, 0.8, 10)).toBeCloseTo(0.5 * 3.107197, 5);
  });
  it('of rare flips is what as many pairs would find if they all flipped one way', () => {
    // No difference as small as 1 % can be seen in 100 pairs; the change that can brings its own discordance.
    const design = { n: 100, discordance: 0.01, alpha: 0.01 };
    expect(smallestDetectableDifference(design)).toBeNull();
    const change = smallestDetectableChange(design) ?? 0;
    const [za, zb] = [2.5758293035489004, 0.8416212335729143];
    expect((za * Math.sqrt(change) + zb * Math.sqrt(change - change ** 2)) ** 2 / change ** 2).toBeCloseTo(
      100,
      2,
    );
    expect(smallestDetectableChange({ n: 5, discordance: 0.01, alpha: 0.01 })).toBeNull();
    const clustered = { ...design, designEffect: 2, degreesOfFreedom: 19 };
    expect(smallestDetectableChange(clustered)).toBeGreaterThan(2 * change);
  });
});
