import { describe, expect, it } from '@jest/globals';
import { studentUpperTail } from '../../../results/statistics/distributions.ts';
import { levelOfReach } from '../../../results/statistics/summed-errors.ts';

describe('the level of two errors', () => {
  it.each([1e-34, 3e-33, 1e-32, 1e-20])('is that of the other one beside a trace of %d', (variance) => {
    const trace = { variance, degreesOfFreedom: 2 };
    const other = { variance: 0.0037, degreesOfFreedom: 61 };
    const alone = 2 * studentUpperTail(0.4 / Math.sqrt(other.variance), other.degreesOfFreedom);
    for (const level of [levelOfReach(trace, other, -0.4), levelOfReach(other, trace, 0.4)]) {
      expect(Math.abs(level / alone - 1)).toBeLessThan(1e-8);
    }
  });

  it('is never above 1, and 1 where there is no distance', () => {
    for (const one of [1e-34, 1e-9, 1])
      for (const other of [1e-34, 1e-9, 1])
        for (const distance of [0, 1e-12, 0.4, 3]) {
          const level = levelOfReach(
            { variance: one, degreesOfFreedom: 2 },
            { variance: other, degreesOfFreedom: 30 },
            distance,
          );
          expect(level).toBeLessThanOrEqual(1);
          expect(level).toBeGreaterThan(0);
          if (distance === 0) expect(level).toBe(1);
        }
  });
});
