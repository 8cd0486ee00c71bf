import { describe, expect, it } from '@jest/globals';
import { intervalAfter, plain, pointsAsShare } from '../../results/format.ts';

describe('the interval after a number', () => {
  it.each([
    [0.1, 0.04, 0.16, ' ±6.0'],
    [-0.28, -0.341, -0.218, ' ±6.2'],
    // Half a width would name −21.8 and −1.6.
    [-0.117, -0.237, -0.034, ' [−23.7, −3.4]'],
    // At the edge of what is possible: ±4.0 would name −101.0.
    [-0.97, -1, -0.92, ' [−100.0, −92.0]'],
    [0, -0.03, 0.03, ' ±3.0'],
  ])('%d in %d to %d reads %j', (value, low, high, words) => {
    expect(intervalAfter(value, low, high, 'share')).toBe(words);
  });

  it('has no sign at the ends of a value, and nothing where there is none', () => {
    expect(intervalAfter(0.975, 0.871, 0.996, 'share', plain)).toBe(' [87.1, 99.6]');
    expect(intervalAfter(0.5, null, null, 'share')).toBe('');
    expect(intervalAfter(1.25, 1, 1.5, 'nats')).toBe(' ±0.25');
  });
});

describe('points that were written for a share', () => {
  it.each([
    [5, '5 points are 0.05'],
    [1, '1 point is 0.01'],
    [0.7, '0.7 points are 0.007'],
  ])('%d', (points, words) => {
    expect(pointsAsShare(points)).toBe(words);
  });
});
