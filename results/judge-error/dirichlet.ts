import type { Random } from '../../core/random.ts';
import { normalQuantile } from '../statistics/distributions.ts';

/** One draw from a Dirichlet distribution; every parameter above 0. Sums to 1. */
export function dirichlet(parameters: readonly number[], random: Random): number[] {
  const draws = parameters.map((parameter) => gamma(parameter, random));
  const total = draws.reduce((sum, draw) => sum + draw, 0);
  return draws.map((draw) => draw / total);
}

/** One draw from a Gamma distribution of scale 1 (Marsaglia & Tsang 2000, ACM TOMS 26:363-372). */
export function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * open(random) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalQuantile(open(random));
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(open(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A uniform number strictly between 0 and 1. */
function open(random: Random): number {
  return (Math.floor(random.next() * 2 ** 32) + 0.5) / 2 ** 32;
}
