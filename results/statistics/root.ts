/**
 * Where a function that rises, or falls, crosses 0: the Illinois variant of regula falsi (Dowell & Jarratt 1971, BIT
 * 11:168-174), which keeps its bracket.
 *
 * @param low where f is not above 0 and `high` where it is not below, or the other way round; when f does not change its
 *   sign between them, the end at which it is nearer to 0 is returned.
 */
export function rootBetween(f: (x: number) => number, low: number, high: number): number {
  let [a, b, fa, fb] = [low, high, f(low), f(high)];
  if (fa === 0) return a;
  if (fa * fb > 0) return Math.abs(fa) < Math.abs(fb) ? a : b;
  for (let step = 0; step < STEPS && fb !== 0; step++) {
    const x = (a * fb - b * fa) / (fb - fa);
    const fx = f(x);
    if (Math.abs(x - b) <= PRECISION * Math.max(1, Math.abs(x))) return x;
    // The end that stays twice in a row is pulled in.
    if (fx * fb < 0) [a, fa] = [b, fb];
    else fa /= 2;
    [b, fb] = [x, fx];
  }
  return b;
}

const STEPS = 100;
const PRECISION = 1e-12;
