/**
 * Normal, Student t and beta distributions. Everything here is checked against SciPy (scripts/statistics/golden.py).
 */

/** ln Γ(x) for x > 0: Lanczos' approximation with g = 7 and nine terms (relative error about 1e-15). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + 7.5;
  let series = LANCZOS_FIRST;
  for (const [index, coefficient] of LANCZOS.entries()) series += coefficient / (shifted + index + 1);
  return HALF_LOG_TWO_PI + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

/**
 * Quantile of the standard normal distribution for p in (0, 1): Wichura 1988, Algorithm AS 241 (PPND16),
 * relative error about 1e-16.
 *
 * @throws RangeError when p lies outside (0, 1).
 */
export function normalQuantile(p: number): number {
  requireProbability(p);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, CENTRAL);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const size = r <= 5 ? ratio(r - 1.6, MIDDLE) : ratio(r - 5, TAIL);
  return q < 0 ? -size : size;
}

/**
 * P(Z > x) for a standard normal Z, without cancellation in the tail: Marsaglia's series below 3 (2004, Journal of
 * Statistical Software 11(4)), the continued fraction 7.9.3 of the DLMF above.
 */
export function normalUpperTail(x: number): number {
  if (x < 0) return 1 - normalUpperTail(-x);
  const density = Math.exp(-(x * x) / 2 - HALF_LOG_TWO_PI);
  if (x < 3) {
    let [term, series] = [x, x];
    for (let k = 3; term > 1e-17 * series; k += 2) {
      term *= (x * x) / k;
      series += term;
    }
    return 0.5 - density * series;
  }
  let fraction = x;
  for (let k = 100; k >= 1; k--) fraction = x + k / fraction;
  return density / fraction;
}

/**
 * Quantile of the beta distribution with a, b > 0, p in (0, 1): bisection on the incomplete beta function, good to
 * about 12 digits.
 *
 * @throws RangeError when p lies outside (0, 1), or a or b is not positive.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireProbability(p);
  if (!(a > 0 && b > 0)) throw new RangeError(`no beta distribution with ${a} and ${b}`);
  let [low, high] = [0, 1];
  for (let step = 0; step < 1100 && high - low > 1e-16 * high; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * I_x(a, b), the regularised incomplete beta function, for x in [0, 1]: Lentz's continued fraction, on whichever
 * side converges fast (DLMF 8.17.22).
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a);
  return Math.exp(logFront) / betaFraction(x, a, b);
}

/** P(T > t) for Student's t with `df` > 0 degrees of freedom, without cancellation in the tail or in the middle. */
export function studentUpperTail(t: number, df: number): number {
  const square = t * t;
  const tail =
    square < 1
      ? 0.5 * (1 - incompleteBeta(square / (df + square), 0.5, df / 2))
      : 0.5 * incompleteBeta(df / (df + square), df / 2, 0.5);
  return t >= 0 ? tail : 1 - tail;
}

/**
 * Quantile of Student's t with `df` > 0 degrees of freedom, p in (0, 1): bisection on the exact tail after a
 * bracket is found. Good to about 9 digits at a million degrees of freedom, 11 below ten thousand.
 *
 * @throws RangeError when p lies outside (0, 1) or df is not positive.
 */
export function studentQuantile(p: number, df: number): number {
  requireProbability(p);
  if (!(df > 0)) throw new RangeError(`degrees of freedom must be positive, not ${df}`);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  let low = 0;
  let high = Math.max(1, -normalQuantile(tail));
  while (studentUpperTail(high, df) > tail) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    if (studentUpperTail(middle, df) > tail) low = middle;
    else high = middle;
  }
  const size = (low + high) / 2;
  return p < 0.5 ? -size : size;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return 1 / fraction;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

function requireProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`a probability must lie strictly between 0 and 1, not ${p}`);
}

interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

/** Coefficients run from the highest power to the constant. */
function ratio(x: number, { numerator, denominator }: Rational): number {
  return horner(x, numerator) / horner(x, denominator);
}

function horner(x: number, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const HALF_LOG_TWO_PI = 0.9189385332046728;
const LANCZOS_FIRST = 0.9999999999998099;
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

const CENTRAL: Rational = {
  numerator: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  denominator: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
};
const MIDDLE: Rational = {
  numerator: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  denominator: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
};
const TAIL: Rational = {
  numerator: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  denominator: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
};
