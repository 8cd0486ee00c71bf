/** Worked examples of the factor scores, computed with Python and SciPy 1.17.1 from the formulas. */

const HUMAN = [1, -1, 1, -1, -1, 1, 0, 1];
const MODEL = [1, 1, -1, 1, -1, 1, -1, 0];

/** Eight pairs of four prompts, two each, with the values of both responses. */
export const EXAMPLE_A = {
  clusters: [0, 0, 1, 1, 2, 2, 3, 3],
  preferences: { human: HUMAN, model: MODEL },
  values: {
    length: [
      [60, 40],
      [55, 55],
      [30, 70],
      [80, 50],
      [45, 90],
      [65, 35],
      [50, 75],
      [70, 20],
    ],
    facts: [
      [5, 3],
      [4, 4],
      [2, 6],
      [6, 6],
      [3, 5],
      [4, 2],
      [5, 4],
      [3, 3],
    ],
    halluc: [
      [0, 0],
      [1, 0],
      [0, 2],
      [2, 1],
      [0, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
  },
  signs: {
    length: [1, 0, -1, 1, -1, 1, -1, 1],
    facts: [1, 0, -1, 0, -1, 1, 1, 0],
    halluc: [0, 1, -1, 1, 0, 0, -1, 0],
  },
  /** Counts C D Tf Tp Tb, then tau10, tau13, tau14, tauB, tauA, tau23, accEq and the sign test's p, as printed. */
  rows: [
    row(
      'human',
      'length',
      [4, 2, 1, 1, 0],
      ['.142857', '.333333', '.285714', '.285714', '.25', '0', '.5', '.6875'],
    ),
    row(
      'human',
      'facts',
      [3, 1, 3, 1, 0],
      ['-.142857', '.5', '.285714', '.338062', '.25', '-.25', '.375', '.625'],
    ),
    row('human', 'halluc', [0, 3, 4, 1, 0], ['-1', '-1', '-.428571', '-.566947', '-.375', '-1', '0', '.25']),
    row(
      'model',
      'length',
      [6, 0, 1, 1, 0],
      ['.714286', '1', '.857143', '.857143', '.75', '.5', '.75', '.03125'],
    ),
    row(
      'model',
      'facts',
      [4, 1, 2, 0, 1],
      ['.142857', '.6', '.428571', '.507093', '.375', '.25', '.625', '.375'],
    ),
    row(
      'model',
      'halluc',
      [4, 0, 3, 0, 1],
      ['.142857', '1', '.571429', '.755929', '.5', '.25', '.625', '.125'],
    ),
  ],
} as const;

function row(
  rater: 'human' | 'model',
  factor: 'length' | 'facts' | 'halluc',
  counts: readonly [number, number, number, number, number],
  printed: readonly string[],
) {
  return { rater, factor, counts, printed };
}

/** Six decimals as in the examples: `.142857`, `-1`, `.25`. */
export function printed(value: number | null): string {
  if (value === null) return 'null';
  return String(Number(value.toFixed(6))).replace(/^(-?)0\./, '$1.');
}

/** The generator of the examples' resamples (mulberry32, public domain, Tommy Ettinger). */
export function mulberry32(seed: number): { next(): number } {
  let state = seed | 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
