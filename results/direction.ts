import type { MetricSpec } from '../suites/task.ts';

/** Which way of a metric is better; `neutral` where neither is, as for what pulls a preference. */
export type Direction = MetricSpec['direction'];

/** The sign of a change that counts as gained; of a neutral metric what went up. */
export function gainSign(direction: Direction): 1 | -1 {
  return direction === 'lower-is-better' ? -1 : 1;
}

/** `higher is better`; `neither way is better`. */
export function directionInWords(direction: Direction): string {
  return {
    'higher-is-better': 'higher is better',
    'lower-is-better': 'lower is better',
    neutral: 'neither way is better',
  }[direction];
}

/** On which side of 0 a difference lies: `better` or `worse`, `higher` or `lower` of a neutral metric. */
export function sideWord(difference: number, direction: Direction): 'better' | 'worse' | 'higher' | 'lower' {
  if (direction === 'neutral') return difference > 0 ? 'higher' : 'lower';
  return difference * gainSign(direction) > 0 ? 'better' : 'worse';
}

/** The verdict of a difference that is there. */
export function verdictWord(
  difference: number,
  direction: Direction,
): 'improved' | 'worsened' | 'raised' | 'lowered' {
  return ({ better: 'improved', worse: 'worsened', higher: 'raised', lower: 'lowered' } as const)[
    sideWord(difference, direction)
  ];
}
