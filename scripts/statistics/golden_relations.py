"""Worked numbers of test/results/effects/relations.test.ts, by NumPy and SciPy from the formulas alone.

    python -m venv venv && venv/bin/pip install -r scripts/statistics/requirements.txt
    venv/bin/python scripts/statistics/golden_relations.py
"""
import json

import numpy as np
from scipy import integrate, optimize, stats

ITEMS = 12
SEEDS = 3


def value(family, seed, item):
    """The made-up score of item `item` after training with `seed`; before, every item has 0. In tenths, exact."""
    tenths = (7 * item + 3 * seed * seed + 5 * seed * item + 2 * family) % 11
    return (tenths - 3 + family + (0, 4, -1)[seed]) / 10


def interval(mean, error, df, level=0.05):
    half = stats.t.ppf(1 - level / 2, df) * error
    return [mean - half, mean + half]


def over_seeds():
    """Two-way random model, seeds by items: mean squares of the table, Banerjee's interval from their two errors."""
    d = np.array([[value(0, seed, item) for item in range(ITEMS)] for seed in range(SEEDS)])
    seeds, items, mean = d.mean(1), d.mean(0), d.mean()
    between = seeds.var(ddof=1)
    shared = items.var(ddof=1) / ITEMS
    rest = d - seeds[:, None] - items[None, :] + mean
    own = (rest**2).sum() / ((SEEDS - 1) * (ITEMS - 1)) / ITEMS
    variance = max(between / SEEDS, between / SEEDS + shared - own / SEEDS, shared)
    noise = (
        (between / SEEDS) ** 2 / (SEEDS - 1)
        + shared**2 / (ITEMS - 1)
        + (own / SEEDS) ** 2 / ((SEEDS - 1) * (ITEMS - 1))
    )
    df = min(max(variance**2 / noise, 1), ITEMS - 1)
    margin = 0.9

    def reach(level, between=between):
        few, many = stats.t.isf(level / 2, SEEDS - 1), stats.t.isf(level / 2, ITEMS - 1)
        split = np.hypot(few * np.sqrt(between / SEEDS), many * np.sqrt(max(0, shared - own / SEEDS)))
        return max(split, many * np.sqrt(shared))

    def level_of(distance):
        return optimize.brentq(lambda level: reach(level) - abs(distance), 1e-12, 1 - 1e-12, xtol=1e-15)

    def power(effect):
        def at(q):
            drawn = reach(0.05, between * stats.chi2.ppf(q, SEEDS - 1) / (SEEDS - 1))
            return stats.norm.sf((drawn - effect) / np.sqrt(variance))

        return integrate.quad(at, 0, 1, limit=400, epsabs=1e-9)[0]

    return {
        "perSeed": seeds.tolist(),
        "mean": mean,
        "interval": [mean - reach(0.05), mean + reach(0.05)],
        "p": level_of(mean),
        "seedVariance": max(0, between - own),
        "itemVariance": shared,
        "df": df,
        "detectable": optimize.brentq(lambda effect: power(effect) - 0.8, 0, 100, xtol=1e-9),
        "equivalence": level_of(margin - abs(mean)) / 2,
    }


def one_effect():
    """Effect of one seed: Bonferroni over three tests, and two one-sided tests against 0.9."""
    d = np.array([value(0, 0, item) for item in range(ITEMS)])
    mean, error, df, margin = d.mean(), d.std(ddof=1) / np.sqrt(ITEMS), ITEMS - 1, 0.9
    return {
        "mean": mean,
        "pointwise": interval(mean, error, df),
        "simultaneous": interval(mean, error, df, 0.05 / 3),
        "equivalence": max(
            stats.t.sf((mean + margin) / error, df), stats.t.sf((margin - mean) / error, df)
        ),
    }


def stages():
    """base 0, sft = value(0, 0), ppo = value(0, 1): three intervals that hold together."""
    sft = np.array([value(0, 0, item) for item in range(ITEMS)])
    ppo = np.array([value(0, 1, item) for item in range(ITEMS)])
    return {
        name: {
            "delta": d.mean(),
            "interval": interval(d.mean(), d.std(ddof=1) / np.sqrt(ITEMS), ITEMS - 1, 0.05 / 3),
        }
        for name, d in (("first", sft), ("second", ppo - sft), ("total", ppo))
    }


def families():
    """Three families that answered the same items: Paule-Mandel and Hartung-Knapp with the joint covariance."""
    d = np.array([[value(family, 0, item) for item in range(ITEMS)] for family in (0, 2, 5)])
    means, cov = d.mean(1), np.cov(d) / ITEMS
    k = len(means)

    def fit(tau2):
        weights = np.linalg.inv(cov + tau2 * np.eye(k))
        mean = weights.sum(0) @ means / weights.sum()
        return mean, 1 / weights.sum(), (means - mean) @ weights @ (means - mean)

    tau2 = 0.0 if fit(0)[2] <= k - 1 else optimize.brentq(lambda t: fit(t)[2] - (k - 1), 0, 100, xtol=1e-15)
    mean, variance, q = fit(tau2)
    error = np.sqrt(max(1, q / (k - 1)) * variance)
    reach = stats.t.ppf(0.975, k - 2) * np.sqrt(tau2 + error**2)
    return {
        "means": means.tolist(),
        "errors": np.sqrt(np.diag(cov)).tolist(),
        "mean": mean,
        "interval": interval(mean, error, k - 1),
        "prediction": [mean - reach, mean + reach],
        "tau2": tau2,
    }


if __name__ == "__main__":
    found = {"overSeeds": over_seeds(), "one": one_effect(), "stages": stages(), "families": families()}
    print(json.dumps(found, indent=2, default=float))
