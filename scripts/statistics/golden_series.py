"""
Quantiles of max |t| over correlated estimates, for test/results/statistics/max-t.test.ts. Independent of the program:
numerical integration (SciPy's multivariate normal distribution) where errors are known, closed forms, and Wishart draws.

    python scripts/statistics/golden_series.py
"""

import numpy as np
from scipy import optimize, stats


def walk(steps):
    """Differences to the start of a random walk, whose steps are equally large."""
    place = np.arange(1, steps + 1)
    return np.sqrt(np.minimum.outer(place, place) / np.maximum.outer(place, place))


def equal(steps, r):
    return np.full((steps, steps), r) + (1 - r) * np.eye(steps)


def normal_quantile(correlation, confidence=0.95):
    """c with P(all |Z| <= c) = confidence, by integrating over the rectangle."""
    law = stats.multivariate_normal(cov=correlation, allow_singular=True, maxpts=2_000_000, abseps=1e-7)
    size = len(correlation)

    def excess(c):
        return law.cdf(np.full(size, c), lower_limit=np.full(size, -c), rng=np.random.default_rng(1)) - confidence

    return optimize.brentq(excess, 1.5, 5, xtol=1e-5)


def wishart_quantile(correlation, df, draws=2_000_000, confidence=0.95):
    """The same with each estimate over an error of its own: diagonals of Wishart matrices, in blocks."""
    random = np.random.default_rng(7)
    root = np.linalg.cholesky(correlation + 1e-12 * np.eye(len(correlation)))
    found = []
    for _ in range(draws // 50_000):
        z = random.standard_normal((50_000, len(correlation))) @ root.T
        squares = sum((random.standard_normal(z.shape) @ root.T) ** 2 for _ in range(df))
        found.append(np.max(np.abs(z) / np.sqrt(squares / df), axis=1))
    return np.quantile(np.concatenate(found), confidence)


def common_quantile(correlation, df, confidence=0.95):
    """Multivariate t: one error for all of them."""
    law = stats.multivariate_t(shape=correlation, df=df)
    size = len(correlation)

    def excess(c):
        box = dict(lower_limit=np.full(size, -c), maxpts=400_000)
        return law.cdf(np.full(size, c), random_state=1, **box) - confidence

    return optimize.brentq(excess, 1.5, 6, xtol=1e-4)


def sidak(tests, df, confidence=0.95):
    """Independent estimates, independent errors."""
    return stats.t.ppf((1 + confidence ** (1 / tests)) / 2, df)


for steps in (2, 6, 12):
    print(f"walk of {steps}, errors known: {normal_quantile(walk(steps)):.4f}")
print(f"6 at .5, errors known: {normal_quantile(equal(6, 0.5)):.4f}")
for steps, df in ((6, 9), (6, 29), (12, 19)):
    print(f"walk of {steps}, {df} degrees, an error each: {wishart_quantile(walk(steps), df):.4f}")
    print(f"walk of {steps}, {df} degrees, one error: {common_quantile(walk(steps), df):.4f}")
print(f"6 at .5, 9 degrees, an error each: {wishart_quantile(equal(6, 0.5), 9):.4f}")
for tests, df in ((2, 9), (6, 19), (20, 99)):
    print(f"{tests} independent, {df} degrees: {sidak(tests, df):.4f}")
