import { readFileSync } from 'node:fs';

/** The generator of scripts/dynamics/golden.py: standard normal numbers, the same in both languages up to rounding. */
export class Points {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  normal(): number {
    const [first, second] = [this.#uniform(), this.#uniform()];
    return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
  }

  matrix(rows: number, columns: number): number[][] {
    return Array.from({ length: rows }, () => Array.from({ length: columns }, () => this.normal()));
  }

  #uniform(): number {
    this.#state = (Math.imul(1664525, this.#state) + 1013904223) >>> 0;
    return (this.#state + 0.5) / 2 ** 32;
  }
}

interface HeldOut {
  readonly auc: number;
  readonly pairs: number;
}

/** Written by scripts/dynamics/golden.py. */
export interface Golden {
  readonly states: readonly {
    readonly seed: number;
    readonly nPositive: number;
    readonly nNegative: number;
    readonly width: number;
    readonly shift: number;
    readonly raw: number;
    readonly debiasedSquare: number;
    readonly concentration: number;
    readonly trace: number;
    readonly spreadAlong: number;
    readonly shrinkage: number;
    readonly dPrime: number;
    readonly silhouette: number;
    readonly leaveOneOut: HeldOut;
    readonly threeFolds: HeldOut;
  }[];
  readonly ches: readonly {
    readonly seed: number;
    readonly chosen: number;
    readonly rejected: number;
    readonly width: number;
    readonly raw: number;
    readonly perToken: number;
  }[];
  readonly relations: readonly {
    readonly xs: readonly number[];
    readonly ys: readonly number[];
    readonly rho: number;
    readonly tau: number;
    readonly oneSidedP: number;
    readonly twoSidedP: number;
  }[];
  readonly simulations: readonly {
    readonly drawnFrom: number;
    readonly distance: number;
    readonly gradientNorm: number;
    readonly loss: number;
    readonly meanMargin: number;
    readonly rewardAccuracy: number;
    readonly accuracy: number;
  }[];
}

export const golden = JSON.parse(
  readFileSync(new URL('fixtures/golden.json', import.meta.url), 'utf8'),
) as Golden;
